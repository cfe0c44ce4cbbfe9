import Curl
import Exchanges
import HTTPMessages
import Identification
import Platform
import Synchronization
import Testing
import Vocabulary

@testable import FranceConnectClient

private typealias Double = FranceConnectDouble

extension FranceConnectIntrospector {
    fileprivate func introspect() async throws(Problem) -> Introspection {
        try await introspect(
            Sensitive(Double.token), for: Double.dgfip, until: .now.advanced(by: .seconds(5)))
    }

    fileprivate func verify() async throws(IntrospectionFailure) -> VerifiedIntrospection {
        try await verify(
            Sensitive(Double.token), for: Double.dgfip, until: .now.advanced(by: .seconds(5)))
    }
}

@Suite struct `An introspector` {
    @Test func `asks with exactly three fields, under the holder's registration`() async throws {
        let double = try Double()
        let found = try await double.introspector().introspect()
        #expect(found.client == FranceConnectClient(symbol: "fc:cnaf"))
        #expect(found.level == .eidas1)
        #expect(found.scopes == ["dgfip_rfr"])
        #expect(found.expiresAt == Timestamp(milliseconds: 1_795_000_060_000))
        #expect(found.pivot.reveal().birthName == "DUBOIS")
        #expect(double.asked == ["/.well-known/openid-configuration", "/jwks", "/checktoken"])
        let request = try #require(double.script.withLock { $0.requests.last })
        #expect(request.method == .post)
        #expect(request.headers.map(\.0) == ["Content-Type"])
        #expect(request.headers.map(\.1) == ["application/x-www-form-urlencoded"])
        let form = try FormEncoding.parse(request.body)
        #expect(form.pairs.map(\.name) == ["client_id", "client_secret", "token"])
        #expect(form.pairs.map(\.value) == ["fd&dgfip", "s+cret=", Double.token])
    }

