import Connectors
import Cryptography
import JSONText
import Journal
import Registrations
import Testing
import Vocabulary

@Suite struct `A proposal` {
    private static func read(
        _ bytes: [UInt8], as holder: HolderID = Given.holder,
        play: @escaping @Sendable ([UInt8], Connector) -> [JSONMistake] = { _, _ in [] }
    ) throws -> RevisionReading {
        readRevision(
            bytes,
            ProposalContext(
                holder: holder, dataset: Given.dataset, catalogue: try Given.catalogue(),
                play: play))
    }

    @Test func `keeps its documents byte for byte, under the hash of the whole`() throws {
        var connector = try Given.text("connector.json")
        connector = connector[...(connector.lastIndex(of: "}") ?? connector.startIndex)] + ""
        let example = "{\"description\": \"é}\\\"{\"}"
        let bytes = Given.proposal(connector, ["trouve": example])
        let revision = try #require(try Self.read(bytes).revision)
        let files = try #require(proposedFiles(in: bytes, of: revision.mark))
        #expect(revision.hash == Hex.encode(sha256(bytes)))
        #expect(revision.mark.connector == Hex.encode(sha256(Array(connector.utf8))))
        #expect(revision.files.map(\.bytes) == files.map(\.bytes))
        #expect(
            files.map(\.path) == [
                "connectors/mesri/statut_etudiant/connector.json",
                "connectors/mesri/statut_etudiant/examples/trouve.json",
            ])
        #expect(files.map { String(decoding: $0.bytes, as: UTF8.self) } == [connector, example])
    }

    @Test(
        arguments: [
            ("", "proposition", "se lit"), ("[]", "proposition", "objet"),
            ("{}", "proposition", "connecteur"),
            (#"{"connecteur": {}}"#, "proposition", "exemples"),
            (#"{"connecteur": {}, "exemples": {}}"#, "proposition", "exemple"),
            (#"{"connecteur": {}, "exemples": {"a": {}}}"#, "connector.json", "format"),
            (#"{"connecteur": {}, "exemples": {"À côté": {}}}"#, "proposition", "nom d'exemple"),
            (#"{"connecteur": {}, "exemples": {"a": {}}, "x": 1}"#, "proposition", "« x »"),
            (#"{"connecteur": {}, "connecteur": {}}"#, "proposition", "deux"),
        ])
    func `is refused with the document at fault`(
        _ text: String, _ file: String, _ words: String
    ) throws {
        let reading = try Self.read(Array(text.utf8))
        #expect(reading.revision == nil)
        let told = reading.mistakes.contains { entry in
            entry.file == file && entry.mistake.message.contains(words)
                && !entry.mistake.remedy.isEmpty
        }
        #expect(told, "\(reading.mistakes)")
    }

    @Test func `tells a mistake at its line in the author's own file`() throws {
        let text = try Given.text("connector.json").replacing("\"libelle\"", with: "\"libele\"")
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains("\"libele\"") }
        let reading = try Self.read(Given.proposal(text, ["trouve": "{}"]))
        let mistake = reading.mistakes.first { $0.mistake.path == "libele" }
        #expect(mistake?.file == "connector.json")
        #expect(mistake?.mistake.position.line == line.map { $0 + 1 })
        #expect(mistake?.mistake.remedy.contains("libelle") == true)
    }

    @Test func `is held to be its holder's own`() throws {
        let text = try Given.text("connector.json")
        let reading = try Self.read(
            Given.proposal(text, ["trouve": "{}"]), as: HolderID(checked: "cnav"))
        #expect(reading.revision == nil)
        #expect(reading.mistakes.map(\.mistake.path) == ["detenteur"])
    }

    @Test func `is refused for an example that its connector does not follow`() throws {
        let text = try Given.text("connector.json")
        let bytes = Given.proposal(text, ["inconnu": "{}", "trouve": "{}"])
        let reading = try Self.read(bytes) { bytes, _ in
            let root = try? parseJSON(bytes)
            return root.map {
                [JSONPlace(root: $0).mistake("Autre issue.", remedy: "Revoyez.")]
            } ?? []
        }
        #expect(reading.revision == nil)
        #expect(
            reading.mistakes.map(\.file) == ["examples/inconnu.json", "examples/trouve.json"])
    }
}
