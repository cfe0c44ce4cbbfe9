import Foundation
import Policies
import Testing
import Vocabulary

/// What `champs_interdits` names is refused, whatever else the same policy permits.
@Suite struct `A forbidden field` {
    private let whole: PolicySet

    init() throws {
        whole = try Shipped.policySet()
    }

    /// The housing policy, with other prohibitions.
    private func set(forbidding fields: [String]) throws -> PolicySet {
        let purpose = try #require(PurposeID("dhup/logement-social"))
        let bytes = try Shipped.bytes("policies/\(purpose.text)/policy.json")
        var document = try #require(
            try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        document["champs_interdits"] = fields
        let reading = readPolicy(
            Array(try JSONSerialization.data(withJSONObject: document)), of: purpose,
            catalogue: whole.catalogue, service: whole.services[purpose.service])
        return PolicySet(
            generation: "essai", catalogue: whole.catalogue, services: try Shipped.services(),
            policies: [try #require(reading.value, "\(reading.mistakes)")],
            holders: whole.holders)
    }

    private func refusals(
        _ fields: [String], forbidding forbidden: [String]
    ) throws -> [RefusalReason] {
        let question = try Shipped.question(
            "dhup/logement-social", fields, recipient: "99900103500016")
        return try set(forbidding: forbidden).decide(question).refusals.map(\.reason)
    }

    @Test(
        arguments: [
            // Nothing forbidden.
            ([], "quotient_familial.adresse", false),
            ([], "quotient_familial.adresse.commune", false),
            // A leaf of a composite field that a rule permits.
            (["quotient_familial.adresse.commune"], "quotient_familial.adresse.commune", true),
            (["quotient_familial.adresse.commune"], "quotient_familial.adresse", true),
            (["quotient_familial.adresse.commune"], "quotient_familial.adresse.code_postal", false),
            // A composite field, of which a rule permits the whole or one leaf.
            (["quotient_familial.adresse"], "quotient_familial.adresse", true),
            (["quotient_familial.adresse"], "quotient_familial.adresse.code_postal", true),
            (["quotient_familial.enfants[]"], "quotient_familial.enfants[].prenoms", true),
            // A leaf under another form than its value.
            (
                ["salaires.mensuels[].remuneration_nette_fiscale"],
                "salaires.mensuels[].remuneration_nette_fiscale@somme", true
            ),
        ] as [([String], String, Bool)])
    func `wins over every rule`(
        forbidden: [String], field: String, isRefused: Bool
    ) throws {
        #expect(try refusals([field], forbidding: forbidden) == (isRefused ? [.champInterdit] : []))
    }

    @Test func `refuses the whole request with it`() throws {
        let question = try Shipped.question(
            "dhup/logement-social",
            ["quotient_familial.adresse.code_postal", "quotient_familial.adresse.commune"],
            recipient: "99900103500016")
        let decision = try set(forbidding: ["quotient_familial.adresse.commune"]).decide(question)
        #expect(!decision.isPermitted && decision.granted.isEmpty)
        #expect(decision.refusals.map(\.field) == ["quotient_familial.adresse.commune"])
    }
}
