import Policies
import Testing
import Vocabulary

@Suite struct `A holder with a level of its own` {
    private let fields = [
        "revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference",
        "salaires.mensuels[].mois",
    ]

    private func set(_ level: AssuranceLevel?) throws -> PolicySet {
        try Shipped.policySet { catalogue in
            Shipped.everyHolder(catalogue).map {
                $0.dataset.text == "revenu_fiscal" && $0.mode == .franceconnect
                    ? $0.demanding(level) : $0
            }
        }
    }

    private func facts(_ level: AssuranceLevel) -> PersonFacts {
        .franceConnect(
            client: FranceConnectClient(symbol: "fc:cnaf"), level: level,
            scopes: [HolderID(checked: "gip-mds"): ["dlnuf_gip_mds_salaires"]], identifiers: [])
    }

    @Test(
        arguments: [
            (nil, AssuranceLevel.eidas1), (.eidas1, .eidas1), (.eidas2, .eidas2),
            (.eidas3, .eidas3),
        ] as [(AssuranceLevel?, AssuranceLevel)])
    func `raises the level that the first decision states`(
        own: AssuranceLevel?, stated: AssuranceLevel
    ) throws {
        let set = try set(own)
        let question = try Shipped.question("cnaf/aide-logement", fields, mode: .franceconnect)
        let decision = set.decide(question)
        #expect(decision.isPermitted, "\(decision.refusals)")
        #expect(decision.requiredLevel == stated)
        let other = set.decide(
            try Shipped.question(
                "cnaf/aide-logement", ["salaires.mensuels[].mois"], mode: .franceconnect))
        #expect(other.requiredLevel == .eidas1)
        let identity = set.decide(try Shipped.question("cnaf/aide-logement", fields))
        #expect(identity.requiredLevel == nil)
    }

    @Test func `refuses a token good enough for the purpose, field by field`() throws {
        let set = try set(.eidas2)
        let decision = set.decide(
            try Shipped.question("cnaf/aide-logement", fields, mode: .franceconnect))
        let refused = set.rule(on: decision, person: facts(.eidas1)).decision
        #expect(refused.refusals.map(\.reason) == [.niveauNonServi, .niveauNonServi])
        #expect(refused.refusals.map(\.field) == [fields[0], fields[1]])
        #expect(refused.refusals.allSatisfy { $0.alternative == "eidas2" })
        #expect(refused.refusals.allSatisfy { $0.reason.isOfToken })
        #expect(refused.granted.isEmpty)
        for level in [AssuranceLevel.eidas2, .eidas3] {
            #expect(set.rule(on: decision, person: facts(level)).decision.isPermitted)
        }
    }

    @Test func `lets a token below both go straight to the level that suffices`() throws {
        let whole = try set(.eidas3)
        let policy = try #require(whole.policies.first { $0.id.text == "cnaf/aide-logement" })
        let text = String(
            decoding: try Shipped.bytes("policies/\(policy.id.text)/policy.json"), as: UTF8.self)
        let reading = readPolicy(
            Array(text.replacing("eidas1", with: "eidas2").utf8), of: policy.id,
            catalogue: whole.catalogue, service: whole.services[policy.id.service])
        let strict = PolicySet(
            generation: "strict", catalogue: whole.catalogue, services: try Shipped.services(),
            policies: [try #require(reading.value)], holders: whole.holders)
        let decision = strict.decide(
            try Shipped.question(policy.id.text, fields, mode: .franceconnect))
        let refused = strict.rule(on: decision, person: facts(.eidas1)).decision
        #expect(refused.refusals.map(\.reason) == [.niveauInsuffisant])
        #expect(refused.refusals.map(\.alternative) == ["eidas3"])
    }
}

extension HolderService {
    fileprivate func demanding(_ level: AssuranceLevel?) -> HolderService {
        HolderService(
            holder: holder, dataset: dataset, mode: mode, fields: fields,
            neededIdentifier: neededIdentifier, introspectsToken: introspectsToken,
            receivesIdentity: receivesIdentity, returnsIdentity: returnsIdentity,
            minimumLevel: level)
    }
}
