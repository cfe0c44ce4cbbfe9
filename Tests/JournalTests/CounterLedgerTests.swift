import Journal
import Testing
import Vocabulary

/// Invented accesses and counters.
private enum Given {
    static let now = Timestamp(milliseconds: 1_795_219_467_123)
    static let purpose = PurposeID("cnaf/rsa")
    static let day = CountingPeriod.jour.window(around: now)

    static func access() throws -> AccessMark {
        AccessMark(
            service: try #require(ServiceID("cnaf")), credential: "cnaf-2026",
            purpose: try #require(purpose), mode: .identite)
    }

    static func key(_ name: String) -> CounterKey {
        CounterKey(end: day.end.milliseconds, name: Array(name.utf8))
    }

    static func claim(
        _ bound: Bound = .parJour, limit: Int, member: String? = nil
    ) -> CounterClaim {
        CounterClaim(
            bound: bound, limit: limit, counter: key(bound.rawValue + " essai"),
            member: member.map { key("membre " + $0) })
    }

    static func sighting(miss: Bool, perHour: Int = 1000, inHundred: Int = 99) throws -> Sighting {
        Sighting(
            access: try access(), isMiss: miss, misses: key("echecs"), missesPerHour: perHour,
            missesInHundred: inHundred)
    }
}

extension CounterLedger {
    /// Takes claims where the disk holds what `disk` says, else nothing.
    fileprivate mutating func take(
        _ claims: [CounterClaim], access: AccessMark? = nil, disk: [CounterKey: Int64] = [:]
    ) -> [FoundCount] {
        take(Counting(claims: claims, access: access), at: Given.now) { disk[$0] ?? 0 }
    }

    fileprivate mutating func note(_ sighting: Sighting) {
        note(sighting, at: Given.now) { _ in 0 }
    }
}

@Suite struct `A ledger of counters` {
    @Test func `counts each exchange to its limit, and not one more`() {
        var ledger = CounterLedger()
        let found = (1...7).map { _ in ledger.take([Given.claim(limit: 5)])[0] }
        #expect(found.map(\.found) == [1, 2, 3, 4, 5, 6, 6])
        #expect(found.map(\.isExceeded) == [false, false, false, false, false, true, true])
        #expect(ledger.changedCounters.map(\.value) == [5])
    }

    @Test func `takes all of a decision's counts or none`() {
        var ledger = CounterLedger()
        let claims = [
            Given.claim(limit: 9), Given.claim(.parPersonneEtDossier, limit: 1),
        ]
        #expect(ledger.take(claims).map(\.found) == [1, 1])
        #expect(ledger.take(claims).map(\.found) == [2, 2])
        #expect(ledger.changedCounters.allSatisfy { $0.value == 1 })
    }

    @Test func `goes on from what the disk holds, asked once`() {
        var ledger = CounterLedger()
        let claim = Given.claim(limit: 50)
        #expect(ledger.take([claim], disk: [claim.counter: 41])[0].found == 42)
        #expect(ledger.take([claim])[0].found == 43)
    }

    @Test func `forgets a batch that is not durable`() {
        var ledger = CounterLedger()
        let claim = Given.claim(limit: 50)
        _ = ledger.take([claim])
        ledger.commit()
        _ = ledger.take([claim])
        ledger.drop()
        #expect(ledger.take([claim])[0].found == 2)
        ledger.drop()
        #expect(ledger.changedCounters.isEmpty)
    }

    @Test func `counts members once, and known ones beyond the limit too`() {
        var ledger = CounterLedger()
        func found(_ member: String) -> FoundCount {
            ledger.take([Given.claim(.personnesParDossier, limit: 2, member: member)])[0]
        }
        #expect(found("a").found == 1 && found("a").found == 1 && found("b").found == 2)
        #expect(found("c").isExceeded)
        #expect(!found("a").isExceeded && !found("b").isExceeded)
        // A policy that lowered its limit does not turn known members away.
        let lower = Given.claim(.personnesParDossier, limit: 1, member: "b")
        #expect(!ledger.take([lower])[0].isExceeded)
    }

