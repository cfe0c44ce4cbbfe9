import Resilience
import Synchronization
import Vocabulary

/// The lanes of all holders, for the life of the process.
///
/// What is known of a holder does not depend on which documents serve: a breaker that is open stays
/// so when they are read again.
package final class LaneRegister: Sendable {
    private struct State {
        var lanes: [HolderID: HolderLane] = [:]
        var generation = 0
    }

    private let state = Mutex(State())
    let edge: LaneEdge

    /// A register without a lane.
    package init(_ edge: LaneEdge) {
        self.edge = edge
    }

    /// The number of the next set of documents.
    func nextGeneration() -> Int {
        state.withLock { state in
            state.generation += 1
            return state.generation
        }
    }

    /// The lane of a holder, made where there is none.
    func lane(
        of holder: HolderID, _ settings: ResilienceSettings, generation: Int
    ) -> HolderLane {
        state.withLock { state in
            if let known = state.lanes[holder] { return known }
            let lane = HolderLane(holder, settings, generation: generation, edge: edge)
            state.lanes[holder] = lane
            return lane
        }
    }
}

/// A lane as one set of documents uses it.
struct LaneUse: Sendable {
    let lane: HolderLane
    let settings: ResilienceSettings
    let generation: Int

    /// The lane, under these settings unless newer ones have come.
    func entered() -> HolderLane {
        lane.adopt(settings, generation: generation)
        return lane
    }
}
