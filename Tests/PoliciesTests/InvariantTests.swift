import TestSupport
import Testing
import Vocabulary

@testable import Policies

/// The invariants of the design that the decisions carry, on random policies and requests.
@Suite struct `Whatever the policy and the request` {
    /// Invariant 1, whatever the holder sends: leaves that were not asked, arrays unread.
    @Test(arguments: Seeds.count(30))
    func `nothing leaves but what was asked and is allowed, under the form that was granted`(
        seed: UInt64
    ) throws {
        var random = Seeded(seed &* 1_000_037)
        for _ in 0..<15 {
            let world = DrawnWorld.drawn(&random)
            let set = try world.policySet()
            for _ in 0..<20 {
                let drawn = DrawnCase.drawn(world, &random)
                let reference = ReferenceDecision(world, drawn.request)
                let decision = set.decide(try drawn.request.question())
                for ask in asks(of: set, decision, drawn.person) {
                    let name = ask.service.dataset.text
                    let dataset = try #require(world.datasets.first { $0.name == name })
                    let outcome = ask.applyForms(to: .drawn(dataset, &random))
                    for entry in outcome.entries {
                        let text = entry.request.text
                        let isAsked = drawn.request.fields.contains { field in
                            stands(field, for: entry.request)
                        }
                        let isAllowed = reference.allowed(entry.request.path.text).contains(text)
                        #expect(isAsked && isAllowed, "graine \(seed) : \(text)\n\(drawn)")
                    }
                    for extent in outcome.extents {
                        let isOfLeaf = ask.leaves.contains {
                            $0.form.isPerElement && $0.request.path.isWithin(extent.path)
                        }
                        #expect(isOfLeaf, "graine \(seed) : \(extent.path)\n\(drawn)")
                    }
                }
            }
        }
    }

    /// Invariant 3: the second decision either keeps the first, which explain shows, or refuses.
    @Test(arguments: Seeds.count(20))
    func `the second decision never grants what the first one did not`(seed: UInt64) throws {
        var random = Seeded(seed &* 1_000_039)
        for _ in 0..<15 {
            let world = DrawnWorld.drawn(&random)
            let set = try world.policySet()
            for _ in 0..<20 {
                let drawn = DrawnCase.drawn(world, &random)
                let question = try drawn.request.question()
                let first = set.decide(question)
                #expect(first == set.decide(question), "graine \(seed)\n\(drawn)")
                let second = set.rule(on: first, person: drawn.person.facts).decision
                let isKept = second == first
                #expect(
                    isKept || (second.granted.isEmpty && !second.refusals.isEmpty),
                    "graine \(seed)\n\(drawn)")
                #expect(asks(of: set, first, drawn.person).isEmpty || isKept)
            }
        }
    }

    /// Invariant 4: the same request to the same policy without one field, or one form of it.
    @Test(arguments: Seeds.count(20))
    func `taking a field out of the policy never grants more`(seed: UInt64) throws {
        var random = Seeded(seed &* 1_000_081)
        for _ in 0..<15 {
            let world = DrawnWorld.drawn(&random)
            let less = world.withLess(&random)
            let (set, smaller) = (try world.policySet(), try less.policySet())
            for _ in 0..<20 {
                let request = DrawnRequest.drawn(world, &random)
                let question = try request.question()
                let before = Set(Verdict(set.decide(question)).grants.map(\.request))
                let after = Set(Verdict(smaller.decide(question)).grants.map(\.request))
                #expect(
                    after.isSubset(of: before),
                    "graine \(seed) : \(after.subtracting(before))\n\(shown(request.document))")
            }
        }
    }

    private func stands(_ field: String, for leaf: FieldRequest) -> Bool {
        guard let request = FieldRequest(field) else { return false }
        return request.form == leaf.form && leaf.path.isWithin(request.path)
    }

    private func asks(
        of set: PolicySet, _ decision: Decision, _ person: DrawnPerson
    ) -> [HolderAsk] {
        let ruling = set.rule(on: decision, person: person.facts)
        guard let permit = ruling.takePermit() else { return [] }
        return permit.spend(for: Comparison.invented, in: Comparison.exchange)
    }
}

extension DrawnWorld {
    /// The same world, one of its policies without a field or without one of a field's forms.
    fileprivate func withLess(_ random: inout Seeded) -> DrawnWorld {
        var less = self
        let place = random.number(0...purposes.count - 1)
        let field = random.number(0...purposes[place].fields.count - 1)
        let forms = purposes[place].fields[field].forms
        if forms.count > 1, random.once(in: 2) {
            less.purposes[place].fields[field].forms.remove(at: random.number(0...forms.count - 1))
        } else if purposes[place].fields.count > 1 {
            less.purposes[place].fields.remove(at: field)
        }
        return less
    }
}
