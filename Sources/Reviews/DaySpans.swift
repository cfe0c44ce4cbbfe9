import Vocabulary

/// Days, as spans that neither touch nor overlap.
struct DaySpans: Equatable {
    /// In order; the numbers are days since the epoch.
    private(set) var spans: [ClosedRange<Int64>] = []

    init(_ periods: [(from: CalendarDate, to: CalendarDate)]) {
        let days = periods.filter { $0.from <= $0.to }
            .map { $0.from.daysSinceEpoch...$0.to.daysSinceEpoch }
            .sorted { $0.lowerBound < $1.lowerBound }
        for span in days {
            guard let last = spans.last, span.lowerBound <= last.upperBound + 1 else {
                spans.append(span)
                continue
            }
            spans[spans.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
        }
    }

    /// The days that the other spans do not have.
    func subtracting(_ other: DaySpans) -> DaySpans {
        var rest = self
        for taken in other.spans {
            rest.spans = rest.spans.flatMap { span -> [ClosedRange<Int64>] in
                guard span.overlaps(taken) else { return [span] }
                var parts: [ClosedRange<Int64>] = []
                if span.lowerBound < taken.lowerBound {
                    parts.append(span.lowerBound...taken.lowerBound - 1)
                }
                if taken.upperBound < span.upperBound {
                    parts.append(taken.upperBound + 1...span.upperBound)
                }
                return parts
            }
        }
        return rest
    }

    /// Each span as its first and last day.
    var days: [(from: CalendarDate, to: CalendarDate)] {
        spans.map {
            (
                CalendarDate(daysSinceEpoch: $0.lowerBound),
                CalendarDate(daysSinceEpoch: $0.upperBound)
            )
        }
    }
}