    @Test func `keeps the counts of seconds in memory alone`() throws {
        var ledger = CounterLedger()
        let second = CountingPeriod.seconde.window(around: Given.now)
        let key = CounterKey(.parSeconde, of: try #require(Given.purpose), over: second)
        let claim = CounterClaim(bound: .parSeconde, limit: 2, counter: key)
        let disk = [key: Int64(7)]
        #expect((1...3).map { _ in ledger.take([claim], disk: disk)[0].found } == [1, 2, 3])
        #expect(ledger.changedCounters.isEmpty)
    }

    @Test func `forgets windows that ended, and a memory that is full`() {
        var ledger = CounterLedger(capacity: 3)
        for name in ["a", "b", "c", "d"] {
            _ = ledger.take([Given.claim(.personnesParJour, limit: 9, member: name)])
        }
        ledger.commit()
        // Everything is asked of the disk again.
        let claim = Given.claim(.personnesParJour, limit: 9, member: "e")
        #expect(ledger.take([claim], disk: [claim.counter: 4])[0].found == 5)
        ledger.commit()
        ledger.forget(before: Given.day.end.adding(seconds: 1))
        #expect(ledger.take([claim], disk: [claim.counter: 7])[0].found == 8)
    }

    /// Random claims, seen one by one and recomputed from nothing each time.
    @Test(arguments: 0..<100)
    func `agrees with one who counts on his fingers`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 11
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var ledger = CounterLedger()
        var fingers: [String: Int] = [:]
        var met: Set<String> = []
        for _ in 0..<200 {
            let wanted = (0...random(3)).map { _ in (bound: random(3), member: random(6)) }
            // A claim names a counter once.
            let asked = Dictionary(wanted.map { ($0.bound, $0.member) }) { first, _ in first }
                .sorted { $0.key < $1.key }
            let bounds: [Bound] = [.parJour, .personnesParJour, .personnesParDossier]
            let limits = [40, 4, 2]
            let claims = asked.map { index, member in
                Given.claim(
                    bounds[index], limit: limits[index],
                    member: index == 0 ? nil : "\(index) \(member)")
            }
            let fits = asked.allSatisfy { index, member in
                index > 0 && met.contains("\(index) \(member)")
                    || fingers["\(index)", default: 0] < limits[index]
            }
            let isRefused = ledger.take(claims).contains(where: \.isExceeded)
            #expect(isRefused != fits)
            if fits {
                for (index, member) in asked
                where index == 0 || met.insert("\(index) \(member)").inserted {
                    fingers["\(index)", default: 0] += 1
                }
            }
            if random(4) == 0 { ledger.commit() }
        }
        for (index, bound) in [Bound.parJour, .personnesParJour, .personnesParDossier].enumerated()
        {
            let key = Given.claim(bound, limit: 1).counter
            let held = ledger.value(key) { _ in 0 }
            #expect(held == Int64(fingers["\(index)", default: 0]))
        }
    }
}

@Suite struct `An access against probing` {
    @Test func `is suspended at the first miss too many of an hour`() throws {
        var ledger = CounterLedger()
        let access = try Given.access()
        for count in 1...5 {
            try ledger.note(Given.sighting(miss: true, perHour: 4))
            #expect((ledger.state(of: access).suspension != nil) == (count > 4))
        }
        let cause = FoundCount(counter: "echecs_par_heure", found: 5, limit: 4)
        #expect(ledger.acts == [.accessSuspended(access, found: cause)])
        #expect(ledger.take([Given.claim(limit: 9)], access: access) == [cause])
        #expect(!ledger.take([Given.claim(limit: 9)])[0].isExceeded)
    }

    /// An honest service whose users are unknown now and then, and one that fishes.
    @Test func `is judged by its last hundred`() throws {
        var ledger = CounterLedger()
        let access = try Given.access()
        for turn in 0..<1000 {
            try ledger.note(Given.sighting(miss: turn % 3 == 0, inHundred: 40))
        }
        #expect(ledger.state(of: access).suspension == nil)
        #expect((33...34).contains(ledger.state(of: access).recentMisses))
        var misses = 0
        while ledger.state(of: access).suspension == nil {
            try ledger.note(Given.sighting(miss: true, inHundred: 40))
            misses += 1
            try #require(misses < 100)
        }
        #expect((7...21).contains(misses))
        #expect(
            ledger.state(of: access).suspension?.count
                == FoundCount(counter: "echecs_sur_cent", found: 41, limit: 40))
    }

    @Test func `is suspended by too many persons, of which none is then counted`() throws {
        var ledger = CounterLedger()
        let access = try Given.access()
        for person in 0..<3 {
            _ = ledger.take(
                [Given.claim(.variantesParJour, limit: 2, member: "\(person)")], access: access)
        }
        #expect(ledger.state(of: access).suspension?.count.counter == "variantes_par_jour")
        #expect(ledger.acts.count == 1)
        let found = ledger.take(
            [Given.claim(.variantesParJour, limit: 2, member: "0")], access: access)
        #expect(found.map(\.isExceeded) == [true])
        #expect(ledger.acts.count == 1)
    }

    @Test func `is not suspended by a bound that is no sign of probing`() throws {
        var ledger = CounterLedger()
        let access = try Given.access()
        for _ in 0..<3 { _ = ledger.take([Given.claim(limit: 1)], access: access) }
        #expect(ledger.state(of: access).suspension == nil && ledger.acts.isEmpty)
    }

    @Test func `begins anew once an operator gives it back`() throws {
        var ledger = CounterLedger()
        let access = try Given.access()
        let motive = try #require(OperatorText("Erreur de saisie du service, corrigée."))
        let hour = CountingPeriod.heure.window(around: Given.now)
        let sighting = Sighting(
            access: access, isMiss: true,
            misses: CounterKey(.echecsParHeure, of: access, over: hour), missesPerHour: 1,
            missesInHundred: 99)
        ledger.note(sighting)
        ledger.note(sighting)
        ledger.commit()
        #expect(ledger.suspendedCount == 1)
        ledger.restore(access, motive: motive, at: Given.now)
        #expect(ledger.acts == [.accessRestored(access, motive: motive)])
        ledger.commit()
        ledger.note(sighting)
        #expect(ledger.state(of: access).suspension == nil)
        ledger.restore(access, motive: motive, at: Given.now)
        #expect(ledger.acts.isEmpty)
        #expect(ledger.suspendedCount == 0)
    }
}
