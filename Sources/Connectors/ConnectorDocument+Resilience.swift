import HTTPMessages
package import JSONText
package import Resilience
import Vocabulary

/// How long the parts of one call may take.
struct StepTimes: Sendable, Hashable {
    var connectMilliseconds = 2000
    var firstByteMilliseconds: Int?
}

extension ConnectorDocumentReader {
    /// How the holder is treated: what the document says, over the defaults.
    mutating func resilience(_ object: JSONObjectPlace) -> ResilienceSettings {
        var reader = ResilienceReader()
        reader.readLimits(object.optional("resilience"))
        reader.readMaintenances(object.optional("maintenances"))
        reader.readHealth(object.optional("sante"))
        for mistake in reader.mistakes.all { mistakes.add(mistake) }
        return reader.changes.applied(to: ResilienceSettings())
    }

    /// The times of a step, each within the one that holds it.
    mutating func times(_ object: JSONObjectPlace, total: Int) -> StepTimes {
        var times = StepTimes()
        // The default fits into whatever the step takes.
        times.connectMilliseconds = min(times.connectMilliseconds, total)
        guard let place = object.optional("delais"),
            let parts = mistakes.object(place, ConnectorMembers.times)
        else { return times }
        let connect = mistakes.optional(parts, "connexion_ms", milliseconds)
        let first = mistakes.optional(parts, "premier_octet_ms", milliseconds)
        if let first, first > total {
            mistakes.add(
                place.mistake(
                    "Le premier octet peut se faire attendre \(first) ms, plus que l'appel entier, "
                        + "qui en a \(total).",
                    remedy: "Réduisez « premier_octet_ms », ou augmentez « delai_ms »."))
        }
        if let connect, connect > first ?? total {
            mistakes.add(
                place.mistake(
                    "La connexion peut prendre \(connect) ms, plus que ce qui la contient "
                        + "(\(first ?? total) ms).",
                    remedy: "Réduisez « connexion_ms » : deux secondes suffisent d'ordinaire."))
        }
        times.connectMilliseconds = connect ?? min(times.connectMilliseconds, first ?? total)
        times.firstByteMilliseconds = first
        return times
    }

    private func milliseconds(_ place: JSONPlace) throws(JSONMistake) -> Int {
        Int(try place.int(in: 50...60_000))
    }
}

extension MissingReason {
    /// Whether the holder itself failed, which may be otherwise a moment later.
    var isOfHolder: Bool {
        switch self {
        case .detenteurIndisponible, .detenteurTropLent, .reponseIrrecevable: true
        default: false
        }
    }
}

/// What a document changes of how a holder is treated; what it does not say stays.
package struct ResilienceChanges: Sendable {
    private var changes: [@Sendable (inout ResilienceSettings) -> Void] = []

    /// No change.
    package init() {}

    /// Whatever was announced, the holder is never away.
    package static let withoutMaintenance: ResilienceChanges = {
        var changes = ResilienceChanges()
        changes.add { $0.maintenance = MaintenanceCalendar() }
        return changes
    }()

    mutating func add(_ change: @escaping @Sendable (inout ResilienceSettings) -> Void) {
        changes.append(change)
    }

    /// The settings with the changes made.
    package func applied(to settings: ResilienceSettings) -> ResilienceSettings {
        var changed = settings
        for change in changes { change(&changed) }
        return changed
    }
}

