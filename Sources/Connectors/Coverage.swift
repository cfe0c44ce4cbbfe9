package import Vocabulary

/// What a holder's silence and its figures are worth, whoever is asked about.
struct Coverage: Sendable {
    /// What the answers cover, in a sentence for the service.
    var general: String?
    /// What to know beside it where an answer ends in some way.
    var notes: [CallOutcome: String] = [:]
    var freshness: Freshness?

    /// What the service is told of an answer that ended so.
    func sentence(for outcome: CallOutcome) -> String? {
        let parts = [general, notes[outcome]].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

/// How a holder's data follow the world.
enum Freshness: Sendable, Hashable {
    case realTime
    /// All of the day before.
    case daily
    /// All of the month before, from a day of the month.
    case monthly(fromDay: Int)
    /// All of the month before, once the first whole weekend has passed.
    case monthlyAfterFirstWeekend

    /// Until when the data are complete on a day.
    func upToDate(on today: CalendarDate) -> CalendarDate {
        switch self {
        case .realTime: return today
        case .daily: return CalendarDate(daysSinceEpoch: today.daysSinceEpoch - 1)
        case .monthly(let day): return lastDay(before: today, renewedOn: day)
        case .monthlyAfterFirstWeekend:
            return lastDay(before: today, renewedOn: Self.afterFirstWeekend(today.yearMonth))
        }
    }

    private func lastDay(before today: CalendarDate, renewedOn day: Int) -> CalendarDate {
        let isRenewed = today.day >= day
        let first = today.yearMonth.adding(months: isRenewed ? 0 : -1).firstDay
        return CalendarDate(daysSinceEpoch: first.daysSinceEpoch - 1)
    }

    /// The Monday after the first Saturday and Sunday of a month: a month that begins on a Sunday
    /// waits for its second one, so that nothing is said to be newer than it may be.
    private static func afterFirstWeekend(_ month: YearMonth) -> Int {
        // 1 January 1970 was a Thursday: two days before a Saturday.
        let sinceSaturday = Int((month.firstDay.daysSinceEpoch % 7 + 7 + 5) % 7)
        let saturday = 1 + (7 - sinceSaturday) % 7
        return saturday + 2
    }
}

extension Connector {
    /// Until when the holder's data are complete on a day, whoever is asked about.
    package func upToDate(on today: CalendarDate) -> CalendarDate? {
        coverage.freshness?.upToDate(on: today)
    }

    /// What the holder covers, in a French sentence for the service, of an answer that ended so.
    package func coverageSentence(for outcome: CallOutcome) -> String? {
        coverage.sentence(for: outcome)
    }
}
