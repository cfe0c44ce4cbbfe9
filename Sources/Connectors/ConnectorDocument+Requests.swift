import HTTPMessages
import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    // MARK: - Named requests

    /// The requests that several steps share, by name.
    mutating func readRequests(_ place: JSONPlace?) {
        guard let place,
            let object = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return }
        knownRequests = object.members.map(\.name)
        for (name, place) in object.members { requests[name] = request(place) }
    }

    /// A request that no step makes is one that its author forgot.
    mutating func checkRequestsAreUsed(_ place: JSONPlace?) {
        guard let place, let object = try? place.anyObject() else { return }
        for (name, place) in object.members where !usedRequests.contains(name) {
            mistakes.add(
                place.mistake(
                    "Aucune étape ne fait cette requête.",
                    remedy: "Nommez-la dans « requete » d'une étape, ou retirez-la."))
        }
    }

    /// A step's request: its own, or one of those that have a name.
    mutating func stepRequest(_ place: JSONPlace, _ mode: Mode) -> RequestPlan? {
        var plan: RequestPlan?
        if let name = place.node.string {
            usedRequests.insert(name)
            plan = requests[name]
            if !knownRequests.contains(name) {
                mistakes.add(
                    place.mistake(
                        "Cette requête n'est pas décrite.",
                        remedy: "Décrivez-la sous « requetes », ou corrigez le nom."))
            }
        } else {
            plan = request(place)
        }
        if let plan { checkMode(plan, place, mode) }
        return plan
    }

    // MARK: - Requests

    mutating func request(_ place: JSONPlace) -> RequestPlan? {
        guard let object = mistakes.object(place, ConnectorMembers.request) else { return nil }
        let origin = mistakes.required(object, "origine", self.origin)
        let method = mistakes.required(object, "methode") {
            [self] (place) throws(JSONMistake) in try choice(place, of: HolderMethod.self)
        }
        let paths = paths(object)
        let query = values(object.optional("parametres"), .parameter)
        let headers = values(object.optional("entetes"), .header)
        checkHeaders(headers, object.optional("entetes"))
        let body = object.optional("corps").map { self.body($0) } ?? PlannedBody.none
        let authentication = mistakes.attempt { [self] () throws(JSONMistake) in
            try self.authentication(try object.required("authentification"))
        }
        guard let origin, let method, let paths, let body, let authentication else { return nil }
        let plan = RequestPlan(
            origin: origin, method: method == .get ? .get : .post, paths: paths, query: query,
            headers: headers, body: body, authentication: authentication)
        checkURL(plan, object)
        checkPeriod(plan, place)
        return plan
    }

    enum HolderMethod: String, CaseIterable {
        case get = "GET"
        case post = "POST"
    }

    /// One path, or several of which the asked fields choose.
    private mutating func paths(_ object: JSONObjectPlace) -> [PathChoice]? {
        guard
            let place = mistakes.attempt({ () throws(JSONMistake) in
                try object.required("chemin")
            })
        else { return nil }
        guard case .array = place.node.value else {
            return path(place).map { [$0] }
        }
        guard
            let places = mistakes.attempt({ () throws(JSONMistake) in try place.array(max: 10) })
        else { return nil }
        let paths = places.compactMap { path($0) }
        if paths.count == places.count, paths.last?.condition.isAlways != true {
            mistakes.add(
                place.mistake(
                    "Selon les champs demandés, aucun de ces chemins ne vaudrait.",
                    remedy: "Terminez par un chemin sans « si_champs » ni « sauf_champs »."))
        }
        return paths
    }

    private mutating func path(_ place: JSONPlace) -> PathChoice? {
        if place.node.string != nil {
            let template = mistakes.attempt { [self] () throws(JSONMistake) in
                try pathTemplate(place)
            }
            return template.map { PathChoice(template: $0, condition: FieldCondition()) }
        }
        guard let object = mistakes.object(place, ConnectorMembers.path) else { return nil }
        let template = mistakes.required(object, "valeur", pathTemplate)
        let condition = condition(object)
        return template.map { PathChoice(template: $0, condition: condition) }
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

    // MARK: - What a request may carry

    /// What says who the usager is stands in a URL only where the connector says so, and the token
    /// never does.
    private mutating func checkURL(_ plan: RequestPlan, _ object: JSONObjectPlace) {
        let inURL = plan.pathVariables + plan.query.variables
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
    }

    private mutating func checkMode(_ plan: RequestPlan, _ place: JSONPlace, _ mode: Mode) {
        if mode == .identite, plan.relaysToken {
            mistakes.add(
                place.mistake(
                    "Il n'y a pas de jeton FranceConnect dans le mode « identite ».",
                    remedy: "Retirez-le de cette requête."))
        }
        if mode == .franceconnect,
            plan.variables.contains(where: { if case .identifier = $0 { true } else { false } })
        {
            mistakes.add(
                place.mistake(
                    "Il n'y a pas d'identifiant dans le mode « franceconnect ».",
                    remedy: "Retirez-le de cette requête."))
        }
    }

    /// A part of the period that the data set's periods never have.
    private mutating func checkPeriod(_ plan: RequestPlan, _ place: JSONPlace) {
        guard let kind = catalogue?.datasets[dataset]?.periodKind else { return }
        let never = plan.variables.compactMap { variable -> PeriodPart? in
            if case .period(let part) = variable, !part.exists(in: kind) { part } else { nil }
        }
        for part in Set(never).sorted(by: { $0.rawValue < $1.rawValue }) {
            mistakes.add(
                place.mistake(
                    "La période de ce jeu n'a jamais de « periode.\(part.rawValue) ».",
                    remedy: "Voyez « periode » dans le contrat du jeu : « \(kind.rawValue) »."))
        }
    }

    private static let reservedHeaders: Set<String> = [
        "authorization", "host", "content-length", "content-type", "transfer-encoding", "accept",
        "connection", "cookie", "expect", "te", "upgrade", "accept-encoding",
    ]

    private mutating func checkHeaders(_ headers: [NamedValue], _ place: JSONPlace?) {
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
        if let json = object.optional("json") { return value(json, .json).map { .json($0) } }
        if let form = object.optional("formulaire") { return .form(values(form, .parameter)) }
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

    // MARK: - Authentication

    private func authentication(_ place: JSONPlace) throws(JSONMistake) -> CallAuthentication {
        if let word = place.node.string {
            switch word {
            case "aucune": return .none
            case "jeton_franceconnect": return .franceConnectToken
            default:
                throw place.mistake(
                    "Cette authentification n'existe pas.",
                    remedy: "Écrivez « aucune », « jeton_franceconnect », {\"compte\": …}, "
                        + "{\"cle\": …} ou {\"basic\": …}.")
            }
        }
        let object = try place.object(ConnectorMembers.authentication)
        guard object.members.count == 1 else {
            throw place.mistake(
                "Un appel s'authentifie d'une seule façon.",
                remedy: "Gardez « compte », « cle » ou « basic ».")
        }
        if let key = object.optional("cle") { return try self.key(key) }
        if let basic = object.optional("basic") {
            let parts = try basic.object(ConnectorMembers.basic)
            return .basic(
                user: try secret(try parts.required("utilisateur")),
                password: try secret(try parts.required("mot_de_passe")))
        }
        let account = try object.required("compte")
        guard let credentials = accounts[try account.string(maxBytes: 64)] else {
            throw account.mistake(
                "Ce compte n'est pas décrit, ou il l'est mal.",
                remedy: "Décrivez-le sous « comptes ».")
        }
        return .client(credentials)
    }

    private func key(_ place: JSONPlace) throws(JSONMistake) -> CallAuthentication {
        let parts = try place.object(ConnectorMembers.key)
        let header = try parts.required("entete")
        let name = try header.string(maxBytes: 64)
        var probe = HTTPHeaders()
        let framing = ConnectorDocumentReader.reservedHeaders.subtracting(["authorization"])
        guard probe.add(name, "x"), !framing.contains(name.lowercased()) else {
            throw header.mistake(
                "Une clé ne peut pas être dans cet en-tête.",
                remedy: "Écrivez celui que le détenteur demande, par exemple X-API-Key.")
        }
        let secret = try parts.required("secret").string(maxBytes: 64)
        guard isCatalogueName(secret) else {
            throw place.mistake(
                "Un secret se désigne par son nom, jamais par sa valeur.",
                remedy: "Écrivez le nom que le déploiement lie à la clé.")
        }
        let prefix = try parts.optional("prefixe")?.string(maxBytes: 20) ?? ""
        guard prefix.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw place.mistake(
                "Le préfixe de la clé ne s'écrit pas dans un en-tête.",
                remedy: "Écrivez-le en ASCII, par exemple « Token  » avec son espace.")
        }
        return .key(header: name, prefix: prefix, secret: SecretName(text: secret))
    }
}
