import Cryptography
import Curl
import HTTPMessages
import JSONText
import Platform

/// The few requests that prepare a measurement.
struct BenchClient {
    private let client: HTTPClient

    init() throws {
        var settings = HTTPClient.Configuration()
        settings.addressRule = .any
        client = try HTTPClient(loop: EventLoop.required(), configuration: settings)
    }

    func close() { client.close() }

    /// Spares the sandbox its list of calls.
    func stopKeepingCalls(_ demo: Demo) async throws {
        _ = try await post(
            "\(demo.sandbox)/sandbox/appels", Array("{\"journal\":false}".utf8), expecting: 204)
    }

    /// Sends one exchange; its answer, which must be one.
    func ask(_ exchange: ExampleExchange) async throws -> JSONNode {
        try await post(
            "http://\(exchange.gateway.host):\(exchange.gateway.port)/v1/echanges",
            exchange.bodyBytes, headers: exchange.headers, expecting: 200)
    }

    /// Makes a holder of the sandbox fail.
    func breakHolder(_ holder: String, _ fault: String, _ demo: Demo) async throws {
        try await setFault(holder, fault, seconds: 600, demo)
    }

    /// Makes a holder of the sandbox work again.
    func mend(_ holder: String, _ demo: Demo) async throws {
        try await setFault(holder, nil, seconds: 0, demo)
    }

    private func setFault(
        _ holder: String, _ fault: String?, seconds: Int, _ demo: Demo
    ) async throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("cible", holder)
            if let fault { writer.member("panne", fault) }
            writer.member("pendant_s", seconds)
            writer.member("delai_ms", 500)
        }
        _ = try await post("\(demo.sandbox)/sandbox/pannes", writer.bytes, expecting: 200)
    }

    /// Sends one exchange and requires all of it; the year of income that was read.
    func probe(_ exchange: ExampleExchange, _ demo: Demo) async throws -> Int64 {
        let url = "http://\(exchange.gateway.host):\(exchange.gateway.port)/v1/echanges"
        let answer = try await post(
            url, exchange.bodyBytes, headers: exchange.headers, expecting: 200)
        guard answer["statut"]?.string == "complet",
            let year = answer["donnees"]?["revenu_fiscal"]?["annee_revenus"]?.integer
        else {
            throw BenchFailure(
                "L'échange d'essai n'est pas complet.",
                remedy: "Comparez avec « make demo » : un détenteur ne répond pas.")
        }
        return year
    }

    /// Fresh FranceConnect tokens of the example's person, good for the whole run.
    func tokens(
        _ count: Int, _ exchange: ExampleExchange, _ demo: Demo
    ) async throws -> [String] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("personne", exchange.person)
            writer.member("service", exchange.service)
            writer.member("expire_dans_s", 86_400)
        }
        var tokens: [String] = []
        for _ in 0..<count {
            let answer = try await post(
                "\(demo.sandbox)/sandbox/jetons", writer.bytes, expecting: 200)
            guard let token = answer["access_token"]?.string else { throw Self.unexpected }
            tokens.append(token)
        }
        return tokens
    }

    /// The call that the gateway makes at the holder, with a token of its client, to be made by
    /// anybody.
    func holderCall(
        _ demo: Demo, _ exchange: ExampleExchange, year: Int64, folder: String
    ) async throws -> HolderCall {
        let base = demo.holder("dgfip")
        let client = try Self.secret("dgfip-client-id", folder)
        let secret = try Self.secret("dgfip-client-secret", folder)
        let form = FormEncoding.serialize([
            ("grant_type", "client_credentials"), ("scope", "RessourceIRDerniere"),
        ])
        let answer = try await post(
            "\(base)/token", Array(form.utf8),
            headers: [
                ("Content-Type", FormEncoding.mediaType),
                ("Authorization", "Basic \(Base64.encode(Array("\(client):\(secret)".utf8)))"),
            ], expecting: 200)
        let port = base.split(separator: ":").last.flatMap { UInt16($0) }
        guard let token = answer["access_token"]?.string, let port,
            let address = SocketAddress(host: "127.0.0.1", port: port)
        else { throw Self.unexpected }
        let number = demo.identifier("numero_fiscal", of: exchange.person)
        let call = HolderCall(
            address: address,
            path: "/impotparticulier/1.0/spi/\(number)"
                + "/dernieresituation/ir/assiettes/annrev/\(year)",
            token: token)
        let response = try await self.client.send(
            OutboundRequest(
                url: base + call.path, headers: call.headers, allowsPlainHTTP: true),
            until: .now.advanced(by: .seconds(5)))
        guard response.status == 200 else { throw Self.unexpected }
        return call
    }

    private static func secret(_ name: String, _ folder: String) throws -> String {
        String(
            decoding: try Files.read("\(folder)/secrets/\(name)", maxBytes: 1024), as: UTF8.self)
    }

    private func post(
        _ url: String, _ body: [UInt8],
        headers: [(String, String)] = [("Content-Type", "application/json")],
        expecting status: Int
    ) async throws -> JSONNode {
        let response: InboundResponse
        do {
            response = try await client.send(
                OutboundRequest(
                    method: .post, url: url, headers: headers, body: body, allowsPlainHTTP: true),
                until: .now.advanced(by: .seconds(15)))
        } catch {
            throw Self.unexpected
        }
        guard response.status == status else {
            throw BenchFailure(
                "La préparation a reçu le statut \(response.status).",
                remedy: "Comparez avec « make demo », puis relancez la mesure.")
        }
        return response.body.isEmpty
            ? JSONNode.null : try parseJSON(response.body, limits: JSONLimits(bytes: 1 << 20))
    }

    private static let unexpected = BenchFailure(
        "Le bac à sable n'a pas répondu comme prévu.",
        remedy: "Construisez dlnuf et dlnuf-bench de la même version.")
}

extension JSONNode {
    fileprivate static let null = JSONNode(
        value: .null, position: JSONPosition(line: 1, column: 1, offset: 0))
}

/// One call to the holder, as the gateway makes it.
struct HolderCall: Sendable {
    let address: SocketAddress
    let path: String
    let token: String

    var headers: [(String, String)] {
        [
            ("Authorization", "Bearer \(token)"), ("Accept", "application/json"),
            ("X-Correlation-ID", "019a0000-0000-7000-8000-000000000000"),
        ]
    }

    /// The same call again and again, sent to a proxy.
    func load(at proxy: SocketAddress) -> Load {
        let bytes = requestBytes("GET", path: path, host: proxy.host, headers: headers)
        return Load(address: proxy) { _ in bytes }
    }
}
