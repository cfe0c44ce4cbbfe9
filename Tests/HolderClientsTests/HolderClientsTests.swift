import Connectors
import Curl
import HTTPMessages
import HolderClients
import Platform
import Synchronization
import Testing
import Vocabulary

private let family = "cnav/quotient_familial"
private let valeur = "quotient_familial.valeur"

private func month() throws -> Period { .month(try #require(YearMonth("2026-10"))) }

private func file(birth: String = "1990-05-17", name: String = "LE GOFF") -> HTTPResponse {
    json(
        """
        {"allocataires":[{"nomNaissance":"\(name)","listePrenoms":"ANAIS MARIE",\
        "dateNaissance":"\(birth)","genre":"F"}],"enfants":[],"quotientFamilial":742,\
        "annee":2026,"mois":10}
        """)
}

@Suite struct `Asking a holder` {
    @Test func `brings the asked leaf under the gateway's own token`() async throws {
        let bench = try Bench([family]) { $0.path == "/token" ? grant : file() }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.status == .obtenu)
        #expect(reply.reading[valeur] == .value(Sensitive(.integer(742))))
        #expect(reply.coverage != nil)
        let calls = bench.double.all
        #expect(calls.map(\.path) == ["/token", "/api-secu/v1/quotient-familial"])
        // Base64 of cnav's identifier and secret, both the invented one.
        #expect(
            calls[0].headers["Authorization"]
                == "Basic c2VjcmV0LWludmVudGU6c2VjcmV0LWludmVudGU=")
        #expect(calls[0].body == "grant_type=client_credentials")
        #expect(calls[1].headers["Authorization"] == "Bearer jeton-1")
        await bench.stop()
    }

    @Test func `asks for one token however many wait for it, on all loops`() async throws {
        let bench = try Bench([family]) { $0.path == "/token" ? grant : file() }
        let question = try question([valeur], period: month())
        try await withThrowingTaskGroup(of: SourceStatus.self) { group in
            for index in 0..<20 {
                group.addTask { try await bench.ask("cnav", question, loop: index % 2).status }
            }
            for try await status in group { #expect(status == .obtenu) }
        }
        #expect(bench.double.paths.count { $0 == "/token" } == 1)
        #expect(bench.double.paths.count == 21)
        await bench.stop()
    }

    @Test func `renews once a token that the holder refuses`() async throws {
        let bench = try Bench([family]) { call in
            guard call.path != "/token" else {
                return json(
                    #"{"access_token":"jeton-\#(call.number)","token_type":"bearer"}"#)
            }
            return call.headers["Authorization"] == "Bearer jeton-2"
                ? file() : json("{}", status: 401)
        }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.status == .obtenu)
        #expect(bench.double.paths.count == 4)
        await bench.stop()
    }

    @Test func `does not renew a token twice, and takes the blame`() async throws {
        let bench = try Bench([family]) { $0.path == "/token" ? grant : json("{}", status: 401) }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == .passerelleEnDefaut)
        #expect(bench.double.paths.count == 4)
        await bench.stop()
    }

    @Test(arguments: [
        (400, MissingReason.passerelleEnDefaut), (401, .passerelleEnDefaut),
        (429, .detenteurQuota), (503, .detenteurIndisponible), (200, .reponseIrrecevable),
    ])
    func `says why it got no token, and asks nothing`(
        status: Int, reason: MissingReason
    ) async throws {
        let bench = try Bench([family]) { _ in json(#"{"error":"x"}"#, status: status) }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == reason)
        // A 503 may be over a moment later: the token is asked for once more.
        #expect(bench.double.paths == Array(repeating: "/token", count: status == 503 ? 2 : 1))
        await bench.stop()
    }

    @Test(arguments: [("17", 17), ("-5", 30), ("99999999999", 86_400), ("demain", 30)])
    func `believes within bounds when its token endpoint will be back`(
        told: String, seconds: Int
    ) async throws {
        let bench = try Bench([family]) { _ in json("{}", status: 429, [("Retry-After", told)]) }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == .detenteurQuota)
        #expect(reply.retryAfterSeconds == seconds)
        await bench.stop()
    }

    @Test func `asks again under the date that a presumed one hides`() async throws {
        let bench = try Bench([family]) { call in
            guard call.path != "/token" else { return grant }
            return call.target.contains("dateNaissance=1990-00-00")
                ? file(birth: "1990-00-00") : json(#"{"errorCode":"40409"}"#, status: 404)
        }
        let presumed = try question(
            [valeur], period: month(), pivot: try pivot(birth: "1990-01-01", mayBePresumed: true))
        #expect(try await bench.ask("cnav", presumed).status == .obtenu)
        let known = try question(
            [valeur], period: month(), pivot: try pivot(birth: "1990-01-01"))
        #expect(try await bench.ask("cnav", known).missing == .personneInconnue)
        #expect(bench.double.paths.count == 4)
        await bench.stop()
    }

    @Test func `lets nothing through of another person`() async throws {
        let bench = try Bench([family]) { $0.path == "/token" ? grant : file(name: "DURAND") }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.status == .sansResultat)
        #expect(reply.missing == .identiteDiscordante)
        #expect(reply.reading == HolderReading())
        // The year and the month that came were compared with those asked, not left aside.
        #expect(reply.dropped.isEmpty)
        await bench.stop()
    }
}

@Suite struct `A holder that fails` {
    @Test func `is too slow when it does not answer in time`() async throws {
        let bench = try Bench([family]) { call in
            guard call.path != "/token" else { return grant }
            // Ends when the gateway has given up and left.
            try? await EventLoop.wait(until: ContinuousClock.now.advanced(by: .seconds(60)))
            return file()
        }
        let reply = try await bench.ask(
            "cnav", try question([valeur], period: month()), within: .milliseconds(400))
        #expect(reply.missing == .detenteurTropLent)
        #expect(reply.status == .indisponible)
        #expect(reply.retryAfterSeconds == 30)
        await bench.stop()
    }

    @Test func `is too slow when its token endpoint does not answer in time`() async throws {
        let bench = try Bench([family]) { _ in
            try? await EventLoop.wait(until: ContinuousClock.now.advanced(by: .seconds(60)))
            return grant
        }
        let reply = try await bench.ask(
            "cnav", try question([valeur], period: month()), within: .milliseconds(300))
        #expect(reply.missing == .detenteurTropLent)
        await bench.stop()
    }

    @Test func `is left when the caller leaves`() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (departures, departed) = AsyncStream<Void>.makeStream()
        let bench = try Bench([family]) { call in
            guard call.path != "/token" else { return grant }
            arrived.yield()
            try? await EventLoop.wait(until: ContinuousClock.now.advanced(by: .seconds(60)))
            if Task.isCancelled { departed.yield() }
            return file()
        }
        let question = try question([valeur], period: month())
        let asking = Task { try await bench.ask("cnav", question) }
        for await _ in arrivals { break }
        asking.cancel()
        #expect(try await asking.value.status == .annule)
        for await _ in departures { break }
        await bench.stop()
    }

    @Test func `is down when nobody listens`() async throws {
        // A port that was just free: nothing else in this process takes it.
        let bench = try Bench([family], port: 1) { _ in grant }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == .detenteurIndisponible)
        await bench.stop()
    }

    @Test func `is refused when it sends too much`() async throws {
        let bench = try Bench([family]) { call in
            guard call.path != "/token" else { return grant }
            return json(#"{"x":""# + String(repeating: "a", count: 300_000) + #""}"#)
        }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == .reponseIrrecevable)
        #expect(reply.status == .irrecevable)
        await bench.stop()
    }

    @Test func `passes its quota on, with when to come back`() async throws {
        let bench = try Bench([family]) { call in
            call.path == "/token" ? grant : json("{}", status: 429, [("Retry-After", "17")])
        }
        let reply = try await bench.ask("cnav", try question([valeur], period: month()))
        #expect(reply.missing == .detenteurQuota)
        #expect(reply.retryAfterSeconds == 17)
        await bench.stop()
    }
}

