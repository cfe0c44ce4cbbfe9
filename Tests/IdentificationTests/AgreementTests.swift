import TestSupport
import Testing
import Vocabulary

@testable import Identification

private func pivot(
    name: String = "Dubinôre", usage: String? = nil, given: [String] = ["Joëlle", "Françoise"],
    date: String = "1962-08-24", presumed: Bool = false, sex: Sex = .feminin,
    country: String = "99100", commune: String? = "75107"
) throws -> PivotIdentity {
    PivotIdentity(
        birthName: name, usageName: usage, givenNames: given,
        birthDate: try #require(PartialDate(date)), mayBePresumed: presumed, sex: sex,
        birthCountry: country, birthCommune: commune)
}

private func returned(
    _ name: String? = "DUBINORE", _ given: String? = "JOELLE FRANCOISE",
    _ date: String? = "1962-08-24", _ tolerances: ReturnedIdentity.Tolerances = .init()
) -> ReturnedIdentity {
    ReturnedIdentity(
        birthName: name, givenNames: given, birthDate: date.flatMap { PartialDate($0) },
        tolerances: tolerances)
}

@Suite struct `A holder's identity` {
    @Test func `agrees when each trait does`() throws {
        var identity = returned()
        #expect(agreement(of: try pivot(), with: identity) == .agrees)
        identity.sex = .feminin
        identity.birthCountry = "99100"
        identity.birthCommune = "75107"
        #expect(agreement(of: try pivot(), with: identity) == .agrees)
    }

