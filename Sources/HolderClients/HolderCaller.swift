import Connectors
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
    /// `judge` says what an answer tells of the holder.
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
        case .key(let header, let prefix, let secret):
            guard let secret = binding.secrets[secret.text] else {
                return .failed(.passerelleEnDefaut, retryAfter: nil)
            }
            outbound.headers.append((header, prefix + secret.reveal()))
        case .basic(let user, let password):
            guard let user = binding.secrets[user.text],
                let password = binding.secrets[password.text]
            else { return .failed(.passerelleEnDefaut, retryAfter: nil) }
            let pair = "\(user.reveal()):\(password.reveal())"
            outbound.headers.append(("Authorization", basicAuthorization(pair)))
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
