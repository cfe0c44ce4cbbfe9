/// One measurement of each way, taken one after the other.
struct Round: Sendable {
    let nginx: Measurement
    let identity: Measurement
    let franceConnect: Measurement
}

/// The rounds with one number of connections.
struct Series: Sendable {
    let connections: Int
    private(set) var rounds: [Round] = []

    init(connections: Int) {
        self.connections = connections
    }

    mutating func add(_ round: Round) { rounds.append(round) }

    /// The middle ratio of a way's processor time to nginx's in the same round.
    func ratio(_ way: (Round) -> Measurement) -> Double {
        middle(
            rounds.map { round in
                let base = round.nginx.spentEach
                return base > .zero ? way(round).spentEach / base : 0
            })
    }

    /// The middle throughput of a way.
    func throughput(_ way: (Round) -> Measurement) -> Double {
        middle(rounds.map { way($0).load.throughput })
    }

    /// How far apart the measurements of a way's processor time lie, of their middle.
    func spread(_ way: (Round) -> Measurement) -> Double {
        let all = rounds.map { microseconds(way($0).spentEach) }
        let centre = middle(all)
        return centre > 0 ? ((all.max() ?? 0) - (all.min() ?? 0)) / centre : 0
    }

    /// The table: middles over the rounds.
    var table: String {
        var table = Table([
            "\(connections) connexions", "requêtes/s", "p50 (ms)", "p99 (ms)",
            "CPU/requête (µs)", "min–max", "rapport à nginx", "enregistrements/s", "mémoire (Mio)",
            "refus",
            "échecs",
        ])
        add("nginx proxy_pass", records: 0, to: &table) { $0.nginx }
        add("échange, identité", records: 2, to: &table) { $0.identity }
        add("échange, FranceConnect", records: 2, to: &table) { $0.franceConnect }
        return table.text
    }

    private func add(
        _ name: String, records: Int, to table: inout Table, _ way: (Round) -> Measurement
    ) {
        let all = rounds.map(way)
        let each = all.map { microseconds($0.spentEach) }
        func quantile(_ share: Double) -> String {
            decimal(middle(all.map { $0.load.latencies.quantile(share) / .milliseconds(1) }), 2)
        }
        let throughput = middle(all.map(\.load.throughput))
        table.add([
            name, decimal(throughput, 0), quantile(0.5), quantile(0.99),
            decimal(middle(each), 1),
            "\(decimal(each.min() ?? 0, 1))–\(decimal(each.max() ?? 0, 1))",
            decimal(ratio(way), 2),
            records == 0 ? "–" : decimal(throughput * Double(records), 0),
            decimal(middle(all.map { Double($0.memory) / 1_048_576 }), 0),
            String(all.reduce(0) { $0 + $1.load.refusals }),
            String(all.reduce(0) { $0 + $1.load.failures }),
        ])
    }
}

/// What a campaign has measured.
struct CampaignResult: Sendable {
    var series: [Series] = []
    /// The share of the processors that the rest of the machine took.
    var othersShare: Double?

    private static let ratioTarget = 6.0
    private static let throughputTarget = 3000.0

    /// The tables, the noise and the verdict.
    var report: String {
        series.map { $0.table + "\n" }.joined() + noise + verdict
    }

    private var noise: String {
        let spread = series.map { $0.spread { $0.nginx } }.max() ?? 0
        var text =
            "Bruit de la machine : le CPU par requête de nginx varie de "
            + "\(decimal(spread * 100, 0)) % d'un tour à l'autre"
        if let othersShare {
            text += " ; les autres programmes ont pris \(decimal(othersShare * 100, 0)) % du CPU"
        }
        return text
            + ".\nLes rapports comparent des mesures d'un même tour ; le CPU est celui de la "
            + "passerelle (ou de nginx)\nseule, le générateur de charge et le bac à sable "
            + "partageant les mêmes cœurs.\n"
    }

    private var verdict: String {
        let ratio = series.map { $0.ratio { $0.identity } }.min() ?? 0
        let throughput = series.map { $0.throughput { $0.identity } }.max() ?? 0
        return """
            Objectif, mode identité : au plus \(decimal(Self.ratioTarget, 0)) fois le CPU de nginx : \
            \(ratio <= Self.ratioTarget ? "tenu" : "manqué") (\(decimal(ratio, 1))) ; \
            \(decimal(Self.throughputTarget, 0)) échanges/s durables : \
            \(throughput >= Self.throughputTarget ? "tenu" : "manqué") (\(decimal(throughput, 0))).

            """
    }
}

/// The middle of some numbers; 0 of none.
func middle(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    guard !sorted.isEmpty else { return 0 }
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

private func microseconds(_ span: Duration) -> Double { span / .microseconds(1) }
