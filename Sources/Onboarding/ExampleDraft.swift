import Connectors
import HTTPMessages
import JSONText
import Vocabulary

/// First examples of a connector: one for each answer that is described.
///
/// Their person is invented, and stands in the answer where the connector compares an identity;
/// what they expect is what the connector does today, for a person to read again.
struct ExampleDraft {
    let order: ScaffoldOrder
    let connector: Connector
    let answer: AnswerDraft

    func files() -> [(name: String, text: String)] {
        var files: [(name: String, text: String)] = []
        for response in order.operation.responses {
            let samples =
                response.samples.isEmpty
                ? [(name: "", summary: "", value: JSONValue.null)] : response.samples
            for (index, sample) in samples.prefix(20).enumerated() {
                guard let status = status(response.status) else { continue }
                let name = fileName(response.status, sample.name, index, samples.count)
                if let text = text(status, response, sample) { files.append((name, text)) }
            }
        }
        return files
    }

    private func status(_ text: String) -> Int? {
        let text = text.lowercased()
        if text == "default" { return 500 }
        if text.hasSuffix("xx") { return Int(text.prefix(1)).map { $0 * 100 } }
        return Int(text)
    }

    private func fileName(
        _ status: String, _ name: String, _ index: Int, _ count: Int
    ) -> String {
        let plain = foldedToCapitals(name).lowercased().split { $0 == " " }
            .filter { $0.utf8.allSatisfy { $0 < 0x80 } }.joined(separator: "-").prefix(40)
        let suffix = plain.isEmpty ? (count > 1 ? "-\(index + 1)" : "") : "-\(plain)"
        return "statut-\(status.lowercased())\(suffix)"
    }

    // MARK: - The question

    private var mode: Mode { connector.services.map(\.mode).last ?? .identite }

    private var leaves: [FieldPath] {
        (connector.services.last?.fields ?? []).sorted()
    }

    private var periodKind: PeriodKind? {
        order.catalogue.datasets[order.dataset]?.periodKind
    }

    private var period: JSONValue {
        switch periodKind {
        case .annee: .members([("annee", .whole(2024))])
        case .mois: .members([("mois", .string("2026-10"))])
        case .intervalle:
            .members([("du", .string("2026-08")), ("au", .string("2026-10"))])
        case .dateEtIntervalle:
            .members([
                ("date", .string("2026-11-20")), ("du", .string("2026-08")),
                ("au", .string("2026-10")),
            ])
        case .date, nil: .members([("date", .string("2026-11-20"))])
        }
    }

    private var question: JSONValue {
        var members: [(String, JSONValue)] = [
            ("mode", .string(mode.rawValue)), ("champs", .texts(leaves.map(\.text))),
            ("periode", period), ("jour", .string("2026-11-20")),
            ("destinataire", .string("13002526500013")),
            ("finalite", .string("cnaf/aide-logement")),
            ("echange", .string("019a9d5e-0000-7000-8000-000000000001")),
            (
                "identite",
                .members([
                    ("nom_naissance", .string("Le Goff")),
                    ("prenoms", .texts(["Anaïs", "Marie"])),
                    ("date_naissance", .string("1990-05-17")), ("sexe", .string("F")),
                    ("code_pays_naissance", .string("99100")),
                    ("code_commune_naissance", .string("2A004")),
                ])
            ),
        ]
        if let needed = connector.services.last?.neededIdentifier {
            let invented =
                switch needed {
                case .numeroFiscal: "1234567890123"
                case .identifiantFranceTravail: "12345678901"
                case .ine: "1234567890A"
                }
            members.append(
                ("identifiants", .members([(needed.rawValue, .string(invented))])))
        }
        if mode == .franceconnect { members.append(("jeton", .string("jeton-invente"))) }
        return .members(members)
    }

    // MARK: - The answer

    /// The sample with the invented person where the usager is compared.
    private func withUsager(_ sample: JSONValue) -> JSONValue {
        guard let person = answer.persons.first else { return sample }
        var value = sample
        for (trait, leaf) in person.traits {
            guard let text = written(trait, leaf) else { continue }
            value = value.replacing(at: leaf.steps[...], with: .string(text))
        }
        for (part, number) in [("jour", 17), ("mois", 5), ("annee", 1990)] {
            guard let leaf = person.dateParts[part] else { continue }
            let isNumber = leaf.type == "integer" || leaf.type == "number"
            let text = part == "annee" ? "1990" : number < 10 ? "0\(number)" : String(number)
            value = value.replacing(
                at: leaf.steps[...], with: isNumber ? .whole(number) : .string(text))
        }
        return value
    }

    private func written(_ trait: String, _ leaf: ShapeLeaf) -> String? {
        switch trait {
        case "nom_naissance": "LE GOFF"
        case "prenoms": leaf.name.lowercased().hasSuffix("prenom") ? "ANAIS" : "ANAIS MARIE"
        case "date_naissance":
            switch DateWriting(leaf) {
            case .slashed: "17/05/1990"
            case .compact: "17051990"
            case .compactYearFirst: "19900517"
            case .timestamp: "1990-05-17T00:00:00+02:00"
            case .iso, nil: "1990-05-17"
            }
        case "sexe":
            leaf.choices.first { ["2", "f"].contains($0.lowercased().prefix(1)) } ?? "F"
        case "pays_naissance": "99100"
        case "commune_naissance": "2A004"
        default: nil
        }
    }

    private func text(
        _ status: Int, _ response: OpenAPIOperation.Response,
        _ sample: (name: String, summary: String, value: JSONValue)
    ) -> String? {
        let body = status == 200 ? withUsager(sample.value) : sample.value
        var reply: [(String, JSONValue)] = [("statut", .whole(status))]
        if let type = response.mediaTypes.first(where: { $0.contains("json") }), body != .null {
            if type != "application/json" {
                reply.append(("entetes", .members([("Content-Type", .string(type))])))
            }
            reply.append(("corps", body))
        }
        let described = sample.summary.isEmpty ? response.description : sample.summary
        let description =
            "Tiré de la description OpenAPI, statut \(response.status) : \(plainText(described))"
        // Written a first time to be played, then with what was read.
        let first = document(
            description, .members([("methode", .string("GET")), ("cible", .string("/"))]),
            .members(reply), [("issue", .string("obtenu"))])
        guard
            let example = ConnectorExampleDocument(bytes(first), dataset: order.dataset).example,
            let step = connector.steps(for: example.question).first,
            let request = try? step.request(for: example.question)
        else { return nil }
        var record = ExampleRecord(example: example)
        record.read(step)
        let second = document(description, sent(request), .members(reply), record.expectations)
        return second.laidOut
    }

    private func sent(_ request: CallRequest) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("methode", .string(request.method.rawValue)), ("cible", .string(request.target)),
        ]
        let written = ["accept", "content-type"]
        let headers = request.headers.filter { !written.contains($0.name.lowercased()) }
        if !headers.isEmpty {
            members.append(("entetes", .members(headers.map { ($0.name, .string($0.value)) })))
        }
        if !request.body.isEmpty {
            members.append(("corps", .string(String(decoding: request.body, as: UTF8.self))))
        }
        return .members(members)
    }

    private func document(
        _ description: String, _ request: JSONValue, _ reply: JSONValue,
        _ expectations: [(String, JSONValue)]
    ) -> JSONValue {
        .members(
            [
                ("description", .string(description)), ("question", question),
                ("appels", .list([.members([("requete", request), ("reponse", reply)])])),
            ] + expectations)
    }

    private func bytes(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value.node)
        return writer.bytes
    }
}
