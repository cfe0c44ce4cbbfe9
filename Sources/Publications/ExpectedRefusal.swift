package import Policies
package import Vocabulary

/// A mistake that a developer might make, and what the gateway would answer: worked out by the
/// decisions themselves.
package struct ExpectedRefusal: Sendable {
    /// The mistake, in words.
    package let mistake: String
    package let refusal: Refusal
}

extension PurposeDescription {
    /// What each usual mistake comes to, in the first mode of the purpose.
    package func expectedRefusals(in policies: PolicySet) -> [ExpectedRefusal] {
        guard policy.state == .active, let mode = modes.first,
            let example = ExampleRequest(of: self, in: mode)
        else {
            return []
        }
        let now = Timestamp(milliseconds: day.daysSinceEpoch * 86_400_000 + 43_200_000)
        var probe = RefusalProbe(policies: policies, now: now)
        for (mistake, request) in mistakenFields(example, policies.catalogue) {
            probe.ask(mistake, request)
        }
        for (mistake, request) in otherMistakes(example) {
            probe.ask(mistake, request)
        }
        if policy.initiators.contains(where: { $0.quality == .agent }) {
            let request = example.changed(mode: .identite, initiator: .agent)
            probe.ask("ne pas nommer l'agent qui est à l'initiative", request, namesAgent: false)
        }
        if let other = ExampleRequest(of: self, in: .identite), !other.identifiers.isEmpty {
            probe.identify(
                "oublier l'identifiant dont un détenteur a besoin", other,
                .identity(identifiers: []))
        }
        if let other = ExampleRequest(of: self, in: .franceconnect),
            let rule = policy.modes[.franceconnect]
        {
            let facts = PersonFacts.franceConnect(
                client: rule.clients.first, level: .eidas3, scopes: [:], identifiers: [])
            probe.identify("oublier une portée à la connexion FranceConnect", other, facts)
        }
        return probe.refusals
    }

    private func mistakenFields(
        _ example: ExampleRequest, _ catalogue: Catalogue
    ) -> [(String, ExampleRequest)] {
        var mistakes: [(String, ExampleRequest)] = []
        let asked = Set(offers.map(\.request))
        let paths = Set(offers.map(\.contract.path))
        if let offer = offers.first(where: {
            !asked.contains(FieldRequest(path: $0.contract.path))
        }) {
            let field = offer.contract.path.text
            mistakes.append(
                ("demander la valeur « \(field) »", example.changed(fields: [field])))
        }
        let outside = parts.flatMap(\.contract.fields) + catalogue.fields.allFields
        if let stranger = outside.first(where: { field in
            !paths.contains(field.path) && !policy.forbidden.contains(field.path)
        }) {
            let field = stranger.path.text
            mistakes.append(
                ("demander « \(field) » en plus", example.changed(fields: example.fields + [field]))
            )
        }
        if let forbidden = policy.forbidden.first {
            mistakes.append(
                ("demander « \(forbidden.text) »", example.changed(fields: [forbidden.text])))
        }
        if let field = offers.first?.contract.path.text {
            let typo = String(field.dropLast())
            mistakes.append(("écrire « \(typo) »", example.changed(fields: [typo])))
        }
        return mistakes
    }

    private func otherMistakes(_ example: ExampleRequest) -> [(String, ExampleRequest)] {
        var mistakes: [(String, ExampleRequest)] = []
        if let other = Mode.allCases.first(where: { policy.modes[$0] == nil }) {
            mistakes.append(
                ("appeler \(other.inWords)", example.changed(mode: other, initiator: .usager)))
        }
        if let (part, period) = parts.lazy.compactMap({ part in
            part.periods.tooOld(on: day).map { (part, $0) }
        }).first {
            mistakes.append(
                (
                    "demander « \(part.contract.id.text) » pour \(period.words)",
                    example.changed(periods: [part.contract.id: period.period])
                ))
        }
        if let ended = policy.habilitations.first(where: { $0.to < day }) {
            mistakes.append(
                (
                    "demander pour « \(name(of: ended)) », dont l'habilitation a pris fin",
                    example.changed(recipient: ended.recipient)
                ))
        }
        let known = initiators(in: .identite)
        let other = InitiatorQuality.allCases.first { quality in
            quality != .usager && quality != .agent && !known.contains(quality)
        }
        if let other, policy.modes[.identite] != nil {
            mistakes.append(
                (
                    "laisser un \(other.inWords) prendre l'initiative",
                    example.changed(mode: .identite, initiator: other)
                ))
        }
        return mistakes
    }
}

/// Puts questions to the decisions, and keeps what they refuse.
private struct RefusalProbe {
    let policies: PolicySet
    let now: Timestamp
    private(set) var refusals: [ExpectedRefusal] = []

    init(policies: PolicySet, now: Timestamp) {
        self.policies = policies
        self.now = now
    }

    mutating func ask(_ mistake: String, _ request: ExampleRequest, namesAgent: Bool = true) {
        keep(mistake, policies.decide(request.question(at: now, namesAgent: namesAgent)))
    }

    mutating func identify(_ mistake: String, _ request: ExampleRequest, _ facts: PersonFacts) {
        let decision = policies.decide(request.question(at: now))
        let ruling = policies.rule(on: decision, person: facts)
        keep(mistake, ruling.decision)
    }

    private mutating func keep(_ mistake: String, _ decision: Decision) {
        if let refusal = decision.refusals.first {
            refusals.append(ExpectedRefusal(mistake: mistake, refusal: refusal))
        }
    }
}

extension PeriodRule {
    /// A period that lies before all that the rule allows.
    fileprivate func tooOld(on day: CalendarDate) -> (period: RequestedPeriod, words: String)? {
        if let year {
            let old = day.year - year.most - 1
            return (RequestedPeriod(year: old), "l'année \(old)")
        }
        if let month {
            let old = day.yearMonth.adding(months: -month.most - 1)
            return (RequestedPeriod(month: old), old.inWords)
        }
        if let months {
            let first = day.yearMonth.adding(months: -months.oldest - 1)
            let last = first.adding(months: months.usualLength - 1)
            return (
                RequestedPeriod(from: first, to: last), "la période commencée en \(first.inWords)"
            )
        }
        guard let date else { return nil }
        let old = CalendarDate(daysSinceEpoch: day.daysSinceEpoch - Int64(date.before) - 1)
        return (RequestedPeriod(date: old), "le \(old.inWords)")
    }
}
