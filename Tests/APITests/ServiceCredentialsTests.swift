import Cryptography
import Exchanges
import Testing
import Vocabulary

@testable import API

/// The CNAF's key, and one of another service that ends at a known moment.
func credentials() throws -> ServiceCredentials {
    try #require(
        ServiceCredentials([
            credential("cnaf-1", "cnaf", GatewayStub.key, endsAt: nil),
            credential("ville-1", "ville", "cle-qui-finit", endsAt: GatewayStub.now),
        ]))
}

private func credential(
    _ name: String, _ service: String, _ key: String, endsAt end: Timestamp?
) -> ServiceCredential {
    ServiceCredential(
        name: name, service: ServiceID(checked: service), digest: sha256(Array(key.utf8)),
        expiresAt: end)
}

@Suite struct `A service's credential` {
    @Test(arguments: ["Bearer", "bearer", "BEARER"])
    func `opens the gateway for its service alone`(scheme: String) throws {
        let caller = try credentials().caller(
            authorization: ["\(scheme) \(GatewayStub.key)"], at: GatewayStub.now)
        #expect(caller == Caller(service: ServiceID(checked: "cnaf"), credential: "cnaf-1"))
    }

    @Test(arguments: [
        [], [""], ["Bearer"], ["Bearer "], ["Bearer  cle-de-la-cnaf"], ["Bearer cle-de-la-cnaf "],
        ["Bearer cle-de-la-cna"], ["Bearer CLE-DE-LA-CNAF"], ["Basic cle-de-la-cnaf"],
        ["cle-de-la-cnaf"], ["Bearer cle-de-la-cnaf", "Bearer cle-de-la-cnaf"],
        ["Bearer " + String(repeating: "a", count: 5000)], ["Bearer cle-de-la-cnaf, autre"],
    ])
    func `is refused when it is anything else`(fields: [String]) throws {
        let credentials = try credentials()
        let problem = #expect(throws: Problem.self) {
            try credentials.caller(authorization: fields, at: GatewayStub.now)
        }
        #expect(problem?.code == .serviceNonAuthentifie)
        #expect(problem?.detail?.contains("cle-de") == false)
    }

    @Test func `ends at its end, not after`() throws {
        let credentials = try credentials()
        let field = ["Bearer cle-qui-finit"]
        let before = Timestamp(milliseconds: GatewayStub.now.milliseconds - 1)
        #expect(try credentials.caller(authorization: field, at: before).credential == "ville-1")
        #expect(throws: Problem.self) {
            try credentials.caller(authorization: field, at: GatewayStub.now)
        }
    }

    @Test func `is never two services'`() {
        let twice = ["cnaf", "ville"].map { credential($0, $0, "la-meme", endsAt: nil) }
        #expect(ServiceCredentials(twice) == nil)
        #expect(ServiceCredentials([])?.isEmpty == true)
    }
}
