import Connectors
import Cryptography
import Curl
import HTTPMessages
import HTTPServing
import HolderClients
import Platform
import Synchronization
import Testing
import Vocabulary

/// A holder over TLS that answers everybody alike, and notes which certificate each call came with.
private final class WitnessingHolder: HTTPHandler {
    private let seen = Mutex<[String]>([])

    /// The clients' certificates, call by call.
    var thumbprints: [String] { seen.withLock { $0 } }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        _ = try? await request.body.collect(limit: 100_000)
        let path = request.head.target.prefix { $0 != "?" }
        guard path != "/token" else { return grant }
        seen.withLock {
            $0.append(request.clientCertificateSHA256.map { Hex.encode($0) } ?? "none")
        }
        return json(
            """
            {"allocataires":[{"nomNaissance":"LE GOFF","listePrenoms":"ANAIS MARIE",\
            "dateNaissance":"1990-05-17","genre":"F"}],"enfants":[],"quotientFamilial":742,\
            "annee":2026,"mois":10}
            """)
    }

    func respond(to failure: HTTPFailure) -> HTTPResponse { HTTPResponse(status: failure.status) }
}

/// One server, one loop with one HTTP client, and as many bindings to it as a test wants.
private struct Peers {
    let loops: [EventLoop]
    let server: HTTPServer
    let holder = WitnessingHolder()
    let client: HTTPClient

    init(_ endpoint: HTTPServer.Endpoint) throws {
        loops = [try EventLoop(name: "pair"), try EventLoop(name: "appels")]
        for loop in loops { try loop.start() }
        server = try HTTPServer(
            configuration: .init(endpoints: [endpoint]), loops: [loops[0]], handler: holder)
        server.start()
        // Production's rule: only what an origin is granted may be reached.
        client = try HTTPClient(loop: loops[1])
    }

    func address(_ host: String = "127.0.0.1") -> String { "https://\(host):\(server.ports[0])" }

    /// Asks over an origin of that description.
    func ask(_ origin: HolderBinding.Origin) async throws -> HolderReply {
        let made = try connector("cnav/quotient_familial")
        let binding = HolderBinding(
            origins: ["cnav": origin],
            secrets: Dictionary(
                uniqueKeysWithValues: made.secrets.map { ($0.text, Sensitive("invente")) }),
            receives: made.relayed)
        let clients = try HolderClients(
            [made], configuration: .init(bindings: [ConnectorKey(made): binding]),
            send: holderTransport(over: [client]), now: { ContinuousClock.now })
        let period = Period.month(try #require(YearMonth("2026-10")))
        let asked = try question(["quotient_familial.valeur"], period: period)
        return try await loops[1].run {
            await clients.answer(
                asked, from: HolderID(checked: "cnav"),
                until: ContinuousClock.now.advanced(by: .seconds(20)))
        }
    }

    func stop() async {
        await server.shutdown(deadline: ContinuousClock.now)
        for loop in loops { loop.stop() }
    }
}

private let here = Reach(admitsThisMachine: true)

@Suite struct `Who a holder is` {
    private static let authority = Result { try Authority() }

    @Test(arguments: Authority.Showing.allCases)
    func `is proved by a certificate of its own authorities`(
        showing: Authority.Showing
    ) async throws {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint(showing))
        let reply = try await peers.ask(
            HolderBinding.Origin(
                baseURLs: [peers.address()], reach: here, caFile: authority.file("ca.pem")))
        #expect(reply.status == (showing == .trusted ? .obtenu : .indisponible))
        #expect(reply.missing == (showing == .trusted ? nil : .detenteurIndisponible))
        #expect(peers.holder.thumbprints.count == (showing == .trusted ? 1 : 0))
        await peers.stop()
    }

