package import Vocabulary

/// When a holder has announced that it is away, on the clocks of Europe/Paris.
package struct MaintenanceCalendar: Hashable, Sendable {
    /// Every week, from one minute of a day to another, of the next day where it comes no later.
    package struct Weekly: Hashable, Sendable {
        /// From 1 for Monday to 7 for Sunday.
        package let weekday: Int
        /// Minutes since midnight, the second up to 1440.
        package let from: Int
        package let to: Int

        package init(weekday: Int, from: Int, to: Int) {
            self.weekday = weekday
            self.from = from
            self.to = to
        }

        fileprivate func window(on day: CalendarDate) -> Window? {
            guard day.weekday == weekday else { return nil }
            // A minute that clocks show twice belongs to the window both times.
            let last = to > from ? day : CalendarDate(daysSinceEpoch: day.daysSinceEpoch + 1)
            return Window(
                start: day.parisMoment(minute: from),
                end: last.parisMoment(minute: to, isLast: true))
        }
    }

    /// From one moment to another, which is not part of it.
    package struct Window: Hashable, Sendable {
        package let start: Timestamp
        package let end: Timestamp

        package init(start: Timestamp, end: Timestamp) {
            self.start = start
            self.end = end
        }

        func contains(_ moment: Timestamp) -> Bool { start <= moment && moment < end }
    }

    package var weekly: [Weekly]
    package var dated: [Window]

    /// A calendar; without windows it never holds.
    package init(weekly: [Weekly] = [], dated: [Window] = []) {
        self.weekly = weekly
        self.dated = dated
    }

    /// Whether nothing was announced.
    package var isEmpty: Bool { weekly.isEmpty && dated.isEmpty }

    /// The window that holds at a moment, to the end of all that follow one another.
    package func current(at now: Timestamp) -> Window? {
        guard !isEmpty, var held = longest(at: now) else { return nil }
        // One that begins where this one ends prolongs it; a week of them is as good as for ever.
        for _ in 0..<weekly.count + dated.count {
            guard let next = longest(at: held.end) else { break }
            held = Window(start: held.start, end: next.end)
        }
        return held
    }

    /// The next window that begins within a week.
    package func next(after now: Timestamp) -> Window? {
        windows(around: now, days: -1...7).filter { $0.start > now }.min { $0.start < $1.start }
            .flatMap { $0.start <= now.adding(seconds: 7 * 86_400) ? $0 : nil }
    }

    func merged(with other: MaintenanceCalendar) -> MaintenanceCalendar {
        MaintenanceCalendar(
            weekly: weekly + other.weekly.filter { !weekly.contains($0) },
            dated: dated + other.dated.filter { !dated.contains($0) })
    }

    private func longest(at moment: Timestamp) -> Window? {
        windows(around: moment, days: -1...0).filter { $0.contains(moment) }
            .max { $0.end < $1.end }
    }

    private func windows(around moment: Timestamp, days: ClosedRange<Int64>) -> [Window] {
        let today = moment.parisDate.daysSinceEpoch
        let near = days.map { CalendarDate(daysSinceEpoch: today + $0) }
        return dated + near.flatMap { day in weekly.compactMap { $0.window(on: day) } }
    }
}
