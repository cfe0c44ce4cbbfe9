import Connectors
import Foundation
import JSONText
import Testing
import Vocabulary

@testable import Onboarding

@Suite struct `The page of a connector` {
    private func sheet(_ path: String) throws -> ConnectorSheet {
        let document = try bytes("\(path)/connector.json")
        let connector = try connector(document)
        return try ConnectorSheet(
            document, connector: connector,
            contract: try catalogue().datasets[connector.dataset],
            examples: try examples(of: path).map { try bytes("\(path)/examples/\($0)") })
    }

    @Test(arguments: shipped)
    func `says what is sent, what comes back and what every answer means`(
        path: String
    ) throws {
        let text = try sheet(path).markdown
        for word in [
            "## L'usager connecté par FranceConnect", "## L'usager désigné par son état civil",
            "Ce qui est envoyé à l'étape", "Les champs qui peuvent en être tirés",
            "Ce que chaque réponse veut dire", "L'identité comparée", "## Les exemples joués",
        ] { #expect(text.contains(word), "\(word)") }
        // Every field that the connector reads is on it.
        let read = try connector(try bytes("\(path)/connector.json"))
        for field in read.services.flatMap(\.fields) {
            #expect(text.contains("| \(markdownText(field.localText)) |"), "\(field)")
        }
    }

    @Test func `says in words what stands in the URL`() throws {
        let text = try sheet("cnav/quotient_familial").markdown
        #expect(
            text.contains(
                "| le nom de naissance \\(sans accents, en capitales\\) | paramètre de l'URL | "
                    + "nomNaissance |"))
        #expect(text.contains("| l'identifiant de l'échange | en-tête | X-Correlation-ID |"))
    }

    @Test func `escapes everything that the document says`() throws {
        let hostile = #"<script>alert("x")</script> | *gras* [lien](javascript:1)"#
        let written = String(
            decoding: try bytes("cnav/quotient_familial/connector.json"), as: UTF8.self)
        let text = written.replacing(
            #""libelle": "API-SECU"#,
            with: "\"libelle\": \(JSONValue.string(hostile).text.dropLast())")
        try #require(text != written)
        let document = Array(text.utf8)
        let sheet = try ConnectorSheet(
            document, connector: try connector(document), contract: nil, examples: [])
        #expect(!sheet.html.contains("<script>"))
        #expect(sheet.html.contains("&lt;script&gt;"))
        #expect(!sheet.markdown.contains("<script>"))
        #expect(!sheet.markdown.contains("[lien]("))
        #expect(sheet.html.hasPrefix("<!DOCTYPE html>\n<html lang=\"fr\">"))
    }
}

@Suite struct `The verdict on a bac à sable's reply` {
    private func example(_ name: String) throws -> ConnectorExample {
        let dataset = try #require(DatasetID("quotient_familial"))
        return try #require(
            ConnectorExampleDocument(
                try bytes("cnav/quotient_familial/examples/\(name).json"), dataset: dataset
            ).example)
    }

    private func reply(_ reason: MissingReason) -> HolderReply {
        HolderReply(status: reason.sourceStatus, missing: reason)
    }

    @Test func `tells an absent person and an unprovoked failure from a difference`() throws {
        let found = try example("trouve")
        #expect(LiveVerdict(reply(.personneInconnue), of: found) == .personAbsent)
        #expect(
            LiveVerdict(reply(.personneInconnue), of: try example("limite")) == .notProvoked)
        #expect(
            LiveVerdict(reply(.personneInconnue), of: try example("inconnu")) == .conforms)
        guard case .differs(let why) = LiveVerdict(reply(.reponseIrrecevable), of: found) else {
            Issue.record("no difference")
            return
        }
        #expect(why.count == 1 && why[0].contains("reponse_irrecevable"))
    }

    @Test func `names what differs, and shows no value`() throws {
        let found = try example("trouve")
        let path = try #require(FieldPath("quotient_familial.valeur"))
        let reading = HolderReading(
            leaves: [LeafInstance(path: path): .value(Sensitive(.integer(99_887)))])
        let verdict = LiveVerdict(HolderReply(status: .obtenu, reading: reading), of: found)
        guard case .differs(let why) = verdict else {
            Issue.record("no difference")
            return
        }
        #expect(why.contains("« quotient_familial.valeur » a une autre valeur"))
        #expect(why.contains { $0.contains("n'est pas dans la réponse") })
        #expect(!why.joined().contains("99887"))
    }
}
