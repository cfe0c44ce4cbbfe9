package import Journal
package import Vocabulary

/// What replaying a stretch of the journal came to; parts of it are added up in any order.
package struct ReplayReport: Sendable {
    /// What became of the decisions of one service.
    package struct Counts: Sendable, Hashable {
        /// Decisions that could be taken again.
        package internal(set) var replayed = 0
        /// Of these, the ones that came out as they had.
        package internal(set) var same = 0
        /// Of these, the ones that did not, by what changed.
        package internal(set) var flips: [Flip.Kind: Int] = [:]
        /// Decisions that could not be taken again, by the reason.
        package internal(set) var unplayable: [Unplayable: Int] = [:]

        /// How many came out otherwise.
        package var flipped: Int { replayed - same }

        fileprivate mutating func add(_ other: Counts) {
            replayed += other.replayed
            same += other.same
            flips.merge(other.flips, uniquingKeysWith: +)
            unplayable.merge(other.unplayable, uniquingKeysWith: +)
        }
    }

    /// A decision that came out otherwise.
    package struct Entry: Sendable {
        /// The record's place in the journal.
        package let index: Int64
        /// The exchange.
        package let exchange: ExchangeID?
        /// When it was decided.
        package let instant: Timestamp
        /// Who asked, for whom and for what: the decision's own record, or one that asked alike.
        package let decision: SharedDecision
        /// What changed.
        package let flip: Flip
    }

    /// What was done, by service.
    package private(set) var services: [String: Counts] = [:]
    /// Every decision that came out otherwise, in the order of the journal.
    package private(set) var flips: [Entry] = []
    /// How many decisions were taken again under each origin of documents.
    package private(set) var origins: [String: Int] = [:]

    /// Creates the report of nothing.
    package init() {}

    /// Everything together.
    package var total: Counts {
        services.values.reduce(into: Counts()) { $0.add($1) }
    }

    /// Adds a decision that could not be read.
    package mutating func add(_ reason: Unplayable, by service: String) {
        services[service, default: Counts()].unplayable[reason, default: 0] += 1
    }

    /// Adds what a replay said of one decision, under documents of some origin.
    package mutating func add(
        _ verdict: ReplayVerdict, of reading: DecisionReader.Reading, at index: Int64,
        under origin: String
    ) {
        let service = reading.shared.record.facts.service.text
        if case .unplayable(let reason) = verdict { return add(reason, by: service) }
        origins[origin, default: 0] += 1
        services[service, default: Counts()].replayed += 1
        guard case .flip(let flip) = verdict else {
            services[service, default: Counts()].same += 1
            return
        }
        services[service, default: Counts()].flips[flip.kind, default: 0] += 1
        flips.append(
            Entry(
                index: index, exchange: reading.exchange, instant: reading.instant,
                decision: reading.shared, flip: flip))
    }

    /// Adds another part of the same replay.
    package mutating func add(_ other: ReplayReport) {
        for (service, counts) in other.services {
            services[service, default: Counts()].add(counts)
        }
        flips += other.flips
        origins.merge(other.origins, uniquingKeysWith: +)
    }

    /// Puts the parts' flips in the order of the journal.
    package mutating func sort() {
        flips.sort { $0.index < $1.index }
    }
}
