import Cryptography
package import Vocabulary

/// One counter over one window, as the store names it: never a person, at most a keyed digest.
package struct CounterKey: Hashable, Sendable {
    /// When the window ends, in milliseconds since the epoch; the counter is forgotten afterwards.
    package let end: Int64
    /// The counter: readable where it is about no person, else 16 bytes of a hash of keyed digests.
    package let name: [UInt8]

    /// A counter that a store holds.
    package init(end: Int64, name: [UInt8]) {
        self.end = end
        self.name = name
    }

    /// The counter of a purpose as a whole.
    package init(_ bound: Bound, of purpose: PurposeID, over window: CountingWindow) {
        self.init(end: window.end.milliseconds, name: Array("\(bound.rawValue) \(purpose)".utf8))
    }

    /// The counter of an access.
    package init(_ bound: Bound, of access: AccessMark, over window: CountingWindow) {
        self.init(
            end: window.end.milliseconds,
            name: Array("\(bound.rawValue) \(access.purpose) \(access.credential)".utf8))
    }

    /// A counter about persons or dossiers, which digests alone name.
    package init(
        _ bound: Bound, of parts: [String], about digests: [KeyedDigest?],
        over window: CountingWindow
    ) {
        var bytes = Array(bound.rawValue.utf8) + [0]
        for part in parts { bytes += Array(part.utf8) + [0] }
        for digest in digests { bytes += digest.map { [1] + $0.digest } ?? [0] }
        self.init(end: window.end.milliseconds, name: Array(sha256(bytes).prefix(16)))
    }
}

/// One count to be taken: of its counter, once, or only for what the counter has not met yet.
package struct CounterClaim: Hashable, Sendable {
    /// What is counted.
    package let bound: Bound
    /// What the counter may hold.
    package let limit: Int
    /// What goes up.
    package let counter: CounterKey
    /// What must be new for the counter to go up; nil where each exchange counts.
    package let member: CounterKey?

    /// A claim on a counter.
    package init(bound: Bound, limit: Int, counter: CounterKey, member: CounterKey? = nil) {
        self.bound = bound
        self.limit = limit
        self.counter = counter
        self.member = member
    }
}

/// What a decision takes of the counters, in the transaction that records it: all or nothing.
package struct Counting: Hashable, Sendable {
    /// The counts to take.
    package let claims: [CounterClaim]
    /// The access that must not be suspended; nil where nothing suspends it.
    package let access: AccessMark?

    /// Gathers the claims of a decision.
    package init(claims: [CounterClaim], access: AccessMark?) {
        self.claims = claims
        self.access = access
    }
}

/// What an outcome tells of an access: whether anybody was recognised.
package struct Sighting: Hashable, Sendable {
    /// The access.
    package let access: AccessMark
    /// Whether nobody was recognised.
    package let isMiss: Bool
    /// Where misses of this hour are counted.
    package let misses: CounterKey
    /// How many of them an hour admits.
    package let missesPerHour: Int
    /// How many the last hundred admit.
    package let missesInHundred: Int

    /// Gathers what an outcome tells.
    package init(
        access: AccessMark, isMiss: Bool, misses: CounterKey, missesPerHour: Int,
        missesInHundred: Int
    ) {
        self.access = access
        self.isMiss = isMiss
        self.misses = misses
        self.missesPerHour = missesPerHour
        self.missesInHundred = missesInHundred
    }
}

/// What became of a record that takes counts.
package enum Claimed: Sendable {
    /// It is durable, and so are its counts.
    case recorded(Receipt, [FoundCount])
    /// One count at least is beyond its limit: nothing was written and nothing was taken.
    case exceeded([FoundCount])

    /// Whether nothing was written.
    package var isExceeded: Bool {
        guard case .exceeded = self else { return false }
        return true
    }
}
