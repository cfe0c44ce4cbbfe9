package import Connectors
package import Vocabulary

/// Where a holder stands with one mode of one data set, on a day.
package enum ModeState: String, Sendable, CaseIterable {
    /// Nothing is there, and the time has not run out.
    case attendue
    /// It answers in its bac à sable.
    case bacASable = "bac_a_sable"
    /// It answers in production.
    case ouverte
    /// The six months are over, and it does not answer in production.
    case enRetard = "en_retard"

    /// The state in a word that stands in a table.
    package var word: String {
        switch self {
        case .attendue: "attendue"
        case .bacASable: "bac à sable"
        case .ouverte: "ouverte"
        case .enRetard: "en retard"
        }
    }
}

/// What a holder owes and gives for one mode of one data set.
package struct ModeStanding: Sendable, Equatable {
    package let holder: HolderID
    package let label: String
    package let dataset: DatasetID
    package let mode: Mode
    package let state: ModeState
    /// When DINUM asked for it; nil where it did not, or nobody wrote it down.
    package let request: HolderDocument.Request?
    /// Since when, or from when, the mode answers, by environment; nil where nothing is announced.
    package let sandbox: CalendarDate?
    package let production: CalendarDate?
    /// Whether a connector describes the mode.
    package let isDescribed: Bool
}

/// Where every holder stands on a day: a pure function of the documents.
///
/// A mode is owed where DINUM asked for its data set, and given where a connector describes it. A
/// connector that announces no date is taken to answer where it is served, but for a contract that
/// no public API follows: that one answers in the bac à sable alone.
package func standings(
    of holders: [HolderDocument], _ connectors: [Connector], on today: CalendarDate
) -> [ModeStanding] {
    let documents = Dictionary(holders.map { ($0.holder, $0) }) { first, _ in first }
    var keys = Set(connectors.map { HolderDataset(holder: $0.holder, dataset: $0.dataset) })
    for holder in holders {
        keys.formUnion(
            holder.requests.keys.map { HolderDataset(holder: holder.holder, dataset: $0) })
    }
    return keys.sorted().flatMap { key -> [ModeStanding] in
        let connector = connectors.first { $0.holder == key.holder && $0.dataset == key.dataset }
        let document = documents[key.holder]
        return Mode.allCases.compactMap { mode in
            standing(of: key, mode, document, connector, today)
        }
    }
}

private struct HolderDataset: Hashable, Comparable {
    let holder: HolderID
    let dataset: DatasetID

    static func < (left: HolderDataset, right: HolderDataset) -> Bool {
        (left.holder, left.dataset) < (right.holder, right.dataset)
    }
}

private func standing(
    of key: HolderDataset, _ mode: Mode, _ document: HolderDocument?, _ connector: Connector?,
    _ today: CalendarDate
) -> ModeStanding? {
    let availability = connector?.availability(of: mode)
    let request = document?.requests[key.dataset]
    guard availability != nil || request != nil else { return nil }
    return ModeStanding(
        holder: key.holder, label: document?.label ?? key.holder.text, dataset: key.dataset,
        mode: mode,
        state: state(availability, request, isOwn: connector?.isOwnContract ?? false, today),
        request: request,
        sandbox: availability?.announced?.sandbox, production: availability?.announced?.production,
        isDescribed: availability != nil)
}

private func state(
    _ availability: ModeAvailability?, _ request: HolderDocument.Request?, isOwn: Bool,
    _ today: CalendarDate
) -> ModeState {
    let isInvented = isOwn && availability?.announced == nil
    if !isInvented, availability?.isOpen(in: .production, on: today) == true { return .ouverte }
    if let request, request.deadline < today { return .enRetard }
    return availability?.isOpen(in: .sandbox, on: today) == true ? .bacASable : .attendue
}
