import Testing

@testable import Sandbox

@Suite struct `The people` {
    @Test func `are at least thirty, each with an id of its own`() {
        let ids = Set(Town.standard.people.map(\.id))
        #expect(ids.count >= 30)
        #expect(ids.count == Town.standard.people.count)
    }

    @Test func `have identifiers of their own, in the right form`() {
        let numbers = Town.standard.people.compactMap(\.taxNumber)
        #expect(Set(numbers).count == numbers.count)
        #expect(numbers.allSatisfy { isDigits($0, count: 13) })
        let students = Town.standard.people.compactMap(\.studentNumber)
        #expect(Set(students).count == students.count)
        #expect(students.allSatisfy { $0.utf8.count == 11 })
        let seekers = Town.standard.people.compactMap(\.jobSeekerNumber)
        #expect(Set(seekers).count == seekers.count)
    }

    @Test func `are the ones that the records name`() {
        let town = Town.standard
        let named =
            town.households.flatMap(\.declarants) + town.families.flatMap(\.allocataires)
            + town.students.map(\.person) + town.jobSeekers.map(\.person) + town.pay.map(\.person)
            + town.counterRefusals.keys
        #expect(named.filter { town.person($0) == nil } == [])
    }

    @Test func `have in each holder's records the identifier that it asks for`() {
        let town = Town.standard
        let taxed = town.households.flatMap(\.declarants).compactMap { town.person($0) }
        #expect(taxed.allSatisfy { $0.taxNumber != nil })
        let seeking = town.jobSeekers.compactMap { town.person($0.person) }
        #expect(seeking.allSatisfy { $0.jobSeekerNumber != nil })
        let studying = town.students.compactMap { town.person($0.person) }
        #expect(studying.allSatisfy { $0.studentNumber != nil })
    }

    @Test func `include two who differ by nothing but the place`() throws {
        let tulle = try #require(Town.standard.person("camille-bourdarias-tulle")).identity
        let ajaccio = try #require(Town.standard.person("camille-bourdarias-ajaccio")).identity
        #expect(tulle.birthName == ajaccio.birthName)
        #expect(tulle.givenNames[0] == ajaccio.givenNames[0])
        #expect(tulle.birth == ajaccio.birth)
        #expect(tulle.commune != ajaccio.commune)
    }
}

@Suite struct `A civil date` {
    @Test(
        arguments: [
            (0, "1970-01-01"), (1_795_219_200_000, "2026-11-21"), (-86_400_000, "1969-12-31"),
            (951_782_400_000, "2000-02-29"),
        ] as [(Int64, String)])
    func `is the day of an instant`(milliseconds: Int64, day: String) {
        #expect(CivilDate(milliseconds: milliseconds).text == day)
    }

    @Test func `completes what the register does not know in two ways`() {
        let birth: BirthDate = "1992-11"
        #expect(birth.withZeros == "1992-11-00")
        #expect(birth.completed == "1992-11-01")
        #expect((("1975" as BirthDate).withZeros) == "1975-00-00")
    }
}

@Suite struct `A name` {
    @Test(arguments: [
        ("Œilleton", "OEILLETON"), ("D'Estrézelles", "D ESTREZELLES"),
        ("Trouvé-Malavaux", "TROUVE MALAVAUX"), ("Brandão", "BRANDAO"),
    ])
    func `is compared in plain capitals`(name: String, plain: String) {
        #expect(folded(name) == plain)
    }
}
