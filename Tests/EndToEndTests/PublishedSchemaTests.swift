import Foundation
import HTTPMessages
import JSONText
import Testing

extension `The demonstration` {
    /// What is published of a purpose against what really happens, judged by an independent
    /// validator.
    @Suite(.enabled(if: hasValidator, "apt-get install python3-jsonschema"))
    struct `A purpose's schemas` {
        private static let purposes = `A new service's developer`.purposes

        private func document(
            _ purpose: String, _ name: String, _ demo: RunningDemo
        ) async throws -> String {
            let reply = try await demo.send(
                .get, "\(demo.gateway)/v1/finalites/\(purpose)/\(name)")
            try #require(reply.status == 200, "\(reply.text)")
            return reply.text
        }

        /// Every purpose: the examples as they are, then with a field that is not the purpose's,
        /// and the real answers.
        @Test(arguments: purposes)
        func `admit what the gateway admits, and nothing else`(
            purpose: String, modes: [String]
        ) async throws {
            let demo = try await Shared.demo
            let openAPI = try await document(purpose, "openapi.json", demo)
            let examples = try requests(in: openAPI)
            #expect(examples.count == modes.count)
            var answers: [String] = []
            for example in examples {
                let body = try await withToken(example, purpose, demo)
                let service = String(purpose.split(separator: "/")[0])
                let reply = try await demo.exchange(Array(body.utf8), service: service)
                #expect(reply.status == 200, "\(reply.text)")
                answers.append(reply.text)
            }
            let input = """
                {"requests": [\(examples.joined(separator: ","))],
                 "answers": [\(answers.joined(separator: ","))],
                 "request_schema": \(try await document(purpose, "schema-demande.json", demo)),
                 "answer_schema": \(try await document(purpose, "schema-reponse.json", demo)),
                 "openapi": \(openAPI)}
                """
            let outcome = try Shell.run(
                "python3 -c \"$SCRIPT\"", ["SCRIPT": validation], input: Array(input.utf8))
            #expect(outcome.status == 0, "\(outcome.output)")
        }

        /// The requests that the demonstration itself sends pass the schemas of their purposes
        /// where the gateway admits them, and fail them where it refuses a field.
        @Test func `agree with the gateway on the demonstration's own requests`() async throws {
            let demo = try await Shared.demo
            for example in try demo.examples {
                let body = String(decoding: example.body, as: UTF8.self)
                let purpose = try #require(
                    try parseJSON(example.body)["finalite"]?.string)
                let reply = try await demo.send(example)
                let schema = try await document(purpose, "schema-demande.json", demo)
                let answerSchema = try await document(purpose, "schema-reponse.json", demo)
                // A refusal of the person, such as a missing identifier, is no matter of schema.
                let isOfFields = reply.member("refus.0.motif") != "identifiant_manquant"
                let isAdmitted = reply.status == 200 || !isOfFields
                let outcome = try Shell.run(
                    "python3 -c \"$SCRIPT\"", ["SCRIPT": agreement],
                    input: Array(
                        """
                        {"request": \(body), "schema": \(schema), "admitted": \(isAdmitted),
                         "answer": \(reply.status == 200 ? reply.text : "null"),
                         "answer_schema": \(answerSchema)}
                        """.utf8))
                #expect(outcome.status == 0, "\(example.name): \(outcome.output)")
            }
        }

        /// The examples of the exchange in a purpose's own description.
        private func requests(in openAPI: String) throws -> [String] {
            let root = try parseJSON(Array(openAPI.utf8))
            let content = root["paths"]?["/v1/echanges"]?["post"]?["requestBody"]?["content"]
            let examples = content?["application/json"]?["examples"]?.members ?? []
            return examples.compactMap { member in
                member.node["value"].map { node in
                    var writer = JSONWriter()
                    writer.value(node)
                    return writer.text
                }
            }
        }

        private func withToken(
            _ body: String, _ purpose: String, _ demo: RunningDemo
        ) async throws -> String {
            guard body.contains("jeton-de-la-session") else { return body }
            let token = try await demo.token(
                for: "maelle-kerouanton", service: String(purpose.split(separator: "/")[0]),
                extra: ", \"finalite\": \"\(purpose)\"")
            return body.replacingOccurrences(of: "jeton-de-la-session", with: token)
        }
    }
}

/// Whether Python has the validator that `make test` installs.
private let hasValidator: Bool = {
    (try? Shell.run("python3 -c 'import jsonschema'"))?.status == 0
}()

