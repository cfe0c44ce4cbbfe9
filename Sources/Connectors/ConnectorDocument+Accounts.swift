import JSONText
import Vocabulary

extension ConnectorDocumentReader {
    mutating func readAccounts(_ place: JSONPlace?) {
        guard let place else { return }
        guard let object = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return }
        for (name, place) in object.members {
            accounts[name] = account(place)
        }
    }

    private mutating func account(_ place: JSONPlace) -> ClientCredentials? {
        guard let object = mistakes.object(place, ConnectorMembers.account) else { return nil }
        let origin = mistakes.required(object, "origine", self.origin)
        let target = mistakes.required(object, "chemin", fixedPath)
        let clientID = mistakes.required(object, "client_id", secret)
        let kind = mistakes.required(object, "envoi") { [self] (place) throws(JSONMistake) in
            try choice(place, of: ClientProof.Kind.self)
        }
        let proof = kind.flatMap { self.proof(object, $0) }
        let parameters = mistakes.optional(object, "parametres", tokenParameters) ?? []
        let scopes = object.optional("portee").map { self.scopes($0) } ?? []
        guard let origin, let target, let clientID, let proof else { return nil }
        return ClientCredentials(
            origin: origin, target: target, clientID: clientID, proof: proof,
            parameters: parameters, scopes: scopes)
    }

    // MARK: - Proof

    private mutating func proof(
        _ object: JSONObjectPlace, _ kind: ClientProof.Kind
    ) -> ClientProof? {
        let foreign =
            kind == .assertion ? ["client_secret"] : ConnectorMembers.assertion
        for name in foreign {
            guard let place = object.optional(name) else { continue }
            mistakes.add(
                place.mistake(
                    "« \(name) » ne va pas avec l'envoi « \(kind.rawValue) ».",
                    remedy: "Retirez-le, ou changez « envoi »."))
        }
        switch kind {
        case .basic: return mistakes.required(object, "client_secret", secret).map { .basic($0) }
        case .body: return mistakes.required(object, "client_secret", secret).map { .body($0) }
        case .assertion: return assertion(object).map { .assertion($0) }
        }
    }

    private mutating func assertion(_ object: JSONObjectPlace) -> ClientAssertion? {
        let key = mistakes.required(object, "cle_privee", secret)
        let algorithm = mistakes.required(object, "algorithme") {
            [self] (place) throws(JSONMistake) in
            try choice(place, of: ClientAssertion.Algorithm.self)
        }
        let keyID = mistakes.optional(object, "cle_id", secret)
        let audience = mistakes.optional(object, "audience", secret)
        let life = mistakes.optional(object, "duree_s") { place throws(JSONMistake) in
            Int(try place.int(in: 5...Int64(ClientAssertion.maximumLife)))
        }
        guard let key, let algorithm else { return nil }
        return ClientAssertion(
            key: key, algorithm: algorithm, keyID: keyID, audience: audience,
            lifeInSeconds: life ?? ClientAssertion.maximumLife)
    }

    // MARK: - What a token is asked for

    /// The names that a token request gives a meaning of its own.
    private static let reservedParameters: Set<String> = [
        "grant_type", "scope", "client_id", "client_secret", "client_assertion",
        "client_assertion_type",
    ]

    private func tokenParameters(
        _ place: JSONPlace
    ) throws(JSONMistake) -> [ClientCredentials.TokenParameter] {
        var parameters: [ClientCredentials.TokenParameter] = []
        for (name, place) in try place.anyObject().members {
            guard (1...64).contains(name.utf8.count), !Self.reservedParameters.contains(name)
            else {
                throw place.mistake(
                    "La passerelle écrit elle-même ce paramètre, ou son nom est faux.",
                    remedy: "Retirez-le ; la portée s'écrit sous « portee ».")
            }
            let value = try place.string(maxBytes: 200)
            guard !value.contains("{") else {
                throw place.mistake(
                    "Une demande de jeton ne dépend pas de l'échange.",
                    remedy: "Écrivez un texte sans variable.")
            }
            parameters.append(ClientCredentials.TokenParameter(name: name, value: value))
        }
        return parameters
    }

    /// One scope for all, or several of which each may need its fields.
    private mutating func scopes(_ place: JSONPlace) -> [ScopePart] {
        if place.node.string != nil {
            let template = mistakes.attempt { [self] () throws(JSONMistake) in
                try scope(place)
            }
            return template.map { [ScopePart(template: $0, condition: FieldCondition())] } ?? []
        }
        guard
            let places = mistakes.attempt({ () throws(JSONMistake) in try place.array(max: 20) })
        else { return [] }
        return places.compactMap { (place) -> ScopePart? in
            if place.node.string != nil { return scopes(place).first }
            guard let object = mistakes.object(place, ConnectorMembers.scope) else { return nil }
            let template = mistakes.required(object, "valeur", scope)
            let condition = condition(object)
            return template.map { ScopePart(template: $0, condition: condition) }
        }
    }

    private func scope(_ place: JSONPlace) throws(JSONMistake) -> Template {
        let template = try self.template(place)
        guard template.variables.allSatisfy({ $0 == .clientID }) else {
            throw place.mistake(
                "Une portée ne dépend que du client.",
                remedy: "N'employez que la variable {client_id}.")
        }
        return template
    }

    private func fixedPath(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 300)
        guard isTarget(text), !text.contains("{") else {
            throw place.mistake(
                "Ce n'est pas un chemin fixe.",
                remedy: "Écrivez un chemin qui commence par « / », sans variable ni espace.")
        }
        return text
    }
}
