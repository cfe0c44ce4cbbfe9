import Exchanges
import Foundation
import JSONText
import Policies
import Reviews
import Testing
import Vocabulary

@Suite struct `A difference between policies` {
    private let policies: PolicySet
    private let day: CalendarDate

    init() throws {
        policies = try Shipped.policies()
        day = try #require(CalendarDate("2026-11-20"))
    }

    private func diff(
        _ purpose: String, _ change: (inout [String: Any]) throws -> Void
    ) throws -> PurposeDiff {
        let id = try #require(PurposeID(purpose))
        var document = try Shipped.document(purpose)
        try change(&document)
        let after = try #require(try policies.replacing(id, by: document))
        let diff = PolicyDiff(from: policies, to: after, on: day)
        #expect(diff.purposes.map(\.purpose) == [id])
        _ = try parseJSON(diff.json)
        #expect(diff.text.contains(purpose))
        return try #require(diff.purposes.first)
    }

    @Test func `is nothing between a set and itself`() {
        let diff = PolicyDiff(from: policies, to: policies, on: day)
        #expect(diff.purposes.isEmpty && diff.text == "Aucune différence.\n")
    }

    @Test func `says which town loses its access and from when`() throws {
        let diff = try diff("commune-demo/tarification-cantine") { document in
            var all = try #require(document["habilitations"] as? [[String: Any]])
            all[1]["au"] = "2027-06-30"
            document["habilitations"] = all
            document["version"] = 2
        }
        #expect(diff.changes(.opens).isEmpty && diff.warnings.isEmpty)
        #expect(
            diff.changes(.closes).map(\.sentence) == [
                "Commune de Démonstration-les-Bains (démonstration) (99900107600010) perd l'accès "
                    + "du 1er juillet 2027 au 31 décembre 2028."
            ])
        #expect(diff.decisions.isEmpty)
    }

    @Test func `sets apart what opens, and runs the decisions`() throws {
        let diff = try diff("cnaf/aide-logement") { document in
            var fields = try #require(document["champs"] as? [[String: Any]])
            fields[4] = [
                "champ": "revenu_fiscal.nombre_parts",
                "justification": "Le barème dépend du nombre de parts du foyer.",
                "formes": [["forme": "valeur"]],
            ]
            document["champs"] = fields
            document["version"] = 2
        }
        let opening = try #require(diff.changes(.opens).first)
        #expect(opening.member == "champs")
        #expect(opening.sentence.contains("revenu_fiscal.nombre_parts"))
        #expect(
            diff.changes(.closes).contains {
                $0.sentence.contains("demandeur_emploi.est_inscrit")
            })
        let gained = diff.decisions.filter(\.isPermitted)
        #expect(Set(gained.map(\.request)) == ["revenu_fiscal.nombre_parts"])
        #expect(gained.allSatisfy { $0.reasons == [.champHorsFinalite] })
        #expect(Set(gained.map(\.mode)) == Set(Mode.allCases))
        #expect(diff.decisions.contains { $0.request == "demandeur_emploi.est_inscrit" })
    }

    @Test func `warns of another content under the same version`() throws {
        let same = try diff("cnaf/rsa") { $0["contact"] = "autre@dlnuf.example" }
        #expect(same.warnings.first?.hasPrefix("Le contenu change et la version reste") == true)
        #expect(same.changes(.neutral).count == 1 && same.changes.count == 1)
        let idle = try diff("cnaf/rsa") { $0["version"] = 2 }
        #expect(idle.changes.isEmpty && idle.warnings.count == 1)
    }

    @Test func `says what a policy in force gains by its terms`() throws {
        let diff = try diff("dhup/logement-social") { document in
            document["conservation"] = ["jours": 3000, "motif": "Plus longtemps."]
            document["obligations"] = ["informer_usager"]
            document["bornes"] = ["par_jour": 1_000_000]
            var modes = try #require(document["modes"] as? [String: Any])
            modes["franceconnect"] = [
                "niveau_minimum": "eidas3", "clients": ["fc:dhup", "fc:dhup-autre"],
            ]
            document["modes"] = modes
            document["version"] = 2
        }
        let opening = Set(diff.changes(.opens).map(\.member))
        #expect(opening.isSuperset(of: ["conservation", "modes"]))
        #expect(diff.changes(.closes).contains { $0.sentence.contains("eidas3") })
    }

    /// What the words do not call an opening opens nothing, and the same for closing.
    @Test(arguments: 0..<40)
    func `calls every change of a decision by its name`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = policies.policies.map(\.id)
        let purpose = random.pick(all, else: all[0])
        let document = try DocumentChange.random(
            try Shipped.document(purpose.text), using: &random)
        guard let after = try policies.replacing(purpose, by: document) else { return }
        let diff = PolicyDiff(from: policies, to: after, on: day)
        let effects = Set(diff.purposes.flatMap(\.changes).map(\.effect))
        var asking = RandomAsking(policies: after, random: random)
        for _ in 0..<150 {
            let question = asking.request(of: purpose).question
            let old = policies.decide(question).isPermitted
            let new = after.decide(question).isPermitted
            if !old, new { #expect(effects.contains(.opens), "\(question.fields)") }
            if old, !new { #expect(effects.contains(.closes), "\(question.fields)") }
        }
    }
}
