import JSONText
import Testing

@testable import Onboarding

@Suite struct `Reading an OpenAPI document` {
    private func mistakes(_ text: String, file: String = "api.yaml") -> [JSONMistake] {
        OpenAPIReading(Array(text.utf8), file: file).mistakes
    }

    /// A document of one operation, whose answer has that schema.
    private func document(schema: String, components: String = "{}") -> String {
        """
        {"openapi": "3.1.0", "info": {"title": "t"}, "paths": {"/x": {"get": {"responses": {
          "200": {"content": {"application/json": {"schema": \(schema)}}}}}}},
         "components": {"schemas": \(components)}}
        """
    }

    @Test func `names the command that converts a YAML file`() throws {
        let mistake = try #require(mistakes("openapi: 3.0.0\ninfo:\n  title: x\n").first)
        #expect(mistake.message.contains("YAML"))
        #expect(mistake.remedy.contains("python3 -c"))
        #expect(mistake.remedy.contains("< 'api.yaml' > openapi.json"))
        let quoted = mistakes("---\nopenapi: 3.0.0\n", file: "l'api; rm -rf x.yaml")
        #expect(quoted[0].remedy.contains(#"'l'\''api; rm -rf x.yaml'"#))
    }

    @Test(arguments: [
        (#"{"swagger": "2.0", "paths": {}}"#, "swagger", "Swagger 2"),
        (#"{"openapi": "4.0", "paths": {}}"#, "openapi", "version d'OpenAPI"),
        (#"{"info": {}}"#, "", "openapi"),
        (#"{"openapi": "3.0.3"}"#, "", "paths"),
        (#"{"openapi": "3.0.3", "paths": {}}"#, "", "aucune opération"),
        (#"{"openapi": "3.0.3", "openapi": "3.0.3"}"#, "openapi", "même nom"),
        (#"{"openapi": "3.0.3""#, "", "s'arrête"),
        ("[1]", "", "doit être un objet"),
    ])
    func `refuses what it does not read, and says where`(
        text: String, path: String, word: String
    ) throws {
        let mistake = try #require(mistakes(text).first)
        #expect(mistake.path == path)
        #expect(mistake.message.contains(word))
        #expect(!mistake.remedy.isEmpty)
    }

    @Test(arguments: [
        ("https://example.test/x.json", "hors du document"),
        ("autre.json#/A", "hors du document"),
        ("#/components/schemas/Rien", "nulle part"),
        ("#/components/schemas/A", "tournent en rond"),
    ])
    func `refuses a reference that leads nowhere, outside or to itself`(
        target: String, word: String
    ) throws {
        let text = document(
            schema: #"{"$ref": "\#(target)"}"#,
            components: ##"""
                {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
                """##)
        let found = mistakes(text)
        try #require(found.count == 1)
        #expect(found[0].message.contains(word))
        #expect(found[0].position.line > 1)
    }

    @Test func `follows a schema that holds itself once`() throws {
        let text = document(
            schema: ##"{"$ref": "#/components/schemas/N"}"##,
            components: ##"""
                {"N": {"properties": {"nom": {"type": "string"},
                 "enfants": {"type": "array", "items": {"$ref": "#/components/schemas/N"}}}}}
                """##)
        let document = try #require(OpenAPIReading(Array(text.utf8), file: "x").document)
        let response = document.operations[0].responses[0]
        #expect(response.leaves.map(\.pointer) == ["/nom"])
        #expect(response.arrays == ["/enfants/*"])
    }

    @Test func `merges allOf and keeps each shape of oneOf, of which it tells`() throws {
        let text = document(
            schema: """
                {"allOf": [{"properties": {"a": {"type": "string"}}}, {"oneOf": [
                 {"properties": {"b": {"type": ["null", "integer"]}}},
                 {"properties": {"c": {"type": "boolean"}}}]}]}
                """)
        let document = try #require(OpenAPIReading(Array(text.utf8), file: "x").document)
        let response = document.operations[0].responses[0]
        #expect(response.leaves.map(\.pointer) == ["/a", "/b", "/c"])
        #expect(response.leaves.map(\.type) == ["string", "integer", "boolean"])
        #expect(response.hasAlternatives)
        #expect(response.samples[0].value.text == #"{"a":"texte","b":1}"#)
    }

    /// Each of eight levels names the next ten times: a hundred million places, were they visited.
    @Test func `refuses parts that multiply, once`() throws {
        let levels = (0..<8).map { level in
            let members = (0..<10).map {
                ##""m\##($0)": {"$ref": "#/components/schemas/L\##(level + 1)"}"##
            }
            return #""L\#(level)": {"properties": {\#(members.joined(separator: ","))}}"#
        }
        let text = document(
            schema: ##"{"$ref": "#/components/schemas/L0"}"##,
            components: "{" + (levels + [#""L8": {"type": "object"}"#]).joined(separator: ",")
                + "}")
        let found = mistakes(text)
        try #require(found.count == 1)
        #expect(found[0].message.contains("trop vaste"))
    }

    @Test func `refuses parts that lie too deep, once`() throws {
        let levels = (0..<40).map { level in
            """
            "L\(level)": {"properties": {
              "a": {"$ref": "#/components/schemas/L\(level + 1)"},
              "b": {"$ref": "#/components/schemas/L\(level + 1)"}}}
            """
        }
        let text = document(
            schema: ##"{"$ref": "#/components/schemas/L0"}"##,
            components: "{" + (levels + [#""L40": {"type": "string"}"#]).joined(separator: ",")
                + "}")
        let found = mistakes(text)
        try #require(found.count == 1)
        #expect(found[0].message.contains("plus de 12 niveaux"))
    }

    @Test func `refuses what is too deep or too large before it is held`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(mistakes(#"{"openapi": "3.0.3", "x": "# + deep)[0].message.contains("imbriqués"))
        let large = [UInt8](repeating: 0x20, count: OpenAPIDocument.limits.bytes) + Array("{}".utf8)
        let found = OpenAPIReading(large, file: "x").mistakes
        #expect(found.count == 1 && found[0].message.contains("taille"))
    }

    @Test func `refuses an answer of more values than one has`() {
        let members = (0..<600).map { #""m\#($0)": {"type": "string"}"# }.joined(separator: ",")
        let found = mistakes(document(schema: "{\"properties\": {\(members)}}"))
        #expect(found.count == 1 && found[0].message.contains("plus de 500 valeurs"))
    }
}

@Suite struct `The words of a name` {
    @Test(arguments: [
        ("dateNaissance", ["date", "naissanc"]), ("naisDate", ["naissanc", "date"]),
        ("DATE_NAISS", ["date", "naissanc"]), ("datenaissance", ["date", "naissanc"]),
        ("jourDateDeNaissance", ["jour", "date", "de", "naissanc"]),
        ("rfr", ["revenu", "fiscal", "referenc"]), ("birthCountry", ["naissanc", "pay"]),
        ("codePostalVille", ["code", "postal", "vill"]), ("prénoms[]", ["prenom"]),
        ("X-Correlation-ID", ["x", "correlation", "id"]), ("", []), ("123", []),
    ])
    func `are parted, spelt out and folded`(name: String, words: [String]) {
        #expect(Words(name).all == words)
    }
}
