import Dispatch
import Foundation
import JSONText
import Platform
import Synchronization

/// One command of the program.
struct Command {
    let name: String
    let summary: String
    let usage: String
    let options: [Option]
    let details: String
    let positional: Int
    let run: @Sendable (Arguments) async throws -> Int32

    init(
        _ name: String,
        summary: String,
        usage: String = "",
        options: [Option] = [],
        details: String = "",
        positional: Int = 0,
        run: @escaping @Sendable (Arguments) async throws -> Int32
    ) {
        self.name = name
        self.summary = summary
        self.usage = usage
        self.options = options
        self.details = details
        self.positional = positional
        self.run = run
    }
}

/// The program `dlnuf`.
@main
struct Dlnuf {
    static let commands: [Command] = [
        .serve, .demo, .sandbox, .check, .schemas, .explain, .policiesNotice, .policiesPublish,
        .policiesRegister, .policiesReplay, .policiesSign, .policiesVerify, .policiesGenerations,
        .policiesRestore, .journalCreate, .journalRestoreAccess, .auditList, .auditFields,
        .auditPerson, .auditSuspensions, .policiesDiff, .connectorsCheck, .connectorsNew,
        .connectorsTest, .connectorsDoc, .connectorsStatus,
        .servicesNew, .servicesKey, .servicesRevoke, .servicesList,
    ]

    static func main() {
        // Signals are blocked before the first thread exists, so that every thread inherits it.
        ShutdownSignals.block()
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            guard let (command, rest) = try select(words) else { return }
            if rest.contains("--help") || rest.contains("-h") {
                Console.write(command.help)
                return
            }
            let arguments = try Arguments(
                rest, options: command.options, positional: command.positional)
            end(try runOnLoop { try await command.run(arguments) })
        } catch let failure as CommandFailure {
            fail(failure)
        } catch let failure as SystemError {
            fail(
                CommandFailure(
                    .system, "Le système a refusé une opération (\(failure.text)).",
                    remedy: "Vérifiez les droits, l'espace libre et les ports."))
        } catch {
            fail(
                CommandFailure(
                    .system, "La commande a échoué.",
                    remedy: "Relancez-la ; si l'erreur persiste, signalez-la."))
        }
    }

    /// The command that the words name, or nil once the general help was shown.
    private static func select(
        _ words: [String]
    ) throws(CommandFailure) -> (Command, ArraySlice<String>)? {
        let named = commands.first { command in
            words.starts(with: command.name.split(separator: " ").map(String.init))
        }
        if let named {
            return (named, words.dropFirst(named.name.split(separator: " ").count))
        }
        guard let first = words.first, first != "--help", first != "-h", first != "help" else {
            Console.write(help)
            return nil
        }
        let group = commands.filter { $0.name.hasPrefix("\(first) ") }
        guard group.isEmpty else {
            if words.count == 1 || words[1] == "--help" {
                Console.write(list(group))
                return nil
            }
            throw unknown(words.prefix(2).joined(separator: " "))
        }
        throw unknown(first)
    }

    private static func unknown(_ name: String) -> CommandFailure {
        let near = nearestName(to: name, among: commands.map(\.name))
        return CommandFailure(
            .usage, "La commande « \(shownName(name)) » n'existe pas.",
            remedy: near.map { "Vouliez-vous dire « dlnuf \($0) » ?" }
                ?? "Consultez « dlnuf --help ».")
    }

    private static func fail(_ failure: CommandFailure) -> Never {
        Console.complain("dlnuf : \(failure.message)\n        \(failure.remedy)\n")
        end(failure.kind.rawValue)
    }

    /// Ends the process at once.
    ///
    /// What was written is written, and the libraries' own tidying at `exit` would pull the
    /// ground from under loops that still run.
    private static func end(_ status: Int32) -> Never {
        _exit(status)
    }

    /// Runs a command as a task of its own loop, the main thread only waiting.
    private static func runOnLoop(
        _ body: @escaping @Sendable () async throws -> Int32
    ) throws -> Int32 {
        let loop = try EventLoop(name: "commande")
        try loop.start()
        let done = DispatchSemaphore(value: 0)
        let result = Outcome()
        loop.spawn {
            do {
                result.set(.success(try await body()))
            } catch {
                result.set(.failure(error))
            }
            done.signal()
        }
        done.wait()
        return try result.take().get()
    }

    private static var help: String {
        """
        dlnuf : la passerelle « Dites-le-nous une fois ».

        Elle donne au formulaire d'une démarche les seuls champs que sa finalité justifie,
        les demande aux détenteurs, laisse tomber le reste et tient un journal.

        \(list(commands))
        Chaque commande a son aide : dlnuf COMMANDE --help
        Pour commencer : dlnuf demo

        """
    }

    private static func list(_ commands: [Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        let lines = commands.map { command in
            let padding = String(repeating: " ", count: width - command.name.count)
            return "  dlnuf \(command.name)\(padding)  \(command.summary)\n"
        }
        return "Commandes :\n" + lines.joined()
    }
}

extension Command {
    /// What `--help` prints.
    var help: String {
        var text = "dlnuf \(name) \(usage)\n\n\(summary)\n"
        if !details.isEmpty { text += "\n\(details)\n" }
        if !options.isEmpty {
            text += "\nOptions :\n"
            let heads = options.map { option in
                "--\(option.name)" + (option.value.map { " \($0)" } ?? "")
            }
            let width = heads.map(\.count).max() ?? 0
            for (head, option) in zip(heads, options) {
                let padding = String(repeating: " ", count: width - head.count)
                text += "  \(head)\(padding)  \(option.summary)\n"
            }
        }
        return text
    }
}

/// What a command prints for the person at the terminal.
enum Console {
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// The result of the command's task, handed to the main thread.
private final class Outcome: Sendable {
    private let result = Mutex<Result<Int32, any Error>?>(nil)

    func set(_ new: Result<Int32, any Error>) {
        result.withLock { $0 = new }
    }

    func take() -> Result<Int32, any Error> {
        result.withLock { $0 } ?? .success(0)
    }
}
