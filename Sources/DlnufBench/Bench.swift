import Dispatch
import Glibc
import Platform
import Synchronization

/// What a run refuses, in French: what happened, then what to do.
struct BenchFailure: Error {
    let message: String
    let remedy: String

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}

/// The program `dlnuf-bench`.
@main
enum Bench {
    static func main() {
        ignoreSIGPIPE()
        do {
            guard let options = try BenchOptions(Array(CommandLine.arguments.dropFirst())) else {
                return write(BenchOptions.help)
            }
            try runOnLoop { try await run(options) }
        } catch let failure as BenchFailure {
            fail("\(failure.message)\n              \(failure.remedy)")
        } catch let failure as SystemError {
            fail(
                "Le système a refusé une opération (\(failure)).\n"
                    + "              Vérifiez les droits, l'espace libre et les ports.")
        } catch {
            fail("La mesure a échoué.\n              Relancez-la ; sinon, signalez l'erreur.")
        }
    }

    private static func run(_ options: BenchOptions) async throws {
        let isWanted = { (part: BenchOptions.Part) in [part, .tout].contains(options.part) }
        if isWanted(.decision) { write(try DecisionBench.run(options)) }
        if isWanted(.connecteurs) { write(try ConnectorBench.run()) }
        if isWanted(.rejeu) { write(try await ReplayBench.run(options)) }
        if isWanted(.jose) { write(try JOSEBench.run(options)) }
        if options.part == .pannes { try await FaultBench.run(options) }
        guard isWanted(.echange) else { return }
        let setting = try await Setting.start(options)
        write(setting.description)
        let campaign = Campaign(setting: setting, options: options)
        let results = try await campaign.run()
        write("\n" + results.report)
    }

    /// Runs a task of its own loop, the main thread only waiting.
    private static func runOnLoop(_ body: @escaping @Sendable () async throws -> Void) throws {
        let loop = try EventLoop(name: "banc")
        try loop.start()
        let done = DispatchSemaphore(value: 0)
        let failure = Failure()
        loop.spawn {
            do {
                try await body()
            } catch {
                failure.set(error)
            }
            done.signal()
        }
        done.wait()
        if let error = failure.error { throw error }
    }

    private static func fail(_ text: String) -> Never {
        write("dlnuf-bench : \(text)\n", to: STDERR_FILENO)
        exit(1)
    }
}

/// Prints for the person at the terminal, at once.
func write(_ text: String, to output: Int32 = STDOUT_FILENO) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes {
            Glibc.write(output, $0.baseAddress, $0.count)
        }
        guard count > 0 else { return }
        written += count
    }
}

/// The error of the loop's task, handed to the main thread.
private final class Failure: Sendable {
    private let value = Mutex<(any Error)?>(nil)

    var error: (any Error)? { value.withLock { $0 } }

    func set(_ error: any Error) { value.withLock { $0 = error } }
}
