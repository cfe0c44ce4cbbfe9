import Cryptography
import HTTPMessages
import JSONText
import Testing

@testable import Sandbox

/// 21 November 2026, a little after midnight.
let today: Int64 = 1_795_219_200_000 + 600_000

let correlation = "0199b1f0-0000-7000-8000-000000000001"
let client = ClientCredentials(id: "passerelle", secret: "secret-de-test")

/// Builds a request for a double.
func asking(
    _ method: HTTPMethod, _ path: String, query: [(String, String)] = [],
    headers: [(String, String)] = [], body: [UInt8] = []
) -> DoubleRequest {
    let segments = path.split(separator: "/").map(String.init)
    return DoubleRequest(
        head: HTTPRequestHead(
            method: method, target: path, segments: segments,
            query: query.isEmpty ? nil : FormEncoding.serialize(query),
            headers: HTTPHeaders(headers)),
        body: body)
}

extension HolderDouble {
    /// The answer to a request, what is noted about it left out.
    func reply(_ request: DoubleRequest, at now: Int64 = today) -> DoubleReply {
        var note = CallNote()
        return answer(request, at: now, note: &note)
    }

    /// A token for the test's client.
    func token(scope: String? = nil, path: String = "/token") throws -> String {
        let form =
            [("grant_type", "client_credentials")] + (scope.map { [("scope", $0)] } ?? [])
        let basic = Base64.encode(Array("\(client.id):\(client.secret)".utf8))
        let answer = reply(
            asking(
                .post, path,
                headers: [
                    ("Content-Type", FormEncoding.mediaType), ("Authorization", "Basic \(basic)"),
                ],
                body: Array(FormEncoding.serialize(form).utf8)))
        return try #require(try answer.text("access_token"))
    }
}

extension DoubleReply {
    /// The value at a path such as `individu.entreprise.0.siren`, as text.
    func text(_ path: String) throws -> String? {
        var node = try parseJSON(body)
        for step in path.split(separator: ".") {
            switch node.value {
            case .object(let members):
                guard let next = members.first(where: { $0.name == step }) else { return nil }
                node = next.node
            case .array(let elements):
                guard let index = Int(step), elements.indices.contains(index) else { return nil }
                node = elements[index]
            default: return nil
            }
        }
        switch node.value {
        case .string(let text): return text
        case .number(let number): return number.text
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        case .array(let elements): return "[\(elements.count)]"
        case .object(let members): return "{\(members.count)}"
        }
    }
}
