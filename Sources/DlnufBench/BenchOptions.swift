/// How to measure, as the command line says.
struct BenchOptions: Sendable, Equatable {
    /// How long each measurement lasts.
    var seconds = 3
    /// The numbers of connections to measure with, each in its own table.
    var connections = [16, 64]
    /// How many times each is measured.
    var rounds = 5
    /// How many purposes the decision is measured on.
    var purposes = 10_000
    /// How many decisions the journal holds that is replayed.
    var decisions = 1_000_000
    /// What is measured.
    var part = Part.tout
    /// Where the journal and the keys of the run lie.
    var folder = ".build/banc"

    /// The parts of a run.
    enum Part: String, CaseIterable {
        case decision
        case connecteurs
        case rejeu
        case jose
        case echange
        case pannes
        case tout
    }

    /// Reads a command line; nil when it asks for help.
    init?(_ words: [String]) throws(BenchFailure) {
        var rest = words[...]
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts.first ?? ""
            if name == "--help" || name == "-h" { return nil }
            guard Self.names.contains(name) else {
                throw BenchFailure(
                    "L'option « \(name.prefix(64)) » n'existe pas.",
                    remedy: "Consultez « dlnuf-bench --help ».")
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw BenchFailure(
                    "L'option \(name) attend une valeur.",
                    remedy: "Consultez « dlnuf-bench --help ».")
            }
            try set(name, value)
        }
    }

    private static let names = [
        "--secondes", "--connexions", "--tours", "--dossier", "--finalites", "--decisions",
        "--partie",
    ]

    private mutating func set(_ name: String, _ value: String) throws(BenchFailure) {
        switch name {
        case "--secondes": seconds = try Self.number(name, value, in: 1...600)
        case "--tours": rounds = try Self.number(name, value, in: 1...100)
        case "--dossier": folder = value
        case "--finalites": purposes = try Self.number(name, value, in: 20...100_000)
        case "--decisions":
            decisions = try Self.number(name, value, in: 1000...10_000_000)
        case "--partie":
            guard let part = Part(rawValue: value) else {
                throw BenchFailure(
                    "La partie « \(value.prefix(64)) » n'existe pas.",
                    remedy: "Donnez \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            self.part = part
        default:
            connections = []
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                connections.append(try Self.number(name, String(part), in: 1...1024))
            }
        }
    }

    private static func number(
        _ name: String, _ value: String, in range: ClosedRange<Int>
    ) throws(BenchFailure) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw BenchFailure(
                "La valeur de \(name) n'est pas un nombre de \(range.lowerBound)"
                    + " à \(range.upperBound).",
                remedy: "Donnez par exemple « \(name) \(range.contains(16) ? 16 : 1) ».")
        }
        return number
    }

    static let help = """
        dlnuf-bench [--partie PARTIE] [--secondes N] [--connexions N,N…] [--tours N]
                    [--finalites N] [--decisions N] [--dossier DOSSIER]

        Mesure la décision seule, sur des milliers de finalités lues de leurs documents ; ce que les
        connecteurs coûtent à un échange, sans réseau, sur leurs propres exemples ; le rejeu d'un
        journal que le porteur d'échanges vient d'écrire ; les jetons lus par seconde, à côté
        d'« openssl speed » ; puis un échange entier (authentifier,
        décider, deux écritures durables, appeler un détenteur, filtrer) dans les deux modes, à côté
        de nginx devant le même détenteur.

        Options :
          --secondes N        la durée de chaque mesure (défaut : 3)
          --connexions N,N…   les connexions tenues ouvertes (défaut : 16,64)
          --tours N           combien de fois chaque mesure est refaite, en alternance (défaut : 5)
          --partie PARTIE     decision, connecteurs, rejeu, jose, echange, pannes ou
                              tout (défaut : tout)
          --finalites N       combien de finalités porte la décision (défaut : 10000)
          --decisions N       combien de décisions rejouer (défaut : 1000000)
          --dossier DOSSIER   où vont le journal et les clés, sur un vrai disque ; vidé à chaque
                              lancement (défaut : .build/banc)

        « make bench ARGUMENTS="--connexions 32" » construit d'abord.

        """
}
