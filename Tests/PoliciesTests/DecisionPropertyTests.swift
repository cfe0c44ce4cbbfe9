import Policies
import TestSupport
import Testing
import Vocabulary

/// Random questions put to the shipped policies, the seed in each case's name.
@Suite struct `Any decision` {
    private let set: PolicySet

    init() throws {
        set = try Shipped.policySet()
    }

    @Test(arguments: 0..<60)
    func `grants within what was asked and what the purpose allows, all or nothing`(
        seed: UInt64
    ) throws {
        var random = Seeded(seed)
        for _ in 0..<40 {
            let question = try randomQuestion(&random)
            let decision = set.decide(question)
            #expect(decision == set.decide(question))
            #expect(decision.isPermitted != !decision.refusals.isEmpty)
            guard decision.isPermitted else {
                #expect(decision.granted.isEmpty)
                continue
            }
            let policy = try #require(set[question.purpose])
            for leaf in decision.granted {
                #expect(question.fields.contains { asks($0, for: leaf.request) })
                #expect(policy.fields.contains { allows($0, leaf.request) })
                #expect(!policy.forbidden.contains { leaf.request.path.isWithin($0) })
                #expect(decision.periods[leaf.request.path.dataset] != nil)
            }
            #expect(Set(decision.granted.map(\.request.path)).count == decision.granted.count)
            for field in question.fields {
                #expect(decision.granted.contains { asks(field, for: $0.request) })
            }
        }
    }

    @Test(arguments: 0..<40)
    func `names each field that alone would be refused`(seed: UInt64) throws {
        var random = Seeded(seed &+ 5000)
        for _ in 0..<10 {
            let question = try randomQuestion(&random)
            let together = set.decide(question)
            guard together.rule != nil else {
                continue
            }
            for field in question.fields {
                let alone = set.decide(question.asking([field]))
                let isRefused = alone.refusals.contains { $0.field == field }
                if isRefused {
                    #expect(together.refusals.contains { $0.field == field })
                }
            }
        }
    }

    /// Whether a field of a request stands for a leaf under that form.
    private func asks(_ field: String, for leaf: FieldRequest) -> Bool {
        guard let request = FieldRequest(field) else {
            return false
        }
        return request.form == leaf.form && leaf.path.isWithin(request.path)
    }

    private func allows(_ rule: FieldRule, _ leaf: FieldRequest) -> Bool {
        leaf.path.isWithin(rule.path) && rule.forms.contains { $0.key == leaf.form }
    }

    private func randomQuestion(_ random: inout Seeded) throws -> ExchangeQuestion {
        let policy = try #require(set.policies.randomElement(using: &random))
        let own = policy.fields.flatMap { rule in
            rule.forms.map { FieldRequest(path: rule.path, form: $0.key).text }
        }
        let leaves = set.catalogue.fields.allFields.map(\.path.text)
        let strange = [
            "", "@", "x", "revenu_fiscal", "a.b@c", "quotient_familial.enfants[]", "é.è",
        ]
        let fields = (0..<Int.random(in: 1...5, using: &random)).map { _ -> String in
            switch Int.random(in: 0..<10, using: &random) {
            case 0: strange.randomElement(using: &random) ?? ""
            case 1: (leaves.randomElement(using: &random) ?? "") + "@somme"
            case 2: leaves.randomElement(using: &random) ?? ""
            default: own.randomElement(using: &random) ?? ""
            }
        }
        let recipients = policy.habilitations.map(\.recipient.text) + ["99900110000018"]
        let quality = InitiatorQuality.allCases.randomElement(using: &random) ?? .usager
        let isUsual = Int.random(in: 0..<4, using: &random) > 0
        return try Shipped.question(
            policy.id.text, fields,
            recipient: recipients.randomElement(using: &random) ?? "",
            mode: Mode.allCases.randomElement(using: &random) ?? .identite,
            initiator: Initiator(quality: isUsual ? .usager : quality),
            role: Bool.random(using: &random)
                ? nil : DossierRole.allCases.randomElement(using: &random),
            day: ["2026-11-20", "2025-06-01", "2027-02-28"].randomElement(using: &random) ?? "")
    }
}

extension ExchangeQuestion {
    fileprivate func asking(_ fields: [String]) -> ExchangeQuestion {
        ExchangeQuestion(
            service: service, recipient: recipient, purpose: purpose, fields: fields,
            periods: periods, mode: mode, initiator: initiator, role: role, now: now)
    }
}
