import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite struct `A calendar date` {
    /// Every day of 1600 to 2400, a year at a time, against a calendar that counts day after day.
    @Test(arguments: (0...32).map { 1600 + 25 * $0 })
    func `counts days as one who turns the pages`(from year: Int) throws {
        var expected = try #require(CalendarDate(year: year, month: 1, day: 1)).daysSinceEpoch
        for year in year..<min(year + 25, 2401) {
            for month in 1...12 {
                let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
                let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
                #expect(CalendarDate.days(in: month, of: year) == length[month - 1])
                for day in 1...length[month - 1] {
                    let date = try #require(CalendarDate(year: year, month: month, day: day))
                    let isRight =
                        date.daysSinceEpoch == expected
                        && CalendarDate(daysSinceEpoch: expected) == date
                        && CalendarDate(date.text) == date
                    if !isRight { Issue.record("\(date.text) is miscounted") }
                    expected += 1
                }
                #expect(CalendarDate(year: year, month: month, day: length[month - 1] + 1) == nil)
            }
        }
    }

    @Test(
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("2000-03-01", 11_017), ("1600-01-01", -135_140),
            ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("2024-02-29", 19_782),
        ] as [(String, Int64)])
    func `agrees with days that are known`(text: String, days: Int64) throws {
        let date = try #require(CalendarDate(text))
        #expect(date.daysSinceEpoch == days)
        #expect(CalendarDate(daysSinceEpoch: days).text == text)
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2024-00-01", "2024-13-01", "2024-01-00", "2024-04-31",
        "0000-01-01", "24-01-01", "2024-1-1", "2024-01-01 ", " 2024-01-01", "2024-01", "2024",
        "2024-01-01-01", "+024-01-01", "-024-01-01", "2024-+1-01", "２０２４-01-01", "2024-01-0١",
        "2024/01/01", "2024-01-01T00:00:00Z", "",
    ])
    func `refuses what names no day`(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `sorts by time`() throws {
        let texts = ["1999-12-31", "2000-01-01", "2000-01-02", "2000-02-01", "2001-01-01"]
        let dates = try texts.map { try #require(CalendarDate($0)) }
        #expect(dates.reversed().sorted() == dates)
    }
}

@Suite struct `A moment` {
    /// Both changes of clock, at 01:00 UTC on the last Sundays of March and October.
    @Test(arguments: [
        ("2026-03-28T22:59:59Z", "2026-03-28"), ("2026-03-28T23:00:00Z", "2026-03-29"),
        ("2026-03-29T00:59:59Z", "2026-03-29"), ("2026-03-29T01:00:00Z", "2026-03-29"),
        ("2026-03-29T21:59:59Z", "2026-03-29"), ("2026-03-29T22:00:00Z", "2026-03-30"),
        ("2026-10-24T21:59:59Z", "2026-10-24"), ("2026-10-24T22:00:00Z", "2026-10-25"),
        ("2026-10-25T00:59:59Z", "2026-10-25"), ("2026-10-25T01:00:00Z", "2026-10-25"),
        ("2026-10-25T22:59:59Z", "2026-10-25"), ("2026-10-25T23:00:00Z", "2026-10-26"),
        ("2024-03-31T21:59:59Z", "2024-03-31"), ("2024-03-31T22:00:00Z", "2024-04-01"),
        ("2026-12-31T22:59:59Z", "2026-12-31"), ("2026-12-31T23:00:00Z", "2027-01-01"),
    ])
    func `falls on the legal day of France`(utc: String, day: String) throws {
        let moment = try #require(Self.moment(utc))
        #expect(moment.rfc3339 == utc)
        #expect(moment.parisDate.text == day)
    }

    @Test(arguments: 0..<40)
    func `has the day that Foundation gives it in Paris`(seed: Int) throws {
        guard let paris = TimeZone(identifier: "Europe/Paris") else { return }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = paris
        var random = Seeded(seed)
        for _ in 0..<50 {
            // From 1996, when the common end of summer time moved to October.
            let milliseconds = Int64.random(in: 820_454_400_000...4_070_908_800_000, using: &random)
            let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let day = Timestamp(milliseconds: milliseconds).parisDate
            #expect(parts.year == day.year && parts.month == day.month && parts.day == day.day)
        }
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (999, "1970-01-01T00:00:00Z"),
            (1_795_219_467_123, "2026-11-21T00:04:27Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func `is written in UTC, to the second that has begun`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test(arguments: [Int64.min, Int64.min + 1, -1, 0, Int64.max - 1, Int64.max])
    func `never traps, however far`(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(!moment.rfc3339.isEmpty)
        #expect(!moment.parisDate.text.isEmpty)
        #expect(moment.adding(seconds: .max) >= moment)
        #expect(moment.adding(seconds: .min) <= moment)
        #expect(moment.adding(seconds: 0) == moment)
    }

    private static func moment(_ utc: String) -> Timestamp? {
        let formatter = ISO8601DateFormatter()
        return formatter.date(from: utc).map { date in
            Timestamp(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
        }
    }
}

@Suite struct `A month` {
    @Test(arguments: 0..<50)
    func `comes back after going away`(seed: Int) throws {
        var random = Seeded(seed)
        for _ in 0..<50 {
            let start = try #require(
                YearMonth(
                    year: Int.random(in: 1...9999, using: &random),
                    month: Int.random(in: 1...12, using: &random)))
            let distance = Int.random(in: -200_000...200_000, using: &random)
            let moved = start.adding(months: distance)
            #expect((1...12).contains(moved.month))
            #expect(moved.months(since: start) == distance)
            #expect(moved.adding(months: -distance) == start)
            #expect((moved < start) == (distance < 0))
        }
    }

    @Test(arguments: ["2024-13", "2024-00", "2024-1", "0000-01", "2024", "2024-01-01", "２０２４-01"])
    func `refuses what names none`(text: String) {
        #expect(YearMonth(text) == nil)
    }
}

@Suite struct `A partial date` {
    @Test(arguments: [
        ("1990", "1990-01-01", "1990-12-31"), ("1990-02", "1990-02-01", "1990-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"), ("1990-05-17", "1990-05-17", "1990-05-17"),
    ])
    func `spans the days that it may be`(text: String, earliest: String, latest: String) throws {
        let date = try #require(PartialDate(text))
        #expect(date.text == text)
        #expect(date.earliest?.text == earliest)
        #expect(date.latest?.text == latest)
    }

    @Test func `needs the month of its day`() {
        #expect(PartialDate(year: 1990, month: nil, day: 17) == nil)
        #expect(PartialDate(year: 1990, month: 2, day: 30) == nil)
        #expect(PartialDate(year: 0, month: nil, day: nil) == nil)
        #expect(PartialDate(year: 10_000, month: nil, day: nil) == nil)
        #expect(PartialDate(year: 1990, month: 5, day: nil)?.text == "1990-05")
    }

    @Test(arguments: 0..<200)
    func `is read back from what it writes, and nonsense names none`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<100 {
            let text = random.nonsense()
            if let date = PartialDate(text) { #expect(date.text == text) }
        }
    }
}
