package import Policies
package import Vocabulary

/// All that may be said of a purpose to whoever wants to know: what it may ask, in which forms,
/// for when, by whom, on which basis.
///
/// It is worked out from the very entries that a decision looks up, for one day.
package struct PurposeDescription: Sendable {
    /// One data set of a purpose.
    package struct Part: Sendable {
        package let contract: DatasetContract
        /// The holder, by the name that people know.
        package let holderName: String
        package let periods: PeriodRule
        package let offers: [FieldOffer]

        /// Whether a request of this part may name months, where the data set takes both a day
        /// and months.
        package var takesMonths: Bool { periods.months != nil }
    }

    package let policy: Policy
    package let service: ServiceDescription?
    /// The day for which the description holds.
    package let day: CalendarDate
    /// The data sets, in the order in which the policy names them.
    package let parts: [Part]
    /// All that may be asked, in the order of the policy.
    package let offers: [FieldOffer]
    /// The composite fields that a request may name whole.
    package let composites: [Mode: [FieldPath]]
    private let names: [Siret: String]

    /// Describes a purpose for a day, or nil where there is none of that name.
    package init?(of purpose: PurposeID, in policies: PolicySet, on day: CalendarDate) {
        guard let policy = policies[purpose] else {
            return nil
        }
        self.policy = policy
        self.service = policies.services[purpose.service]
        self.day = day
        offers = policies.offers(of: purpose)
        var parts: [Part] = []
        for offer in offers where !parts.contains(where: { $0.contract.id == offer.dataset }) {
            guard let contract = policies.catalogue.fields.datasets[offer.dataset],
                let periods = policies.periodRule(of: offer.dataset, for: purpose)
            else { continue }
            parts.append(
                Part(
                    contract: contract, holderName: policies.holderName(of: offer.dataset),
                    periods: periods, offers: offers.filter { $0.dataset == offer.dataset }))
        }
        self.parts = parts
        composites = Dictionary(
            uniqueKeysWithValues: policy.modes.keys.map { mode in
                (mode, policies.composites(of: purpose, in: mode))
            })
        names = Dictionary(
            policies.services.values.map { ($0.siret, $0.name) },
            uniquingKeysWith: { one, _ in one })
    }

    /// The modes of the purpose, in their usual order.
    package var modes: [Mode] { Mode.allCases.filter { policy.modes[$0] != nil } }

    /// The habilitations that hold on the day and that the service may use.
    package var habilitations: [Habilitation] {
        policy.habilitations.filter { $0.covers(day) && isUsable($0) }
    }

    /// The recipients for whom the service may ask on the day, each once.
    package var recipients: [Siret] {
        var recipients: [Siret] = []
        for habilitation in habilitations where !recipients.contains(habilitation.recipient) {
            recipients.append(habilitation.recipient)
        }
        return recipients
    }

    private func isUsable(_ habilitation: Habilitation) -> Bool {
        service?.siret == habilitation.recipient || service?.siret == habilitation.delegate
    }

    /// A recipient's name, or its number where no document names it.
    package func name(of habilitation: Habilitation) -> String {
        habilitation.name ?? names[habilitation.recipient]
            ?? "établissement \(habilitation.recipient.text)"
    }

    /// The leaves and forms that a request of a mode may ask.
    package func offers(in mode: Mode) -> [FieldOffer] {
        offers.filter { $0.grants[mode] != nil }
    }

    /// All texts that `champs` may hold in a mode.
    package func requestTexts(in mode: Mode) -> [String] {
        offers(in: mode).map(\.request.text) + (composites[mode] ?? []).map(\.text)
    }

    /// Who may begin an exchange in a mode.
    package func initiators(in mode: Mode) -> [InitiatorQuality] {
        InitiatorQuality.allCases.filter { quality in
            policy.initiators.contains { $0.quality == quality && $0.modes.contains(mode) }
                && (mode == .identite || quality == .usager)
        }
    }

    /// The identifiers without which some field cannot be asked in a mode.
    package func neededIdentifiers(in mode: Mode) -> [IdentifierKind] {
        let needed = Set(offers(in: mode).compactMap { $0.neededIdentifiers[mode] })
        return IdentifierKind.allCases.filter { needed.contains($0) }
    }

    /// FranceConnect scopes that the service must ask for, by field: any one of a list will do.
    package func scopes(of offer: FieldOffer) -> [String] {
        offer.grants[.franceconnect] == nil ? [] : offer.contract.scopes
    }

    /// What the form does without a field.
    package func fallback(of offer: FieldOffer) -> Fallback? {
        modes.lazy.compactMap { offer.grants[$0]?.fallback }.first
    }

    /// The holders who would be asked, by data set and mode.
    package func holders(in mode: Mode) -> [HolderID] {
        Set(offers(in: mode).compactMap { $0.grants[mode]?.holder }).sorted()
    }
}

extension FieldOffer {
    /// The data set of the leaf.
    package var dataset: DatasetID { contract.path.dataset }
}

extension Policy {
    /// Whether the public may read of the purpose: a draft has never been in force, and is nobody's
    /// business yet; one that was in force stays readable, and its state is said.
    package var isPublic: Bool { state != .brouillon }
}

extension Policy.State {
    /// The state as a page says it.
    package var inWords: String {
        switch self {
        case .brouillon: "brouillon"
        case .active: "en vigueur"
        case .suspendue: "suspendue"
        case .retiree: "retirée"
        }
    }
}

extension Policy.Kind {
    /// The kind of exchange as a page says it.
    package var inWords: String {
        switch self {
        case .demande: "traitement d'une demande de l'usager (CRPA L114-8, I)"
        case .proactif: "information proactive sur des droits (CRPA L114-8, II)"
        }
    }
}

extension Policy.Step {
    /// The step as a page says it.
    package var inWords: String {
        switch self {
        case .eligibilite: "éligibilité"
        case .depot: "dépôt"
        case .instruction: "instruction"
        case .renouvellement: "renouvellement"
        }
    }
}

extension Policy.Obligation {
    /// The obligation as a page says it.
    package var inWords: String {
        switch self {
        case .informerUsager: "informer l'usager, avant l'échange, par la notice"
        case .detruireApresUsage: "détruire les données dès qu'elles ont servi"
        case .remettreRecu: "remettre à l'usager le reçu de l'échange"
        case .accepterOpposition: "accepter l'opposition de l'usager"
        case .pasDeReutilisation:
            "ne les utiliser à rien d'autre, et jamais à rechercher ou sanctionner une fraude"
        }
    }
}

extension Bounds {
    /// The bounds as a page says them.
    package var inWords: [String] {
        var lines: [String] = []
        if let perPersonAndDossier {
            lines.append(
                "\(perPersonAndDossier.calls) échanges au plus par personne et par dossier, par "
                    + perPersonAndDossier.period.inWords)
        }
        if let perDay { lines.append("\(perDay) échanges au plus par jour") }
        if let perSecond { lines.append("\(perSecond) échanges au plus par seconde") }
        return lines
    }
}

extension CountingPeriod {
    /// The period as a sentence says it.
    fileprivate var inWords: String {
        switch self {
        case .seconde: "seconde"
        case .heure: "heure"
        case .jour: "jour"
        case .mois: "mois"
        case .annee: "année"
        }
    }
}

extension Mode {
    /// The mode as a page says it.
    package var inWords: String {
        switch self {
        case .franceconnect: "avec FranceConnect"
        case .identite: "par l'identité"
        }
    }
}
