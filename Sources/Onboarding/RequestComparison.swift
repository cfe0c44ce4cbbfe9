import Connectors
import HTTPMessages
import JSONText

/// Compares the request that a step makes with the one that an example writes.
struct RequestComparison {
    let call: ConnectorExample.Call
    let step: String

    func compare(_ request: CallRequest, _ differences: inout [ExampleDifference]) {
        if request.method.rawValue != call.method {
            differences.append(
                ExampleDifference(
                    place("methode"), "La méthode de l'étape « \(step) » diffère",
                    expected: call.method, found: request.method.rawValue,
                    remedy: "Corrigez « methode » ici ou dans la requête du connecteur."))
        }
        if request.target != call.target { compareTarget(request.target, &differences) }
        for (name, value) in call.headers.sorted(by: { $0.key < $1.key }) {
            let own = request.headers.first { $0.name.lowercased() == name.lowercased() }
            if own?.value == value { continue }
            differences.append(
                ExampleDifference(
                    place("entetes", name),
                    "L'en-tête « \(shownName(name)) » de l'étape « \(step) » diffère ou manque",
                    expected: value, found: own?.value ?? "rien",
                    remedy: "Corrigez « entetes » ici ou dans la requête du connecteur."))
        }
        let body = String(decoding: request.body, as: UTF8.self)
        if let expected = call.body, expected != body {
            differences.append(
                ExampleDifference(
                    place("corps"), "Le corps de l'étape « \(step) » diffère",
                    expected: expected, found: body,
                    remedy: "Corrigez « corps » ici ou dans la requête du connecteur."))
        }
    }

    /// Says which part of a target differs: the path, or each parameter.
    private func compareTarget(_ own: String, _ differences: inout [ExampleDifference]) {
        let expected = Target(call.target)
        let found = Target(own)
        var isTold = false
        if expected.path != found.path {
            isTold = true
            differences.append(
                ExampleDifference(
                    place("cible"), "Le chemin de l'étape « \(step) » diffère",
                    expected: expected.path, found: found.path,
                    remedy: "Corrigez « cible » ici ou « chemin » dans le connecteur."))
        }
        for name in Set(expected.values.keys).union(found.values.keys).sorted()
        where expected.values[name] != found.values[name] {
            isTold = true
            differences.append(
                ExampleDifference(
                    place("cible"),
                    "Le paramètre « \(shownName(name)) » de l'étape « \(step) » diffère",
                    expected: expected.values[name]?.joined(separator: ", ") ?? "rien",
                    found: found.values[name]?.joined(separator: ", ") ?? "rien",
                    remedy: "Corrigez « cible » ici ou « parametres » dans le connecteur."))
        }
        if isTold { return }
        differences.append(
            ExampleDifference(
                place("cible"), "La cible de l'étape « \(step) » s'écrit autrement",
                expected: call.target, found: own,
                remedy: "Recopiez la cible du connecteur : l'ordre et l'écriture comptent."))
    }

    private func place(_ member: String, _ name: String? = nil) -> JSONPlace {
        guard let request = try? call.document.required("requete").anyObject() else {
            return call.document.place
        }
        guard let place = request.optional(member) else { return request.place }
        guard let name, let object = try? place.anyObject() else { return place }
        return object.optional(name) ?? place
    }

    /// A target's path, and the values of each parameter as they are meant.
    private struct Target {
        let path: String
        let values: [String: [String]]

        init(_ text: String) {
            let parts = text.split(
                separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            path = String(parts[0])
            var values: [String: [String]] = [:]
            for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
                let sides = pair.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let name = PercentEncoding.decode(String(sides[0])) ?? String(sides[0])
                let value = sides.dropFirst().first.map(String.init) ?? ""
                values[name, default: []].append(PercentEncoding.decode(value) ?? value)
            }
            self.values = values
        }
    }
}
