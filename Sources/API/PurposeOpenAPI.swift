import JSONText
import Policies
import Publications
import Vocabulary

extension PurposeDescription {
    /// `GET /v1/finalites/{service}/{nom}/openapi.json`: the API as this purpose may use it.
    func openAPI(in policies: PolicySet) -> [UInt8] {
        let samples = PurposeSamples(self, in: policies)
        var exchange = exchangeOperation
        exchange.modes = Set(modes)
        exchange.requestExamples = samples.requests.map { request in
            APIExample(
                request.mode.rawValue, "La demande \(request.mode.inWords).",
                request.exchangeBody(token: "jeton-de-la-session"))
        }
        exchange.answerExamples =
            samples.answer.map {
                [APIExample("complet", "Une réponse, avec des valeurs inventées.", $0)]
            } ?? []
        var explanation = explanationOperation
        explanation.modes = Set(modes)
        explanation.requestExamples = samples.requests.map { request in
            APIExample(
                request.mode.rawValue, "L'explication \(request.mode.inWords).",
                request.explanationBody)
        }
        let operations = [exchange, explanation, problemsOperation]
        return openAPIDocument(info: writeInfo, operations: operations) { writer in
            writeRequestSchemas(to: &writer, withExplanation: true)
            writeAnswerSchemas(to: &writer)
            writeProblemSchemas(to: &writer)
        }
    }

    private func writeInfo(to writer: inout JSONWriter) {
        writer.member("title", "\(policy.title) (\(policy.id.text))")
        writer.member("version", String(policy.version))
        writer.member("summary", "Ce que cette finalité peut demander, et ce qu'elle reçoit.")
        writer.member(
            "description",
            """
            \(policy.demarche), \(serviceName). Finalité \(policy.ruleText), état : \
            \(policy.state.rawValue), empreinte SHA-256 \(policy.hash). Seuls figurent ici les \
            champs, formes, périodes, modes, rôles et initiateurs que la finalité admet ; \
            l'adresse /v1/openapi.json décrit toute la passerelle.
            """)
        writer.member(
            "contact", object: { $0.member("name", policy.contact) })
    }

    /// `…/schema-demande.json`: a JSON Schema (2020-12) of the purpose's requests.
    var requestSchema: [UInt8] {
        schema(.requestSchema(policy.id), "Demande", "Les demandes de") { writer in
            writeRequestSchemas(to: &writer, withExplanation: false)
        }
    }

    /// `…/schema-reponse.json`: a JSON Schema (2020-12) of the purpose's answers.
    var answerSchema: [UInt8] {
        schema(.answerSchema(policy.id), "Reponse", "Les réponses à") { writer in
            writeAnswerSchemas(to: &writer)
        }
    }

    private func schema(
        _ document: PublishedDocument, _ name: String, _ title: String,
        _ schemas: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var definitions = JSONWriter()
        definitions.object(schemas)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            writer.member("title", "\(title) \(policy.ruleText)")
            writer.member("$comment", "Empreinte de la finalité : sha256:\(policy.hash)")
            writer.member("$ref", "#/$defs/\(name)")
            writer.key("$defs")
            if let root = try? parseJSON(definitions.bytes) {
                writer.value(root.reaching(from: name).withDefinitionsAtHome)
            }
        }
        return writer.bytes
    }
}

extension JSONNode {
    private static let components = "#/components/schemas/"

    /// The schemas with references to `$defs`, where a JSON Schema keeps what OpenAPI keeps in
    /// `components`.
    fileprivate var withDefinitionsAtHome: JSONNode {
        switch value {
        case .object(let members):
            let moved = members.map { member in
                guard member.name == "$ref", let text = member.node.string else {
                    return JSONMember(
                        name: member.name, namePosition: member.namePosition,
                        node: member.node.withDefinitionsAtHome)
                }
                let home = text.replacing(JSONNode.components, with: "#/$defs/")
                return JSONMember(
                    name: "$ref", namePosition: member.namePosition,
                    node: JSONNode(value: .string(home), position: position))
            }
            return JSONNode(value: .object(moved), position: position)
        case .array(let elements):
            return JSONNode(
                value: .array(elements.map(\.withDefinitionsAtHome)), position: position)
        default: return self
        }
    }

    /// The schemas that one of them refers to, itself included.
    fileprivate func reaching(from name: String) -> JSONNode {
        var reached: Set<String> = [name]
        var waiting = [name]
        while let next = waiting.popLast(), let schema = self[next] {
            for reference in schema.references where reached.insert(reference).inserted {
                waiting.append(reference)
            }
        }
        let members = (self.members ?? []).filter { reached.contains($0.name) }
        return JSONNode(value: .object(members), position: position)
    }

    private var references: [String] {
        switch value {
        case .object(let members):
            members.flatMap { member in
                member.name == "$ref"
                    ? [member.node.string?.replacing(JSONNode.components, with: "") ?? ""]
                    : member.node.references
            }
        case .array(let elements): elements.flatMap(\.references)
        default: []
        }
    }
}
