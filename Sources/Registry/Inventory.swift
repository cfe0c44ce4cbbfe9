import Cryptography

/// A file of a set: the bytes that are hashed are the bytes that were parsed.
package struct SetFile: Sendable, Equatable {
    /// From the folder that was given: `policies/cnaf/rsa/policy.json`.
    package let path: String
    package let bytes: [UInt8]
    /// SHA-256 of the bytes, in hexadecimal.
    package let hash: String

    init(_ document: Document) {
        path = document.path
        bytes = document.bytes
        hash = Hex.encode(sha256(document.bytes))
    }

    /// What it is, as the journal says it.
    package var kind: String { SetFile.kind(of: path) }

    /// What a path names, as the journal says it.
    package static func kind(of path: String) -> String {
        let names = path.split(separator: "/")
        switch (names.first, names.last) {
        case ("connectors", "connector.json"): return "connecteur"
        case ("connectors", "holder.json") where names.count == 3: return "detenteur"
        case ("connectors", _) where names.count == 3: return "contrat"
        case ("connectors", _): return "exemple"
        case (_, "service.json") where names.count == 3: return "service"
        case (_, "policy.json") where names.count == 4: return "politique"
        case _ where path == Manifest.path: return "manifeste"
        case _ where isSeal(path): return "signature"
        default: return "cas"
        }
    }
}

/// Every file of a set with the SHA-256 of its bytes, in the form that `sha256sum` reads.
///
/// The journal keeps it beside the files, so that a set that was in force can be written back.
package struct Inventory: Sendable, Equatable {
    /// One file.
    package struct Entry: Sendable, Hashable {
        package let path: String
        package let hash: String
    }

    /// Sorted by path, each once.
    package let entries: [Entry]

    init(of files: [SetFile]) {
        self.init(files.map { Entry(path: $0.path, hash: $0.hash) })
    }

    init(_ entries: some Sequence<Entry>) {
        self.entries = entries.sorted { $0.path < $1.path }
    }

    /// Reads an inventory back; nil where it is none, or names a file outside its folders.
    package init?(_ bytes: [UInt8]) {
        var entries: [Entry] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let hash = String(line.prefix(64))
            let path = String(line.dropFirst(66))
            guard line.dropFirst(64).hasPrefix("  "), Hex.decode(hash)?.count == 32,
                isPlainPath(path), entries.last.map({ $0.path < path }) ?? true
            else { return nil }
            entries.append(Entry(path: path, hash: hash))
        }
        self.entries = entries
    }

    /// One line a file, in the order of their paths.
    package var bytes: [UInt8] {
        Array(entries.map { "\($0.hash)  \($0.path)\n" }.joined().utf8)
    }
}

/// Whether a path lies below one of the two folders, by names that need no quoting anywhere.
func isPlainPath(_ path: String) -> Bool {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count >= 2, ["connectors", "policies"].contains(names[0]) else { return false }
    return names.allSatisfy { name in
        !name.isEmpty && !name.hasPrefix(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
