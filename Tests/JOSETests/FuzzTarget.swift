import Cryptography
import JOSE
import JSONText

#if FUZZING
    import Glibc
#endif

/// What fuzzing feeds to each parser of tokens, and what must hold of whatever comes out.
///
/// « make fuzz » compiles this file alone, with libFuzzer around it; an ordinary test replays the
/// corpus through it.
enum FuzzTarget: String, CaseIterable, Sendable {
    /// Keys and sets of keys.
    case jwk
    /// Signed tokens.
    case jws
    /// Encrypted tokens.
    case jwe
    /// Claims.
    case claims

    /// Runs one input; a broken promise stops the process.
    func run(_ input: [UInt8]) {
        switch self {
        case .jwk: Self.runKeys(input)
        case .jws: Self.runSigned(input)
        case .jwe: Self.runEncrypted(input)
        case .claims: Self.runClaims(input)
        }
    }

    // MARK: - Keys

    /// What is read is written again as the same key, and a private key has its public half.
    private static func runKeys(_ input: [UInt8]) {
        if let key = (try? JWK(parsing: input)) ?? nil {
            var writer = JSONWriter()
            let isWritten: Void? = try? key.write(to: &writer)
            precondition(isWritten != nil)
            precondition(isReadAgain(writer.bytes, key))
            precondition((try? JWK.thumbprint(of: key.key))?.utf8.count == 43)
        }
        if let own = try? PrivateJWK(parsing: input) {
            precondition((try? own.published()) != nil)
        }
        if let set = try? JWKSet(parsing: input), let text = try? set.json() {
            let again = try? JWKSet(parsing: text)
            precondition(again == set || set.keys.contains { $0.key.kind == .rsa })
        }
    }

    /// The same key, unless it is a modulus that is no product of two large primes: OpenSSL draws
    /// the bases at random with which it finds that out, and may find it out only the second time.
    private static func isReadAgain(_ text: [UInt8], _ key: JWK) -> Bool {
        do {
            return try JWK(parsing: text) == key
        } catch {
            return key.key.kind == .rsa && error == .invalidKey
        }
    }

    // MARK: - Signed tokens

    /// The first byte says whether the rest is a token, or a header that we sign ourselves.
    private static func runSigned(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let rest = Array(input.dropFirst())
        guard let half = try? FuzzKeys.signer.publicKey() else { return }
        let token = first == 0x68 ? signed(rest) : rest
        let payload = try? CompactJWS.verify(
            token, algorithm: .es256, key: half, type: .ifPresent(["JWT"]))
        // Nobody but us signs with this key.
        precondition(payload == nil || payload == FuzzKeys.payload)
        let proof = try? CompactJWS.verifyEmbedded(
            token, algorithms: [.es256, .edDSA], type: .required("dpop+jwt"))
        guard first == 0x68, payload != nil || proof != nil else { return }
        let header = try? parseJSON(rest, limits: JSONLimits(bytes: 4096, depth: 3, nodes: 40))
        let names = Set(header?.members?.map(\.name) ?? [])
        precondition(
            names.isSubset(of: proof == nil ? ["alg", "kid", "typ"] : ["alg", "typ", "jwk"]))
        precondition(header?["alg"]?.string == "ES256")
    }

    /// A token of ours under any header.
    private static func signed(_ header: [UInt8]) -> [UInt8] {
        let content = Base64URL.encode(header) + "." + Base64URL.encode(FuzzKeys.payload)
        guard let signature = try? FuzzKeys.signer.sign(Array(content.utf8), as: .es256) else {
            return []
        }
        return Array((content + "." + Base64URL.encode(signature)).utf8)
    }

    // MARK: - Encrypted tokens

    /// The first byte says whether the rest is a token, or a header and what follows a line end.
    private static func runEncrypted(_ input: [UInt8]) {
        guard let first = input.first else { return }
        var token = Array(input.dropFirst())
        if first == 0x68 {
            let lines = token.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
            let parts = [Base64URL.encode(Array(lines[0]))]
            token = Array(parts.joined().utf8) + Array(lines.dropFirst().joined())
        }
        for (algorithm, keys) in FuzzKeys.opening {
            let read = try? CompactJWE.decrypt(
                token, algorithm: algorithm, encryptions: ContentEncryption.allCases, keys: keys)
            precondition(read.map { $0.count <= token.count } ?? true)
        }
    }

    // MARK: - Claims

    /// What is read can be judged, and only ever says what its bytes say.
    private static func runClaims(_ input: [UInt8]) {
        guard let claims = try? JWTClaims(parsing: input) else { return }
        precondition(claims.node.members != nil)
        precondition(claims.issuer == claims.node["iss"]?.string)
        precondition(claims.expiry == claims.node["exp"]?.integer)
        var expected = JWTClaims.Expectation()
        expected.issuer = "service"
        expected.audience = "dlnuf"
        expected.maxAge = 60
        expected.maxLife = 60
        expected.hasTokenID = true
        guard (try? claims.validate(expected, now: 1_795_000_000)) != nil else { return }
        precondition(claims.issuer == "service" && claims.audiences.contains("dlnuf"))
    }
}

/// The keys with which tokens are read while fuzzing: those of published examples.
private enum FuzzKeys {
    static let payload = Array("foo".utf8)
    static let signer = key(
        #"""
        {"kty":"EC","crv":"P-256","x":"04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY",
        "y":"UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw",
        "d":"yy49oPcINGK2ps0LmtxpB6UTEOiITghHBif6wDqmJ3c"}
        """#)
    static let opening: [(KeyManagementAlgorithm, [PrivateKey])] = [
        (.ecdhES, [p256, x25519]), (.ecdhESA256KW, [p256, x25519]), (.rsaOAEP, [rsa]),
    ]

    private static let p256 = key(
        #"""
        {"kty":"EC","crv":"P-256","x":"Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0",
        "y":"HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw",
        "d":"r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8"}
        """#)
    private static let x25519 = key(
        #"""
        {"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
        "d":"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"}
        """#)
    private static let rsa: PrivateKey = {
        // Safe because nothing can be fuzzed without a key.
        guard let key = try? PrivateKey.generateRSA(bits: 2048) else { fatalError("no key") }
        return key
    }()

    private static func key(_ text: String) -> PrivateKey {
        // Safe because these are the keys of published examples, which other tests read too.
        guard let key = try? PrivateJWK(parsing: Array(text.utf8)).key else { fatalError("no key") }
        return key
    }
}

#if FUZZING
    private let target: FuzzTarget = {
        let name = getenv("DLNUF_FUZZ").map { String(cString: $0) } ?? ""
        // Safe because a name that is no target's is a mistake of the caller's.
        guard let target = FuzzTarget(rawValue: name) else { fatalError("DLNUF_FUZZ") }
        return target
    }()

    /// What libFuzzer calls for each input.
    @_cdecl("LLVMFuzzerTestOneInput")
    package func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        target.run(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    }
#endif
