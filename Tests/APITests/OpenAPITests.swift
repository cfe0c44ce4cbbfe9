import JSONText
import Journal
import Testing
import Vocabulary

@testable import API

@Suite struct `The API's description` {
    @Test func `is JSON without a repeated member, the same each time`() throws {
        let names = try Shipped.names()
        let document = openAPIDocument(names)
        _ = try parseJSON(document)
        #expect(openAPIDocument(names) == document)
    }

    /// Every `$ref` leads somewhere, and every schema is referred to.
    @Test func `has no loose end`() throws {
        let root = try parseJSON(openAPIDocument(Shipped.names()))
        var references: Set<String> = []
        gatherReferences(root, into: &references)
        let schemas = try #require(member(root, "components", "schemas"))
        let names = Set(memberNames(schemas).map { "#/components/schemas/\($0)" })
        #expect(references == names)
    }

    @Test func `names every published word`() throws {
        var texts: Set<String> = []
        try gatherTexts(parseJSON(openAPIDocument(Shipped.names())), into: &texts)
        let words =
            ProblemCode.allCases.map(\.rawValue) + RefusalReason.allCases.map(\.rawValue)
            + MissingReason.allCases.map(\.rawValue) + Fallback.allCases.map(\.rawValue)
            + InitiatorQuality.allCases.map(\.rawValue) + DossierRole.allCases.map(\.rawValue)
            + SourceStatus.allCases.map(\.rawValue)
        #expect(Set(words).isSubset(of: texts))
        let fields = try Shipped.names().catalogue.allFields.map(\.path.text)
        #expect(!fields.isEmpty)
        #expect(Set(fields).isSubset(of: texts))
        #expect(texts.contains("quotient_familial.enfants[]"))
        #expect(texts.contains("revenu_fiscal.adresse"))
    }

    @Test func `is made even where no data set is known`() throws {
        let names = KnownNames(catalogue: FieldCatalogue([]), purposes: [], recipients: [])
        _ = try parseJSON(openAPIDocument(names))
    }

    @Test(.enabled(if: Python.has("openapi_spec_validator"), "pip install openapi-spec-validator"))
    func `is valid OpenAPI 3.1 to an independent reader`() throws {
        let script = """
            import json, sys
            from openapi_spec_validator import validate
            validate(json.load(sys.stdin))
            """
        let result = Python.run(script, input: openAPIDocument(try Shipped.names()))
        #expect(result.status == 0, "\(result.output)")
    }

    /// Every example satisfies the schema that stands beside it.
    @Test(.enabled(if: Python.has("jsonschema"), "apt-get install python3-jsonschema"))
    func `shows examples that follow their schemas`() throws {
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator as Validator
            document = json.load(sys.stdin)
            count = 0
            def check(content, where):
                global count
                for media in content.values():
                    schema = dict(media["schema"], components=document["components"])
                    for name, example in media.get("examples", {}).items():
                        for error in Validator(schema).iter_errors(example["value"]):
                            sys.exit(f"{where} {name}: {error.message}")
                        count += 1
            for path, methods in document["paths"].items():
                for operation in methods.values():
                    check(operation.get("requestBody", {}).get("content", {}), path)
                    for status, answer in operation["responses"].items():
                        check(answer.get("content", {}), f"{path} {status}")
            sys.exit(0 if count > 20 else "too few examples")
            """
        let result = Python.run(script, input: openAPIDocument(try Shipped.names()))
        #expect(result.status == 0, "\(result.output)")
    }
}

private func member(_ node: JSONNode, _ names: String...) -> JSONNode? {
    names.reduce(node) { node, name in
        guard case .object(let members)? = node?.value else { return nil }
        return members.first { $0.name == name }?.node
    }
}

private func memberNames(_ node: JSONNode) -> [String] {
    guard case .object(let members) = node.value else { return [] }
    return members.map(\.name)
}

private func gatherReferences(_ node: JSONNode, into references: inout Set<String>) {
    switch node.value {
    case .object(let members):
        for member in members {
            if member.name == "$ref", case .string(let text) = member.node.value {
                references.insert(text)
            }
            gatherReferences(member.node, into: &references)
        }
    case .array(let elements):
        for element in elements { gatherReferences(element, into: &references) }
    default: break
    }
}

private func gatherTexts(_ node: JSONNode, into texts: inout Set<String>) {
    switch node.value {
    case .object(let members):
        for member in members { gatherTexts(member.node, into: &texts) }
    case .array(let elements):
        for element in elements { gatherTexts(element, into: &texts) }
    case .string(let text): texts.insert(text)
    default: break
    }
}
