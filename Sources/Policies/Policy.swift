package import Vocabulary

/// One purpose of one service, as its policy document states it.
///
/// An immutable reference: every decision looks into it, and none copies its two dozen parts.
package final class Policy: Sendable {
    /// Where a policy stands in its life.
    package enum State: String, CaseIterable, Sendable {
        case brouillon
        case active
        case suspendue
        case retiree
    }

    /// Which paragraph of CRPA L114-8 carries the exchange.
    package enum Kind: String, CaseIterable, Sendable {
        /// I: the usager's own request.
        case demande
        /// II: proactive information about rights, without any other use.
        case proactif
    }

    /// At which step of the démarche the data is needed.
    package enum Step: String, CaseIterable, Sendable {
        case eligibilite
        case depot
        case instruction
        case renouvellement
    }

    /// What the service must do with what it gets.
    package enum Obligation: String, CaseIterable, Sendable {
        case informerUsager = "informer_usager"
        case detruireApresUsage = "detruire_apres_usage"
        case accepterOpposition = "accepter_opposition"
        case pasDeReutilisation = "pas_de_reutilisation"
        /// The usager gets the receipt of each exchange, with which they find its trace.
        case remettreRecu = "remettre_recu"
    }

    package let id: PurposeID
    /// Immutable once used: another content is another version.
    package let version: Int
    package let state: State
    package let title: String
    package let demarche: String
    package let step: Step
    package let kind: Kind
    package let rgpdArticle: RGPDArticle
    package let legalBases: [LegalBasis]
    package let habilitations: [Habilitation]
    package let modes: [Mode: ModeRule]
    package let initiators: [InitiatorRule]
    package let roles: Set<DossierRole>
    /// The fields that may be asked, in the order of the document.
    package let fields: [FieldRule]
    /// Fields that no other rule may open.
    package let forbidden: [FieldPath]
    package let periods: [DatasetID: PeriodRule]
    package let bounds: Bounds
    /// Data sets of which the purpose accepts answers without any identity to compare, and why.
    package let acceptedWithoutIdentity: [DatasetID: String]
    package let retentionDays: Int
    /// Why the data are kept that long.
    package let retentionReason: String
    package let obligations: [Obligation]
    package let dpvCategories: [String]
    /// Whom to write to about the purpose.
    package let contact: String
    package let reviewer: String
    /// SHA-256 of the document's bytes, in hexadecimal.
    package let hash: String

    /// The policy and its version: `cnaf/aide-logement@3`.
    package let ruleText: String
    /// What an exchange in each mode must count.
    let claims: [Mode: [BoundClaim]]

    init(
        id: PurposeID,
        version: Int,
        state: State,
        title: String,
        demarche: String,
        step: Step,
        kind: Kind,
        rgpdArticle: RGPDArticle,
        legalBases: [LegalBasis],
        habilitations: [Habilitation],
        modes: [Mode: ModeRule],
        initiators: [InitiatorRule],
        roles: Set<DossierRole>,
        fields: [FieldRule],
        forbidden: [FieldPath],
        periods: [DatasetID: PeriodRule],
        bounds: Bounds,
        acceptedWithoutIdentity: [DatasetID: String],
        retentionDays: Int,
        retentionReason: String,
        obligations: [Obligation],
        dpvCategories: [String],
        contact: String,
        reviewer: String,
        hash: String
    ) {
        self.id = id
        self.version = version
        self.state = state
        self.title = title
        self.demarche = demarche
        self.step = step
        self.kind = kind
        self.rgpdArticle = rgpdArticle
        self.legalBases = legalBases
        self.habilitations = habilitations
        self.modes = modes
        self.initiators = initiators
        self.roles = roles
        self.fields = fields
        self.forbidden = forbidden
        self.periods = periods
        self.bounds = bounds
        self.acceptedWithoutIdentity = acceptedWithoutIdentity
        self.retentionDays = retentionDays
        self.retentionReason = retentionReason
        self.obligations = obligations
        self.dpvCategories = dpvCategories
        self.contact = contact
        self.reviewer = reviewer
        self.hash = hash
        ruleText = "\(id.text)@\(version)"
        claims = modes.keys.reduce(into: [:]) { $0[$1] = bounds.claims(in: $1) }
    }
}

/// The right of one recipient to a purpose, with its dates, both included.
package struct Habilitation: Sendable, Hashable {
    package let number: String
    /// The recipient's name, as people know it; nil where the document gives none.
    package let name: String?
    package let recipient: Siret
    /// The service provider that may ask in the recipient's name, by SIRET.
    package let delegate: Siret?
    package let from: CalendarDate
    package let to: CalendarDate

    /// Whether the habilitation covers that day.
    package func covers(_ day: CalendarDate) -> Bool {
        from <= day && day <= to
    }
}

/// What a purpose asks of one mode.
package struct ModeRule: Sendable, Hashable {
    /// The lowest level that FranceConnect must have given; nil in the identity mode.
    package let minimumLevel: AssuranceLevel?
    /// The FranceConnect clients whose tokens serve the purpose; empty in the identity mode.
    package let clients: [FranceConnectClient]
    /// The identifiers that may stand beside the pivot, one of each kind.
    package let identifiers: Set<IdentifierKind>
}

/// Who may begin an exchange, and in which modes.
package struct InitiatorRule: Sendable, Hashable {
    package let quality: InitiatorQuality
    package let modes: Set<Mode>
    /// In which situation, where the document says it.
    package let reason: String?
}

/// What a purpose may ask of one field, leaf or composite.
package struct FieldRule: Sendable, Hashable {
    package let path: FieldPath
    /// Why the purpose needs the field; shown to the usager and to auditors.
    package let justification: String
    /// The forms, in the order of the document: the first is the one to propose.
    package let forms: [NamedForm]
    /// What the form does without the field; nil where the data set's contract says it.
    package let fallback: Fallback?
}

/// A form with the name under which a request asks for it.
package struct NamedForm: Sendable, Hashable {
    package let key: FormKey
    package let definition: FormDefinition
    /// Why this form and no lesser one, where the field's justification does not say it.
    package let reason: String?
}

/// A service provider as its document describes it: no credential.
package struct ServiceDescription: Sendable, Hashable {
    /// Whether it runs its own démarches or those of others.
    package enum Kind: String, CaseIterable, Sendable {
        case administration
        case editeur
    }

    package let id: ServiceID
    package let name: String
    package let siret: Siret
    package let kind: Kind
    package let contacts: [String]
    /// Where persons write about their data, where the document says it.
    package let dataProtection: String?
    /// The data sets that the service's own administration holds.
    package let holds: [DatasetID]
}