@Suite struct `Two calls for one data set` {
    private let jobs = "france-travail/demandeur_emploi"
    private let token = "/connexion/oauth2/access_token"
    private let status = "/partenaire/statutaugmente/v1/statut"
    private let payments = "/partenaire/liste-paiements/v1/paiements"
    private let number: [IdentifierKind: Sensitive<String>] = [
        .identifiantFranceTravail: Sensitive("legoff1234")
    ]

    private static func sheet(_ name: String) -> HTTPResponse {
        json(
            """
            {"nom":"\(name)","prenom":"ANAIS","sexe":"Féminin",\
            "dateNaissance":"1990-05-17T00:00:00+02:00",\
            "dateInscription":"2026-01-12T00:00:00+01:00","dateCessationInscription":null}
            """)
    }

    private func period() throws -> Period {
        .dateAndMonths(
            try #require(CalendarDate("2026-11-20")), from: try #require(YearMonth("2026-09")),
            to: try #require(YearMonth("2026-11")))
    }

    @Test func `never ask for the payments of another person`() async throws {
        let bench = try Bench([jobs]) { call in
            call.path.hasSuffix("token") ? grant : Self.sheet("DURAND")
        }
        let reply = try await bench.ask(
            "france-travail",
            try question(
                ["demandeur_emploi.indemnites[].montant_total"], period: period(),
                identifiers: number))
        #expect(reply.missing == .identiteDiscordante)
        #expect(bench.double.paths == [token, status])
        #expect(
            bench.double.all[0].body.contains("scope=api_statutaugmentev1%20"),
            "the scope names the client")
        await bench.stop()
    }

