import Cryptography
import Testing
import Vocabulary

@testable import Journal

@Suite struct `A pseudonym` {
    @Test func `is the HMAC that Python computes`() throws {
        let mark = try #require(Sample.keyring.person(Sample.pivot, at: Sample.instant))
        #expect(mark.key == "pseudonymes-2026")
        #expect(
            Hex.encode(mark.pseudonym)
                == "baf30891bf1f83b5f5310901d6ac73c159c874b475304b9b1e53c8f3e8f0f683"
        )
        #expect(
            mark.fullPseudonym.map(Hex.encode)
                == "24aedd5eefaf45bd42dbd634a6d40977568b50945babb669bcf8c77c95070c11"
        )
    }

    @Test func `uses another key and another domain for counters and dossiers`() throws {
        let service = try #require(ServiceID("cnaf"))
        let counter = Sample.keyring.counterKeys(of: Sample.pivot, at: Sample.instant)
        #expect(counter?.person != counter?.namesakes)
        #expect(
            counter.map { Hex.encode($0.person.digest) }
                == "5a7c65262635c03aa9d3e2afdf3d768fadf359ecc488d02f1eb2243aede5c470"
        )
        let dossier = Sample.keyring.dossier("D-1", of: service, at: Sample.instant)
        #expect(dossier?.key == "compteurs-2026")
        #expect(
            dossier.map { Hex.encode($0.digest) }
                == "9f475fe382e5e5991740827cca7c32e30f47ff311a716a732816e0b5f7bb99f0"
        )
    }

    @Test(arguments: [
        ("ÉLUARD  COEUR", ["ANAÏS", "Zoe"]), ("eluard'cœur", ["Anais", "ZOÉ"]),
        (" Éluard-Cœur ", ["anaïs", " zoé"]),
    ])
    func `is the same however the names are typed`(name: String, givenNames: [String]) {
        let typed = pivot(name: name, givenNames: givenNames)
        #expect(
            Sample.keyring.person(typed, at: Sample.instant)
                == Sample.keyring.person(Sample.pivot, at: Sample.instant)
        )
    }

    @Test func `separates homonyms by their other given names alone`() throws {
        let homonym = pivot(name: "Éluard-Cœur", givenNames: ["Anaïs", "Marie"])
        let first = try #require(Sample.keyring.person(Sample.pivot, at: Sample.instant))
        let other = try #require(Sample.keyring.person(homonym, at: Sample.instant))
        #expect(first.pseudonym == other.pseudonym)
        #expect(first.fullPseudonym != other.fullPseudonym)
    }

    @Test func `keeps components apart by their lengths`() throws {
        let left = pivot(name: "AB", givenNames: ["C"])
        let right = pivot(name: "A", givenNames: ["BC"])
        let leftMark = try #require(Sample.keyring.person(left, at: Sample.instant))
        let rightMark = try #require(Sample.keyring.person(right, at: Sample.instant))
        #expect(leftMark.pseudonym != rightMark.pseudonym)
        #expect(leftMark.fullPseudonym == nil)
    }

    @Test func `takes the key of the legal year, and none where there is none`() {
        // 31 December 2026, 23:30 UTC is 2027 in Paris.
        let newYear = Timestamp(milliseconds: 1_798_759_800_000)
        #expect(newYear.parisDate.year == 2027)
        #expect(Sample.keyring.person(Sample.pivot, at: newYear) == nil)
        #expect(!Sample.keyring.covers(newYear))
        #expect(Sample.keyring.covers(Sample.instant))
    }

    @Test(arguments: [
        ("Œdipe", "OEDIPE"), ("NGUYỄN", "NGUYEN"), ("Łukasz", "LUKASZ"), ("Straße", "STRASSE"),
        ("d'Ørsted--Ça", "D ORSTED CA"), ("e\u{301}te\u{301}", "ETE"), ("ÿ Æ Þ", "Y AE TH"),
        ("Ж", "U1046"), ("  -  ", ""), ("’Abd", "ABD"),
    ])
    func `folds names to ASCII capitals`(name: String, folded: String) {
        #expect(foldedToCapitals(name) == folded)
    }

    private func pivot(name: String, givenNames: [String]) -> PivotIdentity {
        PivotIdentity(
            birthName: name,
            usageName: nil,
            givenNames: givenNames,
            birthDate: .year(1990),
            mayBePresumed: true,
            sex: .feminin,
            birthCountry: PivotIdentity.france,
            birthCommune: "2A004"
        )
    }
}
