import Cryptography
import Journal
import Platform
import Vocabulary

/// The keys of pseudonyms and counters: a file of its own, beside the journal and not in it.
///
/// A copy of the journal says nothing of people without it; destroying a year's line makes that
/// year's pseudonyms unreadable for ever. Each line is a name and 64 hexadecimal digits.
enum KeyFile {
    private static let header = "dlnuf/cles/v1"

    static func path(beside journal: String) -> String { journal + ".cles" }

    /// Makes a file with the keys of a year and of the next.
    static func create(beside journal: String, at time: Timestamp) throws(JournalStoreError) {
        let path = path(beside: journal)
        guard !Files.exists(path) else { throw .alreadyExists(path: path) }
        try write(extended([:], to: time), to: path)
    }

    /// Reads the keys, after adding those of the year and of the next where they are missing.
    static func load(
        beside journal: String,
        at time: Timestamp
    ) throws(JournalStoreError) -> Keyring {
        let path = path(beside: journal)
        let keys = try read(path)
        let extended = extended(keys, to: time)
        if extended.count > keys.count { try write(extended, to: path) }
        return keyring(extended)
    }

    /// Reads the keys and adds none, for an audit.
    static func loadAsIs(beside journal: String) throws(JournalStoreError) -> Keyring {
        keyring(try read(path(beside: journal)))
    }

    private static func extended(
        _ keys: [String: [UInt8]],
        to time: Timestamp
    ) -> [String: [UInt8]] {
        var keys = keys
        let year = time.parisDate.year
        for year in [year, year + 1] {
            for name in [Keyring.pseudonymKeyName(year), Keyring.counterKeyName(year)]
            where keys[name] == nil {
                keys[name] = Randomness.bytes(32)
            }
        }
        return keys
    }

    private static func keyring(_ keys: [String: [UInt8]]) -> Keyring {
        func ofEachYear(_ name: (Int) -> String) -> [YearKey] {
            keys.compactMap { key in
                guard let year = key.key.split(separator: "-").last.flatMap({ Int($0) }),
                    key.key == name(year)
                else { return nil }
                return YearKey(year: year, secret: key.value)
            }
        }
        return Keyring(
            pseudonyms: ofEachYear(Keyring.pseudonymKeyName),
            counters: ofEachYear(Keyring.counterKeyName)
        )
    }

    private static func read(_ path: String) throws(JournalStoreError) -> [String: [UInt8]] {
        guard Files.exists(path) else { throw .keysAbsent(path: path) }
        do {
            guard try Files.mode(path) & 0o077 == 0 else {
                throw JournalStoreError.keysUnreadable(path: path)
            }
            return try parse(try Files.read(path, maxBytes: 1 << 16), path: path)
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw .keysUnreadable(path: path)
        }
    }

    private static func parse(_ bytes: [UInt8], path: String) throws -> [String: [UInt8]] {
        let unreadable = JournalStoreError.keysUnreadable(path: path)
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard !lines.isEmpty, lines.removeFirst() == header else { throw unreadable }
        var keys: [String: [UInt8]] = [:]
        for line in lines {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let key = Hex.decode(String(parts[1])), key.count == 32,
                keys.updateValue(key, forKey: String(parts[0])) == nil
            else { throw unreadable }
        }
        return keys
    }

    private static func write(
        _ keys: [String: [UInt8]],
        to path: String
    ) throws(JournalStoreError) {
        let lines = keys.sorted { $0.key < $1.key }.map { "\($0.key) \(Hex.encode($0.value))" }
        let text = ([header] + lines).joined(separator: "\n") + "\n"
        do throws(SystemError) {
            try Files.writeAtomically(path, Array(text.utf8), mode: 0o600)
        } catch {
            throw .system(error)
        }
    }
}
