import Foundation
import HTTPMessages
import JSONText
import Testing

/// The page of a purpose, as somebody reads it who knows nothing else.
private struct ReadPage {
    let text: String

    /// What stands in a block that is to be copied.
    func block(_ id: String) -> String? {
        guard let start = text.firstRange(of: "<code id=\"\(id)\">"),
            let end = text[start.upperBound...].firstRange(of: "</code>")
        else { return nil }
        return unescaped(text[start.upperBound..<end.lowerBound])
    }

    /// What the table of usual mistakes quotes in the line of a reason.
    func mistaken(_ reason: String) -> String? {
        let rows = text.split(separator: "<tr>").map(String.init)
        guard let row = rows.first(where: { $0.contains("<code>\(reason)</code>") }),
            let start = row.firstRange(of: "«\u{A0}"), let end = row.firstRange(of: "\u{A0}»")
        else { return nil }
        return unescaped(row[start.upperBound..<end.lowerBound])
    }

    private func unescaped(_ text: Substring) -> String {
        var text = String(text)
        for (entity, character) in [
            ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
        ] {
            text = text.replacingOccurrences(of: entity, with: character)
        }
        return text
    }
}

extension `The demonstration` {
    /// From reading a page to a refused request to a corrected one, without reading the code.
    @Suite struct `A new service's developer` {
        static let purposes: [(purpose: String, modes: [String])] = [
            ("cnaf/aide-logement", ["franceconnect", "identite"]),
            ("cnaf/aide-logement-etudiant", ["franceconnect", "identite"]),
            ("cnaf/prime-activite", ["franceconnect", "identite"]),
            ("cnaf/rsa", ["franceconnect", "identite"]),
            ("commune-demo/tarification-cantine", ["franceconnect", "identite"]),
            ("dhup/logement-social", ["franceconnect", "identite"]),
            ("dss/simulation-droits", ["franceconnect"]),
            ("minarm/recensement-citoyen", ["identite"]),
        ]

        private func page(_ purpose: String, _ demo: RunningDemo) throws -> ReadPage {
            let outcome = try Shell.run(
                "curl -sf \"$PASSERELLE/finalites/\(purpose)\"", ["PASSERELLE": demo.gateway])
            try #require(outcome.status == 0, "\(outcome.output)")
            return ReadPage(text: outcome.output)
        }

        /// Pastes a command; gives the document that came back.
        private func paste(
            _ command: String, _ purpose: String, _ mode: String, _ demo: RunningDemo
        ) async throws -> RunningDemo.Reply {
            let service = String(purpose.split(separator: "/")[0])
            var variables = ["PASSERELLE": demo.gateway, "CLE": try demo.key(of: service)]
            if mode == "franceconnect" {
                variables["JETON"] = try await demo.token(
                    for: "maelle-kerouanton", service: service,
                    extra: ", \"finalite\": \"\(purpose)\"")
            }
            let outcome = try Shell.run(command, variables)
            try #require(outcome.status == 0, "\(outcome.output)")
            let bytes = Array(outcome.output.utf8)
            let status = try parseJSON(bytes)["status"]?.integer ?? 200
            return RunningDemo.Reply(
                status: Int(status), headers: HTTPHeaders(), body: bytes)
        }

        @Test(arguments: purposes)
        func `pastes what a page shows, and gets answers`(
            purpose: String, modes: [String]
        ) async throws {
            let demo = try await Shared.demo
            let page = try page(purpose, demo)
            for mode in modes {
                let explanation = try #require(page.block("explication-\(mode)"))
                let permitted = try await paste(explanation, purpose, mode, demo)
                #expect(permitted.member("permis") == "true", "\(permitted.text)")
                let exchange = try #require(page.block("echange-\(mode)"))
                let answer = try await paste(exchange, purpose, mode, demo)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(["complet", "partiel"].contains(answer.member("statut")))
            }
            #expect(page.block("echange-franceconnect") != nil || !modes.contains("franceconnect"))
        }

        @Test(arguments: purposes)
        func `asks one field more, is refused, explains, and corrects`(
            purpose: String, modes: [String]
        ) async throws {
            let demo = try await Shared.demo
            let page = try page(purpose, demo)
            let mode = try #require(modes.first)
            let command = try #require(page.block("echange-\(mode)"))
            let explanation = try #require(page.block("explication-\(mode)"))
            let stranger = try #require(page.mistaken("champ_hors_finalite"))
            let more = { (text: String, field: String) -> String in
                text.replacingOccurrences(
                    of: "\"champs\": [", with: "\"champs\": [\"\(field)\",")
            }
            // One field more: refused whole, and the refusal says which field and why.
            let refused = try await paste(more(command, stranger), purpose, mode, demo)
            #expect(refused.status == 403)
            #expect(refused.member("refus.0.champ") == stranger)
            #expect(refused.member("refus.0.motif") == "champ_hors_finalite")
            #expect(refused.member("refus.1") == nil)
            #expect(refused.member("refus.0.contact") != nil)
            let explained = try await paste(more(explanation, stranger), purpose, mode, demo)
            #expect(explained.member("refus.0.motif") == "champ_hors_finalite")
            // A name mistyped: each refusal names what to write instead, until nothing is refused.
            let fields = try #require(Self.fields(of: command))
            let typo = try #require(page.mistaken("champ_inconnu"))
            var wrong = typo
            var corrections = 0
            var reply = try await paste(
                Self.asking([wrong] + fields.dropFirst(), command), purpose, mode, demo)
            while reply.status == 403, corrections < 3 {
                #expect(reply.member("refus.0.champ") == wrong)
                wrong = try #require(reply.member("refus.0.alternative"), "\(reply.text)")
                corrections += 1
                reply = try await paste(
                    Self.asking([wrong] + fields.dropFirst(), command), purpose, mode, demo)
            }
            #expect(reply.status == 200, "\(reply.text)")
            #expect(corrections > 0)
            #expect(wrong == fields.first)
        }

        /// The fields that a command asks for.
        private static func fields(of command: String) -> [String]? {
            guard let list = command.firstMatch(of: /"champs": \[(.*?)\],/)?.1 else { return nil }
            return list.split(separator: ",").map { String($0.dropFirst().dropLast()) }
        }

        private static func asking(_ fields: [String], _ command: String) -> String {
            let list = fields.map { "\"\($0)\"" }.joined(separator: ",")
            let replacement = "\"champs\": [\(list)],"
            return command.replacing(/"champs": \[(.*?)\],/, with: replacement)
        }
    }
}