    @Test func `reads the keys once for many`() async throws {
        let double = try Double()
        let introspector = double.introspector(keySetURL: Double.issuer + "/jwks")
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await introspector.verify() } }
            try await group.waitForAll()
        }
        #expect(double.asked.count { $0 == "/jwks" } == 1)
        #expect(double.asked.count { $0 == "/checktoken" } == 20)
    }

    @Test func `reads the keys again when one is unknown, and not too often`() async throws {
        let double = try Double()
        let introspector = double.introspector(keySetURL: Double.issuer + "/jwks")
        _ = try await introspector.verify()
        double.change {
            $0.keyID = "new"
            $0.publishedKeyIDs = ["new"]
        }
        await #expect(throws: IntrospectionFailure.unknownKey) { try await introspector.verify() }
        #expect(double.asked.count { $0 == "/jwks" } == 1)
        double.instant.withLock { $0 = $0.advanced(by: .seconds(11)) }
        _ = try await introspector.verify()
        #expect(double.asked.count { $0 == "/jwks" } == 2)
        double.change { $0.keyID = "never" }
        double.instant.withLock { $0 = $0.advanced(by: .seconds(11)) }
        for _ in 0..<3 {
            await #expect(throws: IntrospectionFailure.unknownKey) {
                try await introspector.verify()
            }
        }
        #expect(double.asked.count { $0 == "/jwks" } == 3)
    }

    @Test func `tries once more when the connection fails, and only then`() async throws {
        let double = try Double()
        let introspector = double.introspector()
        try await introspector.prepare()
        for code in [TransferError.Code.connectionFailed, .reset] {
            double.change { $0.failures = [code] }
            _ = try await introspector.verify()
            double.change { $0.failures = [code, code] }
            await #expect(throws: IntrospectionFailure.unreachable) {
                try await introspector.verify()
            }
        }
        #expect(double.asked.count { $0 == "/checktoken" } == 8)
        for (code, expected) in [
            (TransferError.Code.timedOut, IntrospectionFailure.timedOut),
            (.tlsFailed, .unreachable), (.cancelled, .unreachable),
            (.responseTooLarge, .unacceptable(.tooLarge)),
            (.addressRefused, .misconfigured(.refusedRequest)),
        ] {
            double.change { $0.failures = [code] }
            await #expect(throws: expected) { try await introspector.verify() }
        }
        #expect(double.asked.count { $0 == "/checktoken" } == 13)
    }

    @Test(arguments: [
        #"{"issuer":"https://autre.exemple/api/v2","jwks_uri":"https://fc.exemple/api/v2/jwks"}"#,
        #"{"issuer":"https://fc.exemple/api/v2","jwks_uri":"https://autre.exemple/jwks"}"#,
        #"{"issuer":"https://fc.exemple/api/v2","jwks_uri":"https://fc.exemple.mechant/jwks"}"#,
        #"{"issuer":"https://fc.exemple/api/v2"}"#, "", "[]",
    ])
    func `takes keys from FranceConnect alone`(discovery: String) async throws {
        let double = try Double()
        double.change { $0.discovery = discovery }
        let introspector = double.introspector()
        await #expect(throws: IntrospectionFailure.unacceptable(.keySet)) {
            try await introspector.verify()
        }
        double.change { $0.discovery = nil }
        await #expect(throws: IntrospectionFailure.unacceptable(.keySet)) {
            try await introspector.verify()
        }
        #expect(double.asked == ["/.well-known/openid-configuration"])
        double.instant.withLock { $0 = $0.advanced(by: .seconds(1)) }
        _ = try await introspector.verify()
    }

    @Test func `says in the catalogue's words whose fault it is`() async throws {
        let double = try Double()
        let seen = Mutex<[String]>([])
        let introspector = double.introspector { holder, failure in
            seen.withLock { $0.append("\(holder) \(failure?.code ?? "ok")") }
        }
        _ = try await introspector.introspect()
        double.change { $0.isActive = false }
        await #expect(throws: Problem(.jetonFranceConnectInactif)) {
            try await introspector.introspect()
        }
        double.change { $0.reply = (401, #"{"error":"invalid_client"}"#) }
        await #expect(throws: Problem(.passerelleMalConfiguree)) {
            try await introspector.introspect()
        }
        double.change { $0.reply = (503, "") }
        await #expect(throws: Problem(.franceConnectIndisponible, retryAfterSeconds: 5)) {
            try await introspector.introspect()
        }
        #expect(
            seen.withLock { $0 } == [
                "dgfip ok", "dgfip inactif", "dgfip configuration.refusedCredentials",
                "dgfip en_panne",
            ])
    }

    @Test(arguments: [
        (IntrospectionFailure.inactive, nil),
        (.unacceptable(.signature), #""cause":"reponse_irrecevable","defaut":"signature"}"#),
        (.misconfigured(.refusedCredentials), #""defaut":"refusedCredentials"}"#),
        (.identityUnusable(.commune), #""defaut":"commune"}"#),
        (.failed(status: 503), #""cause":"panne","statut":503}"#),
    ])
    func `logs what an operator can act on`(failure: IntrospectionFailure, end: String?) {
        let line = IntrospectionLog.line(for: failure)?.text(milliseconds: 0)
        let text = line.map { String(decoding: $0, as: UTF8.self) }
        #expect((text == nil) == (end == nil))
        #expect(text?.hasSuffix((end ?? "") + "\n") ?? true)
    }

    @Test func `calls nobody for a holder without registration or a text that is no token`()
        async throws
    {
        let double = try Double()
        let introspector = double.introspector()
        await #expect(throws: Problem(.passerelleMalConfiguree)) {
            try await introspector.introspect(
                Sensitive(Double.token), for: HolderID(checked: "cnav"), until: .now)
        }
        await #expect(throws: Problem(.jetonFranceConnectInactif)) {
            try await introspector.introspect(
                Sensitive("a b"), for: Double.dgfip, until: .now)
        }
        #expect(double.asked.isEmpty)
    }
}
