import Curl
import HTTPMessages
import Identification
import JOSE
import JSONText
import Platform
import Synchronization

/// FranceConnect's public keys, read once for all loops and again when they are found to lack one.
///
/// Readings are rate-limited, so that nobody can make the gateway knock at FranceConnect's door by
/// sending tokens; those who wait while one is under way share it.
final class SignatureKeys: Sendable {
    /// A set with the number of its reading: whoever found it lacking asks for a later one.
    struct Edition: Sendable {
        let number: Int
        let keys: JWKSet
    }

    private struct State {
        var edition: Edition?
        var readAt: ContinuousClock.Instant?
        var triedAt: ContinuousClock.Instant?
        var failure: IntrospectionFailure?
        var reading: Task<Result<Edition, IntrospectionFailure>, Never>?
    }

    private let state = Mutex(State())
    private let configuration: FranceConnectConfiguration
    private let send: HTTPTransport
    private let monotonic: @Sendable () -> ContinuousClock.Instant

    init(
        _ configuration: FranceConnectConfiguration,
        send: @escaping HTTPTransport,
        monotonic: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.configuration = configuration
        self.send = send
        self.monotonic = monotonic
    }

    /// The keys as they are known; read first if they never were, and again behind when old.
    func current() async throws(IntrospectionFailure) -> Edition {
        let now = monotonic()
        let known = state.withLock { state in
            (edition: state.edition, age: state.readAt.map { $0.duration(to: now) })
        }
        guard let edition = known.edition, let age = known.age else {
            return try await later(than: 0)
        }
        if age > configuration.keySetAge { _ = beginReading() }
        return edition
    }

    /// Keys that were read after those of this number.
    ///
    /// - Throws: where it is too early to read again, what went wrong the last time or, if nothing
    ///   did, `unknownKey`.
    func later(than number: Int) async throws(IntrospectionFailure) -> Edition {
        let known = state.withLock { ($0.edition, $0.failure) }
        if let edition = known.0, edition.number > number { return edition }
        guard let reading = beginReading() else { throw known.1 ?? .unknownKey }
        return try await reading.value.get()
    }

    /// The reading under way, a new one, or nothing while it is too early.
    private func beginReading() -> Task<Result<Edition, IntrospectionFailure>, Never>? {
        let now = monotonic()
        return state.withLock { state in
            if let reading = state.reading { return reading }
            let isFirst = state.edition == nil
            let pause =
                isFirst ? min(.seconds(1), configuration.keySetPause) : configuration.keySetPause
            if let triedAt = state.triedAt, triedAt.duration(to: now) < pause { return nil }
            state.triedAt = now
            let number = (state.edition?.number ?? 0) + 1
            let reading = Task(executorPreference: EventLoop.current) { [self] in
                await finish(number)
            }
            state.reading = reading
            return reading
        }
    }

    private func finish(_ number: Int) async -> Result<Edition, IntrospectionFailure> {
        let result: Result<Edition, IntrospectionFailure>
        do throws(IntrospectionFailure) {
            result = .success(Edition(number: number, keys: try await read()))
        } catch {
            result = .failure(error)
        }
        state.withLock { state in
            state.reading = nil
            switch result {
            case .success(let edition):
                state.edition = edition
                state.failure = nil
                state.readAt = monotonic()
            case .failure(let failure):
                state.failure = failure
            }
        }
        return result
    }

    // MARK: - Reading

    private static let maxBytes = 1 << 17

    private func read() async throws(IntrospectionFailure) -> JWKSet {
        let deadline = monotonic().advanced(by: configuration.callTimeout)
        let url =
            if let url = configuration.keySetURL { url } else {
                try await discoveredURL(until: deadline)
            }
        let body = try await get(url, until: deadline)
        do { return try JWKSet(parsing: body) } catch { throw .unacceptable(.keySet) }
    }

    /// The address of the keys in FranceConnect's discovery document, which must be
    /// FranceConnect's.
    private func discoveredURL(
        until deadline: ContinuousClock.Instant
    ) async throws(IntrospectionFailure) -> String {
        let issuer = configuration.issuer
        let discovery = issuer + "/.well-known/openid-configuration"
        let body = try await get(discovery, until: deadline)
        let limits = JSONLimits(bytes: Self.maxBytes, depth: 8, nodes: 4000)
        guard let document = try? parseJSON(body, limits: limits),
            document["issuer"]?.string == issuer, let url = document["jwks_uri"]?.string,
            url.utf8.starts(with: (origin(of: issuer) + "/").utf8)
        else { throw .unacceptable(.keySet) }
        return url
    }

    private func get(
        _ url: String, until deadline: ContinuousClock.Instant
    ) async throws(IntrospectionFailure) -> [UInt8] {
        let request = OutboundRequest(
            method: .get,
            url: url,
            headers: [("Accept", "application/json, application/jwk-set+json")],
            maxResponseBytes: Self.maxBytes,
            caFile: configuration.caFile,
            allowsPlainHTTP: configuration.allowsPlainHTTP
        )
        let response: InboundResponse
        do throws(TransferError) {
            response = try await send(request, deadline)
        } catch {
            throw failure(of: error)
        }
        guard response.status == 200 else {
            throw (500...599).contains(response.status)
                ? .failed(status: response.status) : .unacceptable(.keySet)
        }
        return response.body
    }
}

/// The scheme and the authority of an address.
private func origin(of url: String) -> String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    return parts.prefix(3).joined(separator: "/")
}
