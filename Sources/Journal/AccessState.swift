package import Vocabulary

/// What is remembered of one access against probing.
package struct AccessState: Hashable, Sendable {
    /// The last hundred exchanges that told anything, the latest in the lowest bit: 1 is a miss.
    package private(set) var recent: UInt128
    /// Why the access is suspended, nil while it is not.
    package private(set) var suspension: Suspension?

    /// Why and since when an access is suspended.
    package struct Suspension: Hashable, Sendable {
        /// The count that passed its limit.
        package let count: FoundCount
        /// When it did.
        package let since: Timestamp

        /// Says why and since when.
        package init(count: FoundCount, since: Timestamp) {
            self.count = count
            self.since = since
        }
    }

    /// The state that a store holds, or that of an access that nothing is known of.
    package init(recent: UInt128 = 0, suspension: Suspension? = nil) {
        self.recent = recent
        self.suspension = suspension
    }

    private static let hundred = (UInt128(1) << 100) - 1

    /// How many of the last hundred were misses.
    package var recentMisses: Int { recent.nonzeroBitCount }

    /// Adds one exchange and gives the count that it takes beyond its limit, where it does; the
    /// misses of this hour have it included.
    mutating func note(_ sighting: Sighting, missesOfHour found: Int) -> FoundCount? {
        recent = (recent << 1 | (sighting.isMiss ? 1 : 0)) & AccessState.hundred
        guard sighting.isMiss else { return nil }
        let counts = [
            FoundCount(
                counter: Bound.echecsParHeure.rawValue, found: found,
                limit: sighting.missesPerHour),
            FoundCount(
                counter: Bound.echecsSurCent.rawValue, found: recentMisses,
                limit: sighting.missesInHundred),
        ]
        return counts.first(where: \.isExceeded)
    }

    /// Suspends the access; the first reason stays.
    mutating func suspend(for count: FoundCount, at time: Timestamp) {
        suspension = suspension ?? Suspension(count: count, since: time)
    }

    /// Begins anew, as an operator decided.
    mutating func restore() {
        self = AccessState()
    }
}
