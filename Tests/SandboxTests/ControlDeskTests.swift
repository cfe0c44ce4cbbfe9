import HTTPMessages
import Testing

@testable import Sandbox

@Suite struct `The sandbox's own service` {
    private let faults = FaultBoard()
    private let log = CallLog()
    private let franceConnect: FranceConnect
    private let desk: ControlDesk

    init() throws {
        func client(_ id: String) -> SandboxConfiguration.Client {
            SandboxConfiguration.Client(
                id: id, secret: "s", title: id, scopes: ["dgfip_rfr", "cnaf_enfants"])
        }
        let service = SandboxConfiguration.Service(
            id: "cnaf", client: client("client-cnaf"),
            clientsOfPurposes: ["cnaf/prime-activite": client("client-prime")])
        franceConnect = try FranceConnect(
            town: .standard, clients: [service.client] + service.clientsOfPurposes.values,
            dataProviders: [], fetchKeys: { _ in nil })
        desk = ControlDesk(
            town: .standard, services: [service], franceConnect: franceConnect, faults: faults,
            log: log)
    }

    private func post(_ path: String, _ body: Document) -> DoubleReply {
        desk.answer(asking(.post, "/sandbox/\(path)", body: body.bytes), at: today)
    }

    @Test func `gives a token with every scope of the service's client`() throws {
        let reply = post("jetons", .members(["personne": "zoe-lannezval", "service": "cnaf"]))
        #expect(reply.status == 200)
        let token = try #require(try reply.text("access_token"))
        let standing = franceConnect.state.standing(of: token, at: today / 1000)
        guard case .active(let known, let session) = standing else {
            Issue.record("the token is not active")
            return
        }
        #expect(session.clientID == "client-cnaf")
        #expect(session.scopes == ["openid", "dgfip_rfr", "cnaf_enfants"])
        #expect(known.endsAt == today / 1000 + 60)
    }

    @Test func `gives a token of the purpose's own client, with fewer scopes or none left to live`()
        throws
    {
        let reply = post(
            "jetons",
            .members([
                "personne": "zoe-lannezval", "service": "cnaf", "finalite": "cnaf/prime-activite",
                "scopes": ["openid"], "expire_dans_s": 0,
            ]))
        let token = try #require(try reply.text("access_token"))
        guard case .inactive = franceConnect.state.standing(of: token, at: today / 1000) else {
            Issue.record("the token is active")
            return
        }
        guard
            case .active(_, let session) = franceConnect.state.standing(
                of: token, at: today / 1000 - 30)
        else { return }
        #expect(session.clientID == "client-prime")
        #expect(session.scopes == ["openid"])
    }

    @Test(arguments: [
        (Document.members(["personne": "personne", "service": "cnaf"]), "GET /sandbox/personnes"),
        (.members(["personne": "zoe-lannezval", "service": "autre"]), "cnaf"),
        (.members(["personne": "timothee-vasselin", "service": "cnaf"]), "mineur"),
        (
            .members(["personne": "zoe-lannezval", "service": "cnaf", "scopes": "dgfip_aft"]),
            "dgfip_rfr"
        ),
        (.members(["personne": "zoe-lannezval"]), "service"),
        (.members(["personnes": "zoe-lannezval", "service": "cnaf"]), "personnes"),
        ("zoe", "objet"),
    ])
    func `says what is wrong with a request for a token`(body: Document, part: String) throws {
        let reply = post("jetons", body)
        #expect(reply.status == 400)
        #expect(try #require(try reply.text("erreur")).contains(part))
    }

    @Test(arguments: [
        ("profond", Fault.profond), ("sans_fin", .sansFin), ("goutte_corps", .goutteCorps),
        ("lent", .lent), ("slow", .lent), ("hang", .muet), ("down", .arret),
        ("reset", .coupe), ("500", .erreur500), ("garbled", .illisible), ("oversize", .enorme),
        ("bad signature", .signature), ("wrong audience", .audience), ("alg: none", .algNone),
        ("wrong key", .mauvaiseCle),
    ])
    func `breaks what it is asked to, under each name of the fault`(name: String, fault: Fault) {
        let reply = post(
            "pannes",
            .members(["cible": "franceconnect", "panne": .string(name), "pendant_s": 30]))
        #expect(reply.status == 200)
        #expect(faults.entry(for: "franceconnect", at: today + 29_999)?.fault == fault)
        #expect(faults.entry(for: "franceconnect", at: today + 30_000) == nil)
    }

    @Test func `repairs with a duration of 0, and reaches every holder at once`() {
        _ = post("pannes", .members(["cible": "tous", "panne": "muet", "pendant_s": 60]))
        for holder in SandboxConfiguration.holderIDs {
            #expect(faults.entry(for: holder, at: today)?.fault == .muet)
        }
        #expect(faults.entry(for: "franceconnect", at: today) == nil)
        _ = post("pannes", .members(["cible": "cnav", "pendant_s": 0]))
        #expect(faults.entry(for: "cnav", at: today) == nil)
    }

    @Test func `publishes the faults when it does not know one`() throws {
        let reply = post(
            "pannes", .members(["cible": "cnav", "panne": "signature", "pendant_s": 60]))
        #expect(reply.status == 400)
        let text = try #require(try reply.text("erreur"))
        #expect(text.contains("illisible"))
        #expect(!text.contains("mauvaise_cle"))
    }

    @Test func `lists the calls of each double, and forgets them`() throws {
        let ticket = log.opened("dgfip", method: "GET", at: today)
        log.update(ticket) { call in
            call.note.template = "/r2p/v1/personne/spi"
            call.status = 200
        }
        let reply = desk.answer(asking(.get, "/sandbox/appels"), at: today)
        #expect(try reply.text("dgfip.0.chemin") == "/r2p/v1/personne/spi")
        #expect(try reply.text("dgfip.0.statut") == "200")
        #expect(try reply.text("franceconnect") == "[0]")
        #expect(desk.answer(asking(.delete, "/sandbox/appels"), at: today).status == 204)
        log.update(ticket) { $0.status = 500 }
        #expect(
            try desk.answer(asking(.get, "/sandbox/appels"), at: today).text("dgfip") == "[0]")
    }

    @Test func `keeps no more calls once told so`() throws {
        #expect(post("appels", .members(["journal": .bool(false)])).status == 204)
        #expect(log.opened("dgfip", method: "GET", at: today) == nil)
        #expect(post("appels", .members(["journal": .bool(true)])).status == 204)
        #expect(log.opened("dgfip", method: "GET", at: today) != nil)
        #expect(post("appels", .members([:])).status == 400)
    }

    @Test func `shows the people as the gateway takes them`() throws {
        let reply = desk.answer(asking(.get, "/sandbox/personnes"), at: today)
        #expect(try reply.text("personnes.0.identite.nom_naissance") == "KÉROUANTON")
        #expect(try reply.text("personnes.0.identifiants.ine") == "2817364509K")
    }
}
