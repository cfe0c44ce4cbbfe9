import API
import HolderClients
import Platform
import Storage
import Vocabulary

extension GatewayConfiguration {
    /// Where proposed connectors lie: beside the journal unless told.
    var revisions: String { operators?.revisions ?? "\(journal).revisions" }
}

// What the operators' listener stands on.
extension Gateway {
    /// Opens the operators' listener, where the deployment has one.
    func openOperators(
        _ configuration: GatewayConfiguration, _ documents: DocumentKeeper, _ store: JournalStore
    ) throws(CommandFailure) -> OperatorsEntrance? {
        guard let settings = configuration.operators else { return nil }
        let entrance = try OperatorsEntrance(settings.listeners, loops: loops.all)
        let started = ContinuousClock.now
        entrance.open(
            OperatorsAPI(
                OperatorsParts(
                    credentials: settings.credentials,
                    desk: documents,
                    metrics: {
                        await metricFamilies(documents, store, since: started)
                    },
                    wall: { Timestamp(milliseconds: WallClock.milliseconds()) })))
        return entrance
    }
}

/// Every metric: the process first, then what the holders' clients count.
private func metricFamilies(
    _ documents: DocumentKeeper, _ store: JournalStore, since started: ContinuousClock.Instant
) async -> [MetricFamily] {
    let set = documents.current
    let uptime = started.duration(to: .now).components.seconds
    var families = [
        MetricFamily(
            "dlnuf_duree_secondes", .gauge, help: "Le temps depuis le démarrage.",
            samples: [MetricFamily.Sample(Double(uptime))]),
        MetricFamily(
            "dlnuf_generation", .gauge, help: "Les documents en vigueur, par leur empreinte.",
            samples: [
                MetricFamily.Sample(1, labels: [("generation", set.mark.generation)])
            ]),
        MetricFamily(
            "dlnuf_journal_disponible", .gauge, help: "1 quand le journal peut écrire.",
            samples: [MetricFamily.Sample(store.isWritable ? 1 : 0)]),
        MetricFamily(
            "dlnuf_journal_places", .gauge, help: "Les enregistrements promis ou en attente.",
            samples: [MetricFamily.Sample(Double(store.usedPlaces))]),
    ]
    if let count = await documents.journalCount() {
        families.append(
            MetricFamily(
                "dlnuf_journal_enregistrements_total", .counter,
                help: "Les enregistrements du journal ; l'indice du dernier en est un de moins.",
                samples: [MetricFamily.Sample(Double(count))]))
    }
    return families + holderMetrics(set.holders.states())
}
