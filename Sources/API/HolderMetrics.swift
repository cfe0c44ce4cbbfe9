package import Resilience
import Vocabulary

/// The metrics of the ways to the holders.
///
/// Labels are names of holders and words of closed lists: nothing of a person, no path, no address,
/// and not which fund behind a counter answered.
package func holderMetrics(_ all: [HolderState]) -> [MetricFamily] {
    let states = all.compactMap { state in state.snapshot.map { (state.holder, $0) } }
    return [
        MetricFamily(
            "http_client_request_duration_seconds", .histogram,
            help: "La durée des appels aux détenteurs, ceux pour un jeton compris.",
            samples: states.flatMap { holder, snapshot in
                durations(snapshot.counters.answered, of: holder, "repondu")
                    + durations(snapshot.counters.failed, of: holder, "echoue")
            }),
        family(
            "gw_breaker_state", .gauge, "Le disjoncteur : 0 fermé, 1 à l'essai, 2 ouvert.", states
        ) { $0.phase.metric },
        family(
            "gw_breaker_openings_total", .counter, "Combien de fois le disjoncteur s'est ouvert.",
            states
        ) { $0.counters.openings },
        family("gw_holder_calls_active", .gauge, "Les appels en cours.", states) { $0.underWay },
        family("gw_holder_calls_waiting", .gauge, "Les appels qui attendent leur tour.", states) {
            $0.waiting
        },
        MetricFamily(
            "gw_holder_calls_refused_total", .counter,
            help: "Les appels qui n'ont pas été faits, par ce qui s'y opposait.",
            samples: states.flatMap { holder, snapshot in
                LaneRefusal.Cause.allCases.map { cause in
                    MetricFamily.Sample(
                        Double(snapshot.counters.refusals[cause] ?? 0),
                        labels: [("detenteur", holder.text), ("cause", cause.rawValue)])
                }
            }),
        family("gw_holder_calls_repeated_total", .counter, "Les appels refaits.", states) {
            $0.counters.repetitions
        },
        family(
            "gw_holder_addresses_lost_total", .counter,
            "Combien de fois une adresse a cessé d'accepter les connexions.", states
        ) { $0.counters.addressFailures },
        family("gw_holder_maintenance", .gauge, "1 pendant une maintenance annoncée.", states) {
            $0.maintenance == nil ? 0 : 1
        },
    ]
}

private func family(
    _ name: String, _ kind: MetricFamily.Kind, _ help: String,
    _ states: [(HolderID, LaneSnapshot)], _ value: (LaneSnapshot) -> Int
) -> MetricFamily {
    MetricFamily(
        name, kind, help: help,
        samples: states.map { holder, snapshot in
            MetricFamily.Sample(Double(value(snapshot)), labels: [("detenteur", holder.text)])
        })
}

private func durations(
    _ counts: DurationCounts, of holder: HolderID, _ result: String
) -> [MetricFamily.Sample] {
    let labels = [(name: "detenteur", value: holder.text), (name: "resultat", value: result)]
    var total = 0
    var samples = zip(counts.counts, DurationCounts.bounds).map { count, bound in
        total += count
        return MetricFamily.Sample(
            Double(total), labels: labels + [("le", String(Double(bound) / 1000))],
            suffix: "_bucket")
    }
    let all = Double(counts.counts.reduce(0, +))
    samples.append(
        MetricFamily.Sample(all, labels: labels + [("le", "+Inf")], suffix: "_bucket"))
    samples.append(
        MetricFamily.Sample(counts.sum / .seconds(1), labels: labels, suffix: "_sum"))
    samples.append(MetricFamily.Sample(all, labels: labels, suffix: "_count"))
    return samples
}

extension Breaker.Phase {
    fileprivate var metric: Int {
        switch self {
        case .closed: 0
        case .halfOpen: 1
        case .open: 2
        }
    }
}
