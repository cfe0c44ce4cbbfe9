/// The addresses of one origin, and which of them answer.
///
/// The first that works is always the one: a holder's second address is for when its first does not
/// accept connections, not for sharing the load.
struct AddressBook: Sendable {
    private struct Health: Sendable {
        /// Until when nobody tries it; nil while it is not known to fail.
        var restsUntil: ContinuousClock.Instant?
    }

    private var addresses: [Health]

    /// How long an address that refused is left alone between two trials.
    static let rest = Duration.seconds(10)

    init(count: Int) {
        addresses = Array(repeating: Health(), count: max(1, count))
    }

    /// Keeps what is known where the number of addresses is the same.
    mutating func resize(_ count: Int) {
        if count != addresses.count { self = AddressBook(count: count) }
    }

    /// Which address to call: the first that is not known to fail, else the one that rests least.
    ///
    /// An address whose rest is over is tried by one call, and rests for the others meanwhile.
    mutating func choose(
        at now: ContinuousClock.Instant, except tried: Set<Int> = []
    ) -> Int? {
        let open = addresses.indices.filter { !tried.contains($0) }
        for index in open {
            guard let until = addresses[index].restsUntil else { return index }
            if now >= until {
                addresses[index].restsUntil = now.advanced(by: Self.rest)
                return index
            }
        }
        guard tried.isEmpty else { return nil }
        // All are known to fail, and the call has nowhere else to go.
        let resting = open.compactMap { index in
            addresses[index].restsUntil.map { (index: index, until: $0) }
        }
        return resting.min { $0.until < $1.until }?.index
    }

    /// Takes note that an address accepted, or refused, a connection; true where that is new.
    mutating func record(
        _ index: Int, accepted: Bool, at now: ContinuousClock.Instant
    ) -> Bool {
        guard addresses.indices.contains(index) else { return false }
        let wasResting = addresses[index].restsUntil != nil
        addresses[index].restsUntil = accepted ? nil : now.advanced(by: Self.rest)
        return wasResting == accepted
    }
}
