import Policies
import Testing
import Vocabulary

@Suite struct `A decision` {
    private let set: PolicySet
    private let housing = ["revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference"]

    init() throws {
        set = try Shipped.policySet()
    }

    @Test func `grants each leaf under its form, with the period by default`() throws {
        let decision = set.decide(
            try Shipped.question(
                "dhup/logement-social",
                housing + ["salaires.mensuels[].remuneration_nette_fiscale@somme"],
                recipient: "99900103500016"))
        #expect(decision.isPermitted)
        #expect(
            decision.granted.map(\.request.text) == housing + [
                "salaires.mensuels[].remuneration_nette_fiscale@somme"
            ])
        #expect(decision.rule?.text == "dhup/logement-social@1")
        #expect(decision.retentionDays == 395)
        let taxes = try #require(DatasetID("revenu_fiscal"))
        let wages = try #require(DatasetID("salaires"))
        #expect(decision.periods[taxes] == .year(2024))
        let first = try #require(YearMonth("2025-11"))
        let last = try #require(YearMonth("2026-10"))
        #expect(decision.periods[wages] == .months(from: first, to: last))
    }

    @Test func `names every refused field, and grants nothing`() throws {
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement",
                housing + [
                    "revenu_fiscal.adresse", "quotient_familial.valeur", "revenu_fiscal.inconnu",
                    "demandeur_emploi.est_inscrit@presque", "salaires.mensuels[].mois@annee",
                ]))
        #expect(decision.granted.isEmpty)
        #expect(decision.periods.isEmpty)
        let refusals = decision.refusals.map { "\($0.field ?? "") \($0.reason.rawValue)" }
        #expect(
            refusals == [
                "revenu_fiscal.adresse champ_hors_finalite",
                "quotient_familial.valeur champ_hors_finalite",
                "revenu_fiscal.inconnu champ_inconnu",
                "demandeur_emploi.est_inscrit@presque forme_inconnue",
                "salaires.mensuels[].mois@annee forme_non_autorisee",
            ])
        #expect(decision.refusals.allSatisfy { $0.contact == "finalites@dlnuf.example" })
        #expect(decision.refusals.allSatisfy { $0.rule == "cnaf/aide-logement@1" })
        #expect(decision.refusals.last?.alternative == "salaires.mensuels[].mois")
    }

    @Test func `proposes another purpose of the same service`() throws {
        let decision = set.decide(
            try Shipped.question("cnaf/aide-logement-etudiant", ["demandeur_emploi.est_inscrit"]))
        #expect(decision.refusals.map(\.alternative) == ["cnaf/aide-logement"])
    }

    @Test func `proposes the nearest name of a mistyped field or purpose`() throws {
        let field = set.decide(
            try Shipped.question("cnaf/aide-logement", ["revenu_fiscal.anne_revenus"]))
        #expect(field.refusals.first?.alternative == "revenu_fiscal.annee_revenus")
        let purpose = set.decide(try Shipped.question("cnaf/aide-logemant", housing))
        #expect(purpose.refusals.map(\.reason) == [.finaliteInconnue])
        #expect(purpose.refusals.first?.alternative == "cnaf/aide-logement")
        #expect(purpose.rule == nil)
    }

    @Test func `hides the purposes of other services`() throws {
        let own = try Shipped.question("cnaf/aide-logement", housing)
        let foreign = ExchangeQuestion(
            service: try #require(ServiceID("dss")), recipient: own.recipient,
            purpose: own.purpose, fields: own.fields, periods: [:], mode: .identite,
            initiator: Initiator(), role: nil, now: own.now)
        let decision = set.decide(foreign)
        #expect(decision.refusals.map(\.reason) == [.finaliteInconnue])
        #expect(decision.refusals.first?.alternative == nil)
    }

    @Test func `takes a leaf asked twice once, and refuses it under two forms`() throws {
        let twice = set.decide(
            try Shipped.question("cnaf/aide-logement", [housing[0], housing[0]]))
        #expect(twice.granted.count == 1)
        let address = "quotient_familial.adresse"
        let composite = set.decide(
            try Shipped.question(
                "dhup/logement-social", [address + ".commune", address],
                recipient: "99900103500016"))
        #expect(composite.granted.count == 8)
    }

    @Test(arguments: [
        ("2025-12-31", RefusalReason.habilitationPasEncoreValable),
        ("2029-01-01", RefusalReason.habilitationExpiree),
    ])
    func `holds an habilitation to its dates`(day: String, reason: RefusalReason) throws {
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement-etudiant", ["statut_etudiant.est_inscrit"],
                day: day))
        #expect(decision.refusals.map(\.reason) == [reason])
    }

    @Test func `reads the legal day in Paris`() throws {
        let question = try Shipped.question(
            "cnaf/aide-logement-etudiant", ["statut_etudiant.est_inscrit"], day: "2028-12-31")
        let lastMinute = Timestamp(milliseconds: question.now.milliseconds + 39_540_000)
        let nextDay = Timestamp(milliseconds: lastMinute.milliseconds + 60_000)
        #expect(set.decide(question.at(lastMinute)).isPermitted)
        #expect(!set.decide(question.at(nextDay)).isPermitted)
    }

    @Test func `refuses a period of a data set that is not asked`() throws {
        let other = try #require(DatasetID("salaires"))
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement", housing, periods: [other: RequestedPeriod()]))
        #expect(decision.refusals.map(\.reason) == [.periodeNonAutorisee])
        #expect(decision.refusals.first?.field == "salaires")
    }

    @Test func `names every period of a data set that is not asked`() throws {
        let others = ["salaires", "statut_etudiant"].map { DatasetID(checked: $0) }
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement", housing + ["inconnu.x"],
                periods: [others[0]: RequestedPeriod(), others[1]: RequestedPeriod()]))
        #expect(decision.refusals.map(\.field) == ["inconnu.x", "salaires", "statut_etudiant"])
    }

    @Test func `says under whose registrations a token is introspected`() throws {
        let judged = ["revenu_fiscal.annee_revenus", "demandeur_emploi.est_inscrit"]
        let both = set.decide(
            try Shipped.question(
                "cnaf/aide-logement", judged + ["salaires.mensuels[].mois"], mode: .franceconnect))
        #expect(set.holdersToIntrospectFor(both).map(\.text) == ["gip-mds"])
        let one = set.decide(
            try Shipped.question("cnaf/aide-logement", judged, mode: .franceconnect))
        #expect(set.holdersToIntrospectFor(one).count == 1)
    }

    @Test func `tells the period that would do`() throws {
        let taxes = try #require(DatasetID("revenu_fiscal"))
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement", housing, periods: [taxes: RequestedPeriod(year: 2020)]))
        #expect(decision.refusals.map(\.alternative) == ["{\"annee\": 2024}", "{\"annee\": 2024}"])
    }

    @Test func `refuses what no connector serves in this mode`() throws {
        let bare = try Shipped.policySet { catalogue in
            Shipped.everyHolder(catalogue).filter {
                $0.dataset.text != "salaires" || $0.mode == .franceconnect
            }
        }
        let decision = bare.decide(
            try Shipped.question("cnaf/aide-logement", ["salaires.mensuels[].mois"]))
        #expect(decision.refusals.map(\.reason) == [.modeNonServi])
        #expect(decision.refusals.first?.alternative == "franceconnect")
    }

    @Test func `refuses a holder that returns no identity, unless the purpose accepts it`() throws {
        let blind = try Shipped.policySet { catalogue in
            Shipped.everyHolder(catalogue).map { $0.withoutIdentity }
        }
        let refused = blind.decide(
            try Shipped.question("cnaf/aide-logement", ["demandeur_emploi.est_inscrit"]))
        #expect(refused.refusals.map(\.reason) == [.concordanceImpossible])
        let accepted = blind.decide(
            try Shipped.question(
                "cnaf/prime-activite", ["demandeur_emploi.indemnites[].date_versement"]))
        #expect(accepted.isPermitted)
    }

    @Test func `never grants more once a field has left the policy`() throws {
        let purpose = try #require(PurposeID("cnaf/aide-logement"))
        let policy = try #require(set[purpose])
        let question = try Shipped.question("cnaf/aide-logement", policy.fields.map(\.path.text))
        #expect(set.decide(question).isPermitted)
        for index in policy.fields.indices {
            let less = try Shipped.policySet(without: index, of: policy.id)
            #expect(!less.decide(question).isPermitted)
            #expect(less.decide(question).granted.isEmpty)
        }
    }
}

