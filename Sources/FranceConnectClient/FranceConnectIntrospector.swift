import Curl
package import Exchanges
import HTTPMessages
package import Identification
import JOSE
package import Vocabulary

/// Introspects FranceConnect tokens, under the registration of each data holder.
///
/// Nothing is kept of an introspection: a token that was revoked must stop working at once.
package final class FranceConnectIntrospector: FranceConnectPort {
    /// Told how each introspection ended; neither a token nor a person is ever in it.
    package typealias Observer = @Sendable (HolderID, IntrospectionFailure?) -> Void

    private let configuration: FranceConnectConfiguration
    private let encryptionKeys: EncryptionKeySet
    private let signatureKeys: SignatureKeys
    private let send: HTTPTransport
    private let clocks: Clocks
    private let observe: Observer

    /// An introspector for all loops.
    package init(
        _ configuration: FranceConnectConfiguration,
        encryptionKeys: EncryptionKeySet,
        send: @escaping HTTPTransport,
        clocks: Clocks,
        observe: @escaping Observer = IntrospectionLog.observer
    ) {
        self.configuration = configuration
        self.encryptionKeys = encryptionKeys
        self.send = send
        self.clocks = clocks
        self.observe = observe
        signatureKeys = SignatureKeys(configuration, send: send, monotonic: clocks.monotonic)
    }

    /// Reads FranceConnect's keys before the first exchange, from a loop's thread.
    package func prepare() async throws(IntrospectionFailure) {
        _ = try await signatureKeys.current()
    }

    /// Introspects a token now, and says in the catalogue's words what was wrong.
    package func introspect(
        _ token: Sensitive<String>,
        for holder: HolderID,
        until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection {
        let verified: VerifiedIntrospection
        do throws(IntrospectionFailure) {
            verified = try await verify(token, for: holder, until: deadline)
        } catch {
            observe(holder, error)
            throw Problem(error.problem, retryAfterSeconds: error.retryAfterSeconds)
        }
        observe(holder, nil)
        return Introspection(
            client: configuration.clients[verified.serviceClientID],
            level: verified.level,
            scopes: verified.scopes,
            expiresAt: verified.expiry,
            pivot: verified.pivot
        )
    }

    /// Introspects a token now, under the registration of one holder.
    package func verify(
        _ token: Sensitive<String>,
        for holder: HolderID,
        until deadline: ContinuousClock.Instant
    ) async throws(IntrospectionFailure) -> VerifiedIntrospection {
        guard isWellFormedToken(token.reveal()) else { throw .inactive }
        guard let registration = configuration.registrations[holder] else {
            throw .misconfigured(.unknownRegistration)
        }
        let expectations = IntrospectionExpectations(
            issuer: configuration.issuer,
            clientID: registration.clientID,
            signature: registration.signature,
            encryption: registration.encryption,
            decryptionKeys: encryptionKeys.keys(for: registration.encryption),
            skewSeconds: configuration.skewSeconds
        )
        let edition = try await signatureKeys.current()
        let reply = try await ask(token, registration, until: deadline)
        do throws(IntrospectionFailure) {
            return try verifyIntrospection(
                reply, of: token, expecting: expectations, signedBy: edition.keys,
                now: clocks.wall())
        } catch .unknownKey {
            let later = try await signatureKeys.later(than: edition.number)
            return try verifyIntrospection(
                reply, of: token, expecting: expectations, signedBy: later.keys,
                now: clocks.wall())
        }
    }

    /// Calls FranceConnect, once more if the connection failed before any answer.
    private func ask(
        _ token: Sensitive<String>,
        _ registration: FranceConnectConfiguration.Registration,
        until deadline: ContinuousClock.Instant
    ) async throws(IntrospectionFailure) -> IntrospectionReply {
        let request = request(token, registration)
        let last = clocks.monotonic().advanced(by: configuration.callTimeout)
        let deadline = min(deadline, last)
        for attempt in 1...2 {
            do throws(TransferError) {
                let response = try await send(request, deadline)
                return IntrospectionReply(
                    status: response.status,
                    mediaType: response.headers["Content-Type"],
                    body: response.body
                )
            } catch {
                let isWorthAnother = [.connectionFailed, .reset].contains(error.code)
                guard attempt == 1, isWorthAnother else { throw failure(of: error) }
            }
        }
        throw .unreachable
    }

    /// Exactly three fields: FranceConnect refuses any other.
    private func request(
        _ token: Sensitive<String>,
        _ registration: FranceConnectConfiguration.Registration
    ) -> OutboundRequest {
        let form = FormEncoding.serialize([
            ("client_id", registration.clientID),
            ("client_secret", registration.secret.reveal()),
            ("token", token.reveal()),
        ])
        return OutboundRequest(
            method: .post,
            url: configuration.issuer + "/checktoken",
            headers: [("Content-Type", FormEncoding.mediaType)],
            body: Array(form.utf8),
            maxResponseBytes: introspectionMaxBytes,
            caFile: configuration.caFile,
            allowsPlainHTTP: configuration.allowsPlainHTTP
        )
    }
}

extension IntrospectionFailure {
    /// When the service may try again; a token lives sixty seconds.
    fileprivate var retryAfterSeconds: Int? {
        switch self {
        case .failed, .unreachable, .timedOut: 5
        case .inactive, .identityUnusable, .unacceptable, .unknownKey, .misconfigured: nil
        }
    }
}
