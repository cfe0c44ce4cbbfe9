import Cryptography
import Foundation
import HTTPMessages
import HTTPServing
import JSONText
import Platform
import Testing

@testable import Sandbox

/// curl, which reads HTTP in its own way.
enum Curl {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

    /// What came back; `code` is curl's own when nothing usable did.
    struct Outcome {
        let code: Int32
        let reply: DoubleReply
    }

    static func run(_ arguments: String...) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments =
            ["-s", "--noproxy", "*", "-w", "\n%{http_code} %{content_type}"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0
        let told = String(decoding: bytes[end...].dropFirst(), as: UTF8.self)
            .split(separator: " ", maxSplits: 1).map(String.init)
        return Outcome(
            code: process.terminationStatus,
            reply: DoubleReply(
                Int(told.first ?? "") ?? 0, Array(bytes[..<end]),
                headers: [(name: "Content-Type", value: told.count > 1 ? told[1] : "")]))
    }
}

@Suite(.enabled(if: Curl.isThere, "curl manque"))
struct `The sandbox over sockets` {
    private let loops: [EventLoop]
    private let sandbox: SandboxServers

    init() throws {
        loops = try [EventLoop(name: "un"), EventLoop(name: "deux")]
        for loop in loops { try loop.start() }
        let service = SandboxConfiguration.Client(
            id: "client-cnaf", secret: "secret-cnaf", title: "CNAF",
            scopes: ["dgfip_rfr", "dgfip_annee_n_moins_1", "api_fc-statutaugmentev1"])
        sandbox = try SandboxServers.start(
            loops: loops,
            configuration: SandboxConfiguration(
                services: [SandboxConfiguration.Service(id: "cnaf", client: service)],
                dataProviders: [],
                credentials: SandboxConfiguration.HolderCredentials(
                    dgfip: client, cnav: client, franceTravail: client, gipMDS: client,
                    mesriKeyForINE: "cle-ine", mesriKeyForCivilStatus: "cle-ec")))
    }

    private func stop() async {
        await sandbox.stop()
        for loop in loops { loop.stop() }
    }

    private func url(_ id: String, _ path: String) throws -> String {
        try #require(sandbox.urls[id]) + path
    }

    private func post(_ path: String, _ body: String) throws -> DoubleReply {
        try Curl.run("-d", body, try url("bac_a_sable", "/sandbox/\(path)")).reply
    }

    private func token(at holder: String) throws -> String {
        let reply = try Curl.run(
            "-u", "\(client.id):\(client.secret)", "-d", "grant_type=client_credentials",
            try url(holder, "/token")
        ).reply
        return try #require(try reply.text("access_token"))
    }

    private func student(_ more: String...) throws -> Curl.Outcome {
        try Curl.run(
            "-m", "5", "-H", "X-API-Key: cle-ine", "-H", "X-Caller: DINUM - 1",
            try url("mesri", "/supdata/v1/statut-etudiant?INE=9972635480A"))
    }

