package import Connectors
import Vocabulary

/// What a proposed connector changes, in the words of whoever approves it.
package func differences(from current: Connector?, to proposed: Connector) -> [String] {
    guard let current else {
        return ["Aucun connecteur ne sert ce jeu aujourd'hui."] + introduction(of: proposed)
    }
    var lines = change(
        of: "Origines", proposed.origins.map(\.text), since: current.origins.map(\.text))
    lines += change(
        of: "Secrets", proposed.secrets.map(\.text), since: current.secrets.map(\.text))
    lines += change(
        of: "Ce que le détenteur apprend de l'usager", proposed.relayed.map(\.text),
        since: current.relayed.map(\.text))
    for mode in Mode.allCases {
        lines += change(
            of: "Mode \(mode.rawValue)", service(proposed, mode), since: service(current, mode))
    }
    if proposed.label != current.label {
        lines.append("Libellé : « \(proposed.label) » au lieu de « \(current.label) ».")
    }
    return lines.isEmpty
        ? [
            "Ne change ni les origines, ni les secrets, ni ce que le détenteur apprend, ni les "
                + "champs servis."
        ]
        : lines
}

private func introduction(of connector: Connector) -> [String] {
    let none: [String] = []
    return change(of: "Origines", connector.origins.map(\.text), since: none)
        + change(of: "Secrets", connector.secrets.map(\.text), since: none)
        + change(
            of: "Ce que le détenteur apprend de l'usager", connector.relayed.map(\.text),
            since: none)
        + connector.services.map { service in
            let fields = service.fields.map(\.text).sorted().joined(separator: ", ")
            return "Mode \(service.mode.rawValue) : \(fields)."
        }
}

private func service(_ connector: Connector, _ mode: Mode) -> HolderService? {
    connector.services.first { $0.mode == mode }
}

private func change(of what: String, _ new: [String], since old: [String]) -> [String] {
    let gained = Set(new).subtracting(old).sorted()
    let lost = Set(old).subtracting(new).sorted()
    var lines: [String] = []
    if !gained.isEmpty {
        lines.append("\(what), en plus : \(gained.joined(separator: ", ")).")
    }
    if !lost.isEmpty { lines.append("\(what), en moins : \(lost.joined(separator: ", ")).") }
    return lines
}

private func change(
    of what: String, _ new: HolderService?, since old: HolderService?
) -> [String] {
    guard let new else { return old == nil ? [] : ["\(what) : n'est plus servi."] }
    guard let old else {
        let fields = new.fields.map(\.text).sorted().joined(separator: ", ")
        return ["\(what) : servi en plus, avec \(fields)."]
    }
    var lines = change(
        of: "\(what), champs", new.fields.map(\.text), since: old.fields.map(\.text))
    if new.neededIdentifier != old.neededIdentifier {
        lines.append(
            "\(what) : identifiant exigé, \(new.neededIdentifier?.rawValue ?? "aucun").")
    }
    if new.minimumLevel != old.minimumLevel {
        lines.append("\(what) : niveau exigé, \(new.minimumLevel?.text ?? "aucun").")
    }
    if new.returnsIdentity != old.returnsIdentity {
        lines.append(
            new.returnsIdentity
                ? "\(what) : l'identité rendue est désormais comparée."
                : "\(what) : l'identité rendue n'est plus comparée.")
    }
    return lines
}
