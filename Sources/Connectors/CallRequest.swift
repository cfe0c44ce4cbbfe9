package import HTTPMessages

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
