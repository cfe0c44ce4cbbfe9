import Foundation
import Platform
import Synchronization
import Testing

/// The built program `dlnuf`, beside the test bundle.
enum Program {
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var path: String {
        get throws {
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
            let folders = [
                bundle?.bundleURL.deletingLastPathComponent(),
                URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
                repository.appending(path: ".build/debug"),
            ]
            let candidates = folders.compactMap { $0?.appending(path: "dlnuf").path }
            return try #require(candidates.first(where: FileManager.default.isExecutableFile))
        }
    }

    /// A process of the program, not started yet, in the repository.
    static func process(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: try path)
        process.arguments = arguments
        process.currentDirectoryURL = repository
        return process
    }

    /// Runs a command to its end, which is made to come when it is late.
    static func run(
        _ arguments: [String], input: String = "", within seconds: Int = 60
    ) throws -> Outcome {
        let process = try process(arguments)
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-run")
        defer { try? Files.removeTree(folder) }
        let (output, errors) = ("\(folder)/output", "\(folder)/errors")
        for path in [output, errors] { try Files.writeAtomically(path, []) }
        let stdin = Pipe()
        process.standardInput = stdin
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let late = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds), execute: late)
        process.waitUntilExit()
        late.cancel()
        return Outcome(
            status: process.terminationStatus,
            output: String(
                decoding: try Files.read(output, maxBytes: 64 << 20), as: UTF8.self),
            errors: String(decoding: try Files.read(errors, maxBytes: 1 << 20), as: UTF8.self))
    }

    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }
}

/// Ends what tests share, which no deinitialiser reaches, when the tests' own process exits.
enum Leftovers {
    fileprivate struct Leftover {
        let process: Int32
        let folder: String
    }

    fileprivate static let all = Mutex<[Leftover]?>(nil)

    static func end(_ process: Process, in folder: String) {
        let leftover = Leftover(process: process.processIdentifier, folder: folder)
        let isFirst = all.withLock { all in
            defer { all = (all ?? []) + [leftover] }
            return all == nil
        }
        guard isFirst else { return }
        atexit {
            for leftover in Leftovers.all.withLock({ $0 ?? [] }) {
                kill(leftover.process, SIGKILL)
                try? Files.removeTree(leftover.folder)
            }
        }
    }
}

extension Pipe {
    /// Reads to the end on a thread of its own.
    ///
    /// Not with a `readabilityHandler`: when its descriptor closes, libdispatch may still watch
    /// it, and then it ends the process.
    func drain(_ body: @escaping @Sendable (String) -> Void) {
        let reader = Thread {
            while true {
                let data = self.fileHandleForReading.availableData
                if data.isEmpty { return }
                body(String(decoding: data, as: UTF8.self))
            }
        }
        reader.start()
    }
}
