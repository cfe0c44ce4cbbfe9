import Connectors
import Cryptography
import Curl
import HTTPMessages
import Platform
import Vocabulary

/// How one call ended.
enum CallResult {
    case answered(InboundResponse)
    case failed(MissingReason, retryAfter: Int?)
    case cancelled
}

/// Makes the calls of one connector: binds its origins, its secrets and its tokens.
struct HolderCaller: Sendable {
    let key: ConnectorKey
    let binding: HolderBinding
    let send: HolderTransport
    let tokens: TokenRegister

    /// Sends a request; a token that the holder refuses is renewed once.
    func call(
        _ request: CallRequest, of step: CallStep, until deadline: ContinuousClock.Instant
    ) async -> CallResult {
        guard var outbound = outbound(request, step) else {
            return .failed(.passerelleEnDefaut, retryAfter: nil)
        }
        switch request.authentication {
        case .none, .franceConnectToken: break
        case .key(let header, let secret):
            guard let secret = binding.secrets[secret.text] else {
                return .failed(.passerelleEnDefaut, retryAfter: nil)
            }
            outbound.headers.append((header, secret.reveal()))
        case .client(let credentials):
            return await call(
                outbound, as: TokenRegister.Key(connector: key, credentials: credentials),
                until: deadline)
        }
        return await transfer(outbound, until: deadline)
    }

    private func call(
        _ request: OutboundRequest, as key: TokenRegister.Key,
        until deadline: ContinuousClock.Instant
    ) async -> CallResult {
        var result = CallResult.failed(.passerelleEnDefaut, retryAfter: nil)
        for attempt in 1...2 {
            let token: HolderToken
            switch await tokens.token(for: key, until: deadline) {
            case .success(let had): token = had
            case .failure(let failure):
                return failure.isCancelled
                    ? .cancelled : .failed(failure.reason, retryAfter: failure.retryAfterSeconds)
            }
            var authorized = request
            authorized.headers.append(("Authorization", "Bearer \(token.text.reveal())"))
            result = await transfer(authorized, until: deadline)
            guard attempt == 1, case .answered(let response) = result, response.status == 401
            else { return result }
            tokens.forget(token, for: key)
        }
        return result
    }

    private func transfer(
        _ request: OutboundRequest, until deadline: ContinuousClock.Instant
    ) async -> CallResult {
        do throws(TransferError) {
            return .answered(try await send(request, deadline))
        } catch {
            if Task.isCancelled || error.code == .cancelled { return .cancelled }
            return .failed(error.reason, retryAfter: nil)
        }
    }

    private func outbound(_ request: CallRequest, _ step: CallStep) -> OutboundRequest? {
        guard let origin = binding.origins[request.origin.text] else { return nil }
        return origin.request(
            request.method, request.target, headers: request.headers.map { ($0.name, $0.value) },
            body: request.body, maxResponseBytes: step.maximumBytes)
    }
}

/// Asks a token endpoint for a token (RFC 6749, 4.4).
struct TokenEndpoint: Sendable {
    let bindings: [ConnectorKey: HolderBinding]
    let send: HolderTransport

    func fetch(
        _ key: TokenRegister.Key, until deadline: ContinuousClock.Instant
    ) async -> Result<TokenGrant, TokenFailure> {
        guard let request = request(key) else { return .failure(TokenFailure(.passerelleEnDefaut)) }
        let response: InboundResponse
        do throws(TransferError) {
            response = try await send(request, deadline)
        } catch {
            return .failure(TokenFailure(error.reason))
        }
        switch response.status {
        case 200:
            guard let grant = TokenGrant(response.body) else {
                return .failure(TokenFailure(.reponseIrrecevable))
            }
            return .success(grant)
        case 429:
            let seconds = response.headers["Retry-After"].flatMap { Int($0) }
                .flatMap { $0 < 0 ? nil : min($0, 86_400) }
            return .failure(TokenFailure(.detenteurQuota, retryAfter: seconds))
        case 500...599: return .failure(TokenFailure(.detenteurIndisponible))
        // The holder refuses our own credentials or scope: nothing that the usager did.
        default: return .failure(TokenFailure(.passerelleEnDefaut))
        }
    }

    private func request(_ key: TokenRegister.Key) -> OutboundRequest? {
        let credentials = key.credentials
        guard let binding = bindings[key.connector],
            let origin = binding.origins[credentials.origin.text],
            let client = binding.secrets[credentials.clientID.text]?.reveal(),
            let secret = binding.secrets[credentials.clientSecret.text]?.reveal()
        else { return nil }
        var form = [("grant_type", "client_credentials")]
        if let scope = credentials.scope(clientID: client) { form.append(("scope", scope)) }
        var headers = [
            ("Content-Type", FormEncoding.mediaType), ("Accept", "application/json"),
        ]
        switch credentials.placement {
        case .basic:
            // Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
            let pair = "\(PercentEncoding.encode(client)):\(PercentEncoding.encode(secret))"
            headers.append(("Authorization", "Basic \(Base64.encode(Array(pair.utf8)))"))
        case .body: form += [("client_id", client), ("client_secret", secret)]
        }
        return origin.request(
            .post, credentials.target, headers: headers,
            body: Array(FormEncoding.serialize(form).utf8), maxResponseBytes: 16_384)
    }
}