@Suite struct `A ruling` {
    private let set: PolicySet
    private let student = ["statut_etudiant.est_inscrit"]

    init() throws {
        set = try Shipped.policySet()
    }

    @Test func `yields asks that hold what was granted, one for each data set`() throws {
        let decision = set.decide(
            try Shipped.question(
                "dhup/logement-social",
                ["revenu_fiscal.annee_revenus", "quotient_familial.adresse"],
                recipient: "99900103500016"))
        let asks = try spend(decision, .identity(identifiers: []))
        #expect(asks.map(\.service.holder.text).sorted() == ["cnav", "dgfip"])
        #expect(asks.map(\.leaves.count).sorted() == [1, 8])
        #expect(asks.allSatisfy { $0.read == Set($0.leaves.map(\.contract.path)) })
    }

    @Test(
        arguments: [
            ("fc:cnaf", AssuranceLevel.eidas1, [], RefusalReason.porteeAbsente),
            ("fc:autre", .eidas1, ["mesri_admissions"], .clientFranceConnectNonAutorise),
            (nil, .eidas3, ["mesri_admissions"], .clientFranceConnectNonAutorise),
            ("fc:cnaf", .eidas2, ["mesri_admissions"], nil),
        ] as [(String?, AssuranceLevel, Set<String>, RefusalReason?)])
    func `checks the token's client, level and scopes`(
        client: String?, level: AssuranceLevel, scopes: Set<String>, reason: RefusalReason?
    ) throws {
        let decision = set.decide(
            try Shipped.question(
                "cnaf/aide-logement-etudiant", student, mode: .franceconnect))
        #expect(decision.requiredLevel == .eidas1)
        let facts = PersonFacts.franceConnect(
            client: client.map { FranceConnectClient(symbol: $0) }, level: level,
            scopes: [try #require(HolderID("mesri")): scopes], identifiers: [])
        let ruling = set.rule(on: decision, person: facts)
        #expect(ruling.decision.refusals.map(\.reason) == (reason.map { [$0] } ?? []))
        let permit = ruling.takePermit()
        if permit == nil { #expect(reason != nil) } else { #expect(reason == nil) }
    }

    @Test(arguments: [
        (AssuranceLevel.eidas1, [RefusalReason.niveauInsuffisant]), (.eidas2, []), (.eidas3, []),
    ])
    func `compares levels by rank`(level: AssuranceLevel, reasons: [RefusalReason]) throws {
        let purpose = try #require(PurposeID("cnaf/aide-logement-etudiant"))
        let bytes = try Shipped.bytes("policies/\(purpose.text)/policy.json")
        let text = String(decoding: bytes, as: UTF8.self).replacing("eidas1", with: "eidas2")
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: set.catalogue,
            service: set.services[purpose.service])
        let strict = PolicySet(
            generation: "strict", catalogue: set.catalogue, services: try Shipped.services(),
            policies: [try #require(reading.value)], holders: set.holders)
        let decision = strict.decide(
            try Shipped.question(purpose.text, student, mode: .franceconnect))
        #expect(decision.requiredLevel == .eidas2)
        let facts = PersonFacts.franceConnect(
            client: FranceConnectClient(symbol: "fc:cnaf"), level: level,
            scopes: [HolderID(checked: "mesri"): ["mesri_admissions"]], identifiers: [])
        #expect(strict.rule(on: decision, person: facts).decision.refusals.map(\.reason) == reasons)
        #expect(permits(strict, decision, facts) == reasons.isEmpty)
    }

    @Test func `wants the identifier that a holder needs, and no other`() throws {
        let decision = set.decide(
            try Shipped.question("cnaf/aide-logement", ["demandeur_emploi.est_inscrit"]))
        #expect(decision.neededIdentifiers == [.identifiantFranceTravail])
        let without = set.rule(on: decision, person: .identity(identifiers: []))
        #expect(without.decision.refusals.map(\.reason) == [.identifiantManquant])
        let foreign = set.rule(
            on: decision, person: .identity(identifiers: [.identifiantFranceTravail, .ine]))
        #expect(foreign.decision.refusals.map(\.reason) == [.identifiantNonAutorise])
        #expect(try spend(decision, .identity(identifiers: [.identifiantFranceTravail])).count == 1)
    }

    @Test func `gives no permit for another mode, another generation or a refusal`() throws {
        let decision = set.decide(try Shipped.question("cnaf/aide-logement-etudiant", student))
        let otherMode = PersonFacts.franceConnect(
            client: nil, level: .eidas3, scopes: [:], identifiers: [])
        #expect(permits(set, decision, otherMode) == false)
        let other = PolicySet(
            generation: "autre", catalogue: set.catalogue, services: try Shipped.services(),
            policies: set.policies, holders: set.holders)
        #expect(permits(other, decision, .identity(identifiers: [])) == false)
        let refused = set.decide(try Shipped.question("cnaf/aide-logement-etudiant", ["x.y"]))
        #expect(permits(set, refused, .identity(identifiers: [])) == false)
        #expect(permits(set, decision, .identity(identifiers: [])))
    }

    private func permits(
        _ set: PolicySet, _ decision: Decision, _ facts: PersonFacts
    ) -> Bool {
        let ruling = set.rule(on: decision, person: facts)
        guard ruling.takePermit() != nil else {
            return false
        }
        return true
    }

    private func spend(_ decision: Decision, _ facts: PersonFacts) throws -> [HolderAsk] {
        let ruling = set.rule(on: decision, person: facts)
        let exchange = ExchangeID(time: Timestamp(milliseconds: 0), random: Array(0..<10))
        let pivot = PivotIdentity(
            birthName: "ESSAI", usageName: nil, givenNames: ["Ada"], birthDate: .year(1990),
            mayBePresumed: false, sex: .feminin, birthCountry: "99100", birthCommune: "75056")
        let usager = Usager.identity(pivot: Sensitive(pivot), identifiers: [:])
        guard let permit = ruling.takePermit() else {
            return []
        }
        return permit.spend(for: usager, in: exchange)
    }
}

extension ExchangeQuestion {
    func at(_ now: Timestamp) -> ExchangeQuestion {
        ExchangeQuestion(
            service: service, recipient: recipient, purpose: purpose, fields: fields,
            periods: periods, mode: mode, initiator: initiator, role: role, now: now)
    }
}

extension HolderService {
    fileprivate var withoutIdentity: HolderService {
        HolderService(
            holder: holder, dataset: dataset, mode: mode, fields: fields, neededIdentifier: nil,
            introspectsToken: introspectsToken, receivesIdentity: receivesIdentity,
            returnsIdentity: false)
    }
}
