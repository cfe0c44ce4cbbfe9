import TestSupport
import Testing
import Vocabulary

@Suite struct `A field's path` {
    @Test func `knows its data set, its steps and its arrays`() throws {
        let path = try #require(FieldPath("quotient_familial.enfants[].date_naissance"))
        #expect(path.dataset.text == "quotient_familial")
        #expect(path.steps.map(\.name) == ["enfants", "date_naissance"])
        #expect(path.steps.map(\.isArray) == [true, false])
        #expect(path.arrayDepth == 1)
        #expect(path.localText == "enfants[].date_naissance")
    }

    @Test(arguments: [
        "", ".", "revenu_fiscal", "revenu_fiscal.", ".annee", "revenu_fiscal..annee", "a.b[0]",
        "a.[]", "a.b[][]", "a[].b", "a.b[]c", "A.b", "a.É", "a.e\u{301}", "a.b ", " a.b", "a.b\n",
        "a.b\u{0}", "a.1b", "a._b", "a.b.c.d.e.f.g.h", "a.b@seuil", "a/b.c",
        "a." + String(repeating: "b", count: 65), "a." + String(repeating: "b.", count: 200) + "c",
    ])
    func `is refused when it is malformed`(text: String) {
        #expect(FieldPath(text) == nil)
    }

    @Test(arguments: [
        ("a.b[].c", "a.b[]", true), ("a.b[].c", "a.b[].c", true), ("a.b[]", "a.b[].c", false),
        ("a.b[].c", "a.b", false), ("a.b", "a.b[]", false), ("a.bc", "a.b", false),
        ("x.b[].c", "a.b[]", false), ("a.b.c", "a.b", true),
    ])
    func `lies within another only step by step, arrays included`(
        own: String, other: String, isWithin: Bool
    ) throws {
        #expect(try #require(FieldPath(own)).isWithin(#require(FieldPath(other))) == isWithin)
    }

    @Test(arguments: 0..<300)
    func `and every name around it survive nonsense`(seed: Int) {
        var random = Seeded(seed)
        for _ in 0..<100 {
            let text = random.nonsense()
            if let path = FieldPath(text) {
                #expect(path.text == text)
                #expect("\(path.dataset.text).\(path.localText)" == text)
                #expect(LeafInstance(path: path).text == text)
            }
            if let form = FormKey(text) { #expect(form.text == text) }
            if let request = FieldRequest(text) {
                #expect(request.text == text || request.text + "@valeur" == text)
                #expect(FieldRequest(request.text) == request)
            }
            if let purpose = PurposeID(text) { #expect(purpose.text == text) }
            if let service = ServiceID(text) { #expect(service.text == text) }
            if let level = AssuranceLevel(text) { #expect(level.text == text) }
        }
    }
}

@Suite struct `A request for a field` {
    @Test(arguments: [
        ("a.b", "a.b", "valeur"), ("a.b@valeur", "a.b", "valeur"), ("a.b@seuil", "a.b", "seuil"),
        ("a.b@seuil.plus", "a.b", "seuil.plus"), ("a.b[].c@somme", "a.b[].c", "somme"),
    ])
    func `names a field and a form`(text: String, path: String, form: String) throws {
        let request = try #require(FieldRequest(text))
        #expect(request.path.text == path)
        #expect(request.form.text == form)
    }

    @Test(arguments: [
        "a.b@", "@seuil", "a.b@seuil@seuil", "a.b@inconnue", "a.b@Seuil", "a.b@seuil.",
        "a.b@seuil.plus.encore", "a.b@seuil.Plus", "a.b@.plus", "a.b@ seuil",
    ])
    func `is refused when its form is malformed`(text: String) {
        #expect(FieldRequest(text) == nil)
    }

    @Test func `has one form for every kind`() {
        for kind in FormKind.allCases {
            #expect(FormKey(kind.rawValue) == FormKey(kind: kind))
            #expect(FormKey("\(kind.rawValue).plus") == FormKey(kind: kind, name: "plus"))
        }
    }
}

@Suite struct `A leaf's place` {
    @Test func `writes an index for each array, and brackets where there is none`() throws {
        let path = try #require(FieldPath("a.b[].c.d[].e"))
        #expect(LeafInstance(path: path, indices: [1, 0]).text == "a.b[1].c.d[0].e")
        #expect(LeafInstance(path: path, indices: [1]).text == "a.b[1].c.d[].e")
        #expect(LeafInstance(path: path, indices: [1, 0, 7]).text == "a.b[1].c.d[0].e")
    }
}
