/// Latencies, counted in buckets whose width stays within 1.6 % of their value.
struct LatencyHistogram: Sendable {
    private static let precision = 6
    private var counts = [UInt32](repeating: 0, count: (64 - precision + 1) << precision)
    private(set) var count = 0
    private(set) var largest = Duration.zero
    private var sum: UInt64 = 0

    /// Counts one latency.
    mutating func add(_ latency: Duration) {
        // In whole numbers: dividing durations rounds.
        let (seconds, attoseconds) = latency.components
        let nanoseconds = UInt64(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
        counts[Self.bucket(nanoseconds)] += 1
        count += 1
        sum &+= nanoseconds
        largest = max(largest, latency)
    }

    /// The latency that this share of the requests stayed within.
    func quantile(_ share: Double) -> Duration {
        let wanted = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += Int(number)
            if seen >= wanted { return min(largest, .nanoseconds(Self.upperBound(bucket))) }
        }
        return largest
    }

    /// The mean; zero when nothing was counted.
    var mean: Duration { count == 0 ? .zero : .nanoseconds(Int64(sum / UInt64(count))) }

    // The highest bits of the value choose the bucket: exact below 64 ns, then 64 a doubling.
    private static func bucket(_ value: UInt64) -> Int {
        guard value >= 1 << precision else { return Int(value) }
        let shift = UInt64.bitWidth - value.leadingZeroBitCount - precision - 1
        return (shift << precision) + Int(value >> UInt64(shift))
    }

    private static func upperBound(_ bucket: Int) -> Int64 {
        guard bucket >= 2 << precision else { return Int64(bucket) }
        let shift = (bucket >> precision) - 1
        let top = bucket - (shift << precision)
        return Int64((top + 1) << shift) - 1
    }
}
