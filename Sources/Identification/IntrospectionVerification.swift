import Cryptography
package import JOSE
import JSONText
package import Vocabulary

/// The longest answer that is read.
package let introspectionMaxBytes = 64 * 1024

/// Whether a text may be a FranceConnect token; it is opaque beyond its letters (RFC 6750).
package func isWellFormedToken(_ text: String) -> Bool {
    let signs = Array(text.utf8)
    guard (1...512).contains(signs.count) else { return false }
    let body = signs.prefix { $0 != UInt8(ascii: "=") }
    let isPadded = signs.dropFirst(body.count).allSatisfy { $0 == UInt8(ascii: "=") }
    return !body.isEmpty && isPadded
        && body.allSatisfy { sign in
            isDigit(sign) || (0x41...0x5A).contains(sign) || (0x61...0x7A).contains(sign)
                || "-._~+/".utf8.contains(sign)
        }
}

/// Verifies FranceConnect's answer about one token, step by step, refusing at the first doubt.
///
/// A failure `unknownKey` means that the key set may be stale: refresh it and verify once more.
package func verifyIntrospection(
    _ reply: IntrospectionReply,
    of token: Sensitive<String>,
    expecting expectations: IntrospectionExpectations,
    signedBy keys: JWKSet,
    now: Timestamp
) throws(IntrospectionFailure) -> VerifiedIntrospection {
    guard reply.body.count <= introspectionMaxBytes else { throw .unacceptable(.tooLarge) }
    guard reply.status == 200 else { throw failure(of: reply) }
    guard isIntrospection(reply.mediaType) else { throw .unacceptable(.mediaType) }
    let signed = try opened(reply.body, expectations)
    let claims = try verified(signed, expectations, keys)
    try checkEnvelope(claims, expectations, now: now)
    guard let introspection = claims["token_introspection"],
        let isActive = introspection["active"]?.bool
    else { throw .unacceptable(.content) }
    guard isActive else { throw .inactive }
    try checkToken(introspection, token)
    return try read(introspection, now: now)
}

// MARK: - The answer around the token

private func isIntrospection(_ mediaType: String?) -> Bool {
    let essence = (mediaType ?? "").prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
    return essence.lowercased() == "application/token-introspection+jwt"
}

private func opened(
    _ body: [UInt8], _ expectations: IntrospectionExpectations
) throws(IntrospectionFailure) -> [UInt8] {
    do throws(JOSEError) {
        return try CompactJWE.decrypt(
            body,
            algorithm: expectations.encryption,
            keys: expectations.decryptionKeys,
            contentTypes: ["JWT", "token-introspection+jwt"],
            maxBytes: introspectionMaxBytes
        )
    } catch {
        throw .unacceptable(defect(error, unreadable: .decryption))
    }
}

private func verified(
    _ token: [UInt8], _ expectations: IntrospectionExpectations, _ keys: JWKSet
) throws(IntrospectionFailure) -> JSONNode {
    let payload: [UInt8]
    do throws(JOSEError) {
        payload = try CompactJWS.verify(
            token,
            algorithm: expectations.signature,
            keys: keys,
            type: .ifPresent(["token-introspection+jwt"]),
            maxBytes: introspectionMaxBytes
        )
    } catch .unknownKey {
        throw .unknownKey
    } catch {
        throw .unacceptable(defect(error, unreadable: .signature))
    }
    let limits = JSONLimits(bytes: introspectionMaxBytes, depth: 8, nodes: 2000)
    guard let claims = try? parseJSON(payload, limits: limits) else {
        throw .unacceptable(.content)
    }
    return claims
}

private func defect(
    _ error: JOSEError, unreadable: IntrospectionFailure.Defect
) -> IntrospectionFailure.Defect {
    switch error {
    case .malformed: .token
    case .tooLarge: .tooLarge
    case .unexpectedAlgorithm: .algorithm
    case .unsupportedHeader: .header
    case .unknownKey, .invalidKey, .invalidSignature, .decryptionFailed: unreadable
    }
}

private func checkEnvelope(
    _ claims: JSONNode, _ expectations: IntrospectionExpectations, now: Timestamp
) throws(IntrospectionFailure) {
    guard let issuer = claims["iss"]?.string, same(issuer, expectations.issuer) else {
        throw .unacceptable(.issuer)
    }
    guard let audience = claims["aud"]?.string, same(audience, expectations.clientID) else {
        throw .unacceptable(.audience)
    }
    let seconds = floorSeconds(now)
    guard let issuedAt = claims["iat"]?.integer, (0...(1 << 40)).contains(issuedAt),
        abs(seconds - issuedAt) <= expectations.skewSeconds
    else { throw .unacceptable(.freshness) }
}

/// An answer about another token than the one that was sent would be about another person.
private func checkToken(
    _ introspection: JSONNode, _ token: Sensitive<String>
) throws(IntrospectionFailure) {
    guard let said = introspection["jti"]?.string else { throw .unacceptable(.content) }
    guard constantTimeEqual(Array(said.utf8), Array(token.reveal().utf8)) else {
        throw .unacceptable(.content)
    }
}

// MARK: - What it says of the token

private func read(
    _ introspection: JSONNode, now: Timestamp
) throws(IntrospectionFailure) -> VerifiedIntrospection {
    guard let expiry = introspection["exp"]?.integer, (0...(1 << 40)).contains(expiry) else {
        throw .unacceptable(.content)
    }
    let end = Timestamp(milliseconds: expiry * 1000)
    guard end > now else { throw .inactive }
    guard let client = introspection["aud"]?.string, (1...256).contains(client.utf8.count),
        let scope = introspection["scope"]?.string
    else { throw .unacceptable(.content) }
    let names = scope.split(separator: " ").map(String.init)
    guard let level = lowestLevel(introspection["acr"]?.string) else {
        throw .unacceptable(.level)
    }
    return VerifiedIntrospection(
        serviceClientID: client,
        scopes: Set(names),
        level: level,
        expiry: end,
        pivot: Sensitive(try pivot(introspection, today: now.parisDate))
    )
}

/// The lowest of the levels named; nothing if one is unknown.
private func lowestLevel(_ text: String?) -> AssuranceLevel? {
    let names = (text ?? "").split(separator: " ")
    let levels = names.compactMap { AssuranceLevel(String($0)) }
    return levels.count == names.count ? levels.min() : nil
}

// MARK: - What is not a 200

/// The meaning of an error, from its code: the status alone has two opposite meanings.
private func failure(of reply: IntrospectionReply) -> IntrospectionFailure {
    if (500...599).contains(reply.status) || reply.status == 408 || reply.status == 429 {
        return .failed(status: reply.status)
    }
    let limits = JSONLimits(bytes: 4096, depth: 4, nodes: 50)
    let error = (try? parseJSON(reply.body, limits: limits))?["error"]?.string ?? ""
    return switch (reply.status, error) {
    case (401, "access_denied"): .inactive
    case (401, "invalid_client"): .misconfigured(.refusedCredentials)
    case (400, "invalid_request"): .misconfigured(.refusedRequest)
    case (400...499, "server_error"), (400...499, "temporarily_unavailable"):
        .failed(status: reply.status)
    default: .unacceptable(.status)
    }
}

/// Whether two texts are the same bytes; `==` also holds for other spellings of one character.
private func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
}

private func floorSeconds(_ time: Timestamp) -> Int64 {
    (time.milliseconds - (time.milliseconds % 1000 + 1000) % 1000) / 1000
}