/// Both schemas and the description of one purpose, its requests and real answers.
private let validation = """
    import copy, json, sys
    from jsonschema import Draft202012Validator as Validator
    given = json.load(sys.stdin)
    def fail(text): sys.exit(text)
    def resolve(document, reference):
        node = document
        for part in reference[2:].split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node
    def walk(node):
        if isinstance(node, dict):
            yield node
            for value in node.values(): yield from walk(value)
        elif isinstance(node, list):
            for value in node: yield from walk(value)
    for name in ["request_schema", "answer_schema"]:
        schema = given[name]
        Validator.check_schema(schema)
        used = {n["$ref"] for n in walk(schema) if "$ref" in n}
        for reference in used: resolve(schema, reference)
        unused = {"#/$defs/" + d for d in schema["$defs"]} - used
        if unused: fail(f"{name}: never referred to: {unused}")
    request = Validator(given["request_schema"])
    answer = Validator(given["answer_schema"])
    for body in given["requests"]:
        for error in request.iter_errors(body): fail(f"request: {error.message}")
        other = [lambda b: b["champs"].append("revenu_fiscal.nombre_parts"),
                 lambda b: b["champs"].append("salaires.contrats[].nature"),
                 lambda b: b.__setitem__("finalite", "cnaf/autre"),
                 lambda b: b.__setitem__("destinataire", "99900199900019"),
                 lambda b: b.__setitem__("initiateur", {"qualite": "aidant"}),
                 lambda b: b["usager"].__setitem__("role", "voisin"),
                 lambda b: b["usager"].__setitem__("nir", "2"),
                 lambda b: b.__setitem__("periodes", {"autre": {}}),
                 lambda b: b.__setitem__("champs", [])]
        for index, change in enumerate(other):
            wrong = copy.deepcopy(body)
            change(wrong)
            if request.is_valid(wrong): fail(f"request: change {index} passes")
    for body in given["answers"]:
        for error in answer.iter_errors(body):
            fail(f"answer: {error.json_path}: {error.message}")
        wrong = copy.deepcopy(body)
        wrong["donnees"]["autre"] = {}
        if answer.is_valid(wrong): fail("answer: another data set passes")
        for dataset in body["donnees"]:
            wrong = copy.deepcopy(body)
            wrong["donnees"][dataset]["nir"] = "2"
            if answer.is_valid(wrong): fail("answer: another field passes")
    document = given["openapi"]
    if not document["openapi"].startswith("3.1"): fail("openapi: not 3.1")
    schemas = document["components"]["schemas"]
    used = {n["$ref"] for n in walk(document) if "$ref" in n}
    for reference in used: resolve(document, reference)
    unused = {"#/components/schemas/" + s for s in schemas} - used
    if unused: fail(f"openapi: never referred to: {unused}")
    for schema in schemas.values(): Validator.check_schema(schema)
    names, examples = set(), 0
    for path, methods in document["paths"].items():
        if not path.startswith("/"): fail(f"openapi: {path}")
        for method, operation in methods.items():
            names.add(operation["operationId"])
            contents = [operation.get("requestBody", {}).get("content", {})]
            for status, response in operation["responses"].items():
                if "description" not in response: fail(f"openapi: {path} {status}")
                contents.append(response.get("content", {}))
            for content in contents:
                for media in content.values():
                    schema = dict(media["schema"], components=document["components"])
                    for name, example in media.get("examples", {}).items():
                        examples += 1
                        for error in Validator(schema).iter_errors(example["value"]):
                            fail(f"openapi: {path} {name}: {error.message}")
    if len(names) != 3 or examples < 10: fail(f"openapi: {names}, {examples} examples")
    whole = Validator(dict(schemas["Demande"], components=document["components"]))
    for body in given["requests"]:
        if not whole.is_valid(body): fail("openapi: a request fails")
    """

/// One request, and whether the gateway admits it.
private let agreement = """
    import json, sys
    from jsonschema import Draft202012Validator as Validator
    given = json.load(sys.stdin)
    if Validator(given["schema"]).is_valid(given["request"]) != given["admitted"]:
        sys.exit("the request's schema and the gateway disagree")
    if given["answer"] is not None:
        for error in Validator(given["answer_schema"]).iter_errors(given["answer"]):
            sys.exit(f"answer: {error.json_path}: {error.message}")
    """
