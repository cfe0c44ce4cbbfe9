import JSONText
import Testing

@Suite struct `A place in a document` {
    private let place: JSONPlace

    init() throws {
        let text = """
            {"finalite": "cnaf/aide-logement", "champs": ["a", 2], "usager": {"age": 1.5},
             "vide": null, "oui": true}
            """
        place = JSONPlace(root: try parseJSON(Array(text.utf8)))
    }

    @Test func `suggests the nearest known name for an unknown member`() {
        let known = ["finalites", "champ", "usager", "vide", "oui"]
        let mistake = #expect(throws: JSONMistake.self) { try place.object(known) }
        #expect(mistake?.message == "Le membre « finalite » n'existe pas.")
        #expect(mistake?.remedy == "Vouliez-vous dire « finalites » ?")
        #expect(mistake?.position.column == 2)
    }

    @Test func `lists the known names when none is near`() {
        let mistake = #expect(throws: JSONMistake.self) { try place.object(["x", "y"]) }
        #expect(mistake?.remedy == "Retirez-le, ou choisissez parmi : x, y.")
    }

    @Test func `looks for the names that fifty unknown members resemble, and no more`() throws {
        let members = (0..<2000).map { "\"k\($0)\":1" }.joined(separator: ",")
        let root = JSONPlace(root: try parseJSON(Array("{\(members)}".utf8)))
        #expect(try root.anyObject().unknownMembers(["champs"]).count == 50)
    }

    @Test func `names a wrong type and its path in French`() throws {
        let object = try place.anyObject()
        let elements = try object.required("champs").array(max: 5)
        let mistake = #expect(throws: JSONMistake.self) { try elements[1].string() }
        #expect(mistake?.message == "« champs[1] » doit être un texte, et c'est un nombre.")
        #expect(mistake?.path == "champs[1]")
        let age = try object.required("usager").object(["age"]).required("age")
        #expect(age.path == "usager.age")
        #expect(throws: JSONMistake.self) { try age.int(in: 0...10) }
        #expect(try age.number().text == "1.5")
    }

    @Test func `takes null for a mistake and absence for absence`() throws {
        let object = try place.anyObject()
        #expect(object.optional("rien") == nil)
        let empty = try #require(object.optional("vide"))
        #expect(empty.isNull)
        let mistake = #expect(throws: JSONMistake.self) { try empty.bool() }
        #expect(mistake?.message == "« vide » doit être un booléen, et c'est null.")
        let missing = #expect(throws: JSONMistake.self) { try object.required("rien") }
        #expect(missing?.message == "Il manque le membre « rien ».")
    }

    @Test func `bounds texts, lists and numbers`() throws {
        let object = try place.anyObject()
        #expect(throws: JSONMistake.self) { try object.required("finalite").string(maxBytes: 3) }
        #expect(throws: JSONMistake.self) { try object.required("champs").array(max: 1) }
        let two = try object.required("champs").array(max: 2)[1]
        #expect(try two.int(in: 0...2) == 2)
        let mistake = #expect(throws: JSONMistake.self) { try two.int(in: 3...9) }
        #expect(mistake?.remedy == "Donnez un entier de 3 à 9.")
    }

    @Test func `gathers every mistake of an object`() {
        var mistakes = JSONMistakes()
        let object = mistakes.object(place, ["finalite", "champs"])
        #expect(object != nil)
        #expect(mistakes.all.map(\.path) == ["usager", "vide", "oui"])
        let read: String? = object.flatMap { object in
            mistakes.required(object, "absent") { place throws(JSONMistake) in try place.string() }
        }
        #expect(read == nil)
        #expect(mistakes.all.count == 4)
    }

    @Test func `shows foreign names in plain ASCII, cut short`() {
        #expect(shownName("a\u{202E}b") == "a\\u{202e}b")
        #expect(shownName(String(repeating: "x", count: 70)).count == 65)
    }

    @Test func `writes members without white space and in order`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("b", "é\"\n")
            writer.member("a", 12)
            writer.member("liste", ["x", "y"])
            writer.member("objet", object: { writer in writer.member("vrai", true) })
            writer.member("tableau", array: { writer in writer.null() })
        }
        #expect(
            writer.text
                == #"{"b":"é\"\n","a":12,"liste":["x","y"],"objet":{"vrai":true},"tableau":[null]}"#
        )
    }
}
