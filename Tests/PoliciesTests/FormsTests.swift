import Testing
import Vocabulary

@testable import Policies

@Suite struct `The forms` {
    private let today: CalendarDate

    init() throws {
        today = try #require(CalendarDate("2026-11-20"))
    }

    @Test(arguments: [
        ("au_moins", "12000", true), ("au_plus", "12000", true), ("plus_de", "12000", false),
        ("moins_de", "12000.01", true), ("plus_de", "11999.99", true),
    ])
    func `compare exactly with a threshold`(
        comparison: String, bound: String, holds: Bool
    ) throws {
        let form = FormDefinition.seuil(
            try #require(FormDefinition.Comparison(rawValue: comparison)),
            try #require(ExactDecimal(bound)))
        let answer = try answer(
            form, "revenu_fiscal.revenu_fiscal_reference", [([], .integer(12000))])
        #expect(answer == .boolean(holds))
    }

    @Test(arguments: [(0, "A"), (399, "A"), (400, "B"), (1600, "E"), (99_999, "E")])
    func `tell the bracket, its lower bound included`(value: Int64, label: String) throws {
        let set = try Shipped.policySet()
        let decision = set.decide(
            try Shipped.question(
                "commune-demo/tarification-cantine", ["quotient_familial.valeur@tranche"],
                recipient: "99900106800017"))
        let leaf = try #require(decision.granted.first)
        let reading = HolderReading(
            leaves: [LeafInstance(path: leaf.contract.path): .value(Sensitive(.integer(value)))])
        let outcome = applyForms(of: [leaf], to: reading, at: today)
        #expect(outcome.entries.map(\.reading) == [.value(Sensitive(.text(label)))])
    }

    @Test func `sum exactly, and take the mean to the cent`() throws {
        let amounts = ["0.1", "0.2", "1000.33"].enumerated().compactMap { index, text in
            ExactDecimal(text).map { ([index], FieldValue.decimal($0)) }
        }
        let path = "salaires.mensuels[].montant_net_social"
        #expect(
            try answer(.somme, path, amounts) == .decimal(ExactDecimal(units: 100_063, scale: 2)))
        #expect(
            try answer(.moyenne, path, amounts) == .decimal(ExactDecimal(units: 33_354, scale: 2)))
        #expect(try answer(.nombre, path, amounts) == .integer(3))
    }

    @Test func `sum nothing to zero, and know no mean of it`() throws {
        let path = "salaires.mensuels[].montant_net_social"
        #expect(try answer(.somme, path, []) == .decimal(ExactDecimal(units: 0)))
        #expect(try reading(.moyenne, path, []) == [.missing(.nonCalculable)])
        #expect(try answer(.nombre, path, []) == .integer(0))
    }

    @Test func `know no sum of what is partly missing`() throws {
        let result = try reading(
            .somme, "salaires.mensuels[].montant_net_social",
            [([0], .value(Sensitive(.integer(5)))), ([1], .missing(.sansValeur))])
        #expect(result == [.missing(.nonCalculable)])
    }

    @Test(
        arguments: [
            ("1990", nil), ("1990-11", nil), ("1990-05", 36), ("1990-11-20", 36),
            ("1990-11-21", 35),
            ("2004-02-29", 22), ("2027", nil),
        ] as [(String, Int64?)])
    func `give an age unless the unknown part of the birth date decides`(
        birth: String, age: Int64?
    ) throws {
        let date = try #require(PartialDate(birth))
        let result = try reading(
            .age, "revenu_fiscal.conjoint.date_naissance", [([], .value(Sensitive(.date(date))))])
        #expect(result == [age.map { .value(Sensitive(.integer($0))) } ?? .missing(.nonCalculable)])
    }

    @Test(
        arguments: [
            (["2020", "2015-03-02", "1999-01-01"], 2), (["2006-12"], 1), (["2005-11-21"], 1),
            (["2005-11-20"], nil), (["2005-11"], nil), (["2026"], 1), ([], 0),
        ] as [([String], Int64?)])
    func `count the persons below an age`(births: [String], count: Int64?) throws {
        let values = births.enumerated().compactMap { index, text in
            PartialDate(text).map { ([index], FieldValue.date($0)) }
        }
        let path = "quotient_familial.enfants[].date_naissance"
        let expected: LeafReading =
            births == ["2005-11-20"]
            ? .value(Sensitive(.integer(0)))
            : count.map { .value(Sensitive(.integer($0))) } ?? .missing(.nonCalculable)
        let result = try reading(
            .nombreMoinsDe(years: 21), path, values.map { ($0.0, .value(Sensitive($0.1))) })
        #expect(result == [expected])
    }

    @Test(
        arguments: [
            ("2026-01-01", nil, true), ("2026-01-01", "2026-11-20", true),
            ("2026-01-01", "2026-11-19", false), ("2026-11-21", nil, false), ("2026", nil, nil),
            ("2026-11", "2026-10-01", false), ("2025", "2027", true), ("2025", "2026-11", nil),
        ] as [(String, String?, Bool?)])
    func `judge an interval, its last day included`(
        begin: String, end: String?, isInForce: Bool?
    ) throws {
        let first = try #require(PartialDate(begin))
        let path = try #require(FieldPath("demandeur_emploi.date_inscription"))
        let endPath = try #require(FieldPath("demandeur_emploi.date_cessation"))
        var leaves: [LeafInstance: LeafReading] = [
            LeafInstance(path: path): .value(Sensitive(.date(first)))
        ]
        leaves[LeafInstance(path: endPath)] =
            end.flatMap { PartialDate($0) }.map { .value(Sensitive(.date($0))) }
            ?? .missing(.sansValeur)
        let outcome = applyForms(
            of: [try leaf(.enVigueur, path.text)], to: HolderReading(leaves: leaves), at: today)
        let expected: LeafReading =
            isInForce.map { .value(Sensitive(.boolean($0))) } ?? .missing(.nonCalculable)
        #expect(outcome.entries.map(\.reading) == [expected])
    }

    @Test func `tell presence, a year and an initial`() throws {
        let name = "revenu_fiscal.conjoint.nom_naissance"
        #expect(try answer(.presence, name, [([], .text("ÉLUARD"))]) == .boolean(true))
        #expect(try answer(.initiale, name, [([], .text("éluard"))]) == .text("É"))
        #expect(
            try reading(.presence, name, [([], .missing(.sansValeur))])
                == [.value(Sensitive(.boolean(false)))])
        #expect(
            try reading(.presence, name, [([], .missing(.personneInconnue))])
                == [.missing(.personneInconnue)])
        let month = try #require(YearMonth("2026-03"))
        #expect(
            try answer(.annee, "salaires.mensuels[].mois", [([0], .month(month))])
                == .integer(2026))
    }

    @Test func `say of every leaf a value or a reason`() throws {
        let path = "quotient_familial.enfants[].prenoms"
        let children = try reading(
            .valeur, path, [([0], .value(Sensitive(.text("Ada")))), ([1], .missing(.sansValeur))])
        #expect(children == [.value(Sensitive(.text("Ada"))), .missing(.sansValeur)])
        let none = applyForms(of: [try leaf(.valeur, path)], to: HolderReading(), at: today)
        #expect(none.entries.map(\.reading) == [.missing(.nonDetenu)])
        let empty = applyForms(
            of: [try leaf(.valeur, path)],
            to: HolderReading(extents: [
                .init(
                    path: try #require(FieldPath("quotient_familial.enfants[]")), indices: [],
                    count: 0)
            ]), at: today)
        #expect(empty.entries.isEmpty)
        #expect(empty.extents.map(\.count) == [0])
    }

    // MARK: - Making readings

    private func answer(
        _ form: FormDefinition, _ path: String, _ values: [([Int], FieldValue)]
    ) throws -> FieldValue {
        let result = try reading(form, path, values.map { ($0.0, .value(Sensitive($0.1))) })
        guard case .value(let value)? = result.first, result.count == 1 else {
            throw NoAnswer()
        }
        return value.reveal()
    }

    private func reading(
        _ form: FormDefinition, _ path: String, _ values: [([Int], LeafReading)]
    ) throws -> [LeafReading] {
        let field = try #require(FieldPath(path))
        var reading = HolderReading()
        for (indices, value) in values {
            reading.leaves[LeafInstance(path: field, indices: indices)] = value
        }
        if field.arrayDepth > 0 {
            let array = try #require(path.split(separator: "[]").first.map { $0 + "[]" })
            reading.extents = [
                .init(
                    path: try #require(FieldPath(String(array))), indices: [],
                    count: values.count)
            ]
        }
        return applyForms(of: [try leaf(form, path)], to: reading, at: today).entries.map(\.reading)
    }

    private func leaf(_ form: FormDefinition, _ path: String) throws -> GrantedLeaf {
        let field = try #require(FieldPath(path))
        let contract = try #require(try Shipped.catalogue().fields[field])
        return GrantedLeaf(
            request: FieldRequest(path: field, form: FormKey(kind: form.kind)), form: form,
            contract: contract, holder: HolderID(checked: "essai"), fallback: .saisie, scopes: [])
    }
}

private struct NoAnswer: Error {}
