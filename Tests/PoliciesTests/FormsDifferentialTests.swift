import TestSupport
import Testing
import Vocabulary

@testable import Policies

/// Every form over random answers, against its reference.
@Suite struct `The forms and their reference` {
    @Test(arguments: Seeds.count(40))
    func `say the same of any answer`(seed: UInt64) throws {
        var random = Seeded(seed &* 1_000_033)
        for _ in 0..<12 {
            let world = DrawnWorld.drawn(&random)
            let set = try world.policySet()
            for dataset in world.datasets {
                let reading = HolderReading.drawn(dataset, &random)
                let day = CalendarDate(
                    daysSinceEpoch: DrawnHabilitation.pivotDay + Int64(random.number(-2...2)))
                for leaf in dataset.leaves {
                    try compare(leaf, of: set, reading, day, seed: seed)
                }
            }
        }
    }

    /// Compares every form that a policy of the set gives the leaf.
    private func compare(
        _ leaf: DrawnLeaf, of set: PolicySet, _ reading: HolderReading, _ day: CalendarDate,
        seed: UInt64
    ) throws {
        let path = try #require(FieldPath(leaf.path))
        let contract = try #require(set.catalogue.fields[path])
        let rules = set.policies.flatMap(\.fields).filter { path.isWithin($0.path) }
        for form in rules.flatMap(\.forms) {
            let granted = GrantedLeaf(
                request: FieldRequest(path: path, form: form.key), form: form.definition,
                contract: contract, holder: HolderID(checked: "alpha"), fallback: .saisie,
                scopes: [])
            let outcome = applyForms(of: [granted], to: reading, at: day)
            let drawn = DrawnForm(form.definition, form.key.name)
            let expected = ReferenceForms(reading: reading, date: day).entries(leaf, drawn)
            let agrees =
                outcome.entries.count == expected.count
                && outcome.entries.allSatisfy { entry in
                    expected[entry.indices]?.contains(entry.reading) ?? false
                }
            #expect(
                agrees,
                """
                graine \(seed) : \(granted.request) le \(day.text)
                évaluateur \(outcome.entries.map { ($0.indices, told($0.reading)) })
                référence \(expected.map { ($0.key, $0.value.map { told($0) }) })
                """)
        }
    }

    /// An invented value in words: nobody's, so that it may be shown.
    private func told(_ reading: LeafReading) -> String {
        switch reading {
        case .value(let value): "\(value.reveal())"
        case .missing(let reason): reason.rawValue
        }
    }
}
