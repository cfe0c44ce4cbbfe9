package import JSONText

/// What a JSON Web Token says (RFC 7519), its registered claims read with their types.
///
/// The payload of a token whose signature holds, and not yet believed: `validate` says whether it
/// is for us, from whom and when.
package struct JWTClaims: Sendable, Equatable {
    /// Who made the token (`iss`).
    package let issuer: String?
    /// Whom it is about (`sub`).
    package let subject: String?
    /// For whom it is (`aud`), in the order of the token.
    package let audiences: [String]
    /// Whether `aud` was a list, even of one.
    package let hasAudienceList: Bool
    /// When it ends (`exp`), in seconds since 1970.
    package let expiry: Int64?
    /// When it begins (`nbf`).
    package let notBefore: Int64?
    /// When it was made (`iat`).
    package let issuedAt: Int64?
    /// Its own name (`jti`).
    package let tokenID: String?
    /// All the claims, for those that are not registered.
    package let node: JSONNode

    /// Reads a payload: one JSON object, no name twice, each registered claim of its own type.
    ///
    /// Times are whole seconds; a fraction is refused rather than rounded.
    package init(
        parsing payload: [UInt8],
        limits: JSONLimits = JSONLimits(bytes: 1 << 16, depth: 8, nodes: 2000)
    ) throws(JOSEError) {
        guard payload.count <= limits.bytes else { throw .tooLarge }
        let node: JSONNode
        do { node = try parseJSON(payload, limits: limits) } catch { throw .malformed }
        guard node.members != nil else { throw .malformed }
        self.node = node
        issuer = try Self.text(node, "iss")
        subject = try Self.text(node, "sub")
        tokenID = try Self.text(node, "jti")
        expiry = try Self.seconds(node, "exp")
        notBefore = try Self.seconds(node, "nbf")
        issuedAt = try Self.seconds(node, "iat")
        let elements = node["aud"]?.elements
        hasAudienceList = elements != nil
        if let elements {
            audiences = try Self.texts(elements)
        } else {
            audiences = try Self.text(node, "aud").map { [$0] } ?? []
        }
    }

    private static func text(_ node: JSONNode, _ name: String) throws(JOSEError) -> String? {
        guard let member = node[name] else { return nil }
        guard let text = member.string, isShort(text) else { throw .malformed }
        return text
    }

    private static func texts(_ elements: [JSONNode]) throws(JOSEError) -> [String] {
        guard (1...16).contains(elements.count) else { throw .malformed }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string, isShort(text) else { throw .malformed }
            texts.append(text)
        }
        return texts
    }

    private static func isShort(_ text: String) -> Bool { (1...1024).contains(text.utf8.count) }

    private static func seconds(_ node: JSONNode, _ name: String) throws(JOSEError) -> Int64? {
        guard let member = node[name] else { return nil }
        guard let seconds = member.integer, (0...(1 << 40)).contains(seconds) else {
            throw .malformed
        }
        return seconds
    }
}

extension JWTClaims {
    /// What the claims must say; what is not asked for is not looked at.
    package struct Expectation: Sendable, Equatable {
        /// Who must have made the token.
        package var issuer: String?
        /// Whom it must be about.
        package var subject: String?
        /// For whom it must be.
        package var audience: String?
        /// Whether it must be for that one alone, said as a text and not as a list.
        package var isSoleAudience = false
        /// Whether it must end.
        package var hasExpiry = true
        /// How old it may be, in seconds, which also asks that it say when it was made.
        package var maxAge: Int64?
        /// How long it may live, from when it was made until it ends, in seconds.
        package var maxLife: Int64?
        /// Whether it must have a name of its own.
        package var hasTokenID = false
        /// How far its maker's clock may be from ours, in seconds.
        package var skew: Int64 = 10

        /// Asks for an end, and nothing else yet.
        package init() {}
    }

    /// Why the claims are refused.
    package enum Refusal: String, Error, Sendable, CaseIterable {
        /// It is from someone else, or does not say from whom.
        case issuer
        /// It is about someone else, or does not say about whom.
        case subject
        /// It is for someone else, for others as well, or does not say for whom.
        case audience
        /// It has ended, or does not say when it ends.
        case expired
        /// It has not begun.
        case notYetValid
        /// It was made in the future, too long ago, or does not say when.
        case age
        /// It lives longer than is accepted.
        case life
        /// It has no name of its own.
        case tokenID
    }

    /// Holds the claims to what is expected of them, at a time in seconds since 1970.
    package func validate(_ expected: Expectation, now: Int64) throws(Refusal) {
        if let issuer = expected.issuer, !(self.issuer?.isExactly(issuer) ?? false) {
            throw .issuer
        }
        if let subject = expected.subject, !(self.subject?.isExactly(subject) ?? false) {
            throw .subject
        }
        try checkAudience(expected)
        try checkTimes(expected, now: now)
        if expected.hasTokenID, tokenID == nil { throw .tokenID }
    }

    private func checkAudience(_ expected: Expectation) throws(Refusal) {
        guard let audience = expected.audience else { return }
        guard audiences.contains(where: { $0.isExactly(audience) }) else { throw .audience }
        if expected.isSoleAudience, hasAudienceList { throw .audience }
    }

    private func checkTimes(_ expected: Expectation, now: Int64) throws(Refusal) {
        if let expiry {
            guard now < expiry + expected.skew else { throw .expired }
        } else if expected.hasExpiry {
            throw .expired
        }
        if let notBefore, now < notBefore - expected.skew { throw .notYetValid }
        if let issuedAt, now < issuedAt - expected.skew { throw .age }
        if let maxAge = expected.maxAge {
            guard let issuedAt, now <= issuedAt + maxAge + expected.skew else { throw .age }
        }
        guard let maxLife = expected.maxLife else { return }
        guard let expiry else { throw .life }
        // A token that does not say when it was made was made now, at the latest.
        guard expiry - (issuedAt ?? now) <= maxLife else { throw .life }
    }
}
