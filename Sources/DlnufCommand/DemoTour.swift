import Curl
import Foundation
import HTTPMessages
import JSONText
import Platform
import Sandbox
import Vocabulary

extension Demonstration {
    /// What the demonstration displays in full, before it settles.
    private static let displayed = [
        "demande-complete-identite", "demande-complete-franceconnect", "refus-hors-finalite",
        "reponse-partielle",
    ]

    /// Sends the examples to the gateway over HTTP, shows four of them in full, and says how to go
    /// on.
    func show() async throws {
        var settings = HTTPClient.Configuration()
        settings.addressRule = .any
        let client = try HTTPClient(loop: EventLoop.required(), configuration: settings)
        defer { client.close() }
        let people = sandbox.peopleByID
        Console.write("\nPasserelle : \(gatewayURL)\nBac à sable : \(sandboxURL)\n")
        Console.write("\nChaque jeu de données, dans chaque mode\n")
        for example in DemoExample.all where !Self.displayed.contains(example.name) {
            let (status, body) = try await send(example, people, client)
            let mark = status == example.status ? "✓" : "✗"
            Console.write("  \(mark) \(status)  \(example.name)\n           \(gist(of: body))\n")
        }
        for name in Self.displayed {
            guard let example = DemoExample.all.first(where: { $0.name == name }) else { continue }
            let (status, body) = try await send(example, people, client)
            Console.write("\n── \(title(of: example)) : \(status)\n\(indentedJSON(body))\n")
        }
        Console.write(invitation)
    }

    /// On one line, the data that came or the reasons why none did.
    private func gist(of body: [UInt8]) -> String {
        guard let root = try? parseJSON(body),
            let members = try? JSONPlace(root: root).anyObject(),
            let part = members.optional("donnees") ?? members.optional("refus")
        else { return String(decoding: body, as: UTF8.self) }
        var writer = JSONWriter()
        writer.value(part.node)
        return writer.text
    }

    private var sandboxURL: String { sandbox.urls["bac_a_sable"] ?? "" }

    private func title(of example: DemoExample) -> String {
        let mode = example.mode == "franceconnect" ? "FranceConnect" : "identité"
        return "\(example.name) (\(example.purpose), \(mode), \(example.person))"
    }

    /// Sends one example as its service would.
    private func send(
        _ example: DemoExample, _ people: [String: JSONPlace], _ client: HTTPClient
    ) async throws -> (Int, [UInt8]) {
        let token = example.mode == "franceconnect" ? try await token(for: example, client) : ""
        let key = keys.services.first { $0.service.text == example.service }?.key ?? ""
        let response = try await client.send(
            OutboundRequest(
                method: .post,
                url: "\(gatewayURL)/v1/echanges",
                headers: [
                    ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
                ],
                body: example.body(person: people[example.person], token: token),
                allowsPlainHTTP: true),
            until: .now.advanced(by: .seconds(15)))
        return (response.status, response.body)
    }

    private func token(for example: DemoExample, _ client: HTTPClient) async throws -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("personne", example.person)
            writer.member("service", example.service)
        }
        let response = try await client.send(
            OutboundRequest(
                method: .post, url: "\(sandboxURL)/sandbox/jetons",
                headers: [("Content-Type", "application/json")], body: writer.bytes,
                allowsPlainHTTP: true),
            until: .now.advanced(by: .seconds(5)))
        let document = JSONPlace(root: try parseJSON(response.body))
        return try document.anyObject().required("access_token").string(maxBytes: 4096)
    }

    /// Commands that work when pasted.
    private var invitation: String {
        let service = keys.services.first { $0.service.text == "commune-demo" }
        let key = service?.key ?? ""
        return """

            À vous. Un jeton FranceConnect (60 secondes), puis un échange :

              JETON=$(curl -s \(sandboxURL)/sandbox/jetons -H 'Content-Type: application/json' \\
                -d '{"personne": "maelle-kerouanton", "service": "commune-demo"}' \\
                | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
              curl -s \(gatewayURL)/v1/echanges \\
                -H 'Authorization: Bearer \(key)' \\
                -H 'Content-Type: application/json' -d '{
                  "finalite": "commune-demo/tarification-cantine",
                  "destinataire": "99900106800017",
                  "champs": ["quotient_familial.valeur@tranche", "quotient_familial.nombre_enfants"],
                  "usager": {"franceconnect": {"jeton": "'$JETON'"}}}'

            Ce que chaque finalité peut demander, avec des commandes à copier :

              \(gatewayURL)/finalites

            Ce que chaque détenteur a reçu, ce que le journal en a gardé :

              curl -s \(sandboxURL)/sandbox/appels
              \(CommandLine.arguments[0]) audit list --journal \(journal)
              \(CommandLine.arguments[0]) audit champs --journal \(journal)

            Un détenteur propose un connecteur, deux opérateurs l'approuvent, l'un d'eux le retire :

            \(proposalTour)
            Tout le reste est dans \(folder)/demo.json. Ctrl-C arrête la démonstration.

            """
    }

    /// Commands of a holder and of two operators, on the operators' socket.
    private var proposalTour: String {
        let holder = "mesri"
        let people = operators.keys.filter { $0.holder == nil }.map(\.key)
        let file = "\(folder)/proposition.json"
        return """
              C="curl -s --unix-socket \(operators.socket)"
              R=http://operateurs/v1/operateurs/connecteurs/\(holder)/statut_etudiant/revisions
              { printf '{"connecteur": '; cat connectors/\(holder)/statut_etudiant/connector.json
                printf ', "exemples": {"inconnu": '
                cat connectors/\(holder)/statut_etudiant/examples/inconnu.json; printf '}}'
              } > \(file)
              H=$(sha256sum \(file) | cut -c1-64)
              $C $R -H 'Authorization: Bearer \(operators.key(of: holder))' \\
                -H 'Content-Type: application/json' --data-binary @\(file)
              $C $R/$H/approbations -H 'Authorization: Bearer \(people.first ?? "")' -d ''
              $C $R/$H/approbations -H 'Authorization: Bearer \(people.last ?? "")' -d ''
              $C $R/$H -H 'Authorization: Bearer \(people.last ?? "")' -X DELETE

            """
    }
}
