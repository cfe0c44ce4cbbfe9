import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `The bounds of a policy document` {
    private let catalogue: Catalogue
    private let purpose: PurposeID
    private let whole: String

    init() throws {
        catalogue = try Shipped.catalogue()
        purpose = try #require(PurposeID("cnaf/rsa"))
        whole = String(
            decoding: try Shipped.bytes("policies/cnaf/rsa/policy.json"), as: UTF8.self)
    }

    private func read(_ text: String) -> DocumentReading<Policy> {
        readPolicy(Array(text.utf8), of: purpose, catalogue: catalogue, service: nil)
    }

    @Test func `are read, what they leave out being the gateway's own`() throws {
        let bounds = try #require(read(whole).value).bounds
        #expect(bounds.perPersonAndDossier?.calls == 12)
        #expect(bounds.perPersonAndDossier?.period == .mois)
        #expect(bounds.perDay == 50_000 && bounds.perSecond == 50)
        #expect(bounds.probing.personsPerDay == 5000 && bounds.probing.personsPerDossier == 8)
        #expect(bounds.probing.missesPerHour == ProbingLimits.usual.missesPerHour)
    }

    @Test(arguments: [
        ("\"par_jour\": 50000", "\"par_jour\": 0", "bornes.par_jour"),
        ("\"par_jour\": 50000", "\"par_jours\": 50000", "bornes.par_jours"),
        ("\"par_jour\": 50000", "\"par_jour\": \"50000\"", "bornes.par_jour"),
        ("\"par_jour\": 50000", "\"par_jour\": 49", "bornes"),
        ("\"appels\": 12", "\"appels\": 1.5", "bornes.par_personne_et_dossier.appels"),
        ("\"appels\": 12,", "", "bornes.par_personne_et_dossier"),
        ("\"par\": \"mois\"", "\"par\": \"heure\"", "bornes.par_personne_et_dossier.par"),
        (
            "\"personnes_par_dossier\": 8", "\"personnes_par_dossier\": 8000",
            "bornes.sondage.personnes_par_dossier"
        ),
        (
            "\"personnes_par_dossier\": 8", "\"echecs_sur_cent\": 100",
            "bornes.sondage.echecs_sur_cent"
        ),
    ])
    func `are refused with their place and a remedy`(
        old: String, new: String, path: String
    ) throws {
        let text = whole.replacing(old, with: new)
        #expect(text != whole)
        let reading = read(text)
        #expect(reading.value == nil)
        let mistake = try #require(
            reading.mistakes.first { $0.path.hasPrefix(path) }, "\(reading.mistakes)")
        #expect(!mistake.remedy.isEmpty && mistake.position.line > 1)
    }

    @Test func `against probing go with the identity mode alone`() throws {
        let text = whole.replacing(
            #/"identite": \{\s*"identifiants": \[[^\]]*\]\s*\}/#, with: "\"franceconnect\": {}")
        #expect(
            read(text.replacing(#/,\s*"franceconnect": \{\}/#, with: "")).mistakes.contains {
                $0.path == "bornes.sondage" && $0.message.contains("mode identité")
            })
    }
}

@Suite struct `The counts of an exchange` {
    private let policies: PolicySet

    init() throws {
        policies = try Shipped.policySet()
    }

    private func claims(_ purpose: String, _ mode: Mode) throws -> [Bound] {
        let purpose = try #require(PurposeID(purpose))
        return try #require(policies[purpose]).bounds.claims(in: mode).map(\.bound)
    }

    @Test func `are those of its purpose, and in the identity mode those against probing`() throws {
        #expect(
            try claims("cnaf/rsa", .franceconnect)
                == [.parJour, .parSeconde, .parPersonneEtDossier])
        #expect(
            try claims("commune-demo/tarification-cantine", .identite)
                == [.parJour, .personnesParJour, .personnesParDossier, .variantesParJour])
        #expect(Bounds.none.claims(in: .franceconnect).isEmpty)
    }

    @Test func `come with the permit alone`() throws {
        let decision = try permitted()
        let ruling = policies.rule(on: decision, person: .identity(identifiers: []))
        guard let permit = ruling.takePermit() else {
            Issue.record("no permit")
            return
        }
        let bounds = permit.claims.map(\.bound)
        #expect(bounds.contains(.parPersonneEtDossier))
    }

    private static let counts: [(counts: [FoundCount], reasons: [RefusalReason])] = [
        ([FoundCount(counter: "par_jour", found: 50_000, limit: 50_000)], []),
        ([FoundCount(counter: "par_jour", found: 50_001, limit: 50_000)], [.borneAtteinte]),
        (
            [
                FoundCount(counter: "par_jour", found: 9, limit: 8),
                FoundCount(counter: "par_seconde", found: 51, limit: 50),
                FoundCount(counter: "par_personne_et_dossier", found: 13, limit: 12),
            ], [.borneAtteinte, .borneParPersonneAtteinte]
        ),
        (
            [
                FoundCount(counter: "par_jour", found: 9, limit: 8),
                FoundCount(counter: "variantes_par_jour", found: 6, limit: 5),
            ], [.sondagePresume]
        ),
        ([FoundCount(counter: "compteur-disparu", found: 9, limit: 8)], []),
    ]

    @Test(arguments: counts)
    func `make a refusal where one is beyond its limit`(
        counts: [FoundCount], reasons: [RefusalReason]
    ) throws {
        let decision = try permitted()
        let judged = policies.judge(decision, by: counts)
        #expect(judged.refusals.map(\.reason) == reasons)
        #expect(judged.isPermitted == reasons.isEmpty)
        #expect(reasons.isEmpty || judged.granted.isEmpty)
        #expect(judged.refusals.allSatisfy { $0.rule == "cnaf/rsa@1" && $0.contact != nil })
        #expect(judged.refusals.allSatisfy { $0.alternative == nil })
    }

    private func permitted() throws -> Decision {
        let decision = policies.decide(
            try Shipped.question(
                "cnaf/rsa", ["salaires.mensuels[].mois"], recipient: "99900108400014",
                initiator: Initiator(quality: .agent, agent: Sensitive("a-1"))))
        try #require(decision.isPermitted, "\(decision.refusals)")
        return decision
    }
}
