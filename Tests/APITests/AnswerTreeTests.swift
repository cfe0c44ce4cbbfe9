import JSONText
import Testing
import Vocabulary

@testable import API

@Suite struct `The data of an answer` {
    @Test func `nests leaves under their objects`() throws {
        let written = try data([
            leaf("revenu_fiscal.annee_revenus", .integer(2024)),
            leaf("revenu_fiscal.adresse.commune", .text("Brest")),
            leaf("revenu_fiscal.adresse.code_postal", .text("29200")),
            leaf("demandeur_emploi.est_inscrit", .boolean(false)),
        ])
        #expect(
            written == """
                {"revenu_fiscal":{"annee_revenus":2024,"adresse":{"commune":"Brest",\
                "code_postal":"29200"}},"demandeur_emploi":{"est_inscrit":false}}
                """)
    }

    @Test func `keeps every index, even of an element of which all is missing`() throws {
        let written = try data(
            [
                leaf("quotient_familial.enfants[].prenoms", [2], .text("Zoé")),
                leaf("quotient_familial.enfants[].prenoms", [0], .text("Anaïs")),
                leaf("quotient_familial.enfants[].sexe", [0], .text("F")),
            ],
            extents: [extent("quotient_familial.enfants[]", count: 4)])
        #expect(
            written == """
                {"quotient_familial":{"enfants":[{"prenoms":"Anaïs","sexe":"F"},{},\
                {"prenoms":"Zoé"},{}]}}
                """)
    }

    @Test func `says none with an empty array`() throws {
        let extents = [extent("quotient_familial.enfants[]", count: 0)]
        #expect(try data([], extents: extents) == #"{"quotient_familial":{"enfants":[]}}"#)
        #expect(try data([]) == "{}")
    }

    @Test func `nests arrays in arrays`() throws {
        let written = try data(
            [
                leaf("a.b[].c[].d", [1, 1], .integer(3)), leaf("a.b[].c[].d", [0, 0], .integer(1)),
                leaf("a.b[].e", [1], .integer(2)),
            ],
            extents: [
                extent("a.b[]", count: 2), extent("a.b[].c[]", [0], count: 1),
                extent("a.b[].c[]", [1], count: 3),
            ])
        #expect(written == #"{"a":{"b":[{"c":[{"d":1}]},{"c":[{},{"d":3},{}],"e":2}]}}"#)
    }

    @Test func `gives a form its full key`() throws {
        let written = try data([
            leaf("revenu_fiscal.nombre_parts", [], .boolean(true), form: "seuil"),
            leaf("revenu_fiscal.adresse.commune", [], .boolean(true), form: "presence"),
            leaf("quotient_familial.enfants[].date_naissance", [0], .integer(2019), form: "annee"),
            leaf("salaires.mensuels[].montant", [], .integer(21_400), form: "somme"),
            leaf("quotient_familial.enfants[]", [], .integer(2), form: "nombre"),
        ])
        #expect(
            written == """
                {"revenu_fiscal":{"nombre_parts@seuil":true,"adresse":{"commune@presence":true}},\
                "quotient_familial":{"enfants":[{"date_naissance@annee":2019}],\
                "enfants[]@nombre":2},"salaires":{"mensuels[].montant@somme":21400}}
                """)
    }

    /// A leaf before its array's extent, or after, makes the same document.
    @Test func `does not care who comes first`() throws {
        let leaves = [leaf("a.b[].c", [1], .integer(1))]
        let one = Release(leaves: leaves)
        let other = Release(extents: [extent("a.b[]", count: 3)])
        #expect(written([one, other]) == #"{"a":{"b":[{},{"c":1},{}]}}"#)
        #expect(written([other, one]) == #"{"a":{"b":[{},{"c":1},{}]}}"#)
    }

    /// Two holders may answer for one data set.
    @Test func `joins what two calls brought of one data set`() throws {
        let joined = written([
            Release(leaves: [leaf("a.b", .integer(1))]),
            Release(leaves: [leaf("a.c", .integer(2))]),
        ])
        #expect(joined == #"{"a":{"b":1,"c":2}}"#)
    }

    @Test(
        arguments: [
            (.integer(-9_223_372_036_854_775_808), "-9223372036854775808"), (.integer(0), "0"),
            (.decimal(ExactDecimal(units: 25, scale: 1)), "2.5"), (.boolean(true), "true"),
            (.text("a\"\\\n\u{1}é"), #""a\"\\\n\u0001é""#), (.date(.year(2020)), "\"2020\""),
        ] as [(FieldValue, String)])
    func `writes each type of value as JSON has it`(value: FieldValue, written: String) throws {
        #expect(try data([leaf("a.b", value)]) == "{\"a\":{\"b\":\(written)}}")
    }

    private func data(
        _ leaves: [ReleasedLeaf?], extents: [HolderReading.Extent?] = []
    ) throws -> String {
        let release = Release(
            leaves: try leaves.map { try #require($0) },
            extents: try extents.map { try #require($0) })
        let text = written([release])
        _ = try parseJSON(Array(text.utf8))
        return text
    }

    private func written(_ releases: [Release]) -> String {
        var writer = JSONWriter()
        AnswerTree(releases).write(to: &writer)
        return writer.text
    }

    private func leaf(
        _ path: String, _ indices: [Int], _ value: FieldValue, form: String = "valeur"
    ) -> ReleasedLeaf {
        ReleasedLeaf(
            instance: LeafInstance(path: path.field, indices: indices), form: form.form,
            value: Sensitive(value))
    }

    private func leaf(_ path: String, _ value: FieldValue) -> ReleasedLeaf {
        leaf(path, [], value)
    }

    private func extent(
        _ path: String, _ indices: [Int] = [], count: Int
    ) -> HolderReading.Extent {
        HolderReading.Extent(path: path.field, indices: indices, count: count)
    }
}

extension String {
    fileprivate var field: FieldPath {
        guard let path = FieldPath(self) else { preconditionFailure("\(self) is no field") }
        return path
    }

    fileprivate var form: FormKey {
        guard let form = FormKey(self) else { preconditionFailure("\(self) is no form") }
        return form
    }
}
