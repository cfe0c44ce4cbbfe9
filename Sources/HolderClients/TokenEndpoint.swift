import Connectors
import Cryptography
import Curl
import HTTPMessages
import Resilience
import Vocabulary

/// Asks a token endpoint for a token (RFC 6749, 4.4).
struct TokenEndpoint: Sendable {
    let bindings: [ConnectorKey: HolderBinding]
    let lanes: [HolderID: LaneUse]
    let send: HolderTransport
    /// The time in an assertion, which another machine reads.
    let time: @Sendable () -> Timestamp
    let random: @Sendable (Int) -> [UInt8]

    func fetch(
        _ key: TokenRegister.Key, until deadline: ContinuousClock.Instant
    ) async -> Result<TokenGrant, TokenFailure> {
        guard let request = request(key), let lane = lanes[key.connector.holder],
            let origin = bindings[key.connector]?.origins[key.credentials.origin.text]
        else { return .failure(TokenFailure(.passerelleEnDefaut)) }
        let call = LaneCall(
            origin: key.credentials.origin.text, addresses: origin.baseURLs,
            // Asking twice gives two tokens and harms nobody; an assertion is good for once.
            isRepeatable: !key.credentials.proof.isAssertion, mode: nil, funds: nil,
            deadline: deadline, isOwnDeadline: true
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
            let client = binding.secrets[credentials.clientID.text]?.reveal()
        else { return nil }
        var form = [("grant_type", "client_credentials")]
        if let scope = credentials.scope(clientID: client) { form.append(("scope", scope)) }
        form += credentials.parameters.map { ($0.name, $0.value) }
        var headers = [
            ("Content-Type", FormEncoding.mediaType), ("Accept", "application/json"),
        ]
        switch credentials.proof {
        case .basic(let name):
            guard let secret = binding.secrets[name.text]?.reveal() else { return nil }
            // Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
            let pair = "\(PercentEncoding.encode(client)):\(PercentEncoding.encode(secret))"
            headers.append(("Authorization", basicAuthorization(pair)))
        case .body(let name):
            guard let secret = binding.secrets[name.text]?.reveal() else { return nil }
            form += [("client_id", client), ("client_secret", secret)]
        case .assertion(let plan):
            let signer = AssertionSigner(
                plan: plan, client: client, endpoint: origin.baseURL + credentials.target)
            guard let text = signer.sign(binding.secrets, at: time(), jti: random(16)) else {
                return nil
            }
            form += [
                ("client_id", client), ("client_assertion_type", AssertionSigner.type),
                ("client_assertion", text),
            ]
        }
        return origin.request(
            .post, credentials.target, headers: headers,
            body: Array(FormEncoding.serialize(form).utf8), maxResponseBytes: 16_384)
    }
}

/// The value of `Authorization` for a name and a password joined by a colon.
func basicAuthorization(_ pair: String) -> String {
    "Basic \(Base64.encode(Array(pair.utf8)))"
}
