import Vocabulary

/// A secret by the name that the deployment binds.
package struct SecretName: Hashable, Comparable, Sendable {
    package let text: String

    package static func < (left: SecretName, right: SecretName) -> Bool {
        left.text < right.text
    }
}

/// A name that the deployment binds to a base URL: `dgfip`.
package struct OriginName: Hashable, Comparable, Sendable {
    package let text: String

    package static func < (left: OriginName, right: OriginName) -> Bool {
        left.text < right.text
    }
}

/// An assertion that a client signs to prove who it is (RFC 7523).
package struct ClientAssertion: Hashable, Sendable {
    /// How it is signed.
    package enum Algorithm: String, CaseIterable, Sendable {
        case rs256 = "RS256"
        case ps256 = "PS256"
        case es256 = "ES256"
    }

    /// The private key, as PEM.
    package let key: SecretName
    package let algorithm: Algorithm
    /// The name that the holder gave to the key; nil where it knows only one.
    package let keyID: SecretName?
    /// Whom the assertion is for; nil for the token endpoint's own address.
    package let audience: SecretName?
    /// How long an assertion is good for, at most a minute.
    package let lifeInSeconds: Int

    /// The longest that an assertion may be good for.
    package static let maximumLife = 60
}

/// How a client proves who it is at a token endpoint.
package enum ClientProof: Hashable, Sendable {
    /// Its secret in `Authorization: Basic`.
    case basic(SecretName)
    /// Its secret in the form.
    case body(SecretName)
    case assertion(ClientAssertion)

    /// The names that a connector gives to the kinds.
    package enum Kind: String, CaseIterable, Sendable {
        case basic
        case body = "corps"
        case assertion = "private_key_jwt"
    }

    /// Whether it is an assertion, which a server takes once.
    package var isAssertion: Bool {
        if case .assertion = self { true } else { false }
    }

    /// The secrets that it needs.
    var secrets: [SecretName] {
        switch self {
        case .basic(let secret), .body(let secret): [secret]
        case .assertion(let assertion):
            [assertion.key] + [assertion.keyID, assertion.audience].compactMap { $0 }
        }
    }
}

/// One scope that an account may ask for.
struct ScopePart: Hashable, Sendable {
    /// A text in which the client's identifier may stand.
    let template: Template
    let condition: FieldCondition
}

/// OAuth2 client credentials (RFC 6749, 4.4): where a token is asked, and how.
package struct ClientCredentials: Hashable, Sendable {
    package let origin: OriginName
    /// The path with its query.
    package let target: String
    package let clientID: SecretName
    package let proof: ClientProof
    /// What else the token request says, by name.
    package let parameters: [TokenParameter]
    let scopes: [ScopePart]

    /// One more member of a token request.
    package struct TokenParameter: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// The scope to ask, for the client of that identifier.
    package func scope(clientID: String) -> String? {
        guard !scopes.isEmpty else { return nil }
        return scopes.map { scope in
            scope.template.parts.map { part in
                if case .text(let text) = part { text } else { clientID }
            }.joined()
        }.joined(separator: " ")
    }

    /// The same account, asking only for the scopes that these leaves need.
    ///
    /// Without any it must ask nothing: a token request that names no scope asks for all.
    func narrowed(to leaves: Set<FieldPath>) throws(CallImpossible) -> ClientCredentials {
        guard scopes.contains(where: { !$0.condition.isAlways }) else { return self }
        let kept = scopes.filter { $0.condition.holds(for: leaves) }
        guard !kept.isEmpty else {
            throw CallImpossible(reason: .passerelleEnDefaut, variable: "portee")
        }
        return ClientCredentials(
            origin: origin, target: target, clientID: clientID, proof: proof,
            parameters: parameters,
            scopes: kept.map { ScopePart(template: $0.template, condition: FieldCondition()) })
    }
}

/// How one call proves who calls.
package enum CallAuthentication: Hashable, Sendable {
    case none
    /// A secret in a header of its own, perhaps after a word such as `Token `.
    case key(header: String, prefix: String, secret: SecretName)
    /// A name and a password (RFC 7617).
    case basic(user: SecretName, password: SecretName)
    /// A bearer token that client credentials buy.
    case client(ClientCredentials)
    /// The usager's FranceConnect token as the bearer token.
    case franceConnectToken

    /// The secrets that it needs.
    var secrets: [SecretName] {
        switch self {
        case .none, .franceConnectToken: []
        case .key(_, _, let secret): [secret]
        case .basic(let user, let password): [user, password]
        case .client(let credentials): [credentials.clientID] + credentials.proof.secrets
        }
    }

    func narrowed(to leaves: Set<FieldPath>) throws(CallImpossible) -> CallAuthentication {
        guard case .client(let credentials) = self else { return self }
        return .client(try credentials.narrowed(to: leaves))
    }
}
