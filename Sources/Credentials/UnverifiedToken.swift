import Cryptography
import JSONText
import Vocabulary

/// What a signed token says before its signature was checked: enough to know whose key to check it
/// with, and worth nothing else.
struct UnverifiedToken {
    static let limits = JSONLimits(bytes: 8 << 10, depth: 6, nodes: 200)

    /// The algorithm that the token names, which only tells what is wrong with it.
    let algorithm: String?
    /// The key that it says it was signed with.
    let keyID: String?
    let claims: JSONNode

    init?(_ token: [UInt8]) {
        let segments = token.split(
            separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard segments.count == 3, let head = Base64URL.decode(segments[0]),
            let body = Base64URL.decode(segments[1]),
            let header = try? parseJSON(head, limits: Self.limits), header.members != nil,
            let claims = try? parseJSON(body, limits: Self.limits), claims.members != nil
        else { return nil }
        if let named = header["kid"] {
            guard let text = named.string else { return nil }
            keyID = text
        } else {
            keyID = nil
        }
        algorithm = header["alg"]?.string
        self.claims = claims
    }
}

extension JSONNode {
    /// The moment that a NumericDate names; only whole seconds of a calendar that exists.
    var moment: Timestamp? {
        guard let seconds = integer, (0...253_402_300_799).contains(seconds) else { return nil }
        return Timestamp(milliseconds: seconds * 1000)
    }
}

extension String {
    /// Whether two texts are the same bytes; `==` also holds for other spellings of one character.
    func isExactly(_ other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