/// Reads how a holder is treated, in a connector or in a deployment's configuration.
package struct ResilienceReader {
    package private(set) var mistakes = JSONMistakes()
    package private(set) var changes = ResilienceChanges()

    /// A reader that has read nothing.
    package init() {}

    // MARK: - Limits

    /// Reads the member `resilience`.
    package mutating func readLimits(_ place: JSONPlace?) {
        guard let object = mistakes.object(place, ConnectorMembers.resilience) else { return }
        set(object, "simultanes", 1...1000) { $0.simultaneous = $1 }
        set(object, "file", 0...5000) { $0.queue = $1 }
        set(object, "attente_ms", 0...30_000) { $0.patience = .milliseconds($1) }
        readRates(object)
        readBreaker(object.optional("disjoncteur"))
        readRepetition(object.optional("repetition"))
    }

    private mutating func set(
        _ object: JSONObjectPlace, _ name: String, _ range: ClosedRange<Int64>,
        _ change: @escaping @Sendable (inout ResilienceSettings, Int) -> Void
    ) {
        guard let value = number(object, name, range) else { return }
        changes.add { change(&$0, value) }
    }

    private mutating func number(
        _ object: JSONObjectPlace, _ name: String, _ range: ClosedRange<Int64>
    ) -> Int? {
        mistakes.optional(object, name) { place throws(JSONMistake) in
            Int(try place.int(in: range))
        }
    }

    private static let spans: [(name: String, seconds: Int)] = [
        ("par_seconde", 1), ("par_minute", 60), ("par_heure", 3600), ("par_jour", 86_400),
    ]

    private mutating func readRates(_ object: JSONObjectPlace) {
        var rates: [Rate] = []
        for (name, seconds) in Self.spans {
            guard let calls = number(object, name, 1...10_000_000) else { continue }
            if let shorter = rates.last, calls < shorter.calls {
                mistakes.add(
                    object.place.mistake(
                        "« \(name) » permet moins d'appels que la borne d'une durée plus courte.",
                        remedy: "Corrigez l'une des deux, ou retirez la plus courte."))
            }
            rates.append(Rate(calls: calls, span: .seconds(seconds)))
        }
        let read = rates
        if !read.isEmpty { changes.add { $0.rates = read } }
    }

    private mutating func readBreaker(_ place: JSONPlace?) {
        guard let object = mistakes.object(place, ConnectorMembers.breaker) else { return }
        set(object, "echecs_consecutifs", 1...1000) { $0.breaker.consecutiveFailures = $1 }
        set(object, "echecs_pour_cent", 1...100) { $0.breaker.failurePercent = $1 }
        set(object, "appels_minimum", 1...10_000) { $0.breaker.minimumCalls = $1 }
        set(object, "fenetre_s", 1...3600) { $0.breaker.window = .seconds($1) }
        set(object, "ouverture_s", 1...3600) { $0.breaker.openTime = .seconds($1) }
        set(object, "sondes", 1...100) { $0.breaker.probes = $1 }
    }

    private mutating func readRepetition(_ place: JSONPlace?) {
        guard let object = mistakes.object(place, ConnectorMembers.repetition) else { return }
        set(object, "nombre", 0...3) { $0.retries.most = $1 }
        set(object, "pour_cent", 0...100) { $0.retries.percent = $1 }
        set(object, "minimum", 0...100) { $0.retries.minimum = $1 }
        set(object, "pause_ms", 1...10_000) { $0.retries.pause = .milliseconds($1) }
    }

    // MARK: - Maintenance

    static let maximumWindows = 50

    /// Reads the member `maintenances`; an empty list says that there is none.
    package mutating func readMaintenances(_ place: JSONPlace?) {
        guard let place,
            let places = mistakes.attempt({ () throws(JSONMistake) in
                try place.array(max: Self.maximumWindows)
            })
        else { return }
        var calendar = MaintenanceCalendar()
        for place in places {
            guard let object = mistakes.object(place, ConnectorMembers.maintenance) else {
                continue
            }
            if object.optional("jours") != nil {
                calendar.weekly += weekly(object)
            } else if let window = dated(object) {
                calendar.dated.append(window)
            }
        }
        let read = calendar
        changes.add { $0.maintenance = read }
    }

    static let days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]

    private mutating func weekly(_ object: JSONObjectPlace) -> [MaintenanceCalendar.Weekly] {
        for name in ["du", "au"] where object.optional(name) != nil {
            mistakes.add(
                object.place.mistake(
                    "Une maintenance est hebdomadaire ou datée, et celle-ci est les deux.",
                    remedy: "Gardez « jours », « de » et « a », ou « du » et « au »."))
            return []
        }
        let days = mistakes.required(object, "jours") {
            (place) throws(JSONMistake) -> [Int] in
            let places = try place.array(max: 7)
            guard !places.isEmpty else {
                throw place.mistake("Il n'y a aucun jour.", remedy: "Écrivez par exemple dimanche.")
            }
            var days: [Int] = []
            for place in places {
                guard let day = Self.days.firstIndex(of: try place.string(maxBytes: 16)) else {
                    throw place.mistake(
                        "Ce n'est pas un jour de la semaine.",
                        remedy: "Choisissez parmi : \(Self.days.joined(separator: ", ")).")
                }
                days.append(day + 1)
            }
            return days
        }
        let from = mistakes.required(object, "de") { place throws(JSONMistake) in
            try Self.minute(place, last: 1439)
        }
        let to = mistakes.required(object, "a") { place throws(JSONMistake) in
            try Self.minute(place, last: 1440)
        }
        guard let days, let from, let to else { return [] }
        if from == to {
            mistakes.add(
                object.place.mistake(
                    "Cette maintenance commence et finit à la même heure.",
                    remedy: "Corrigez l'une des deux ; pour un jour entier, de 00:00 à 24:00."))
            return []
        }
        return days.map { MaintenanceCalendar.Weekly(weekday: $0, from: from, to: to) }
    }

    private mutating func dated(_ object: JSONObjectPlace) -> MaintenanceCalendar.Window? {
        for name in ["de", "a"] where object.optional(name) != nil {
            mistakes.add(
                object.place.mistake(
                    "Des heures sans jours ne disent pas quand la maintenance a lieu.",
                    remedy: "Ajoutez « jours », ou écrivez « du » et « au » avec leurs dates."))
            return nil
        }
        let from = mistakes.required(object, "du", Self.moment)
        let to = mistakes.required(object, "au", Self.moment)
        guard let from, let to else { return nil }
        let start = from.date.parisMoment(minute: from.minute)
        let end = to.date.parisMoment(minute: to.minute, isLast: true)
        guard start < end else {
            mistakes.add(
                object.place.mistake(
                    "Cette maintenance finit avant de commencer.",
                    remedy: "Corrigez « du » ou « au »."))
            return nil
        }
        return MaintenanceCalendar.Window(start: start, end: end)
    }

    private static func minute(_ place: JSONPlace, last: Int) throws(JSONMistake) -> Int {
        guard let minute = clockMinute(try place.string(maxBytes: 5)), minute <= last else {
            throw place.mistake(
                "Ce n'est pas une heure de la journée.",
                remedy: "Écrivez l'heure légale française, par exemple 23:00.")
        }
        return minute
    }

    private static func moment(
        _ place: JSONPlace
    ) throws(JSONMistake) -> (date: CalendarDate, minute: Int) {
        let text = try place.string(maxBytes: 16)
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, let date = CalendarDate(String(parts[0])),
            let minute = clockMinute(String(parts[1])), minute < 1440
        else {
            throw place.mistake(
                "Ce n'est pas une date avec son heure.",
                remedy: "Écrivez l'heure légale française, par exemple 2026-12-24T18:00.")
        }
        return (date, minute)
    }

    /// The minute of the day of `HH:MM`, up to 24:00.
    private static func clockMinute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }
            ),
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60,
            hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    // MARK: - Health

    /// Reads the member `sante`: how an answer tells the fund that gave it.
    mutating func readHealth(_ place: JSONPlace?) {
        guard let object = mistakes.object(place, ConnectorMembers.health) else { return }
        let header = mistakes.required(object, "entete") {
            (place) throws(JSONMistake) -> String in
            let name = try place.string(maxBytes: 64)
            var probe = HTTPHeaders()
            guard probe.add(name, "x") else {
                throw place.mistake(
                    "Ce n'est pas un nom d'en-tête.", remedy: "Écrivez par exemple X-Caisse.")
            }
            return name
        }
        let funds = mistakes.required(object, "caisses") {
            (place) throws(JSONMistake) -> [String: String] in
            let members = try place.anyObject().members
            guard (1...20).contains(members.count) else {
                throw place.mistake(
                    "Il faut de une à vingt caisses.",
                    remedy: "Écrivez pour chacune la valeur de l'en-tête et son nom.")
            }
            var funds: [String: String] = [:]
            for (value, place) in members {
                let name = try place.string(maxBytes: 40)
                guard !name.trimmingSpaces.isEmpty else {
                    throw place.mistake("Ce nom est vide.", remedy: "Écrivez le nom de la caisse.")
                }
                funds[value] = name
            }
            return funds
        }
        guard let header, let funds else { return }
        changes.add { $0.funds = FundHeader(name: header, funds: funds) }
    }
}
