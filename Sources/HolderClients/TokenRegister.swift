import Connectors
import Curl
import HTTPMessages
import JSONText
import Platform
import Synchronization
import Vocabulary

/// Why no token was had.
struct TokenFailure: Error, Equatable, Sendable {
    let reason: MissingReason
    let retryAfterSeconds: Int?
    let isCancelled: Bool

    init(_ reason: MissingReason, retryAfter: Int? = nil, isCancelled: Bool = false) {
        self.reason = reason
        retryAfterSeconds = retryAfter
        self.isCancelled = isCancelled
    }
}

/// A bearer token of ours at a holder.
struct HolderToken: Sendable {
    let text: Sensitive<String>
    /// Tells it from the one that replaces it.
    let number: Int
    /// From when it is renewed while it still serves.
    let renewAt: ContinuousClock.Instant
    let endsAt: ContinuousClock.Instant
}

typealias TokenResult = Result<HolderToken, TokenFailure>

/// The gateway's own tokens at the holders, shared by all loops.
///
/// Each is asked for once however many wait for it, and again before it ends, behind the calls that
/// still use it. A waiter stops at its own deadline or when its caller leaves; the request goes on.
final class TokenRegister: Sendable {
    /// A token belongs to one connector's credentials: two connectors never share one.
    struct Key: Hashable, Sendable {
        let connector: ConnectorKey
        let credentials: ClientCredentials
    }

    private struct Entry {
        var token: HolderToken?
        var isAsking = false
        var waiters: [Suspension<TokenResult>] = []
        var lastNumber = 0
    }

    private let entries = Mutex<[Key: Entry]>([:])
    private let timeout: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Asks for a token: the answer's text and lifetime.
    private let fetch:
        @Sendable (Key, ContinuousClock.Instant) async -> Result<TokenGrant, TokenFailure>

    init(
        timeout: Duration,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        fetch:
            @escaping @Sendable (Key, ContinuousClock.Instant) async -> Result<
                TokenGrant, TokenFailure
            >
    ) {
        self.timeout = timeout
        self.now = now
        self.fetch = fetch
    }

    /// The token, asked for if there is none.
    func token(for key: Key, until deadline: ContinuousClock.Instant) async -> TokenResult {
        let now = now()
        let known = entries.withLock { entries -> HolderToken? in
            guard let token = entries[key]?.token, now < token.endsAt else { return nil }
            return token
        }
        if let known {
            if now >= known.renewAt { begin(key, waiter: nil) }
            return .success(known)
        }
        guard !Task.isCancelled else {
            return .failure(TokenFailure(.detenteurIndisponible, isCancelled: true))
        }
        var timer: TimerHandle?
        let loop = EventLoop.required()
        let result: TokenResult = await EventLoop.suspend(
            onCancel: {
                $0.resume(.failure(TokenFailure(.detenteurIndisponible, isCancelled: true)))
            },
            { waiter in
                timer = loop.schedule(at: deadline) {
                    waiter.resume(.failure(TokenFailure(.detenteurTropLent)))
                }
                begin(key, waiter: waiter)
            })
        if let timer { loop.cancel(timer) }
        return result
    }

    /// Forgets a token that the holder refused, unless another has taken its place.
    func forget(_ token: HolderToken, for key: Key) {
        entries.withLock { entries in
            if entries[key]?.token?.number == token.number { entries[key]?.token = nil }
        }
    }

    /// Asks for a token unless that is under way.
    private func begin(_ key: Key, waiter: Suspension<TokenResult>?) {
        let isFirst = entries.withLock { entries -> Bool in
            if let waiter { entries[key, default: Entry()].waiters.append(waiter) }
            let isFirst = !(entries[key]?.isAsking ?? false)
            entries[key, default: Entry()].isAsking = true
            return isFirst
        }
        guard isFirst else { return }
        // A task of its own: who waits first may leave, the others still need the token.
        EventLoop.required().spawn { [self] in
            finish(key, await fetch(key, now().advanced(by: timeout)))
        }
    }

    private func finish(_ key: Key, _ granted: Result<TokenGrant, TokenFailure>) {
        let now = now()
        let (waiters, result) = entries.withLock { entries in
            var entry = entries[key] ?? Entry()
            let number = entry.lastNumber + 1
            let result = granted.map { $0.token(number: number, now: now) }
            if case .success(let token) = result {
                entry.token = token
                entry.lastNumber = number
            }
            let waiters = entry.waiters
            entry.waiters = []
            entry.isAsking = false
            entries[key] = entry
            return (waiters, result)
        }
        for waiter in waiters {
            waiter.loop.submit { waiter.resume(result) }
        }
    }
}

/// What a token endpoint answered.
struct TokenGrant: Sendable {
    let text: Sensitive<String>
    let lifetime: Duration

    /// Reads an answer of RFC 6749, 5.1; nil where it is none.
    init?(_ body: [UInt8]) {
        guard
            let root = try? parseJSON(
                body, limits: JSONLimits(bytes: 16_384, depth: 8, nodes: 100)),
            let token = root["access_token"]?.string, (1...8192).contains(token.utf8.count),
            token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let type = root["token_type"]?.string, type.lowercased() == "bearer"
        else { return nil }
        // Some servers write the number as text.
        let seconds =
            root["expires_in"]?.integer ?? root["expires_in"]?.string.flatMap { Int64($0) }
        text = Sensitive(token)
        lifetime = .seconds(min(max(seconds ?? 60, 1), 86_400))
    }

    /// The token, renewed at four fifths of its life and no longer used at its last twentieth.
    func token(number: Int, now: ContinuousClock.Instant) -> HolderToken {
        HolderToken(
            text: text, number: number, renewAt: now.advanced(by: lifetime * 4 / 5),
            endsAt: now.advanced(by: lifetime * 19 / 20))
    }
}
