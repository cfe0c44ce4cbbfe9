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
        let steps = places.compactMap { step($0, mode) }
        checkKept(steps, places)
        return ModePlan(
            neededIdentifier: identifier, minimumLevel: level,
            retriesPresumedDate: retries == .retry, steps: steps)
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
        let requestPlace = mistakes.attempt { () throws(JSONMistake) in
            try object.required("requete")
        }
        let request = requestPlace.flatMap { self.request($0, mode) }
        let times = self.times(object, total: Int(total ?? 5000))
        let repeatable = mistakes.optional(object, "repetable") { place throws(JSONMistake) in
            try place.bool()
        }
        guard let name, let request, let reading = reading ?? nil else { return nil }
        return StepPlan(
            name: name, isAlways: isAlways ?? false, onlyWith: onlyWith,
            onlyWithout: onlyWithout, request: request, rules: rules, reading: reading,
            totalMilliseconds: Int(total ?? 5000), times: times,
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

    // MARK: - Requests

    private mutating func request(_ place: JSONPlace, _ mode: Mode) -> RequestPlan? {
        guard let object = mistakes.object(place, ConnectorMembers.request) else { return nil }
        let origin = mistakes.required(object, "origine", self.origin)
        let method = mistakes.required(object, "methode") {
            [self] (place) throws(JSONMistake) in try choice(place, of: HolderMethod.self)
        }
        let path = mistakes.required(object, "chemin", pathTemplate)
        let query = values(object.optional("parametres"))
        let headers = values(object.optional("entetes"))
        checkHeaders(headers, object.optional("entetes"))
        let body = object.optional("corps").map { self.body($0) } ?? PlannedBody.none
        let authentication = mistakes.attempt { [self] () throws(JSONMistake) in
            try self.authentication(try object.required("authentification"))
        }
        guard let origin, let method, let path, let body, let authentication else { return nil }
        let plan = RequestPlan(
            origin: origin, method: method == .get ? .get : .post, path: path, query: query,
            headers: headers, body: body, authentication: authentication)
        checkPerson(plan, object, mode)
        return plan
    }

    enum HolderMethod: String, CaseIterable {
        case get = "GET"
        case post = "POST"
    }

    private func pathTemplate(_ place: JSONPlace) throws(JSONMistake) -> Template {
        let template = try self.template(place)
        let fixed = template.parts.map { part in
            if case .text(let text) = part { text } else { "x" }
        }.joined()
        guard isTarget(fixed), !fixed.contains("?") else {
            throw place.mistake(
                "Ce n'est pas un chemin.",
                remedy: "Commencez par « / », et mettez la requête dans « parametres ».")
        }
        return template
    }

    /// What says who the usager is stands in a URL only where the connector says so, and the token
    /// never does.
    private mutating func checkPerson(
        _ plan: RequestPlan, _ object: JSONObjectPlace, _ mode: Mode
    ) {
        let inURL = plan.path.variables + plan.query.flatMap(\.template.variables)
        let says = mistakes.optional(object, "personne_dans_url") { place throws(JSONMistake) in
            try place.bool()
        }
        if inURL.contains(.token) {
            mistakes.add(
                object.place.mistake(
                    "Le jeton FranceConnect ne peut pas figurer dans une URL.",
                    remedy: "Mettez-le dans un en-tête."))
        }
        if inURL.contains(where: \.namesPerson) != (says ?? false) {
            mistakes.add(
                object.place.mistake(
                    says == true
                        ? "L'URL ne porte rien de la personne, et « personne_dans_url » dit le contraire."
                        : "L'URL porte l'identité ou un identifiant de la personne sans que cela soit dit.",
                    remedy: "Accordez « personne_dans_url » avec le chemin et les paramètres."))
        }
        if mode == .identite, plan.relaysToken {
            mistakes.add(
                object.place.mistake(
                    "Il n'y a pas de jeton FranceConnect dans le mode « identite ».",
                    remedy: "Retirez-le de cette requête."))
        }
        if mode == .franceconnect,
            plan.variables.contains(where: { if case .identifier = $0 { true } else { false } })
        {
            mistakes.add(
                object.place.mistake(
                    "Il n'y a pas d'identifiant dans le mode « franceconnect ».",
                    remedy: "Retirez-le de cette requête."))
        }
    }

    private mutating func values(_ place: JSONPlace?) -> [PlannedValue] {
        guard let place,
            let object = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return [] }
        return object.members.compactMap { name, place in
            mistakes.attempt { [self] () throws(JSONMistake) in try value(name, place) }
        }
    }

    private func value(_ name: String, _ place: JSONPlace) throws(JSONMistake) -> PlannedValue {
        if place.node.string != nil {
            return PlannedValue(name: name, template: try template(place), isOptional: false)
        }
        let object = try place.object(ConnectorMembers.value)
        return PlannedValue(
            name: name, template: try template(try object.required("valeur")),
            isOptional: try object.optional("facultatif")?.bool() ?? false)
    }

    private static let reservedHeaders: Set<String> = [
        "authorization", "host", "content-length", "content-type", "transfer-encoding", "accept",
        "connection", "cookie", "expect", "te", "upgrade", "accept-encoding",
    ]

    private mutating func checkHeaders(_ headers: [PlannedValue], _ place: JSONPlace?) {
        guard let place else { return }
        for header in headers {
            var probe = HTTPHeaders()
            let isToken = probe.add(header.name, "x")
            if !isToken || Self.reservedHeaders.contains(header.name.lowercased()) {
                mistakes.add(
                    place.mistake(
                        "L'en-tête « \(shownName(header.name)) » n'est pas permis ici.",
                        remedy: "Retirez-le : la passerelle l'écrit elle-même, ou le nom est faux.")
                )
            }
        }
    }

    private mutating func body(_ place: JSONPlace) -> PlannedBody? {
        guard let object = mistakes.object(place, ConnectorMembers.body) else {
            return nil
        }
        if let json = object.optional("json") { return .json(values(json)) }
        if let form = object.optional("formulaire") { return .form(values(form)) }
        guard let text = mistakes.required(object, "texte", template) else { return nil }
        let type = mistakes.optional(object, "type", mediaType)
        return .text(text, mediaType: type ?? "text/plain; charset=utf-8")
    }

    func mediaType(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 128)
        guard MediaType(text) != nil else {
            throw place.mistake(
                "Ce n'est pas un type de média.", remedy: "Écrivez par exemple application/json.")
        }
        return text
    }

    private func authentication(_ place: JSONPlace) throws(JSONMistake) -> CallAuthentication {
        if let word = place.node.string {
            switch word {
            case "aucune": return .none
            case "jeton_franceconnect": return .franceConnectToken
            default:
                throw place.mistake(
                    "Cette authentification n'existe pas.",
                    remedy: "Écrivez « aucune », « jeton_franceconnect », {\"compte\": …} "
                        + "ou {\"cle\": …}.")
            }
        }
        let object = try place.object(ConnectorMembers.authentication)
        if let key = object.optional("cle") {
            let parts = try key.object(ConnectorMembers.key)
            let header = try parts.required("entete").string(maxBytes: 64)
            let name = try parts.required("secret").string(maxBytes: 64)
            guard isCatalogueName(name) else {
                throw key.mistake(
                    "Un secret se désigne par son nom, jamais par sa valeur.",
                    remedy: "Écrivez le nom que le déploiement lie à la clé.")
            }
            return .key(header: header, secret: SecretName(text: name))
        }
        let account = try object.required("compte")
        guard let credentials = accounts[try account.string(maxBytes: 64)] else {
            throw account.mistake(
                "Ce compte n'est pas décrit, ou il l'est mal.",
                remedy: "Décrivez-le sous « comptes ».")
        }
        return .client(credentials)
    }
}
