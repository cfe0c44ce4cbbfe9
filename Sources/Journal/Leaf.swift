import Cryptography

/// The hashes that place a record in a Merkle tree (RFC 6962), without showing it.
///
/// The salt makes an entry say nothing of its record: once record and salt are erased, the tree
/// still verifies and nobody can test a guess against it.
package enum Leaf {
    /// How many random bytes salt a record.
    package static let saltBytes = 32

    private static let domain = Array("dlnuf/feuille/v1".utf8)

    /// SHA-256(`dlnuf/feuille/v1` ‖ salt ‖ record): the entry of the tree.
    package static func entry(salt: [UInt8], record: [UInt8]) -> [UInt8] {
        precondition(salt.count == saltBytes, "a salt of 32 bytes")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(domain.count + salt.count + record.count)
        bytes += domain
        bytes += salt
        bytes += record
        return sha256(bytes)
    }

    /// SHA-256(0x00 ‖ entry): the leaf of the tree.
    package static func hash(ofEntry entry: [UInt8]) -> [UInt8] {
        sha256([0] + entry)
    }
}
