import Policies
import Vocabulary

extension Explanation {
    /// The bounds of the purpose, with what is left of them where it is known; what is left of a
    /// person's is never said.
    var boundLines: [String] {
        guard let bounds = policy?.bounds else { return [] }
        var lines = bounds.shownClaims.map { claim in
            let left = quotas.first { $0.bound == claim.bound }.map { quota in
                " ; reste \(quota.remaining) jusqu'au \(quota.window.end.rfc3339)"
            }
            return "  \(claim.bound.rawValue) : \(claim.limit)\(left ?? "")"
        }
        if let own = bounds.perPersonAndDossier {
            lines.append(
                "  \(Bound.parPersonneEtDossier.rawValue) : \(own.calls) par \(own.period.label)")
        }
        return lines.isEmpty ? [] : ["", "Bornes"] + lines
    }
}

extension CountingPeriod {
    /// How a reader sees it.
    fileprivate var label: String {
        switch self {
        case .seconde: "seconde"
        case .heure: "heure"
        case .jour: "jour"
        case .mois: "mois"
        case .annee: "an"
        }
    }
}
