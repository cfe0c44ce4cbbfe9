import Cryptography
import Synchronization

/// What FranceConnect remembers between requests: who is logged in, and what was handed out.
final class FranceConnectState: Sendable {
    /// One usager logged in for one client.
    struct Session: Sendable {
        let personID: String
        let clientID: String
        let scopes: [String]
        let nonce: String?
        let acr: String
        let startedAt: Int64
    }

    /// An authorisation request that waits for somebody to choose a person.
    struct Interaction: Sendable {
        let request: AuthorizationRequest
        let endsAt: Int64
    }

    struct Code: Sendable {
        let sessionID: String
        let redirectURI: String
        let challenge: String?
        let endsAt: Int64
    }

    struct AccessToken: Sendable {
        let sessionID: String
        let issuedAt: Int64
        let endsAt: Int64
    }

    /// What is known of an access token.
    enum Standing: Sendable {
        case inactive
        /// The usager has logged out since.
        case loggedOut
        case active(AccessToken, Session)
    }

    private struct Contents {
        var sessions: [String: Session] = [:]
        var interactions: [String: Interaction] = [:]
        var codes: [String: Code] = [:]
        var tokens: [String: AccessToken] = [:]
        var providers: [String: SandboxConfiguration.DataProvider] = [:]
    }

    /// The most of each that is kept; beyond, everything over is forgotten.
    private static let capacity = 100_000

    private let contents = Mutex(Contents())

    /// Registers how the gateway introspects for some holders, by client id.
    func register(_ providers: [SandboxConfiguration.DataProvider]) {
        contents.withLock { contents in
            for provider in providers { contents.providers[provider.clientID] = provider }
        }
    }

    func provider(_ clientID: String) -> SandboxConfiguration.DataProvider? {
        contents.withLock { $0.providers[clientID] }
    }

    var providers: [SandboxConfiguration.DataProvider] {
        contents.withLock { Array($0.providers.values) }
    }

    func remember(_ interaction: Interaction, as id: String, at seconds: Int64) {
        contents.withLock { contents in
            if contents.interactions.count >= Self.capacity {
                contents.interactions = contents.interactions.filter { $0.value.endsAt > seconds }
            }
            contents.interactions[id] = interaction
        }
    }

    /// The interaction of an id, which is over with that.
    func takeInteraction(_ id: String, at seconds: Int64) -> Interaction? {
        contents.withLock { contents in
            contents.interactions.removeValue(forKey: id).flatMap {
                $0.endsAt > seconds ? $0 : nil
            }
        }
    }

    func open(_ session: Session, as id: String) {
        contents.withLock { $0.sessions[id] = session }
    }

    func remember(_ code: Code, as text: String) {
        contents.withLock { $0.codes[text] = code }
    }

    /// What a code stands for; it serves once.
    func takeCode(_ text: String, at seconds: Int64) -> (Code, Session)? {
        contents.withLock { contents in
            guard let code = contents.codes.removeValue(forKey: text), code.endsAt > seconds,
                let session = contents.sessions[code.sessionID]
            else { return nil }
            return (code, session)
        }
    }

    func remember(_ token: AccessToken, as text: String, at seconds: Int64) {
        contents.withLock { contents in
            if contents.tokens.count >= Self.capacity {
                contents.tokens = contents.tokens.filter { $0.value.endsAt > seconds }
                let open = Set(contents.tokens.values.map(\.sessionID))
                contents.sessions = contents.sessions.filter { open.contains($0.key) }
            }
            contents.tokens[text] = token
        }
    }

    func standing(of token: String, at seconds: Int64) -> Standing {
        contents.withLock { contents in
            guard let known = contents.tokens[token], known.endsAt > seconds else {
                return .inactive
            }
            guard let session = contents.sessions[known.sessionID] else { return .loggedOut }
            return .active(known, session)
        }
    }

    /// Revokes a token, so that it is as if it had never been.
    func revoke(_ token: String) {
        contents.withLock { _ = $0.tokens.removeValue(forKey: token) }
    }

    /// Logs the usager out: the session goes, its tokens remain as traces.
    func close(_ sessionID: String) {
        contents.withLock { _ = $0.sessions.removeValue(forKey: sessionID) }
    }
}
