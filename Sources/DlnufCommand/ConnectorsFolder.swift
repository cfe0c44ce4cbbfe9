import Connectors
import JSONText
import Platform
import Registry

/// The connectors that a command's only argument names: a folder, or one connector.
struct ConnectorsFolder {
    /// The folder of all connectors and contracts.
    let path: String
    /// The one connector that is meant, `dgfip/revenu_fiscal`; nil for all.
    let only: String?
    /// Where the contracts are that the folder itself does not hold.
    private let contracts: String

    /// A folder of connectors, a connector's own folder, or `holder/dataset` in `--connectors`.
    init(_ arguments: Arguments) {
        let usual = arguments.connectors
        contracts = usual
        guard let named = arguments.positional.first else {
            path = usual
            only = nil
            return
        }
        let plain = named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
        let names = plain.split(separator: "/").map(String.init)
        if Files.exists("\(plain)/connector.json"), names.count >= 2 {
            only = names.suffix(2).joined(separator: "/")
            path = "\(plain)/../.."
        } else if names.count == 2, !Files.exists(plain) {
            path = usual
            only = plain
        } else {
            path = plain
            only = nil
        }
    }

    /// Reads them.
    func read() throws(CommandFailure) -> ConnectorsReading {
        let reading = loadConnectors(path, contracts: contracts)
        guard let only, !reading.names.contains(only) else { return reading }
        throw CommandFailure(
            .usage, "Le connecteur « \(shownName(only)) » n'existe pas.",
            remedy: nearestName(to: only, among: reading.names)
                .map { "Vouliez-vous dire « \($0) » ?" }
                ?? "Choisissez parmi : \(reading.names.joined(separator: ", ")).")
    }

    /// Whether a document is of what is meant: the connector, its examples or its contract.
    func covers(_ file: String) -> Bool {
        guard let only, let dataset = only.split(separator: "/").last else { return true }
        return file.hasPrefix("connectors/\(only)/")
            || file == "connectors/datasets/\(dataset).json"
    }

    /// The one connector that the argument must name, without a mistake of its own.
    func shelf() throws(CommandFailure) -> (ConnectorsReading.Shelf, ConnectorsReading) {
        guard let only else {
            throw CommandFailure(
                .usage, "Le nom du connecteur manque.",
                remedy: "Écrivez-le comme ses dossiers, par exemple dgfip/revenu_fiscal.")
        }
        let reading = try read()
        let errors = reading.diagnostics.filter { $0.severity == .erreur && covers($0.file) }
        for diagnostic in errors { Console.complain(diagnostic.text + "\n") }
        guard errors.isEmpty,
            let shelf = reading.shelves.first(where: {
                "\($0.connector.holder)/\($0.connector.dataset)" == only
            })
        else {
            throw CommandFailure(
                .data, "Le connecteur « \(only) » ne passe pas sa vérification.",
                remedy: "Corrigez ce qui est dit plus haut : dlnuf connectors check \(only)")
        }
        return (shelf, reading)
    }
}
