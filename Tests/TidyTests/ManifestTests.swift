import Foundation
import Testing

@Suite struct `The manifest` {
    @Test(arguments: [
        (
            #".module("JSONText", uses: [])"#, #".module("JSONText", uses: ["API"])"#,
            "error: JSONText may not use API: it is not in a lower layer"
        ),
        (
            #".module("SQLite", uses: ["CSQLite"])"#, #".module("SQLite", uses: ["CCurl"])"#,
            "error: SQLite may not use CCurl: Curl owns it"
        ),
        (
            #".module("Platform", uses: ["CLinux"])"#,
            #".module("Platform", uses: ["CLinux", "Curl"])"#,
            "error: Platform may not use Curl: it is not in a lower layer"
        ),
    ])
    func `refuses what does not point down, in one line`(
        row: String, broken: String, line: String
    ) throws {
        let manifest = try #require(Repository.file("Package.swift")).text
        let planted = manifest.replacing(row, with: broken)
        try #require(planted != manifest)
        let result = try describe(planted)
        #expect(result.status != 0)
        #expect(result.lines.contains(line), "\(result.lines)")
    }

    @Test func `accepts the table as it is`() throws {
        let manifest = try #require(Repository.file("Package.swift")).text
        #expect(try describe(manifest).status == 0)
    }

    @Test func `depends on no package`() throws {
        let manifest = try #require(Repository.file("Package.swift")).text
        #expect(!manifest.contains(".package("))
        #expect(!manifest.contains("unsafeFlags"))
    }

    /// Reads a manifest that stands alone in a folder.
    private func describe(_ manifest: String) throws -> (status: Int32, lines: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(manifest.utf8).write(to: folder.appending(path: "Package.swift"))
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["swift", "package", "--package-path", folder.path(), "dump-package"]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        return (process.terminationStatus, text.split(separator: "\n").map(String.init))
    }
}
