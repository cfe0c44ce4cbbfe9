import Cryptography
import Foundation
import TestSupport
import Testing
import Vocabulary

@testable import Journal

@Suite struct `A leaf` {
    static let vectors: [(salt: [UInt8], record: [UInt8], entry: String, leaf: String)] = [
        (
            [UInt8](repeating: 0, count: 32), [],
            "aac8e5ccfd14787fcd17489f00d41578f2957e4e6466b08bf280a2748fefbde4",
            "372a6d13083bf92676e2b1cc40a01c13cd79368b5afc2fb1c79bfd39328b6f7f"
        ),
        (
            [UInt8](0..<32), Array(#"{"version":1}"#.utf8),
            "2c4c350a38152d0a6b2432f599584e9ecb56f66397ed212b1b2795b2e95f7a82",
            "3d27509e01b6d76b9d005a0ba3fc1f5e801c224833021cb28daab2f09fdb7588"
        ),
        (
            [UInt8](repeating: 255, count: 32),
            Array([[UInt8]](repeating: [UInt8](0...255), count: 4).joined()),
            "6ba19715a03e17a8b230231d90569bc1691dd6174a6c9f4b377ae99de448b526",
            "d9a80d7573d40583a4937484c15529dd3b96a78f36e445449e6bc8707c7ebd99"
        ),
    ]

    @Test(arguments: vectors.indices)
    func `has the hashes that Python computes`(vector: Int) {
        let expected = Self.vectors[vector]
        let entry = Leaf.entry(salt: expected.salt, record: expected.record)
        #expect(Hex.encode(entry) == expected.entry)
        #expect(Hex.encode(Leaf.hash(ofEntry: entry)) == expected.leaf)
    }

    @Test(.enabled(if: python3 != nil, "python3 is not installed"), arguments: 0..<4)
    func `agrees with Python's hashlib on whole rows`(seed: Int) throws {
        var random = Seeded(seed)
        let sequencer = Sequencer(after: nil)
        let batch = sequencer.prepare(
            [Draft(try Sample.decision(seed)), Draft(try Sample.outcome(seed))],
            salts: random.bytes(64),
            now: Sample.instant
        )
        let rows = batch.rows
        let script = """
            import hashlib, sys
            for line in sys.stdin.read().split():
                salt, record = (bytes.fromhex(part) for part in line.split(":"))
                entry = hashlib.sha256(b"dlnuf/feuille/v1" + salt + record).digest()
                print(hashlib.sha256(bytes([0]) + entry).hexdigest())
            """
        let lines = rows.map { "\(Hex.encode($0.salt)):\(Hex.encode($0.record))" }
        let leaves = try runPython(script, lines.joined(separator: "\n"))
        #expect(leaves == rows.map { Hex.encode($0.leaf) })
    }

    @Test func `changes with each bit of its salt and of its record`() {
        let salt = [UInt8](0..<32)
        let record = Array(#"{"version":1}"#.utf8)
        let entry = Leaf.entry(salt: salt, record: record)
        for bit in 0..<(32 * 8) {
            var other = salt
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Leaf.entry(salt: other, record: record) != entry)
        }
        for bit in 0..<(record.count * 8) {
            var other = record
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Leaf.entry(salt: salt, record: other) != entry)
        }
    }
}

let python3: URL? = ["/usr/bin/python3", "/usr/local/bin/python3"]
    .first(where: FileManager.default.isExecutableFile(atPath:))
    .map { URL(fileURLWithPath: $0) }

/// The words that a script prints, given a text on its standard input.
func runPython(_ script: String, _ input: String) throws -> [String] {
    let process = Process()
    process.executableURL = python3
    process.arguments = ["-c", script]
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        .map(String.init)
}
