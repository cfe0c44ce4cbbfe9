import Cryptography
import Curl
import Exchanges
import HTTPMessages
import Identification
import JOSE
import Synchronization
import Testing
import Vocabulary

@testable import FranceConnectClient
@testable import Sandbox

/// The sandbox's FranceConnect, which was written apart from what reads it, without its sockets.
private struct SandboxDouble {
    static let issuer = "http://fc.bac/api/v2"
    static let seconds: Int64 = 1_795_219_200
    static let holder = HolderID(checked: "dgfip")

    let franceConnect: FranceConnect
    let introspector: FranceConnectIntrospector
    private let client: SandboxConfiguration.Client

    init(
        _ algorithm: KeyManagementAlgorithm, signature: SignatureAlgorithm, fault: Fault? = nil
    ) throws {
        let keys = try EncryptionKeySet.generate(for: [algorithm], rsaBits: 2048)
        client = SandboxConfiguration.Client(
            id: "fs", secret: "fs-secret", title: "Service", scopes: ["dgfip_rfr", "cnaf_enfants"])
        let provider = SandboxConfiguration.DataProvider(
            holder: "dgfip", clientID: "fd", secret: "fd-secret", keysURL: "http://nous/cles",
            scopes: ["dgfip_rfr"],
            keyAlgorithm: try #require(Sealing.KeyAlgorithm(rawValue: algorithm.rawValue)),
            signsWithRSA: signature == .rs256)
        let franceConnect = try FranceConnect(
            town: .standard, clients: [client], dataProviders: [provider],
            fetchKeys: { _ in keys.publicDocument })
        let registration = FranceConnectConfiguration.Registration(
            clientID: "fd", secret: Sensitive("fd-secret"), signature: signature,
            encryption: algorithm)
        introspector = FranceConnectIntrospector(
            FranceConnectConfiguration(
                issuer: Self.issuer, registrations: [Self.holder: registration], clients: [:]),
            encryptionKeys: keys,
            send: { (request, _) async throws(TransferError) in
                await Self.carry(request, to: franceConnect, fault: fault)
            },
            clocks: Clocks(
                wall: { Timestamp(milliseconds: Self.seconds * 1000) },
                monotonic: { ContinuousClock.now }),
            observe: { _, _ in })
        self.franceConnect = franceConnect
    }

    private static func carry(
        _ request: OutboundRequest, to franceConnect: FranceConnect, fault: Fault?
    ) async -> InboundResponse {
        let segments = request.url.reveal().split(separator: "/").dropFirst(2).map(String.init)
        let head = HTTPRequestHead(
            method: request.method, target: "/" + segments.joined(separator: "/"),
            segments: segments, authority: "fc.bac", headers: HTTPHeaders(request.headers))
        var note = CallNote()
        let reply = await franceConnect.answer(
            DoubleRequest(head: head, body: request.body), at: seconds * 1000, fault: fault,
            note: &note)
        return InboundResponse(
            status: reply.status, headers: HTTPHeaders(reply.headers.map { ($0.name, $0.value) }),
            body: reply.body)
    }

    func verify(
        _ person: Person
    ) async throws(IntrospectionFailure) -> VerifiedIntrospection {
        let token = franceConnect.accessToken(
            for: person, client: client, scopes: client.scopes, lifeInSeconds: 60,
            at: Self.seconds)
        return try await introspector.verify(
            Sensitive(token), for: Self.holder, until: .now.advanced(by: .seconds(5)))
    }
}

@Suite struct `The sandbox's FranceConnect` {
    static let people = Town.standard.people.filter(\.usesFranceConnect)

    static let ways = IntrospectionExpectations.encryptions.flatMap { encryption in
        IntrospectionExpectations.signatures.map { (encryption, $0) }
    }

    @Test(arguments: ways)
    func `is read however it seals`(
        encryption: KeyManagementAlgorithm, signature: SignatureAlgorithm
    ) async throws {
        let double = try SandboxDouble(encryption, signature: signature)
        let verified = try await double.verify(Self.people[0])
        #expect(verified.serviceClientID == "fs")
        #expect(verified.scopes == ["dgfip_rfr"])
        #expect(verified.expiry == Timestamp(milliseconds: (SandboxDouble.seconds + 60) * 1000))
    }

    @Test func `gives everyone in town a pivot that is theirs`() async throws {
        let double = try SandboxDouble(.ecdhES, signature: .es256)
        for person in Self.people {
            let pivot = try await double.verify(person).pivot.reveal()
            let identity = person.identity
            #expect(foldedToCapitals(pivot.birthName) == foldedToCapitals(identity.birthName))
            #expect(pivot.givenNames == identity.givenNames)
            #expect(pivot.sex.rawValue == identity.sex.rawValue)
            #expect(pivot.birthCountry == identity.country)
            #expect(pivot.birthCommune == identity.commune)
            #expect(pivot.birthDate.text == identity.birth.completed)
        }
    }

    @Test(arguments: [
        (Fault.signature, IntrospectionFailure.unacceptable(.signature)),
        (.audience, .unacceptable(.audience)), (.emetteur, .unacceptable(.issuer)),
        (.algNone, .unacceptable(.algorithm)), (.hs256, .unacceptable(.algorithm)),
        (.mauvaiseCle, .unacceptable(.signature)), (.kidInconnu, .unknownKey),
        (.iatFutur, .unacceptable(.freshness)), (.iatAncien, .unacceptable(.freshness)),
        (.expire, .inactive), (.chiffrement, .unacceptable(.decryption)),
        (.enClair, .unacceptable(.token)), (.typeMedia, .unacceptable(.mediaType)),
        (.deconnecte, .inactive), (.cles, .failed(status: 500)),
        (.secret, .misconfigured(.refusedCredentials)),
    ])
    func `is refused for each of its faults`(
        fault: Fault, expected: IntrospectionFailure
    ) async throws {
        let double = try SandboxDouble(.ecdhES, signature: .es256, fault: fault)
        await #expect(throws: expected) { try await double.verify(Self.people[0]) }
    }

    @Test func `tells nothing of a token that it does not know`() async throws {
        let double = try SandboxDouble(.ecdhES, signature: .es256)
        await #expect(throws: IntrospectionFailure.inactive) {
            try await double.introspector.verify(
                Sensitive("tototototo"), for: SandboxDouble.holder, until: .now)
        }
    }
}
