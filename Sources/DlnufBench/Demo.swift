import JSONText
import Platform

/// What `demo.json` says of the sandbox and of the gateway before it.
struct Demo: Sendable {
    let root: JSONNode

    /// Waits until the sandbox has written it.
    static func await(_ folder: String) async throws -> Demo {
        let path = "\(folder)/demo.json"
        let deadline = ContinuousClock.now + .seconds(30)
        while !Files.exists(path) {
            guard ContinuousClock.now < deadline else {
                throw BenchFailure(
                    "Le bac à sable ne démarre pas.", remedy: "Lisez ce qu'il a écrit ci-dessus.")
            }
            try await EventLoop.wait(until: ContinuousClock.now + .milliseconds(10))
        }
        return Demo(root: try parseJSON(try Files.read(path, maxBytes: 16 << 20)))
    }

    var sandbox: String { root["bac_a_sable"]?.string ?? "" }

    func holder(_ id: String) -> String { root["detenteurs"]?[id]?.string ?? "" }

    /// One of the examples, as its service would send it.
    func exchange(_ name: String, at gateway: SocketAddress) throws -> ExampleExchange {
        guard let example = element(of: "exemples", where: "nom", is: name),
            let service = example["service"]?.string,
            let key = element(of: "services", where: "id", is: service)?["cle"]?.string,
            let body = example["corps"], let person = example["personne"]?.string
        else {
            throw BenchFailure(
                "demo.json n'a pas l'exemple « \(name) ».",
                remedy: "Construisez dlnuf et dlnuf-bench de la même version.")
        }
        return ExampleExchange(
            gateway: gateway, service: service, key: key, person: person, body: body)
    }

    /// A number of a person, as its holder knows it.
    func identifier(_ name: String, of person: String) -> String {
        element(of: "personnes", where: "id", is: person)?["identifiants"]?[name]?.string ?? ""
    }

    private func element(of list: String, where member: String, is value: String) -> JSONNode? {
        guard case .array(let elements)? = root[list]?.value else { return nil }
        return elements.first { $0[member]?.string == value }
    }
}

/// One exchange of the examples, ready to be sent.
struct ExampleExchange: Sendable {
    let gateway: SocketAddress
    let service: String
    let key: String
    let person: String
    let body: JSONNode
    private(set) var token: String?

    init(gateway: SocketAddress, service: String, key: String, person: String, body: JSONNode) {
        self.gateway = gateway
        self.service = service
        self.key = key
        self.person = person
        self.body = body
    }

    /// The same with a FranceConnect token.
    func with(token: String) -> ExampleExchange {
        var copy = self
        copy.token = token
        return copy
    }

    /// The request's body.
    var bodyBytes: [UInt8] {
        var writer = JSONWriter()
        guard let token, case .object(let members) = body.value else {
            writer.value(body)
            return writer.bytes
        }
        writer.object { writer in
            for member in members where member.name != "usager" {
                writer.key(member.name)
                writer.value(member.node)
            }
            writer.member(
                "usager",
                object: { usager in
                    usager.member("franceconnect", object: { $0.member("jeton", token) })
                })
        }
        return writer.bytes
    }

    var headers: [(String, String)] {
        [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")]
    }

    /// The whole request.
    var bytes: [UInt8] {
        requestBytes(
            "POST", path: "/v1/echanges", host: gateway.host, headers: headers, body: bodyBytes)
    }
}
