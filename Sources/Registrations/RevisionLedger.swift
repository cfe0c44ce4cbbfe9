package import Journal
package import Vocabulary

/// Where a proposed connector stands.
package enum RevisionState: String, Sendable, CaseIterable {
    /// It waits for approvals.
    case proposee
    /// It serves.
    case enVigueur = "en_vigueur"
    /// A later one serves; it would again if that one were withdrawn.
    case remplacee
    /// An operator withdrew it.
    case retiree
}

/// One proposal with all that became of it.
package struct RevisionEntry: Sendable {
    /// Somebody's act, and when.
    package struct Act: Sendable, Equatable {
        package let by: OperatorText
        package let at: Timestamp
    }

    package let mark: RevisionMark
    package let proposal: Act
    package fileprivate(set) var approvals: [Act] = []
    /// The last approval that the whole set did not bear.
    package fileprivate(set) var refusal: Act?
    package fileprivate(set) var withdrawal: Act?
    /// Its rank among those that were approved twice; nil where it was not.
    fileprivate var rank: Int?

    /// When it began to serve; nil where it never did.
    package var approvedAt: Timestamp? { rank == nil ? nil : approvals.last?.at }
}

/// Every proposal, as the journal's events tell it: the events are the state, and there is no
/// other.
package struct RevisionLedger: Sendable {
    /// How many different operators must approve.
    package static let approvalsNeeded = 2
    /// How many proposals for one data set may wait.
    package static let maximumWaiting = 20

    private var entries: [RevisionEntry] = []
    private var approved = 0

    /// Reads the events of a journal.
    package init(_ events: [StoredRecord] = []) {
        for event in events {
            guard case .event(let record) = event.placed.record,
                case .revision(let step, let mark) = record.act
            else { continue }
            apply(step, mark, at: event.placed.time)
        }
    }

    /// Takes one step, which was recorded.
    package mutating func apply(_ step: RevisionStep, _ mark: RevisionMark, at time: Timestamp) {
        if case .proposed(let name) = step {
            let proposal = RevisionEntry.Act(by: name, at: time)
            entries.append(RevisionEntry(mark: mark, proposal: proposal))
            return
        }
        guard let index = entries.lastIndex(where: { $0.mark == mark }) else { return }
        switch step {
        case .proposed, .inForce: break
        case .approved(let name):
            entries[index].approvals.append(RevisionEntry.Act(by: name, at: time))
            if entries[index].approvals.count == Self.approvalsNeeded {
                approved += 1
                entries[index].rank = approved
            }
        case .refused(let name, _):
            entries[index].refusal = RevisionEntry.Act(by: name, at: time)
        case .reverted(let name):
            entries[index].withdrawal = RevisionEntry.Act(by: name, at: time)
        }
    }

    /// The ledger as one more step would make it.
    package func applying(_ step: RevisionStep, _ mark: RevisionMark) -> RevisionLedger {
        var ledger = self
        ledger.apply(step, mark, at: Timestamp(milliseconds: 0))
        return ledger
    }

    // MARK: - What there is

    /// Whether a proposal of these bytes was ever recorded.
    package func knows(_ hash: String) -> Bool { entries.contains { $0.mark.hash == hash } }

    /// The proposals for one data set of a holder, the newest first.
    package func entries(of holder: HolderID, _ dataset: DatasetID) -> [RevisionEntry] {
        entries.filter { $0.mark.holder == holder && $0.mark.dataset == dataset }.reversed()
    }

    /// Every proposal that waits for approvals, the oldest first.
    package var waiting: [RevisionEntry] { entries.filter { state(of: $0) == .proposee } }

    /// The newest approved proposal of each holder and data set.
    package var inForce: [RevisionMark] {
        entries.filter { state(of: $0) == .enVigueur }.map(\.mark)
    }

    /// Where a proposal stands.
    package func state(of entry: RevisionEntry) -> RevisionState {
        if entry.withdrawal != nil { return .retiree }
        guard let rank = entry.rank else { return .proposee }
        let isOutranked = entries.contains { other in
            other.mark.holder == entry.mark.holder && other.mark.dataset == entry.mark.dataset
                && other.withdrawal == nil && (other.rank ?? 0) > rank
        }
        return isOutranked ? .remplacee : .enVigueur
    }

    /// The newest proposal of these bytes for a data set of a holder.
    package func entry(
        _ hash: String, of holder: HolderID, _ dataset: DatasetID
    ) throws(Problem) -> RevisionEntry {
        guard let entry = entries(of: holder, dataset).first(where: { $0.mark.hash == hash })
        else {
            throw Problem(
                .ressourceInconnue,
                detail: "Aucune révision de cette empreinte n'a été proposée ici.")
        }
        return entry
    }

    // MARK: - What may be done

    /// Whether bytes may be proposed; the entry where they wait already.
    package func checkProposal(of mark: RevisionMark) throws(Problem) -> RevisionEntry? {
        let all = entries(of: mark.holder, mark.dataset)
        if let same = all.first(where: { $0.mark.hash == mark.hash }) {
            switch state(of: same) {
            case .proposee: return same
            case .retiree: break
            case .enVigueur:
                throw Problem(
                    .revisionDejaTraitee, detail: "Cette révision est déjà en vigueur.")
            case .remplacee:
                throw Problem(
                    .revisionDejaTraitee,
                    detail: "Cette révision a été approuvée, puis remplacée ; elle revient si un "
                        + "opérateur retire celle qui est en vigueur.")
            }
        }
        guard all.count(where: { state(of: $0) == .proposee }) < Self.maximumWaiting else {
            throw Problem(
                .revisionDejaTraitee,
                detail: "\(Self.maximumWaiting) révisions attendent déjà ; demandez à un "
                    + "opérateur d'en approuver ou d'en retirer.")
        }
        return nil
    }

    /// Whether an operator may approve a proposal.
    package func checkApproval(
        of entry: RevisionEntry, by name: OperatorText
    ) throws(Problem) {
        guard state(of: entry) == .proposee else {
            throw Problem(
                .revisionDejaTraitee,
                detail: "Cette révision n'attend pas d'approbation : elle est "
                    + "« \(state(of: entry).rawValue) ».")
        }
        guard entry.proposal.by != name else {
            throw Problem(.droitManquant, detail: "Qui propose une révision ne l'approuve pas.")
        }
        guard !entry.approvals.contains(where: { $0.by == name }) else {
            throw Problem(
                .revisionDejaTraitee,
                detail: "Vous avez déjà approuvé cette révision ; un autre opérateur doit le "
                    + "faire aussi.")
        }
    }

    /// Whether a proposal can still be withdrawn.
    package func checkWithdrawal(of entry: RevisionEntry) throws(Problem) {
        guard entry.withdrawal == nil else {
            throw Problem(.revisionDejaTraitee, detail: "Cette révision est déjà retirée.")
        }
    }
}