    @Test func `keep what the first brought when the second fails`() async throws {
        let bench = try Bench([jobs]) { call in
            if call.path.hasSuffix("token") { return grant }
            return call.path.hasSuffix("statut")
                ? Self.sheet("LE GOFF") : json("{}", status: 500)
        }
        let fields = [
            "demandeur_emploi.est_inscrit", "demandeur_emploi.indemnites[].montant_total",
        ]
        let reply = try await bench.ask(
            "france-travail",
            try question(fields, period: period(), identifiers: number))
        #expect(reply.status == .obtenu)
        #expect(reply.reading[fields[0]] == .value(Sensitive(.boolean(true))))
        #expect(reply.reading[fields[1]] == .missing(.detenteurIndisponible))
        #expect(reply.calls.map(\.status) == [.obtenu, .indisponible])
        #expect(reply.calls.map { $0.fields.map(\.text) } == fields.map { [$0] })
        #expect(reply.retryAfterSeconds == 30)
        #expect(bench.double.paths == [token, status, payments])
        await bench.stop()
    }

    @Test func `tell an empty list from an unknown one`() async throws {
        let bench = try Bench([jobs]) { call in
            if call.path.hasSuffix("token") { return grant }
            return call.path.hasSuffix("statut")
                ? Self.sheet("LE GOFF") : json(#"{"listePaiement":[]}"#)
        }
        let reply = try await bench.ask(
            "france-travail",
            try question(
                ["demandeur_emploi.indemnites[].montant_total"], period: period(),
                identifiers: number))
        #expect(reply.status == .obtenu)
        #expect(reply.reading.extents.map(\.count) == [0])
        #expect(reply.reading.leaves.isEmpty)
        await bench.stop()
    }
}

@Suite struct `Bindings` {
    @Test func `name every origin and secret that is missing`() throws {
        let made = try connector(family)
        let error = #expect(throws: HolderBindingError.self) {
            try HolderClients(
                [made], configuration: .init(bindings: [:]),
                send: { _, _ throws(TransferError) in throw TransferError(.cancelled) },
                now: { ContinuousClock.now })
        }
        // Its origin, its two secrets, and each trait that it hands over.
        #expect(error?.faults.count == 3 + made.relayed.count)
        #expect(error?.faults.allSatisfy { $0.contains("cnav/quotient_familial") } == true)
    }

    @Test(arguments: [
        "http://127.0.0.1:1", "https://", "https://a/", "https://u@a", "https://a?b", "ftp://a",
    ])
    func `refuse an address that is no https origin`(url: String) throws {
        let made = try connector("mesri/statut_etudiant")
        let secrets = Dictionary(
            uniqueKeysWithValues: made.secrets.map { ($0.text, Sensitive("x")) })
        let binding = HolderBinding(
            origins: ["mesri": .init(baseURLs: [url])], secrets: secrets,
            receives: made.relayed)
        #expect(throws: HolderBindingError.self) {
            try HolderClients(
                [made], configuration: .init(bindings: [ConnectorKey(made): binding]),
                send: { _, _ throws(TransferError) in throw TransferError(.cancelled) },
                now: { ContinuousClock.now })
        }
    }
}
