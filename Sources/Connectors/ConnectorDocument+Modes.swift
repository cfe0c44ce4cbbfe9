import HTTPMessages
import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    static let maximumSteps = 4

    mutating func modes(_ object: JSONObjectPlace) -> [Mode: ModePlan] {
        let names = Mode.allCases.map(\.rawValue)
        guard
            let place = mistakes.attempt({ () throws(JSONMistake) in
                try object.required("modes")
            }), let modes = mistakes.object(place, names)
        else { return [:] }
        var plans: [Mode: ModePlan] = [:]
        for mode in Mode.allCases {
            guard let place = modes.optional(mode.rawValue) else { continue }
            plans[mode] = self.mode(place, mode)
        }
        if modes.members.isEmpty {
            mistakes.add(
                place.mistake(
                    "Le connecteur ne sert aucun mode.",
                    remedy: "Décrivez « franceconnect », « identite » ou les deux."))
        }
        return plans
    }

    private mutating func mode(_ place: JSONPlace, _ mode: Mode) -> ModePlan? {
        let known =
            mode == .franceconnect ? ConnectorMembers.franceConnectMode : ConnectorMembers.mode
        guard let object = mistakes.object(place, known) else { return nil }
        let identifier = mistakes.optional(object, "identifiant") {
            [self] (place) throws(JSONMistake) in try choice(place, of: IdentifierKind.self)
        }
        let retries = mistakes.optional(object, "date_presumee") {
            [self] (place) throws(JSONMistake) in try choice(place, of: PresumedDate.self)
        }
        let level = mistakes.optional(object, "niveau_minimum", self.level)
        guard
            let places = mistakes.required(
                object, "etapes",
                { place throws(JSONMistake) in
                    try place.array(max: Self.maximumSteps)
                })
        else { return nil }
        if places.isEmpty {
            mistakes.add(place.mistake("Il n'y a aucune étape.", remedy: "Décrivez un appel."))
        }
        let availability = availability(object.optional("disponibilite"))
        let steps = places.compactMap { step($0, mode) }
        checkKept(steps, places)
        return ModePlan(
            neededIdentifier: identifier, minimumLevel: level,
            retriesPresumedDate: retries == .retry, steps: steps,
            availability: availability)
    }

    private func level(_ place: JSONPlace) throws(JSONMistake) -> AssuranceLevel {
        guard let level = AssuranceLevel(try place.string(maxBytes: 16)) else {
            let known = AssuranceLevel.allCases.map(\.text).joined(separator: ", ")
            throw place.mistake(
                "Ce n'est pas un niveau de garantie de FranceConnect.",
                remedy:
                    "Choisissez parmi : \(known) ; ou retirez-le si le détenteur les accepte tous.")
        }
        return level
    }

    enum PresumedDate: String, CaseIterable {
        case retry = "reessayer"
        case asIs = "telle_quelle"
    }

    private mutating func step(_ place: JSONPlace, _ mode: Mode) -> StepPlan? {
        guard let object = mistakes.object(place, ConnectorMembers.step) else { return nil }
        let name = mistakes.required(object, "nom", sentence)
        let isAlways = mistakes.optional(object, "toujours") { place throws(JSONMistake) in
            try place.bool()
        }
        let onlyWith = mistakes.optional(object, "si_identifiant") {
            [self] (place) throws(JSONMistake) in try choice(place, of: IdentifierKind.self)
        }
        let onlyWithout = mistakes.optional(object, "sauf_identifiant") {
            [self] (place) throws(JSONMistake) in try choice(place, of: IdentifierKind.self)
        }
        let total = mistakes.optional(object, "delai_ms") { place throws(JSONMistake) in
            try place.int(in: 100...60_000)
        }
        let reading = mistakes.required(object, "lecture") {
            [self] (place) throws(JSONMistake) -> ReadingPlan? in
            let name = try place.string(maxBytes: 64)
            guard let reading = readings[name] else {
                // A reading that has mistakes of its own is not also unknown.
                if knownReadings.contains(name) { return nil }
                throw place.mistake(
                    "Cette lecture n'est pas décrite.",
                    remedy: "Décrivez-la sous « lectures », ou corrigez le nom.")
            }
            return reading
        }
        var selection = (reading ?? nil)?.selection ?? Selection()
        let rules = self.rules(object.optional("issues"), &selection, allowsBody: false)
        let condition = self.condition(object)
        let requestPlace = mistakes.attempt { () throws(JSONMistake) in
            try object.required("requete")
        }
        let request = requestPlace.flatMap { stepRequest($0, mode) }
        let times = self.times(object, total: Int(total ?? 5000))
        let repeatable = mistakes.optional(object, "repetable") { place throws(JSONMistake) in
            try place.bool()
        }
        guard let name, let request, let reading = reading ?? nil else { return nil }
        return StepPlan(
            name: name, isAlways: isAlways ?? false, onlyWith: onlyWith,
            onlyWithout: onlyWithout, condition: condition, request: request, rules: rules,
            reading: reading, totalMilliseconds: Int(total ?? 5000), times: times,
            isRepeatable: repeatable ?? (request.method == .get))
    }

    /// What a request takes from an earlier step must have been kept by one.
    private mutating func checkKept(_ steps: [StepPlan], _ places: [JSONPlace]) {
        guard steps.count == places.count else { return }
        var kept: Set<String> = []
        for (step, place) in zip(steps, places) {
            for case .kept(let name) in step.request.variables where !kept.contains(name) {
                mistakes.add(
                    place.mistake(
                        "La requête emploie {etape.\(name)}, qu'aucune étape précédente ne retient.",
                        remedy: "Ajoutez « \(name) » à « retient » d'une lecture qui précède."))
            }
            kept.formUnion(step.reading.kept.keys)
        }
    }
}
