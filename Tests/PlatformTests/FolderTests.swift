import Foundation
import Platform
import Testing

@Suite struct `An open folder` {
    private let path: String

    init() throws {
        path = try Files.temporaryDirectory(prefix: "dossier")
        try Files.createDirectory("\(path)/sous")
        try Files.writeAtomically("\(path)/a.json", Array("{}".utf8))
        try Files.writeAtomically("\(path)/sous/b.json", Array("[]".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/lien", withDestinationPath: "sous/b.json")
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/porte", withDestinationPath: "sous")
        mkfifo("\(path)/tube", 0o600)
    }

    private func withFolder(_ body: (borrowing Folder) throws -> Void) throws {
        defer { try? Files.removeTree(path) }
        try body(try Folder(path))
    }

    @Test func `says what it holds, links and pipes as such`() throws {
        try withFolder { folder in
            let entries = try folder.entries()
            #expect(entries.map(\.name) == ["a.json", "lien", "porte", "sous", "tube"])
            #expect(
                entries.map(\.kind) == [
                    .file(size: 2), .link(target: "sous/b.json"), .link(target: "sous"), .folder,
                    .other,
                ])
            #expect(entries.allSatisfy { $0.isText })
        }
    }

    @Test func `reads files and folders in it, and follows no link`() throws {
        try withFolder { folder in
            #expect(try folder.read("a.json", maxBytes: 2) == Array("{}".utf8))
            let inner = try folder.folder("sous")
            #expect(try inner.read("b.json", maxBytes: 10) == Array("[]".utf8))
            for name in ["lien", "porte", "tube", "sous", "sous/b.json", "..", "absent"] {
                #expect(throws: SystemError.self, "\(name)") {
                    try folder.read(name, maxBytes: 10)
                }
            }
            for name in ["porte", "a.json", "sous/.."] {
                #expect(throws: SystemError.self, "\(name)") { _ = try folder.folder(name) }
            }
        }
    }

    @Test func `does not begin to read what is too large`() throws {
        try withFolder { folder in
            // A hole on disk: reading it would take longer than anybody waits.
            let file = try #require(FileHandle(forUpdatingAtPath: "\(path)/a.json"))
            try file.truncate(atOffset: 1 << 40)
            #expect(throws: SystemError(code: EFBIG, operation: "read a.json")) {
                try folder.read("a.json", maxBytes: 1 << 20)
            }
        }
    }

    @Test func `shows a name that is no text, which nothing reaches`() throws {
        try withFolder { folder in
            let file = fopen(Array("\(path)/x".utf8CString.dropLast()) + [-1, 0], "w")
            if let file { fclose(file) }
            let entry = try #require(try folder.entries().last)
            #expect(entry.name == "x\u{FFFD}")
            #expect(!entry.isText)
        }
    }
}
