import Cryptography
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Identification
@testable import JOSE

/// FranceConnect as these tests play it.
private enum Double {
    static let signer = Result { try PrivateKey.generateP256() }
    static let stranger = Result { try PrivateKey.generateP256() }
    static let rsa = Result { try PrivateKey.generateRSA(bits: 2048) }
    static let now = Timestamp(milliseconds: 1_795_000_000_500)
    static let token = "d_IYuVJszDAUn6pyhtAQpEy0ifSXl-EgtJ5AX0tbKMU"
    static let issuer = "https://fcp-low.sbx.dev-franceconnect.fr/api/v2"

    static let person = #"""
        "gender":"female","family_name":"DUBOIS","given_name":"Angela Claire Louise",
        "given_name_array":["Angela","Claire Louise"],"birthdate":"1962-08-24",
        "birthplace":"75107","birthcountry":"99100"
        """#

    static func content(
        active: String = "true", token: String = token, exp: Int64 = 1_795_000_030,
        acr: String = "eidas1", scope: String = "dgfip_rfr cnaf_enfants",
        person: String = person
    ) -> String {
        #"""
        {"active":\#(active),"aud":"fs-client","sub":"0123v1","iat":1795000000,"exp":\#(exp),
        "acr":"\#(acr)","jti":"\#(token)","scope":"\#(scope)"\#(person.isEmpty ? "" : ",")\#(person)}
        """#
    }

    static func payload(
        _ content: String, issuer: String = issuer, audience: String = #""fd-client""#,
        iat: String = "1795000000"
    ) -> String {
        #"{"iss":"\#(issuer)","aud":\#(audience),"iat":\#(iat),"token_introspection":\#(content)}"#
    }

    static func reply(
        _ payload: String, type: String? = nil, keyID: String = "pkcs11:ES256:hsm",
        signer: Result<PrivateKey, any Error> = signer
    ) throws -> IntrospectionReply {
        // FranceConnect says no type, which what we sign for ourselves must.
        let typ = type.map { #","typ":"\#($0)""# } ?? ""
        let header = #"{"alg":"ES256","kid":"\#(keyID)"\#(typ)}"#
        let inner = try CompactJWS.signed(
            Array(payload.utf8), header: Base64URL.encode(Array(header.utf8)), algorithm: .es256,
            key: signer.get())
        let body = try CompactJWE.encrypt(
            Array(inner.utf8), algorithm: .rsaOAEP, to: rsa.get().publicKey(),
            random: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            })
        return IntrospectionReply(
            status: 200, mediaType: "application/token-introspection+jwt", body: Array(body.utf8))
    }

    static func verify(
        _ reply: IntrospectionReply, keys: [PrivateKey]? = nil
    ) throws -> VerifiedIntrospection {
        let published = JWK(
            key: try signer.get().publicKey(), use: .signature, algorithm: "ES256",
            keyID: "pkcs11:ES256:hsm")
        return try verifyIntrospection(
            reply, of: Sensitive(token),
            expecting: IntrospectionExpectations(
                issuer: issuer, clientID: "fd-client", signature: .es256, encryption: .rsaOAEP,
                decryptionKeys: keys ?? [rsa.get()]),
            signedBy: JWKSet([published]), now: now)
    }
}

@Suite struct `An introspection` {
    @Test func `that is FranceConnect's word gives the usager`() throws {
        let verified = try Double.verify(Double.reply(Double.payload(Double.content())))
        #expect(verified.serviceClientID == "fs-client")
        #expect(verified.scopes == ["dgfip_rfr", "cnaf_enfants"])
        #expect(verified.level == .eidas1)
        #expect(verified.expiry == Timestamp(milliseconds: 1_795_000_030_000))
        let pivot = verified.pivot.reveal()
        #expect(pivot.birthName == "DUBOIS")
        #expect(pivot.givenNames == ["Angela", "Claire Louise"])
        #expect(pivot.birthDate == PartialDate("1962-08-24"))
        #expect(!pivot.mayBePresumed)
        #expect(pivot.sex == .feminin)
        #expect(pivot.birthCommune == "75107")
    }

    @Test func `may say its type, its charset and no scope`() throws {
        let payload = Double.payload(Double.content(scope: ""))
        let reply = try Double.reply(payload, type: "token-introspection+jwt")
        let verified = try Double.verify(
            IntrospectionReply(
                status: 200, mediaType: "Application/Token-Introspection+JWT; charset=utf-8",
                body: reply.body))
        #expect(verified.scopes.isEmpty)
    }

    @Test(arguments: [
        (Double.payload(#"{"active":false}"#), IntrospectionFailure.inactive),
        (Double.payload(Double.content(exp: 1_795_000_000)), .inactive),
        (Double.payload(Double.content(active: "\"true\"")), .unacceptable(.content)),
        (Double.payload(Double.content(active: "1")), .unacceptable(.content)),
        (Double.payload("{}"), .unacceptable(.content)),
        (Double.payload("true"), .unacceptable(.content)),
        (Double.payload(Double.content(token: "another-token")), .unacceptable(.content)),
        (Double.payload(Double.content(acr: "eidas4")), .unacceptable(.level)),
        (Double.payload(Double.content(acr: "")), .unacceptable(.level)),
        (
            Double.payload(Double.content(), issuer: "https://ailleurs/api/v2"),
            .unacceptable(.issuer)
        ),
        (Double.payload(Double.content(), issuer: Double.issuer + "/"), .unacceptable(.issuer)),
        (Double.payload(Double.content(), audience: #""another-fd""#), .unacceptable(.audience)),
        (Double.payload(Double.content(), audience: #"["fd-client"]"#), .unacceptable(.audience)),
        (Double.payload(Double.content(), iat: "1794999980"), .unacceptable(.freshness)),
        (Double.payload(Double.content(), iat: "1795000020"), .unacceptable(.freshness)),
        (Double.payload(Double.content(), iat: "\"1795000000\""), .unacceptable(.freshness)),
        (Double.payload(Double.content(), iat: "-9223372036854775808"), .unacceptable(.freshness)),
        ("[]", .unacceptable(.issuer)), ("{", .unacceptable(.content)),
        (Double.payload(Double.content(person: "")), .identityUnusable(.absent)),
    ])
    func `is refused for what it says`(payload: String, expected: IntrospectionFailure) throws {
        let reply = try Double.reply(payload)
        #expect(throws: expected) { try Double.verify(reply) }
    }

    @Test func `of several levels has the lowest`() throws {
        let payload = Double.payload(Double.content(acr: "eidas3 eidas2"))
        #expect(try Double.verify(Double.reply(payload)).level == .eidas2)
    }

    @Test func `is refused for its envelope`() throws {
        let good = Double.payload(Double.content())
        let unknown = try Double.reply(good, keyID: "rotated")
        #expect(throws: IntrospectionFailure.unknownKey) { try Double.verify(unknown) }
        let forged = try Double.reply(good, signer: Double.stranger)
        #expect(throws: IntrospectionFailure.unacceptable(.signature)) {
            try Double.verify(forged)
        }
        let typed = try Double.reply(good, type: "at+jwt")
        #expect(throws: IntrospectionFailure.unacceptable(.algorithm)) { try Double.verify(typed) }
        let reply = try Double.reply(good)
        #expect(throws: IntrospectionFailure.unacceptable(.decryption)) {
            try Double.verify(reply, keys: [PrivateKey.generateRSA(bits: 2048)])
        }
        let json = IntrospectionReply(
            status: 200, mediaType: "application/json", body: Array(#"{"active":true}"#.utf8))
        #expect(throws: IntrospectionFailure.unacceptable(.mediaType)) { try Double.verify(json) }
        let plain = IntrospectionReply(
            status: 200, mediaType: reply.mediaType, body: Array(#"{"active":true}"#.utf8))
        #expect(throws: IntrospectionFailure.unacceptable(.token)) { try Double.verify(plain) }
        let long = IntrospectionReply(
            status: 200, mediaType: reply.mediaType,
            body: [UInt8](repeating: 65, count: introspectionMaxBytes + 1))
        #expect(throws: IntrospectionFailure.unacceptable(.tooLarge)) { try Double.verify(long) }
    }

    @Test(arguments: [
        (401, #"{"error":"access_denied","error_description":"x"}"#, IntrospectionFailure.inactive),
        (401, #"{"error":"invalid_client"}"#, .misconfigured(.refusedCredentials)),
        (400, #"{"error":"invalid_request"}"#, .misconfigured(.refusedRequest)),
        (500, #"{"error":"server_error"}"#, .failed(status: 500)),
        (502, "<html>", .failed(status: 502)), (429, "", .failed(status: 429)),
        (401, "", .unacceptable(.status)), (401, #"{"error":"other"}"#, .unacceptable(.status)),
        (302, "", .unacceptable(.status)), (204, "", .unacceptable(.status)),
        (404, "[]", .unacceptable(.status)),
    ])
    func `that is an error says whose fault it is`(
        status: Int, body: String, expected: IntrospectionFailure
    ) throws {
        let reply = IntrospectionReply(
            status: status, mediaType: "application/json", body: Array(body.utf8))
        #expect(throws: expected) { try Double.verify(reply) }
    }

    @Test(arguments: 0..<100)
    func `with any one byte changed is refused`(seed: UInt64) throws {
        var generator = Seeded(seed)
        var body = try Double.reply(Double.payload(Double.content())).body
        let index = Int.random(in: 0..<body.count, using: &generator)
        body[index] ^= UInt8.random(in: 1...255, using: &generator)
        let reply = IntrospectionReply(
            status: 200, mediaType: "application/token-introspection+jwt", body: body)
        #expect(throws: IntrospectionFailure.self) { try Double.verify(reply) }
    }

    @Test(arguments: [
        ("a", true), ("tototototo", true), (Double.token, true), ("abc==", true), ("", false),
        ("==", false), ("a b", false), ("a=b", false), ("é", false), ("a\n", false),
        (String(repeating: "a", count: 513), false),
    ])
    func `is asked of a well-formed token`(token: String, expected: Bool) {
        #expect(isWellFormedToken(token) == expected)
    }

    @Test func `gives each failure a problem of the catalogue`() {
        #expect(IntrospectionFailure.inactive.problem == .jetonFranceConnectInactif)
        #expect(IntrospectionFailure.unknownKey.problem == .franceConnectIrrecevable)
        #expect(
            IntrospectionFailure.misconfigured(.refusedRequest).problem
                == .passerelleMalConfiguree)
        #expect(IntrospectionFailure.timedOut.problem == .franceConnectTropLent)
    }
}

@Suite struct `An identity of FranceConnect` {
    private func pivot(_ members: String) throws -> PivotIdentity {
        let node = try parseJSON(Array("{\(members)}".utf8))
        let today = try #require(CalendarDate("2026-11-20"))
        return try Identification.pivot(node, today: today)
    }

    private func changed(_ name: String, _ value: String?) throws -> String {
        let node = try parseJSON(Array("{\(Double.person)}".utf8))
        var writer = JSONWriter()
        writer.object { writer in
            for member in node.members ?? [] where member.name != name {
                writer.key(member.name)
                writer.value(member.node)
            }
            if let value {
                writer.key(name)
                writer.raw(Array(value.utf8))
            }
        }
        return String(writer.text.dropFirst().dropLast())
    }

    @Test(arguments: [
        ("1992-11-01", "1992-11-01", true), ("1992-01-01", "1992-01-01", true),
        ("1992-11-02", "1992-11-02", false), ("1992-11-00", "1992-11", true),
        ("1992-00-00", "1992", true),
    ])
    func `may hide a presumed date`(text: String, date: String, presumed: Bool) throws {
        let pivot = try pivot(changed("birthdate", "\"\(text)\""))
        #expect(pivot.birthDate.text == date)
        #expect(pivot.mayBePresumed == presumed)
    }

    @Test func `keeps an undetermined sex`() throws {
        #expect(try pivot(changed("gender", #""unspecified""#)).sex == .indetermine)
        #expect(try pivot(changed("gender", #""male""#)).sex == .masculin)
    }

    @Test func `falls back on the given names in one text`() throws {
        #expect(
            try pivot(changed("given_name_array", nil)).givenNames
                == ["Angela", "Claire", "Louise"])
    }

    @Test(arguments: [nil, #""""#, #""90900""#])
    func `born abroad has no commune, whatever is written`(place: String?) throws {
        let members = try changed("birthplace", place).replacing("99100", with: "99352")
        let pivot = try pivot(members)
        #expect(pivot.birthCountry == "99352")
        #expect(pivot.birthCommune == nil)
    }

    @Test(arguments: [
        ("family_name", nil, IntrospectionFailure.IdentityDefect.birthName),
        ("family_name", #""""#, .birthName), ("family_name", #""A\u0000""#, .birthName),
        ("family_name", "1", .birthName), ("given_name_array", "[1]", .givenNames),
        ("given_name_array", #"[""]"#, .givenNames), ("birthdate", nil, .birthDate),
        ("birthdate", #""1992-00-05""#, .birthDate), ("birthdate", #""2027-01-01""#, .birthDate),
        ("gender", nil, .sex), ("gender", #""M""#, .sex), ("birthcountry", nil, .country),
        ("birthcountry", #""FR""#, .country), ("birthplace", nil, .commune),
        ("birthplace", #""""#, .commune), ("birthplace", #""99100""#, .commune),
    ])
    func `is unusable`(
        name: String, value: String?, defect: IntrospectionFailure.IdentityDefect
    ) throws {
        let members = try changed(name, value)
        #expect(throws: IntrospectionFailure.identityUnusable(defect)) { try pivot(members) }
    }
}
