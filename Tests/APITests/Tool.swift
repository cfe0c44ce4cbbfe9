import Foundation

/// Python 3, which knows standards independently of us.
enum Python {
    /// Whether Python is here and has a module.
    static func has(_ module: String) -> Bool {
        run("import \(module)", input: []).status == 0
    }

    /// Runs a script over standard input; gives its status, and what it wrote on both outputs.
    static func run(_ script: String, input: [UInt8]) -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardOutput = output
        process.standardError = output
        do {
            try Data(input).write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
            try process.run()
        } catch {
            return (-1, "\(error)")
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
