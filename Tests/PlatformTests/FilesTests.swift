import Glibc
import Platform
import Testing

@Suite struct `Files on disk` {
    @Test func `are written whole with their rights, and read back under a cap`() throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf")
        defer { try? Files.removeTree(folder) }
        let path = folder + "/key"
        let bytes = Randomness.bytes(100_000)
        try Files.writeAtomically(path, bytes, mode: 0o640)
        #expect(try Files.read(path, maxBytes: 100_000) == bytes)
        #expect(try Files.mode(path) == 0o640)
        try Files.writeAtomically(path, [1])
        #expect(try Files.read(path, maxBytes: 1) == [1])
        #expect(try Files.mode(path) == 0o600)
        #expect(try Files.list(folder) == ["key"])
        try Files.writeAtomically(path, bytes)
        let error = #expect(throws: SystemError.self) { try Files.read(path, maxBytes: 99_999) }
        #expect(error?.code == EFBIG)
    }

    @Test func `are listed in the order of their bytes`() throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf")
        defer { try? Files.removeTree(folder) }
        for name in ["é", "b", "a", "B"] { try Files.writeAtomically("\(folder)/\(name)", []) }
        #expect(try Files.list(folder) == ["B", "a", "b", "é"])
    }

    @Test func `live in folders made with those above them`() throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf")
        try Files.createDirectory(folder + "/a/b/c")
        try Files.createDirectory(folder + "/a/b/c")
        #expect(Files.kind(folder + "/a/b/c") == .directory && !Files.exists(folder + "/d"))
        try Files.removeTree(folder)
        #expect(!Files.exists(folder))
    }

    @Test func `that fail leave nothing behind and say which call failed`() {
        let error = #expect(throws: SystemError.self) {
            try Files.writeAtomically("/nonexistent/file", [])
        }
        #expect(error?.code == ENOENT)
        #expect(throws: SystemError.self) { try Files.read("/nonexistent", maxBytes: 1) }
        #expect(throws: SystemError.self) { try Files.list("/nonexistent") }
    }
}

@Suite struct `A log line` {
    enum Color: String, LogCode {
        case red, green
    }

    @Test func `is one line of JSON with the time in UTC`() {
        let line = LogLine("holder.late", level: .warning)
            .with("duration_ms", 12)
            .with("color", Color.green)
            .with("retried", false)
            .with("quoted", #"a "b" \"#)
        let text = String(decoding: line.text(milliseconds: 1_764_547_200_042), as: UTF8.self)
        let expected =
            #"{"time":"2025-12-01T00:00:00.042Z","level":"warning","event":"holder.late","#
            + #""duration_ms":12,"color":"green","retried":false,"quoted":"a \"b\" \\"}"# + "\n"
        #expect(text == expected)
    }
}

@Suite struct `What a log line tells of files` {
    struct Remark: LogText {
        let logText: String
    }

    @Test func `stays one line of JSON, and is cut where it is long`() {
        let line = LogLine("document").with("remarque", Remark(logText: "a \"b\"\nc\u{1}"))
        let text = String(decoding: line.text(milliseconds: 0), as: UTF8.self)
        #expect(text.hasSuffix(#""event":"document","remarque":"a \"b\" c "}"# + "\n"))
        let long = LogLine("document").with(
            "remarque", Remark(logText: String(repeating: "é", count: 100_000)))
        let bytes = long.text(milliseconds: 0)
        #expect(bytes.count < 2200)
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("é…\"}\n"))
    }
}

@Suite struct `Two folders` {
    @Test func `trade places, and one may take another name`() throws {
        let root = try Files.temporaryDirectory(prefix: "dlnuf-echange")
        defer { try? Files.removeTree(root) }
        for name in ["un", "deux"] {
            try Files.createDirectory("\(root)/\(name)")
            try Files.writeAtomically("\(root)/\(name)/\(name).txt", Array(name.utf8))
        }
        try Files.exchange("\(root)/un", "\(root)/deux")
        #expect(try Files.list("\(root)/un") == ["deux.txt"])
        #expect(try Files.list("\(root)/deux") == ["un.txt"])
        try Files.move("\(root)/un", to: "\(root)/trois")
        #expect(try Files.list(root) == ["deux", "trois"])
        #expect(throws: SystemError.self) { try Files.exchange("\(root)/un", "\(root)/deux") }
        #expect(throws: SystemError.self) { try Files.move("\(root)/deux", to: "\(root)/trois") }
        #expect(try Files.list(root) == ["deux", "trois"])
    }
}

@Suite struct `Another process` {
    @Test func `has the name of its program, or is not there`() throws {
        #expect(Processes.name(of: getpid())?.isEmpty == false)
        #expect(Processes.name(of: 0) == nil && Processes.name(of: .max) == nil)
    }
}

@Suite struct `Random bytes` {
    @Test(arguments: [0, 1, 16, 257, 100_000])
    func `gives as many bytes as asked, and other ones each time`(count: Int) {
        let (first, second) = (Randomness.bytes(count), Randomness.bytes(count))
        #expect(first.count == count && second.count == count)
        if count >= 16 { #expect(first != second) }
    }
}