    @Test func `answers for each holder, and keeps the list of calls`() async throws {
        let year = CivilDate(milliseconds: WallClock.milliseconds()).year - 1
        let franceConnectToken = try #require(
            try post("jetons", #"{"personne": "zoe-lannezval", "service": "cnaf"}"#)
                .text("access_token"))
        let assessment = try Curl.run(
            "-H", "Authorization: Bearer \(try token(at: "dgfip"))",
            "-H", "X-Correlation-ID: \(correlation)",
            "-H", "X-FranceConnect-OAuth: \(franceConnectToken)",
            try url("dgfip", "/impotparticulier/1.0/situations/ir/assiettes/annrev/\(year)")
        ).reply
        #expect(assessment.status == 200)
        #expect(try assessment.text("rfr") == "8274")
        #expect(try student().reply.status == 200)
        let calls = try Curl.run(try url("bac_a_sable", "/sandbox/appels")).reply
        #expect(try calls.text("dgfip.1.correlation") == correlation)
        #expect(try calls.text("dgfip.1.statut") == "200")
        #expect(
            try calls.text("dgfip.1.chemin")
                == "/impotparticulier/1.0/situations/ir/assiettes/annrev/{annrev}")
        #expect(try calls.text("mesri.0.destinataire") == "DINUM - 1")
        #expect(try calls.text("cnav") == "[0]")
        await stop()
    }

    @Test func `is FranceConnect, up to the keys that the gateway does not have`() async throws {
        let discovery = try Curl.run(
            try url("franceconnect", "/api/v2/.well-known/openid-configuration")
        ).reply
        #expect(try discovery.text("issuer") == sandbox.issuer)
        let token = try #require(
            try post("jetons", #"{"personne": "zoe-lannezval", "service": "cnaf"}"#)
                .text("access_token"))
        sandbox.register([
            SandboxConfiguration.DataProvider(
                holder: "cnav", clientID: "fd", secret: "fd-secret",
                keysURL: try url("mesri", "/jwks"), scopes: [])
        ])
        let check = try Curl.run(
            "-d", "client_id=fd&client_secret=fd-secret&token=\(token)",
            try url("franceconnect", "/api/v2/checktoken")
        ).reply
        #expect(check.status == 500)
        #expect(try check.text("error_description") == "failed to fetch JWKS")
        let page = try Curl.run(try url("franceconnect", "/api/v2/authorize?client_id=x")).reply
        #expect(page.status == 400)
        #expect(page.header("Content-Type") == "text/html; charset=utf-8")
        await stop()
    }

    @Test(.enabled(if: IndependentReader.isThere, "python3-jwcrypto manque"))
    func `fetches the gateway's key for each introspection`() async throws {
        let key = try PrivateKey.generateP256()
        let gateway = try HTTPServer(
            configuration: HTTPServer.Configuration(
                endpoints: [.plain(host: "127.0.0.1", port: 0)]),
            loops: loops, handler: KeySetServer(key: key))
        gateway.start()
        sandbox.register([
            SandboxConfiguration.DataProvider(
                holder: "cnav", clientID: "fd", secret: "fd-secret",
                keysURL: "http://127.0.0.1:\(gateway.ports[0])/jwks", scopes: ["dgfip_rfr"],
                keyAlgorithm: .ecdhES)
        ])
        let token = try #require(
            try post("jetons", #"{"personne": "teva-tehuiotoa", "service": "cnaf"}"#)
                .text("access_token"))
        let check = try Curl.run(
            "-d", "client_id=fd&client_secret=fd-secret&token=\(token)",
            try url("franceconnect", "/api/v2/checktoken")
        ).reply
        #expect(check.header("Content-Type") == "application/token-introspection+jwt")
        let read = DoubleReply(
            200,
            try IndependentReader.read(
                introspection: String(decoding: check.body, as: UTF8.self), key: key,
                signingKeys: Curl.run(try url("franceconnect", "/api/v2/jwks")).reply.body))
        #expect(try read.text("payload.iss") == sandbox.issuer)
        #expect(try read.text("payload.token_introspection.scope") == "dgfip_rfr")
        #expect(try read.text("payload.token_introspection.birthplace") == "98735")
        await gateway.shutdown(deadline: .now + .seconds(1))
        await stop()
    }

    @Test func `fails in each way that it is told to, then works again`() async throws {
        func fail(_ fault: String) throws {
            let body = #"{"cible": "mesri", "panne": "\#(fault)", "pendant_s": 30}"#
            #expect(try post("pannes", body).status == 200)
        }
        try fail("500")
        #expect(try student().reply.status == 500)
        try fail("garbled")
        let garbled = try student().reply
        #expect(garbled.status == 200)
        #expect(throws: (any Error).self) { try garbled.text("nomFamille") }
        try fail("reset")
        #expect(try [18, 52, 56].contains(student().code))
        try fail("down")
        #expect(try [18, 52, 56].contains(student().code))
        try fail("oversize")
        #expect(try student().reply.body.count > 32 << 20)
        try fail("identite")
        #expect(try student().reply.text("nomFamille") == "QUELQU'UN-D'AUTRE")
        try fail("quota")
        #expect(try student().reply.status == 429)
        #expect(try post("pannes", #"{"cible": "mesri", "pendant_s": 0}"#).status == 200)
        #expect(try student().reply.status == 200)
        await stop()
    }

    @Test func `notes a caller who leaves a silent holder`() async throws {
        _ = try post("pannes", #"{"cible": "mesri", "panne": "hang", "pendant_s": 60}"#)
        let outcome = try Curl.run(
            "-m", "1", "-H", "X-API-Key: cle-ine", "-H", "X-Caller: DINUM - 1",
            try url("mesri", "/supdata/v1/statut-etudiant?INE=9972635480A"))
        #expect(outcome.code == 28)
        var call = try #require(sandbox.log.calls(of: "mesri").first)
        for _ in 0..<200 where !call.abandoned {
            // No event to await: the server notices the caller's leaving in its own time.
            try await Task.sleep(for: .milliseconds(10))
            call = try #require(sandbox.log.calls(of: "mesri").first)
        }
        #expect(call.abandoned)
        #expect(call.note.identifiers == ["9972635480A"])
        #expect(call.status == nil)
        await stop()
    }
}

/// What stands for the gateway's own key set.
private struct KeySetServer: HTTPHandler {
    let key: PrivateKey

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let point = try? key.publicKey().p256Coordinates() else {
            return HTTPResponse(status: 500)
        }
        let set = Document.members([
            "keys": [
                .members([
                    "kty": "EC", "use": "enc", "alg": "ECDH-ES", "crv": "P-256",
                    "x": .string(Base64URL.encode(point.x)),
                    "y": .string(Base64URL.encode(point.y)),
                ])
            ]
        ])
        return HTTPResponse(status: 200, contentType: "application/json", body: set.bytes)
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse { HTTPResponse(status: failure.status) }
}
