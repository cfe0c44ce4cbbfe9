import JSONText

/// What a command refuses of its arguments or its surroundings: what happened, then what to do.
struct CommandFailure: Error {
    /// Exit codes of sysexits.h that scripts know.
    enum Kind: Int32 {
        /// The command line is wrong.
        case usage = 64
        /// A document or a database is wrong.
        case data = 65
        /// The system refused something.
        case system = 71
        /// The configuration is wrong.
        case configuration = 78
    }

    let kind: Kind
    let message: String
    let remedy: String

    init(_ kind: Kind, _ message: String, remedy: String) {
        self.kind = kind
        self.message = message
        self.remedy = remedy
    }
}

/// One option of a command, as `--help` shows it.
struct Option: Sendable {
    let name: String
    /// What stands for the value in help; nil for a switch.
    let value: String?
    let summary: String
}

extension Option {
    /// Where the connectors and the contracts are.
    static let connectors = Option(
        name: "connectors", value: "DOSSIER",
        summary: "les connecteurs et les contrats (défaut : connectors)")

    /// Where the purposes are.
    static let policies = Option(
        name: "policies", value: "DOSSIER", summary: "les finalités (défaut : policies)")
}

extension Arguments {
    /// The folder that `--connectors` names, or the repository's.
    var connectors: String { self["connectors"] ?? "connectors" }
    /// The folder that `--policies` names, or the repository's.
    var policies: String { self["policies"] ?? "policies" }
}

/// The options of one command line, each known and given at most once.
struct Arguments {
    private let values: [String: String]
    let positional: [String]

    /// Reads `--name value`, `--name=value` and switches.
    init(
        _ words: ArraySlice<String>, options: [Option], positional limit: Int = 0
    ) throws(CommandFailure) {
        var values: [String: String] = [:]
        var positional: [String] = []
        var rest = words
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                positional.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = options.first(where: { $0.name == name }) else {
                throw Arguments.unknown(name, among: options)
            }
            guard values[name] == nil else {
                throw CommandFailure(
                    .usage, "L'option --\(name) est donnée deux fois.", remedy: "Gardez-en une.")
            }
            if option.value == nil {
                guard parts.count == 1 else {
                    throw CommandFailure(
                        .usage, "L'option --\(name) ne prend pas de valeur.",
                        remedy: "Écrivez --\(name) seul.")
                }
                values[name] = ""
            } else if parts.count == 2 {
                values[name] = String(parts[1])
            } else if let value = rest.popFirst(), !value.hasPrefix("--") {
                values[name] = value
            } else {
                throw CommandFailure(
                    .usage, "L'option --\(name) attend une valeur.",
                    remedy: "Écrivez --\(name) \(option.value ?? "VALEUR").")
            }
        }
        guard positional.count <= limit else {
            throw CommandFailure(
                .usage, "L'argument « \(shownName(positional[limit])) » est de trop.",
                remedy: "Consultez l'aide avec --help.")
        }
        self.values = values
        self.positional = positional
    }

    subscript(_ name: String) -> String? {
        values[name]
    }

    func has(_ name: String) -> Bool {
        values[name] != nil
    }

    func required(_ name: String) throws(CommandFailure) -> String {
        guard let value = values[name] else {
            throw CommandFailure(
                .usage, "L'option --\(name) manque.", remedy: "Consultez l'aide avec --help.")
        }
        return value
    }

    /// A port, 0 for a free one.
    func port(_ name: String) throws(CommandFailure) -> UInt16? {
        guard let text = values[name] else { return nil }
        guard let port = UInt16(text) else {
            throw CommandFailure(
                .usage, "L'option --\(name) n'est pas un port.",
                remedy: "Donnez un nombre de 1 à 65535, ou 0 pour un port libre.")
        }
        return port
    }

    private static func unknown(_ name: String, among options: [Option]) -> CommandFailure {
        let near = nearestName(to: name, among: options.map(\.name))
        return CommandFailure(
            .usage, "L'option --\(shownName(name)) n'existe pas.",
            remedy: near.map { "Vouliez-vous dire --\($0) ?" } ?? "Consultez l'aide avec --help.")
    }
}
