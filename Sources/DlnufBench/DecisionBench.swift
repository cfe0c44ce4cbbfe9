import Platform
import Policies
import Registry
import Vocabulary

/// Measures the decision alone, on purposes by the thousand that were read from their documents.
struct DecisionBench {
    private let policies: PolicySet
    private let generated: GeneratedPurposes
    private let now: Timestamp
    private var random = FixedRandom(seed: 7)

    /// What is asked of each purpose.
    private enum Asking: CaseIterable {
        case usual
        case everything
        case oneFieldTooMany
        case mistypedField
        case unknownPurpose

        var label: String {
            switch self {
            case .usual: "permise, 5 à 20 champs"
            case .everything: "permise, 60 champs"
            case .oneFieldTooMany: "refusée, un champ de trop"
            case .mistypedField: "refusée, un nom mal écrit"
            case .unknownPurpose: "refusée, finalité mal écrite"
            }
        }
    }

    /// How many decisions of each kind are timed.
    private static let decisions = 100_000
    private static let fields = 60
    private static let target = Duration.microseconds(10)

    /// Writes the documents, loads them and measures; gives the report.
    static func run(_ options: BenchOptions) throws -> String {
        let folder = "\(options.folder)-decision"
        if Files.exists(folder) { try Files.removeTree(folder) }
        try Files.createDirectory(folder)
        defer { try? Files.removeTree(folder) }
        write("Écriture de \(options.purposes) finalités de \(fields) champs…\n")
        let contracts = loadContracts("connectors").catalogue
        guard let contracts, let shipped = shippedHolders() else {
            throw BenchFailure(
                "Le dossier « connectors » ne se lit pas.",
                remedy: "Lancez la mesure depuis le dossier du projet.")
        }
        let served = shipped.filter { $0.mode == .identite }
            .reduce(into: Set<FieldPath>()) { $0.formUnion($1.fields) }
        let generated = try GeneratedPurposes.write(
            options.purposes, fields: fields, of: contracts, served: served, to: folder)
        write("Chargement…\n")
        let before = ProcessCPU.ownMemory()
        let start = ContinuousClock.now
        let reading = loadRegistry(connectors: "connectors", policies: folder, limits: .large)
        let elapsed = ContinuousClock.now - start
        guard let registry = reading.registry else {
            throw BenchFailure(
                reading.errors.first?.text ?? "Les documents ne se lisent pas.",
                remedy: "Signalez cette erreur.")
        }
        let memory = ProcessCPU.ownMemory() - before
        var bench = try DecisionBench(registry.policies, generated)
        write("Décisions…\n")
        return loadLine(generated, elapsed, memory) + (try bench.table())
    }

    private init(_ policies: PolicySet, _ generated: GeneratedPurposes) throws {
        guard let day = CalendarDate("2026-11-20") else {
            throw BenchFailure("La date d'essai est fausse.", remedy: "Signalez cette erreur.")
        }
        self.policies = policies
        self.generated = generated
        now = Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000)
    }

    private static func shippedHolders() -> [HolderService]? {
        loadRegistry(connectors: "connectors", policies: "policies").registry?.policies.holders
    }

    private static func loadLine(
        _ generated: GeneratedPurposes, _ elapsed: Duration, _ memory: Int
    ) -> String {
        let documents = decimal(Double(generated.bytes) / 1_048_576, 0)
        return """
            \(generated.purposes.count) finalités de \(fields) champs, \(documents) Mio de documents \
            (cas compris) : chargées en \(decimal(elapsed / .seconds(1), 1)) s, \
            \(decimal(Double(memory) / 1_048_576, 0)) Mio de mémoire.

            """
    }

    // MARK: - Measuring

    private mutating func table() throws -> String {
        var table = Table([
            "une décision (µs)", "p50", "p99", "p99,9", "la plus longue", "octets gardés",
        ])
        var permitted = Duration.zero
        for asking in Asking.allCases {
            let histogram = try measured(asking)
            if asking == .usual { permitted = histogram.quantile(0.99) }
            table.add(
                [asking.label]
                    + [
                        histogram.quantile(0.5), histogram.quantile(0.99),
                        histogram.quantile(0.999),
                    ]
                    .map { decimal($0 / .microseconds(1), 1) }
                    + [
                        decimal(histogram.largest / .microseconds(1), 0),
                        String(bytesKept(asking)),
                    ])
        }
        let isMet = permitted <= DecisionBench.target
        return table.text
            + "Objectif, demande permise de 5 à 20 champs : p99 d'au plus 10 µs : "
            + "\(isMet ? "tenu" : "manqué") (\(decimal(permitted / .microseconds(1), 1)) µs).\n"
    }

    private mutating func measured(_ asking: Asking) throws -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for _ in 0..<DecisionBench.decisions {
            let question = question(asking)
            let start = ContinuousClock.now
            let decision = policies.decide(question)
            histogram.add(ContinuousClock.now - start)
            guard decision.isPermitted == (asking == .usual || asking == .everything) else {
                throw BenchFailure(
                    "Une décision n'est pas celle attendue : "
                        + "\(decision.refusals.first?.reason.rawValue ?? "permise").",
                    remedy: "Signalez cette erreur.")
            }
        }
        return histogram
    }

    /// How much memory a decision holds until it is let go of, its question apart.
    private mutating func bytesKept(_ asking: Asking) -> Int {
        let count = 20_000
        let questions = (0..<count).map { _ in question(asking) }
        var decisions: [Decision] = []
        decisions.reserveCapacity(count)
        let before = ProcessCPU.ownMemory()
        for question in questions { decisions.append(policies.decide(question)) }
        let grown = ProcessCPU.ownMemory() - before
        return decisions.count == count ? grown / count : 0
    }

    /// A request to a purpose drawn at random, its texts made anew as reading a request makes them.
    private mutating func question(_ asking: Asking) -> ExchangeQuestion {
        let index = Int.random(in: 0..<generated.purposes.count, using: &random)
        let purpose = generated.purposes[index]
        var fields = Array(
            purpose.requests.shuffled(using: &random)
                .prefix(asking == .everything ? 60 : Int.random(in: 5...20, using: &random)))
        var id = purpose.id
        switch asking {
        case .usual, .everything: break
        case .oneFieldTooMany: fields.append(purpose.foreign)
        case .mistypedField: fields.append(purpose.foreign + "e")
        case .unknownPurpose: id = PurposeID(service: id.service, name: id.name + "-bis")
        }
        return ExchangeQuestion(
            service: id.service, recipient: purpose.recipient,
            purpose: PurposeID(service: id.service, name: copied(id.name)),
            fields: fields.map { copied($0) }, periods: [:], mode: .identite,
            initiator: Initiator(), role: nil, now: now)
    }

    private func copied(_ text: String) -> String {
        String(decoding: Array(text.utf8), as: UTF8.self)
    }
}

extension RegistryLimits {
    /// Room for every purpose that a measure may write.
    fileprivate static var large: RegistryLimits {
        RegistryLimits(files: 1_000_000, totalBytes: 4 << 30)
    }
}
