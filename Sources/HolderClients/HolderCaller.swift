import Connectors
import Cryptography
import Curl
import HTTPMessages
import Platform
import Resilience
import Vocabulary

/// Makes the calls of one connector: binds its origins, its secrets and its tokens.
struct HolderCaller: Sendable {
    let key: ConnectorKey
    let binding: HolderBinding
    let send: HolderTransport
    let tokens: TokenRegister
    let lane: LaneUse
    let mode: Mode

    /// Sends a request; a token that the holder refuses is renewed once.
    ///
    /// - Parameter judge: what an answer says of the holder.
    func call(
        _ request: CallRequest, of step: CallStep, until deadline: ContinuousClock.Instant,
        judging judge: (InboundResponse) -> CallVerdict
    ) async -> CallResult {
        guard var outbound = outbound(request, step),
            let origin = binding.origins[request.origin.text]
        else { return .failed(.passerelleEnDefaut, retryAfter: nil) }
        let own = lane.lane.edge.now().advanced(by: step.totalTime)
        let calling = Calling(
            origin: request.origin.text, addresses: origin.baseURLs, target: request.target,
            isRepeatable: step.isRepeatable, deadline: min(deadline, own),
            isOwnDeadline: own <= deadline)
        switch request.authentication {
        case .none, .franceConnectToken: break
        case .key(let header, let secret):
            guard let secret = binding.secrets[secret.text] else {
                return .failed(.passerelleEnDefaut, retryAfter: nil)
            }
            outbound.headers.append((header, secret.reveal()))
        case .client(let credentials):
            return await call(
                outbound, calling, as: TokenRegister.Key(connector: key, credentials: credentials),
                judging: judge)
        }
        return await transfer(outbound, calling, judging: judge)
    }

    /// What the lane is told of a call, beside the request.
    private struct Calling {
        let origin: String
        let addresses: [String]
        let target: String
        let isRepeatable: Bool
        let deadline: ContinuousClock.Instant
        let isOwnDeadline: Bool
    }

    private func call(
        _ request: OutboundRequest, _ calling: Calling, as key: TokenRegister.Key,
        judging judge: (InboundResponse) -> CallVerdict
    ) async -> CallResult {
        var result = CallResult.failed(.passerelleEnDefaut, retryAfter: nil)
        for attempt in 1...2 {
            let token: HolderToken
            switch await tokens.token(for: key, until: calling.deadline) {
            case .success(let had): token = had
            case .failure(let failure):
                return failure.isCancelled
                    ? .cancelled : .failed(failure.reason, retryAfter: failure.retryAfterSeconds)
            }
            var authorized = request
            authorized.headers.append(("Authorization", "Bearer \(token.text.reveal())"))
            result = await transfer(authorized, calling, judging: judge)
            guard attempt == 1, case .answered(let response) = result, response.status == 401
            else { return result }
            tokens.forget(token, for: key)
        }
        return result
    }

    private func transfer(
        _ request: OutboundRequest, _ calling: Calling,
        judging judge: (InboundResponse) -> CallVerdict
    ) async -> CallResult {
        let call = LaneCall(
            origin: calling.origin, addresses: calling.addresses,
            isRepeatable: calling.isRepeatable, mode: mode, funds: lane.settings.funds,
            deadline: calling.deadline, isOwnDeadline: calling.isOwnDeadline
        ) { address in
            var request = request
            request.url = SealedURL(address + calling.target)
            return request
        }
        return await lane.entered().send(call, over: send, judging: judge)
    }

    private func outbound(_ request: CallRequest, _ step: CallStep) -> OutboundRequest? {
        guard let origin = binding.origins[request.origin.text] else { return nil }
        var outbound = origin.request(
            request.method, request.target, headers: request.headers.map { ($0.name, $0.value) },
            body: request.body, maxResponseBytes: step.maximumBytes)
        outbound.connectTimeout = step.connectTime
        outbound.firstByteTimeout = step.firstByteTime
        return outbound
    }
}

/// Asks a token endpoint for a token (RFC 6749, 4.4).
struct TokenEndpoint: Sendable {
    let bindings: [ConnectorKey: HolderBinding]
    let lanes: [HolderID: LaneUse]
    let send: HolderTransport

    func fetch(
        _ key: TokenRegister.Key, until deadline: ContinuousClock.Instant
    ) async -> Result<TokenGrant, TokenFailure> {
        guard let request = request(key), let lane = lanes[key.connector.holder],
            let origin = bindings[key.connector]?.origins[key.credentials.origin.text]
        else { return .failure(TokenFailure(.passerelleEnDefaut)) }
        let call = LaneCall(
            origin: key.credentials.origin.text, addresses: origin.baseURLs,
            // Asking for a token twice gives two tokens, and harms nobody.
            isRepeatable: true, mode: nil, funds: nil, deadline: deadline, isOwnDeadline: true
        ) { address in
            var request = request
            request.url = SealedURL(address + key.credentials.target)
            return request
        }
        switch await lane.entered().send(call, over: send, judging: { verdict(of: $0) }) {
        case .answered(let response): return grant(in: response)
        case .failed(let reason, let seconds):
            return .failure(TokenFailure(reason, retryAfter: seconds))
        case .cancelled: return .failure(TokenFailure(.detenteurIndisponible))
        }
    }

    private func grant(in response: InboundResponse) -> Result<TokenGrant, TokenFailure> {
        let seconds = RetryAfter.seconds(in: response.headers)
        switch response.status {
        case 200:
            guard let grant = TokenGrant(response.body) else {
                return .failure(TokenFailure(.reponseIrrecevable))
            }
            return .success(grant)
        case 429: return .failure(TokenFailure(.detenteurQuota, retryAfter: seconds))
        case 503 where seconds != nil:
            return .failure(TokenFailure(.detenteurMaintenance, retryAfter: seconds))
        case 500...599: return .failure(TokenFailure(.detenteurIndisponible))
        // The holder refuses our own credentials or scope: nothing that the usager did.
        default: return .failure(TokenFailure(.passerelleEnDefaut))
        }
    }

    /// What an answer says of the holder; one that refuses our credentials is well.
    private func verdict(of response: InboundResponse) -> CallVerdict {
        switch grant(in: response) {
        case .success: return CallVerdict(end: .answered)
        case .failure(let failure):
            switch failure.reason {
            case .detenteurQuota:
                return CallVerdict(end: .quota(retryAfter: failure.retryAfterSeconds))
            case .detenteurMaintenance:
                return CallVerdict(end: .away(retryAfter: failure.retryAfterSeconds))
            case .passerelleEnDefaut: return CallVerdict(end: .answered)
            default:
                return CallVerdict(
                    end: .failed, mayRepeat: (502...504).contains(response.status))
            }
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
