import Connectors
import Curl
import HTTPMessages
import Platform
import Resilience
import Vocabulary

/// How one call ended.
enum CallResult: Sendable {
    case answered(InboundResponse)
    case failed(MissingReason, retryAfter: Int?)
    case cancelled
}

/// One call, but for the address that it goes to.
struct LaneCall {
    /// The origin's name, under which the health of its addresses is kept.
    let origin: String
    let addresses: [String]
    /// Whether it may be made twice.
    let isRepeatable: Bool
    /// How the usager is identified; nil for a token request.
    let mode: Mode?
    let funds: FundHeader?
    /// When all of it ends.
    let deadline: ContinuousClock.Instant
    /// Whether that is the holder's own time, or the exchange's, which may be shorter: only the
    /// first says anything of the holder.
    let isOwnDeadline: Bool
    /// The request to one address.
    let request: (String) -> OutboundRequest
}

/// What an answer says of the holder.
struct CallVerdict: Sendable {
    let end: CallEnd
    /// Whether making the call again at once may do.
    var mayRepeat = false
}

/// One transfer, or the last of those that found no address.
struct LaneAttempt {
    let result: CallResult
    let report: CallReport
    let mayRepeat: Bool

    private init(_ result: CallResult, _ report: CallReport, mayRepeat: Bool) {
        self.result = result
        self.report = report
        self.mayRepeat = mayRepeat
    }

    static let cancelled = LaneAttempt(.cancelled, CallReport(.uncounted), mayRepeat: false)

    /// No address was left to try.
    static let unreachable = LaneAttempt(
        .failed(.detenteurIndisponible, retryAfter: nil), CallReport(.uncounted),
        mayRepeat: false)

    init(_ response: InboundResponse, _ verdict: CallVerdict, of call: LaneCall) {
        let fund = call.funds.flatMap { funds in
            response.headers[funds.name].flatMap { funds.funds[$0.trimmingBlanks] }
        }
        self.init(
            .answered(response), CallReport(verdict.end, mode: call.mode, fund: fund),
            mayRepeat: verdict.mayRepeat && call.isRepeatable)
    }

    init(_ error: TransferError, of call: LaneCall) {
        let end: CallEnd
        switch error.code {
        case .timedOut: end = call.isOwnDeadline ? .failed : .uncounted
        // Our own doing, or our own configuration.
        case .overloaded, .invalidRequest, .addressRefused, .cancelled: end = .uncounted
        default: end = .failed
        }
        let mayRepeat: Bool
        switch error.code {
        // Nothing of the request has left.
        case .connectionFailed, .resolveFailed, .connectTimedOut: mayRepeat = true
        // It has, and no byte of an answer came.
        case .reset: mayRepeat = call.isRepeatable && !error.isAnswerBegun
        default: mayRepeat = false
        }
        self.init(
            .failed(error.reason, retryAfter: nil), CallReport(end, mode: call.mode),
            mayRepeat: mayRepeat)
    }
}

extension StepReading {
    /// What the reading says of the holder: whatever it said of the person is an answer.
    func verdict(of response: InboundResponse) -> CallVerdict {
        guard case .ended(let reason) = outcome else { return CallVerdict(end: .answered) }
        switch reason {
        case .detenteurQuota: return CallVerdict(end: .quota(retryAfter: retryAfterSeconds))
        case .detenteurMaintenance: return CallVerdict(end: .away(retryAfter: retryAfterSeconds))
        case .detenteurIndisponible, .detenteurTropLent, .reponseIrrecevable:
            if response.status == 503, let seconds = RetryAfter.seconds(in: response.headers) {
                return CallVerdict(end: .away(retryAfter: seconds))
            }
            return CallVerdict(end: .failed, mayRepeat: mayRepeat)
        default: return CallVerdict(end: .answered)
        }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

// MARK: - The log

/// A holder's name comes from the deployment's documents.
private struct HolderName: LogText {
    let holder: HolderID
    var logText: String { holder.text }
}

extension LaneEvent {
    /// The line of the log that tells it; no call and no person.
    func line(of holder: HolderID) -> LogLine {
        let name = HolderName(holder: holder)
        switch self {
        case .breakerOpened(let seconds):
            return LogLine("disjoncteur_ouvert", level: .warning).with("detenteur", name)
                .with("duree_s", seconds)
        case .breakerProbes: return LogLine("disjoncteur_a_l_essai").with("detenteur", name)
        case .breakerClosed: return LogLine("disjoncteur_ferme").with("detenteur", name)
        case .pauseBegan(let seconds):
            return LogLine("pause_demandee", level: .warning).with("detenteur", name)
                .with("duree_s", seconds)
        case .pauseEnded: return LogLine("pause_finie").with("detenteur", name)
        case .quotaReached: return LogLine("quota_atteint", level: .warning).with("detenteur", name)
        case .quotaAgain: return LogLine("quota_disponible").with("detenteur", name)
        case .maintenanceBegan: return LogLine("maintenance_commencee").with("detenteur", name)
        case .maintenanceEnded: return LogLine("maintenance_finie").with("detenteur", name)
        case .addressLost(let rank):
            return LogLine("adresse_perdue", level: .warning).with("detenteur", name)
                .with("rang", rank)
        case .addressBack(let rank):
            return LogLine("adresse_retrouvee").with("detenteur", name).with("rang", rank)
        }
    }
}
