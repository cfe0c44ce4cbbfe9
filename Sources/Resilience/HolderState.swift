package import Vocabulary

/// How a holder stands, in the one word that matters most to whoever asks.
package enum HolderCondition: String, CaseIterable, Sendable {
    case available = "disponible"
    /// It answers, and fails more often than it should.
    case degraded = "degrade"
    /// It failed; a few calls try it.
    case onTrial = "a_l_essai"
    /// It failed too often: it is left alone for a while.
    case suspended = "suspendu"
    case quota
    case maintenance
    /// No connector says how to ask it.
    case unconnected = "sans_connecteur"

    /// The French sentence that goes with it.
    package var sentence: String {
        switch self {
        case .available: "Le détenteur répond."
        case .degraded: "Le détenteur répond, avec plus d'échecs que d'ordinaire."
        case .onTrial: "Le détenteur a défailli ; quelques appels l'essaient de nouveau."
        case .suspended:
            "Le détenteur a trop souvent défailli ; il n'est pas appelé avant un moment."
        case .quota: "Le quota d'appels du détenteur est atteint ; il n'est pas appelé d'ici là."
        case .maintenance: "Le détenteur est en maintenance ; il n'est pas appelé d'ici là."
        case .unconnected: "Le détenteur n'a pas encore de connecteur ; il n'est pas appelé."
        }
    }
}

/// What the registry knows of how a holder's API in one mode comes along.
package struct ModeOpening: Sendable, Hashable {
    package let dataset: DatasetID
    package let mode: Mode
    /// The published word: `attendue`, `bac_a_sable`, `ouverte`, `en_retard`.
    package let state: String
    /// When it was asked for, where that is known.
    package var requested: CalendarDate?
    /// By when it is due.
    package var due: CalendarDate?
    /// Since when, or from when, it answers in the bac à sable and in production.
    package var sandbox: CalendarDate?
    package var production: CalendarDate?

    package init(dataset: DatasetID, mode: Mode, state: String) {
        self.dataset = dataset
        self.mode = mode
        self.state = state
    }
}

/// How one holder is, with what it serves: what `GET /v1/detenteurs` says of it.
package struct HolderState: Sendable {
    package let holder: HolderID
    /// Its name for people, from its connectors.
    package let label: String
    package let datasets: [DatasetID]
    package let modes: Set<Mode>
    /// The funds behind it, by name; empty where it is no counter.
    package let funds: [String]
    /// How the way to it is; nil where no connector says how to ask it.
    package let snapshot: LaneSnapshot?
    /// How its APIs come along; empty where no registry says.
    package var openings: [ModeOpening] = []

    package init(
        holder: HolderID, label: String, datasets: [DatasetID], modes: Set<Mode>,
        funds: [String], snapshot: LaneSnapshot?
    ) {
        self.holder = holder
        self.label = label
        self.datasets = datasets
        self.modes = modes
        self.funds = funds
        self.snapshot = snapshot
    }
}

extension LaneSnapshot {
    /// Below this share of answers, in per cent, a holder is not well.
    private static let enough = 90

    /// How the holder stands.
    package var condition: HolderCondition {
        if maintenance != nil || pause?.reason == .detenteurMaintenance { return .maintenance }
        if pause != nil || isOverQuota { return .quota }
        switch phase {
        case .open: return isTrialDue ? .onTrial : .suspended
        case .halfOpen: return .onTrial
        case .closed: return Self.condition(of: health)
        }
    }

    /// How the holder stands for those who ask in one way; only its failures tell them apart.
    package func condition(of mode: Mode) -> HolderCondition {
        let whole = condition
        guard whole == .available || whole == .degraded, let health = modes[mode] else {
            return whole
        }
        return Self.condition(of: health)
    }

    private static func condition(of health: HolderHealth) -> HolderCondition {
        (health.answeredPercent ?? 100) < enough ? .degraded : .available
    }

    /// When it is worth asking again; nil where it may be asked now.
    package func secondsToWait(at wall: Timestamp) -> Int? {
        if let maintenance {
            return Int((maintenance.end.milliseconds - wall.milliseconds + 999) / 1000)
        }
        if let pause { return pause.seconds }
        return condition == .suspended ? secondsToTrial : nil
    }
}
