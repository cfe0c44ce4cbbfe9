import Testing
import Vocabulary

@Suite struct `A counting window` {
    /// The legal days around both changes of the hour: how long they are, and when they begin.
    @Test(arguments: [
        ("2026-03-28", 24, "2026-03-27T23:00:00Z"), ("2026-03-29", 23, "2026-03-28T23:00:00Z"),
        ("2026-03-30", 24, "2026-03-29T22:00:00Z"), ("2026-10-24", 24, "2026-10-23T22:00:00Z"),
        ("2026-10-25", 25, "2026-10-24T22:00:00Z"), ("2026-10-26", 24, "2026-10-25T23:00:00Z"),
        ("2026-12-31", 24, "2026-12-30T23:00:00Z"), ("2028-02-29", 24, "2028-02-28T23:00:00Z"),
    ])
    func `of a day is the legal one`(day: String, hours: Int64, start: String) throws {
        let day = try #require(CalendarDate(day))
        let window = CountingPeriod.jour.window(around: day.parisMidnight)
        #expect(window.seconds == hours * 3600)
        #expect(window.start.rfc3339 == start)
        let last = Timestamp(milliseconds: window.end.milliseconds - 1)
        #expect(CountingPeriod.jour.window(around: last) == window)
        #expect(CountingPeriod.jour.window(around: window.end).start == window.end)
        #expect(window.start.parisDate == day && last.parisDate == day)
    }

    /// Every quarter of an hour of both days is in the one window, and what is left shrinks.
    @Test(arguments: ["2026-03-29", "2026-10-25"])
    func `of a day whose hour changes has no hole and no overlap`(day: String) throws {
        let start = try #require(CalendarDate(day)).parisMidnight
        let window = CountingPeriod.jour.window(around: start)
        for second in stride(from: Int64(0), to: window.seconds, by: 900) {
            let time = start.adding(seconds: second)
            #expect(CountingPeriod.jour.window(around: time) == window)
            #expect(window.secondsLeft(at: time) == window.seconds - second)
            let hour = CountingPeriod.heure.window(around: time)
            #expect(hour.seconds == 3600 && hour.start >= window.start && hour.end <= window.end)
        }
    }

    @Test func `of a month or a year ends where the next begins`() throws {
        let time = try #require(CalendarDate("2026-12-31")).parisMidnight.adding(seconds: 86_399)
        for period in [CountingPeriod.jour, .mois, .annee] {
            #expect(period.window(around: time).end.rfc3339 == "2026-12-31T23:00:00Z")
        }
        #expect(CountingPeriod.mois.window(around: time).start.rfc3339 == "2026-11-30T23:00:00Z")
        #expect(CountingPeriod.annee.window(around: time).start.rfc3339 == "2025-12-31T23:00:00Z")
        // March loses an hour.
        let march = try #require(CalendarDate("2026-03-29")).parisMidnight
        #expect(CountingPeriod.mois.window(around: march).seconds == 31 * 86_400 - 3600)
    }

    @Test func `of a second is one, before the epoch too`() {
        for milliseconds: Int64 in [-1, 0, 999, 1_795_219_467_123] {
            let time = Timestamp(milliseconds: milliseconds)
            let window = CountingPeriod.seconde.window(around: time)
            #expect(window.seconds == 1 && window.start <= time && time < window.end)
            #expect(window.secondsLeft(at: time) == 1)
            #expect(window.secondsLeft(at: window.end) == 0)
        }
    }

    @Test func `of a moment that no calendar holds does not trap`() {
        for milliseconds in [Int64.min / 4, Int64.max / 4] {
            for period in CountingPeriod.allCases {
                _ = period.window(around: Timestamp(milliseconds: milliseconds))
            }
        }
    }
}

@Suite struct `A quota` {
    @Test func `has nothing left, never less, beyond its limit`() {
        let window = CountingPeriod.jour.window(around: Timestamp(milliseconds: 0))
        let left = [0, 1, 20, 21, 400].map {
            Quota(bound: .parJour, limit: 20, found: $0, window: window).remaining
        }
        #expect(left == [20, 19, 0, 0, 0])
    }

    @Test func `is shown of the purpose's own bounds, never of a person's or of probing`() {
        #expect(Bound.allCases.filter(\.isShown) == [.parSeconde, .parJour])
        #expect(Bound.allCases.allSatisfy { !($0.isShown && $0.isOfProbing) })
    }
}
