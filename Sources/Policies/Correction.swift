import Vocabulary

/// The request nearest to a refused one that would pass, or that would be refused for less.
package struct Correction: Sendable {
    /// The corrected request.
    package let question: ExchangeQuestion
    /// The decision on it: permitted, or refused for what no change of the request can lift.
    package let decision: Decision
    /// What was changed, one sentence each.
    package let changes: [String]
}

extension PolicySet {
    /// Corrects a refused request: what is refused is replaced by its alternative, or taken out.
    ///
    /// Each step is decided on as the request itself was. Nil where the decision permits, or where
    /// nothing that could be asked is left.
    package func correction(of decision: Decision) -> Correction? {
        guard !decision.isPermitted else {
            return nil
        }
        var draft = CorrectionDraft(decision.question)
        var current = decision
        // Each round lifts at least one refusal, or ends; an alternative may be refused in turn.
        for _ in 0..<8 where !current.isPermitted {
            let before = draft.changes.count
            for refusal in current.refusals {
                draft.lift(refusal)
            }
            guard draft.changes.count > before, !draft.fields.isEmpty else {
                break
            }
            current = decide(draft.question)
        }
        guard !draft.changes.isEmpty, !draft.fields.isEmpty else {
            return nil
        }
        return Correction(question: draft.question, decision: current, changes: draft.changes)
    }
}

/// A request being corrected.
private struct CorrectionDraft {
    private let original: ExchangeQuestion
    private var purpose: PurposeID
    private(set) var fields: [String]
    private var periods: [DatasetID: RequestedPeriod]
    private var mode: Mode
    private var initiator: Initiator
    private var role: DossierRole?
    private(set) var changes: [String] = []

    /// What stands for a reference that only the service knows.
    private static let agentReference = "reference-de-l-agent"

    init(_ question: ExchangeQuestion) {
        original = question
        purpose = question.purpose
        fields = question.fields
        periods = question.periods
        mode = question.mode
        initiator = question.initiator
        role = question.role
    }

    var question: ExchangeQuestion {
        ExchangeQuestion(
            service: original.service, recipient: original.recipient, purpose: purpose,
            fields: fields, periods: periods, mode: mode, initiator: initiator, role: role,
            now: original.now)
    }

    /// Changes what a refusal is about, where a change can lift it.
    mutating func lift(_ refusal: Refusal) {
        if let field = refusal.field {
            lift(refusal, of: field)
        } else {
            liftOfRequest(refusal)
        }
    }

    private mutating func liftOfRequest(_ refusal: Refusal) {
        let others = refusal.alternative?.split(separator: ",").map { text in
            String(text.drop { $0 == " " })
        }
        switch refusal.reason {
        case .finaliteInconnue:
            if let other = refusal.alternative.flatMap({ PurposeID($0) }) {
                purpose = other
                changes.append("« finalite » devient « \(other) ».")
            }
        case .modeNonAutorise:
            if let other = others?.lazy.compactMap({ Mode(rawValue: $0) }).first {
                mode = other
                changes.append("« mode » devient « \(other.rawValue) ».")
            }
        case .initiateurNonAutorise:
            let known = (others ?? []).compactMap { InitiatorQuality(rawValue: $0) }
            if let other = known.contains(.usager) ? .usager : known.first {
                setInitiator(other)
            }
        case .agentNonNomme: setInitiator(.agent)
        case .roleNonAutorise:
            role = nil
            changes.append("« role » est retiré.")
        default: break
        }
    }

    private mutating func setInitiator(_ quality: InitiatorQuality) {
        let isAgent = quality == .agent
        initiator = Initiator(
            quality: quality, agent: isAgent ? Sensitive(Self.agentReference) : nil)
        changes.append(
            isAgent
                ? "« initiateur » nomme un agent : mettez-y votre référence."
                : "« initiateur » devient « \(quality.rawValue) ».")
    }

    private mutating func lift(_ refusal: Refusal, of field: String) {
        switch refusal.reason {
        case .periodeNonAutorisee: liftPeriod(of: field)
        case .champInconnu, .formeInconnue, .formeNonAutorisee, .champHorsFinalite:
            replace(field, by: refusal.alternative)
        default: remove(field, because: refusal.reason)
        }
    }

    /// The purpose's own period first; a field of which even that is refused is taken out.
    private mutating func liftPeriod(of field: String) {
        let dataset = FieldRequest(field)?.path.dataset ?? DatasetID(field)
        if let dataset, periods.removeValue(forKey: dataset) != nil {
            changes.append("« periodes.\(dataset) » est retirée : la période par défaut vaut.")
        } else if !changes.contains(where: { $0.contains("« periodes.\(dataset?.text ?? "")") }) {
            remove(field, because: .periodeNonAutorisee)
        }
    }

    private mutating func replace(_ field: String, by alternative: String?) {
        guard let index = fields.firstIndex(of: field) else {
            return
        }
        var taken: Set<FieldPath> = []
        let requests = (alternative ?? "").split(separator: ",").compactMap { text in
            FieldRequest(String(text.drop { $0 == " " }))
        }
        // Of each leaf, the form that the purpose names first.
        let others = requests.filter { taken.insert($0.path).inserted }.map(\.text)
            .filter { !fields.contains($0) }
        fields.replaceSubrange(index...index, with: others)
        let name = FieldRequest(field) == nil ? "un champ inconnu" : "« \(field) »"
        if others.isEmpty {
            let elsewhere = alternative.flatMap { PurposeID($0) }
            changes.append(
                "\(name) est retiré"
                    + (elsewhere.map { " ; la finalité « \($0) » le permet." } ?? "."))
        } else {
            changes.append(
                "\(name) devient " + others.map { "« \($0) »" }.joined(separator: ", ") + ".")
        }
    }

    private mutating func remove(_ field: String, because reason: RefusalReason) {
        let request = FieldRequest(field)
        let index =
            fields.firstIndex(of: field)
            ?? fields.firstIndex { asked in
                FieldRequest(asked).map { request?.path.isWithin($0.path) ?? false } ?? false
            }
        guard let index else {
            return
        }
        let removed = fields.remove(at: index)
        changes.append("« \(removed) » est retiré (\(reason.rawValue)).")
    }
}
