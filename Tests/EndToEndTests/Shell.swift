import Foundation
import Platform

/// A command of the page, run as a developer would: pasted into a shell.
enum Shell {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
    }

    /// Runs a text under bash with some variables set.
    static func run(
        _ text: String, _ variables: [String: String] = [:], input: [UInt8] = []
    ) throws -> Outcome {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-shell")
        defer { try? Files.removeTree(folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", text]
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        try Files.writeAtomically("\(folder)/input", input)
        try Files.writeAtomically("\(folder)/output", [])
        process.standardInput = FileHandle(forReadingAtPath: "\(folder)/input")
        let output = FileHandle(forWritingAtPath: "\(folder)/output")
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let bytes = try Files.read("\(folder)/output", maxBytes: 64 << 20)
        return Outcome(
            status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
    }
}