    @Test func `is not taken from another holder that trusts more`() async throws {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint())
        func origin(_ file: String?) -> HolderBinding.Origin {
            HolderBinding.Origin(baseURLs: [peers.address()], reach: here, caFile: file)
        }
        for _ in 0..<3 {
            #expect(try await peers.ask(origin(authority.file("ca.pem"))).status == .obtenu)
            // The connection that the first has just left open is not for those.
            let other = try await peers.ask(origin(authority.file("autre.pem")))
            #expect(other.status == .indisponible)
            #expect(try await peers.ask(origin(nil)).status == .indisponible)
        }
        #expect(peers.holder.thumbprints.count == 3)
        await peers.stop()
    }

    @Test func `learns who we are by the certificate of its own grant, call by call`()
        async throws
    {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint())
        let names = ["alice", "bob", nil, "alice", nil, "bob", "bob", "alice"]
        for name in names {
            let reply = try await peers.ask(
                HolderBinding.Origin(
                    baseURLs: [peers.address()], reach: here, caFile: authority.file("ca.pem"),
                    clientCertificate: name.map {
                        ClientCertificate(
                            chainFile: authority.file("\($0).pem"),
                            keyFile: authority.file("\($0).key"))
                    }))
            #expect(reply.status == .obtenu)
        }
        let expected = try names.map { try $0.map(authority.thumbprint) ?? "none" }
        #expect(peers.holder.thumbprints == expected)
        await peers.stop()
    }

    @Test(arguments: [("alice", true), ("other", false), (nil, false)])
    func `may demand that we have a certificate`(name: String?, isServed: Bool) async throws {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint(demanding: true))
        let reply = try await peers.ask(
            HolderBinding.Origin(
                baseURLs: [peers.address()], reach: here, caFile: authority.file("ca.pem"),
                clientCertificate: name.map {
                    ClientCertificate(
                        chainFile: authority.file("\($0).pem"),
                        keyFile: authority.file("\($0).key"))
                }))
        #expect(reply.status == (isServed ? .obtenu : .indisponible))
        #expect(peers.holder.thumbprints.count == (isServed ? 1 : 0))
        await peers.stop()
    }
}

@Suite struct `Where a holder is` {
    private static let authority = Result { try Authority() }

    @Test(arguments: [
        ("127.0.0.1", [String]()), ("localhost", []), ("127.0.0.1", ["10.0.0.0/8"]),
        // Even granted, this machine is nobody's holder outside the sandbox.
        ("127.0.0.1", ["127.0.0.0/8"]), ("localhost", ["0.0.0.0/0", "::/0"]),
    ])
    func `is never this machine outside the sandbox, whatever a name resolves to`(
        host: String, networks: [String]
    ) async throws {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint())
        let ranges = try networks.map { try #require(AddressRange($0)) }
        let reply = try await peers.ask(
            HolderBinding.Origin(
                baseURLs: [peers.address(host)], reach: Reach(ranges: ranges),
                caFile: authority.file("ca.pem")))
        #expect(reply.missing == .passerelleEnDefaut)
        #expect(peers.holder.thumbprints.isEmpty)
        await peers.stop()
    }

    @Test func `is checked for a connection that another origin left open`() async throws {
        let authority = try Self.authority.get()
        let peers = try Peers(try authority.endpoint())
        func origin(_ reach: Reach) -> HolderBinding.Origin {
            HolderBinding.Origin(
                baseURLs: [peers.address()], reach: reach, caFile: authority.file("ca.pem"))
        }
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        let elsewhere = try #require(AddressRange("10.0.0.0/8"))
        let near = Reach(ranges: [loopback], admitsThisMachine: true)
        let far = Reach(ranges: [elsewhere], admitsThisMachine: true)
        for _ in 0..<2 {
            #expect(try await peers.ask(origin(near)).status == .obtenu)
            #expect(try await peers.ask(origin(far)).missing == .passerelleEnDefaut)
            #expect(try await peers.ask(origin(Reach())).missing == .passerelleEnDefaut)
        }
        #expect(peers.holder.thumbprints.count == 2)
        await peers.stop()
    }

    @Test(arguments: [
        ("10.1.2.3", [String](), false), ("10.1.2.3", ["10.0.0.0/8"], true),
        ("10.1.2.3", ["10.2.0.0/16", "10.1.0.0/16"], true), ("8.8.8.8", [], true),
        // Networks that are named are the only ones.
        ("8.8.8.8", ["10.0.0.0/8"], false), ("100.64.1.1", [], false),
        ("169.254.169.254", ["169.254.0.0/16"], false), ("169.254.169.254", [], false),
        ("fd00::1", ["fd00::/8"], true), ("fd00::1", [], false), ("fe80::1", ["fe80::/10"], false),
        ("::ffff:127.0.0.1", ["127.0.0.0/8"], false), ("::1", ["::/0"], false),
        ("64:ff9b::7f00:1", ["64:ff9b::/96"], false), ("2002:7f00:1::", [], false),
        ("2606:4700::1", [], true), ("0.0.0.0", ["0.0.0.0/0"], false),
    ])
    func `is decided by its address`(host: String, networks: [String], isIn: Bool) throws {
        let reach = Reach(ranges: try networks.map { try #require(AddressRange($0)) })
        let address = try #require(SocketAddress(host: host, port: 443))
        #expect(reach.allows(address) == isIn)
    }
}