    @Test func `disagrees when one trait does`() throws {
        let pivot = try pivot()
        #expect(agreement(of: pivot, with: returned("DUBOIS")) == .disagrees)
        #expect(agreement(of: pivot, with: returned("DUBINORE", "JOELLE")) == .disagrees)
        #expect(
            agreement(of: pivot, with: returned("DUBINORE", nil, "1962-08-25")) == .disagrees)
        for change in [
            { (identity: inout ReturnedIdentity) in identity.sex = .masculin },
            { $0.birthCountry = "99352" }, { $0.birthCommune = "75108" },
            { $0.birthCommune = "99352" },
        ] {
            var identity = returned()
            change(&identity)
            #expect(agreement(of: pivot, with: identity) == .disagrees)
        }
    }

    @Test func `cannot be compared when it says too little`() throws {
        let pivot = try pivot()
        #expect(agreement(of: pivot, with: returned("DUBINORE", nil, nil)) == .notComparable)
        #expect(agreement(of: pivot, with: returned(nil)) == .notComparable)
        #expect(agreement(of: pivot, with: ReturnedIdentity()) == .notComparable)
        #expect(agreement(of: pivot, with: returned("", "")) == .notComparable)
        #expect(
            agreement(of: pivot, with: ReturnedIdentity(sex: .feminin)) == .notComparable)
        #expect(agreement(of: pivot, with: ReturnedIdentity(sex: .masculin)) == .disagrees)
    }

    @Test func `may be cut where the holder is declared to cut`() throws {
        let pivot = try pivot(name: "Trois-Dupré", given: ["Mélissandre", "Juliette"])
        let cut = ReturnedIdentity.Tolerances(birthNameCut: 7, givenNamesCut: 13)
        #expect(agreement(of: pivot, with: returned("TROIS D", "MELISSANDRE J", nil)) == .disagrees)
        #expect(
            agreement(of: pivot, with: returned("TROIS-D", "MELISSANDRE J", nil, cut)) == .agrees)
        #expect(
            agreement(of: pivot, with: returned("TROIS-", "MELISSANDRE J", nil, cut)) == .disagrees)
        #expect(
            agreement(of: pivot, with: returned("TROIS-D", "MELISSANDRE", nil, cut)) == .disagrees)
        #expect(
            agreement(of: pivot, with: returned("TROIS-DUPRE", "MELISSANDRE JULIETTE", nil, cut))
                == .agrees)
    }

    @Test func `may be cut before or after a ligature came apart`() throws {
        let pivot = try pivot(name: "Œuvrard")
        let cut = ReturnedIdentity.Tolerances(birthNameCut: 4)
        #expect(agreement(of: pivot, with: returned("OEUV", nil, "1962-08-24", cut)) == .agrees)
        #expect(agreement(of: pivot, with: returned("ŒUVR", nil, "1962-08-24", cut)) == .agrees)
        #expect(
            agreement(of: pivot, with: returned("OEUVRA", nil, "1962-08-24", cut)) == .disagrees)
    }

    @Test func `may hold the first given name alone where that is declared`() throws {
        let pivot = try pivot(given: ["Jean Pierre", "Paul"])
        let first = ReturnedIdentity.Tolerances(isFirstGivenNameOnly: true)
        for (names, verdict) in [
            ("Jean-Pierre", Agreement.agrees), ("JEAN PIERRE PAUL", .agrees), ("JEAN", .disagrees),
            ("PAUL", .disagrees), ("JEAN PAUL", .disagrees),
        ] {
            #expect(agreement(of: pivot, with: returned("DUBINORE", names, nil, first)) == verdict)
        }
    }

    @Test func `may hold the usage name where that is declared`() throws {
        let married = try pivot(usage: "Mercier")
        let usage = ReturnedIdentity.Tolerances(isUsageNameAccepted: true)
        #expect(agreement(of: married, with: returned("MERCIER")) == .disagrees)
        let accepted = returned("MERCIER", nil, "1962-08-24", usage)
        #expect(agreement(of: married, with: accepted) == .agrees)
        #expect(agreement(of: try pivot(), with: accepted) == .disagrees)
        var identity = accepted
        (identity.birthName, identity.usageName) = (nil, "MERCIER")
        #expect(agreement(of: married, with: identity) == .agrees)
        identity.tolerances = .init()
        #expect(agreement(of: married, with: identity) == .notComparable)
    }

    @Test(arguments: [
        ("1992-11-01", true, "1992-11", Agreement.agrees),
        ("1992-11-01", false, "1992-11", .disagrees),
        ("1992-01-01", true, "1992", .agrees), ("1992-01-01", true, "1992-01", .agrees),
        ("1992-11-01", true, "1992", .disagrees), ("1992-11-02", true, "1992-11", .disagrees),
        ("1992-11-01", true, "1992-11-02", .disagrees),
        ("1992", true, "1992", .agrees), ("1992", true, "1992-01-01", .agrees),
        ("1992", true, "1992-05-17", .disagrees), ("1992-05", true, "1992-05-01", .agrees),
        ("1992-05", true, "1992-05-17", .disagrees), ("1992-05", true, "1992", .disagrees),
    ])
    func `may leave out or complete what is unknown of a date, and no more`(
        date: String, presumed: Bool, given: String, verdict: Agreement
    ) throws {
        let pivot = try pivot(date: date, presumed: presumed)
        #expect(agreement(of: pivot, with: returned("DUBINORE", nil, given)) == verdict)
    }

    @Test func `does not disagree on a sex that is undetermined`() throws {
        var identity = returned()
        identity.sex = .masculin
        #expect(agreement(of: try pivot(sex: .indetermine), with: identity) == .agrees)
    }

    @Test func `may write the country where it has no commune`() throws {
        var identity = returned()
        identity.birthCommune = "99352"
        let abroad = try pivot(country: "99352", commune: nil)
        #expect(agreement(of: abroad, with: identity) == .agrees)
        identity.birthCommune = "99350"
        #expect(agreement(of: abroad, with: identity) == .disagrees)
    }

    @Test(arguments: 0..<300)
    func `agrees with its own pivot, and never with one of another name or date`(seed: UInt64) {
        var generator = Seeded(seed)
        let pivot = generator.pivot()
        let tolerances = ReturnedIdentity.Tolerances(
            birthNameCut: Bool.random(using: &generator)
                ? Int.random(in: 3...30, using: &generator) : nil,
            givenNamesCut: Bool.random(using: &generator)
                ? Int.random(in: 3...30, using: &generator) : nil,
            isFirstGivenNameOnly: Bool.random(using: &generator),
            isUsageNameAccepted: Bool.random(using: &generator))
        var identity = ReturnedIdentity(
            birthName: foldedToCapitals(pivot.birthName),
            givenNames: tolerances.isFirstGivenNameOnly
                ? pivot.givenNames[0] : pivot.givenNames.joined(separator: ","),
            birthDate: pivot.birthDate, sex: pivot.sex, birthCountry: pivot.birthCountry,
            birthCommune: pivot.birthCommune, tolerances: tolerances)
        #expect(agreement(of: pivot, with: identity) == .agrees)
        let good = identity
        identity.birthName = "Z" + (identity.birthName ?? "")
        #expect(agreement(of: pivot, with: identity) == .disagrees)
        identity = good
        identity.givenNames = "Z" + (identity.givenNames ?? "")
        #expect(agreement(of: pivot, with: identity) == .disagrees)
        identity = good
        identity.birthDate = PartialDate("1861-03-02")
        #expect(agreement(of: pivot, with: identity) == .disagrees)
    }

    @Test(arguments: 0..<300)
    func `is never accepted with fewer tolerances than it needs`(seed: UInt64) {
        var generator = Seeded(seed)
        let (pivot, other) = (generator.pivot(), generator.pivot())
        let identity = ReturnedIdentity(
            birthName: other.birthName, givenNames: other.givenNames.joined(separator: " "),
            birthDate: pivot.birthDate)
        let isSame =
            foldedToCapitals(pivot.birthName) == foldedToCapitals(other.birthName)
            && foldedToCapitals(pivot.givenNames.joined(separator: " "))
                == foldedToCapitals(other.givenNames.joined(separator: " "))
        #expect((agreement(of: pivot, with: identity) == .agrees) == isSame)
    }
}
