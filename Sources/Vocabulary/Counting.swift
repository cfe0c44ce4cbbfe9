/// What the gateway counts, and may not count beyond a limit.
///
/// The raw value names the counter in answers, in headers and in the journal; it never changes.
package enum Bound: String, CaseIterable, Sendable {
    // The purpose's own, which its service may see.
    case parSeconde = "par_seconde"
    case parJour = "par_jour"
    // About one person: neither a count nor what is left of it is ever said.
    case parPersonneEtDossier = "par_personne_et_dossier"
    // Against probing: per credential and purpose, in the identity mode.
    case personnesParJour = "personnes_par_jour"
    case personnesParDossier = "personnes_par_dossier"
    case variantesParJour = "variantes_par_jour"
    case echecsParHeure = "echecs_par_heure"
    case echecsSurCent = "echecs_sur_cent"

    /// Whether reaching it presumes that somebody tries identities.
    package var isOfProbing: Bool {
        switch self {
        case .parSeconde, .parJour, .parPersonneEtDossier: false
        case .personnesParJour, .personnesParDossier, .variantesParJour, .echecsParHeure,
            .echecsSurCent:
            true
        }
    }

    /// Whether the service may be told what is left.
    package var isShown: Bool { self == .parSeconde || self == .parJour }

    /// Why a request beyond the limit is refused.
    package var reason: RefusalReason {
        switch self {
        case .parSeconde, .parJour: .borneAtteinte
        case .parPersonneEtDossier: .borneParPersonneAtteinte
        default: .sondagePresume
        }
    }
}

/// How long a count goes on before it begins anew; days, months and years are the legal ones.
package enum CountingPeriod: String, CaseIterable, Sendable {
    case seconde
    case heure
    case jour
    case mois
    case annee

    /// The window of such a length in which a moment lies.
    package func window(around time: Timestamp) -> CountingWindow {
        switch self {
        case .seconde: return CountingWindow(aligned: 1000, around: time)
        // The legal time differs from UTC by whole hours.
        case .heure: return CountingWindow(aligned: 3_600_000, around: time)
        case .jour:
            let day = time.parisDate
            let next = CalendarDate(daysSinceEpoch: day.daysSinceEpoch + 1)
            return CountingWindow(start: day.parisMidnight, end: next.parisMidnight)
        case .mois:
            let month = time.parisDate.yearMonth
            return CountingWindow(
                start: month.firstDay.parisMidnight,
                end: month.adding(months: 1).firstDay.parisMidnight)
        case .annee:
            let year = time.parisDate.year
            let first = CalendarDate.newYear(year)
            return CountingWindow(
                start: first.parisMidnight, end: CalendarDate.newYear(year + 1).parisMidnight)
        }
    }
}

/// A stretch of time over which a count runs: from its start to just before its end.
package struct CountingWindow: Hashable, Sendable {
    package let start: Timestamp
    package let end: Timestamp

    init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    fileprivate init(aligned length: Int64, around time: Timestamp) {
        let start = floorDivide(time.milliseconds, length) * length
        self.init(
            start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: start + length))
    }

    /// How long the window is: a legal day has 23, 24 or 25 hours.
    package var seconds: Int64 { (end.milliseconds - start.milliseconds) / 1000 }

    /// How many seconds are left at a moment, rounded up; none once it has ended.
    package func secondsLeft(at time: Timestamp) -> Int64 {
        max(0, (end.milliseconds - time.milliseconds + 999) / 1000)
    }
}

/// What was counted when deciding: the exchange itself included.
package struct FoundCount: Hashable, Sendable {
    /// The counter, as ``Bound`` names it.
    package let counter: String
    /// What it held, or would have held, with this exchange.
    package let found: Int
    /// What it may hold.
    package let limit: Int

    /// A count of a counter that policies or the gateway name.
    package init(counter: String, found: Int, limit: Int) {
        self.counter = counter
        self.found = found
        self.limit = limit
    }

    /// Whether the exchange is one too many.
    package var isExceeded: Bool { found > limit }

    /// Whether a record keeps the count: one against probing is kept only where it was passed.
    package var isRecorded: Bool {
        isExceeded || Bound(rawValue: counter)?.isOfProbing == false
    }
}

/// What is left to a service of one bound of a purpose.
package struct Quota: Hashable, Sendable {
    package let bound: Bound
    package let limit: Int
    package let remaining: Int
    package let window: CountingWindow

    /// What a count leaves; nothing where it is beyond the limit.
    package init(bound: Bound, limit: Int, found: Int, window: CountingWindow) {
        self.bound = bound
        self.limit = limit
        self.remaining = max(0, limit - found)
        self.window = window
    }
}
