import TestSupport
import Vocabulary

// How a request is drawn: near what the purpose allows, one step beyond it half of the time.

extension DrawnRequest {
    static func drawn(_ world: DrawnWorld, _ random: inout Seeded) -> DrawnRequest {
        let purpose = random.pick(world.purposes)
        let habilitation =
            random.once(in: 4) ? random.pick(purpose.habilitations) : purpose.habilitations[0]
        let initiator = random.pick(purpose.initiators)
        let modes = Mode.allCases.filter {
            $0 == .identite ? purpose.identity != nil : purpose.franceConnect != nil
        }
        var request = DrawnRequest(
            service: purpose.service, recipient: habilitation.recipient, purpose: purpose.id,
            fields: fields(purpose, &random), periods: [:], mode: random.pick(modes),
            quality: initiator.quality, agent: random.once(in: 12) ? nil : "A-1",
            role: purpose.roles.isEmpty || random.once(in: 2) ? nil : random.pick(purpose.roles),
            now: moment(habilitation, &random))
        if request.quality != .usager, purpose.identity != nil { request.mode = .identite }
        for dataset in world.datasets where random.once(in: 8) {
            request.periods[dataset.name] = period(dataset.kind, request.now, &random)
        }
        guard random.once(in: 2) else { return request }
        request.step(beyond: purpose, in: world, &random)
        while random.once(in: 3) { request.step(beyond: purpose, in: world, &random) }
        return request
    }

    /// Fields that the purpose allows, each under one of its forms.
    private static func fields(_ purpose: DrawnPurpose, _ random: inout Seeded) -> [String] {
        purpose.fields.shuffled(using: &random).prefix(random.number(1...4)).map { field in
            let form = random.pick(field.forms)
            return form.text == "valeur" && !random.once(in: 6)
                ? field.path : "\(field.path)@\(form.text)"
        }
    }

    /// Now and then a bound of the habilitation, midnight in Paris, or a night of a clock change.
    private static func moment(
        _ habilitation: DrawnHabilitation, _ random: inout Seeded
    ) -> Timestamp {
        let leapDay = CalendarDate(year: 2028, month: 2, day: 29)?.daysSinceEpoch ?? 0
        let change = CalendarDate(year: 2026, month: 10, day: 25)?.daysSinceEpoch ?? 0
        let usual = max(habilitation.from.daysSinceEpoch, DrawnHabilitation.pivotDay)
        let day: Int64 =
            switch random.number(0...15) {
            case 0: habilitation.from.daysSinceEpoch
            case 1: habilitation.to.daysSinceEpoch
            case 2: habilitation.from.daysSinceEpoch - 1
            case 3: habilitation.to.daysSinceEpoch + 1
            case 4: leapDay
            case 5: change
            default: min(usual, habilitation.to.daysSinceEpoch)
            }
        let second: Int64 =
            random.once(in: 3)
            // Paris is one or two hours ahead: days begin at 22 or 23 hours.
            ? random.pick([79_200, 82_800, 3_600, 7_200]) + Int64(random.number(-1...1)) : 43_200
        return Timestamp(milliseconds: (day * 86_400 + second) * 1000)
    }

    private static func period(
        _ kind: PeriodKind, _ now: Timestamp, _ random: inout Seeded
    ) -> RequestedPeriod {
        let today = now.parisDate
        func month() -> YearMonth { today.yearMonth.adding(months: random.number(-14...1)) }
        func day() -> CalendarDate {
            CalendarDate(daysSinceEpoch: today.daysSinceEpoch + Int64(random.number(-70...35)))
        }
        var period = RequestedPeriod()
        // A member of another kind once in a while.
        let drawn = random.once(in: 8) ? random.pick(PeriodKind.allCases) : kind
        switch drawn {
        case .annee: period.year = today.year - random.number(-1...6)
        case .mois: period.month = month()
        case .date: period.date = day()
        case .intervalle, .dateEtIntervalle:
            if random.once(in: 2) { period.from = month() }
            if random.once(in: 2) { period.to = month() }
            if drawn == .dateEtIntervalle, random.once(in: 2) { period.date = day() }
        }
        return period
    }

    /// Changes one thing for one that the purpose may not allow.
    private mutating func step(
        beyond purpose: DrawnPurpose, in world: DrawnWorld, _ random: inout Seeded
    ) {
        let names = world.datasets.flatMap(\.names)
        switch random.number(0...13) {
        case 0, 1, 2: fields.append(random.pick(names))
        case 3, 4:
            let form = random.pick(FormKind.allCases).rawValue
            fields.append("\(random.pick(names))@\(form)")
        case 5:
            let field = random.pick(purpose.fields)
            fields.append("\(field.path)@\(random.pick(field.forms).text)")
        case 6: fields.append(misspelt(random.pick(names), &random))
        case 7:
            fields.append(
                random.pick([
                    "", "@", "x", "impots", "a.b@c", "paie.nom@seuil.", "paie.nom@valeur.x@y",
                    "é.è", "impots..nom", "impots.nom@", "ecole.[]",
                ]))
        case 8: fields.append(random.pick(fields + names))
        case 9: mode = mode == .identite ? .franceconnect : .identite
        case 10: quality = random.pick(InitiatorQuality.allCases)
        case 11: role = random.pick(DossierRole.allCases)
        case 12: recipient = random.pick(DrawnWorld.sirets)
        default: stepElsewhere(world, &random)
        }
    }

    private mutating func stepElsewhere(_ world: DrawnWorld, _ random: inout Seeded) {
        switch random.number(0...3) {
        case 0: service = random.pick(["mairie", "caisse", "inconnu"])
        case 1: purpose = random.pick(["mairie/aide", "mairie/aidez", "caisse/bourse"])
        case 2: periods[random.pick(["impots", "paie", "ecole", "inconnu"])] = RequestedPeriod()
        default: fields.shuffle(using: &random)
        }
    }

    private func misspelt(_ name: String, _ random: inout Seeded) -> String {
        var letters = Array(name)
        let place = random.number(0...letters.count - 1)
        switch random.number(0...2) {
        case 0: letters.remove(at: place)
        case 1: letters.insert(random.pick(Array("aeé.[]@_")), at: place)
        default: letters[place] = random.pick(Array("abcdé."))
        }
        return String(letters)
    }
}

extension DrawnPerson {
    /// Mostly what the decision needs.
    static func drawn(
        _ request: DrawnRequest, _ purpose: DrawnPurpose?, _ verdict: Verdict,
        _ world: DrawnWorld, _ random: inout Seeded
    ) -> DrawnPerson {
        var identifiers = Array(verdict.identifiers).sorted { $0.rawValue < $1.rawValue }
        if random.once(in: 4) { identifiers = random.some(of: IdentifierKind.allCases) }
        var scopes: [String: Set<String>] = [:]
        for holder in Set(world.holders.map(\.holder.text)).sorted() where !random.once(in: 8) {
            scopes[holder] =
                random.once(in: 2) ? ["p1", "p2", "p3"] : Set(random.some(of: ["p1", "p2"]))
        }
        let own = purpose?.franceConnect?.level ?? .eidas1
        let clients = purpose?.franceConnect?.clients ?? DrawnWorld.clients
        return DrawnPerson(
            mode: random.once(in: 20) ? random.pick(Mode.allCases) : request.mode,
            client: random.once(in: 10)
                ? nil : random.pick(random.once(in: 6) ? DrawnWorld.clients : clients),
            level: random.pick([own, verdict.level ?? own, .eidas3] + AssuranceLevel.allCases),
            scopes: scopes, identifiers: identifiers)
    }
}
