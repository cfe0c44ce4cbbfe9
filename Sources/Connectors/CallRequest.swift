package import HTTPMessages
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

/// OAuth2 client credentials (RFC 6749, 4.4): where a token is asked, and how.
package struct ClientCredentials: Hashable, Sendable {
    /// Where the client's identifier and secret go.
    package enum Placement: String, CaseIterable, Sendable {
        case basic
        case body = "corps"
    }

    package let origin: OriginName
    /// The path with its query.
    package let target: String
    package let clientID: SecretName
    package let clientSecret: SecretName
    package let placement: Placement
    let scopeTemplate: Template?

    /// The scope to ask, for the client of that identifier.
    package func scope(clientID: String) -> String? {
        guard let scopeTemplate else { return nil }
        return scopeTemplate.parts.map { part in
            if case .text(let text) = part { text } else { clientID }
        }.joined()
    }
}

/// How one call proves who calls.
package enum CallAuthentication: Hashable, Sendable {
    case none
    /// A secret in a header of its own.
    case key(header: String, secret: SecretName)
    /// A bearer token that client credentials buy.
    case client(ClientCredentials)
    /// The usager's FranceConnect token as the bearer token.
    case franceConnectToken
}

/// One request to a holder, but for its base URL and its credentials.
///
/// It may carry identity traits, identifiers and a token: nothing of it prints.
package struct CallRequest: Sendable {
    package let origin: OriginName
    package let method: HTTPMethod
    /// The path with its query, encoded.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    package let authentication: CallAuthentication
}

extension CallRequest: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(method.rawValue) ‹masqué›" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
