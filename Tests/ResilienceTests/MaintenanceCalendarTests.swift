import Resilience
import TestSupport
import Testing
import Vocabulary

/// A moment as RFC 3339 in UTC, to the minute.
private func utc(_ text: String) throws -> Timestamp {
    let parts = text.split(separator: "T")
    let date = try #require(CalendarDate(String(parts[0])))
    let clock = parts[1].split(separator: ":").compactMap { Int64($0) }
    return Timestamp(
        milliseconds: date.daysSinceEpoch * 86_400_000 + (clock[0] * 60 + clock[1]) * 60_000)
}

private let sunday = MaintenanceCalendar(
    weekly: [.init(weekday: 7, from: 23 * 60, to: 23 * 60 + 45)])
private let night = MaintenanceCalendar(weekly: [.init(weekday: 6, from: 23 * 60, to: 3 * 60)])

@Suite struct `A maintenance calendar` {
    @Test(arguments: [
        // Winter, then summer: the same hour in Paris, another in UTC.
        ("2026-01-11T21:59", false), ("2026-01-11T22:00", true), ("2026-01-11T22:44", true),
        ("2026-01-11T22:45", false), ("2026-07-12T20:59", false), ("2026-07-12T21:00", true),
        ("2026-07-12T21:45", false), ("2026-07-11T21:10", false),
    ])
    func `follows the clocks of Paris`(moment: String, isAway: Bool) throws {
        #expect((sunday.current(at: try utc(moment)) != nil) == isAway)
    }

    @Test func `says when it ends, and when the next begins`() throws {
        let window = try #require(sunday.current(at: try utc("2026-07-12T21:10")))
        #expect(window.start == (try utc("2026-07-12T21:00")))
        #expect(window.end == (try utc("2026-07-12T21:45")))
        let next = sunday.next(after: try utc("2026-07-12T21:10"))
        #expect(next?.start == (try utc("2026-07-19T21:00")))
    }

    @Test func `spans midnight, and the night when clocks are put forward`() throws {
        // From 23:00 on 28 March (UTC+1) to 03:00 on 29 March (UTC+2): three hours only.
        let window = try #require(night.current(at: try utc("2026-03-28T23:30")))
        #expect(window.start == (try utc("2026-03-28T22:00")))
        #expect(window.end == (try utc("2026-03-29T01:00")))
    }

    @Test func `lasts through the hour that clocks show twice`() throws {
        // 02:00 to 02:30 on 25 October comes twice: the window holds from the first to the last.
        let calendar = MaintenanceCalendar(weekly: [.init(weekday: 7, from: 120, to: 150)])
        let window = try #require(calendar.current(at: try utc("2026-10-25T00:10")))
        #expect(window.end == (try utc("2026-10-25T01:30")))
    }

    @Test func `holds for a whole day, and joins windows that follow one another`() throws {
        let days = MaintenanceCalendar(
            weekly: [.init(weekday: 1, from: 0, to: 1440), .init(weekday: 2, from: 0, to: 60)])
        let window = try #require(days.current(at: noon))
        #expect(window.end == (try utc("2026-01-06T00:00")))
    }

    @Test func `holds on its dates and not after`() throws {
        let dated = MaintenanceCalendar(
            dated: [.init(start: try utc("2026-12-24T17:00"), end: try utc("2026-12-26T07:00"))])
        #expect(dated.current(at: try utc("2026-12-25T12:00")) != nil)
        #expect(dated.current(at: try utc("2026-12-26T07:00")) == nil)
        #expect(dated.next(after: try utc("2026-12-01T00:00")) == nil)
        #expect(dated.next(after: try utc("2026-12-20T00:00")) != nil)
    }

    @Test(arguments: Seeds.count(200))
    func `holds exactly while Paris shows a minute of the window`(seed: UInt64) throws {
        var random = Seeded(seed)
        let from = random.number(0...1380)
        let to = random.number(from + 1...1440)
        let day = random.number(1...7)
        let calendar = MaintenanceCalendar(weekly: [.init(weekday: day, from: from, to: to)])
        let moment = Timestamp(milliseconds: Int64(random.number(29_452_320...31_556_160)) * 60_000)
        // Where clocks change, a window also covers what lies between its ends.
        guard ![3, 10].contains(moment.parisDate.month) else { return }
        let shows =
            moment.parisDate.weekday == day && (from..<to).contains(moment.parisMinute)
        #expect((calendar.current(at: moment) != nil) == shows, "seed \(seed)")
    }
}
