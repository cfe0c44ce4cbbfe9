/// Why a field, or a whole request, is refused before any holder is asked.
///
/// The raw value is the published `motif` and is never changed.
package enum RefusalReason: String, CaseIterable, Sendable {
    // The purpose and who may use it.
    case finaliteInconnue = "finalite_inconnue"
    case finaliteInactive = "finalite_inactive"
    case destinataireNonHabilite = "destinataire_non_habilite"
    case habilitationPasEncoreValable = "habilitation_pas_encore_valable"
    case habilitationExpiree = "habilitation_expiree"
    case modeNonAutorise = "mode_non_autorise"
    case initiateurNonAutorise = "initiateur_non_autorise"
    case agentNonNomme = "agent_non_nomme"
    case roleNonAutorise = "role_non_autorise"
    // The fields.
    case champInconnu = "champ_inconnu"
    case champHorsFinalite = "champ_hors_finalite"
    case champInterdit = "champ_interdit"
    case formeInconnue = "forme_inconnue"
    case formeNonAutorisee = "forme_non_autorisee"
    case formesMultiples = "formes_multiples"
    case periodeNonAutorisee = "periode_non_autorisee"
    case modeNonServi = "mode_non_servi"
    case niveauNonServi = "niveau_non_servi"
    case concordanceImpossible = "concordance_impossible"
    // The person.
    case clientFranceConnectNonAutorise = "client_franceconnect_non_autorise"
    case niveauInsuffisant = "niveau_insuffisant"
    case porteeAbsente = "portee_absente"
    case identifiantNonAutorise = "identifiant_non_autorise"
    case identifiantManquant = "identifiant_manquant"
    // The counts.
    case borneAtteinte = "borne_atteinte"
    case borneParPersonneAtteinte = "borne_par_personne_atteinte"
    case sondagePresume = "sondage_presume"

    /// Whether another FranceConnect token would do for the same request.
    package var isOfToken: Bool {
        [.clientFranceConnectNonAutorise, .niveauInsuffisant, .niveauNonServi, .porteeAbsente]
            .contains(self)
    }

    /// Whether the same request is permitted again later, when counts have begun anew.
    package var isOfCount: Bool {
        self == .borneAtteinte || self == .borneParPersonneAtteinte
    }

    /// The French sentence that goes with the reason: what is wrong, then what to do.
    package var sentence: String {
        switch self {
        case .finaliteInconnue:
            "Cette finalité n'existe pas pour votre service ; vérifiez son identifiant."
        case .finaliteInactive:
            "Cette finalité n'est pas active ; adressez-vous au contact indiqué."
        case .destinataireNonHabilite:
            "Ce destinataire n'a pas d'habilitation pour cette finalité ; vérifiez son SIRET."
        case .habilitationPasEncoreValable:
            "L'habilitation de ce destinataire n'a pas encore commencé ; attendez sa date de début."
        case .habilitationExpiree:
            "L'habilitation de ce destinataire a pris fin ; demandez son renouvellement."
        case .modeNonAutorise:
            "Cette finalité n'admet pas cette façon d'identifier l'usager ; utilisez un mode admis."
        case .initiateurNonAutorise:
            "Cette finalité n'admet pas cet initiateur ; faites agir une personne admise."
        case .agentNonNomme:
            "Quand un agent est à l'initiative, donnez sa référence dans « initiateur.agent »."
        case .roleNonAutorise:
            "Cette finalité n'admet pas ce rôle dans le dossier ; retirez la demande."
        case .champInconnu:
            "Ce champ n'existe dans aucun jeu de données ; vérifiez son nom."
        case .champHorsFinalite:
            "La finalité ne justifie pas ce champ ; retirez-le de la demande."
        case .champInterdit:
            "La finalité interdit expressément ce champ ; retirez-le de la demande."
        case .formeInconnue:
            "Cette forme n'existe pas ; choisissez une forme publiée par la finalité."
        case .formeNonAutorisee:
            "La finalité n'admet pas cette forme pour ce champ ; demandez la forme indiquée."
        case .formesMultiples:
            "Un champ ne se demande que sous une seule forme par échange ; gardez-en une."
        case .periodeNonAutorisee:
            "La période sort des bornes de la finalité ; demandez une période admise."
        case .modeNonServi:
            "Le détenteur ne sert pas ce champ dans ce mode ; utilisez l'autre mode."
        case .niveauNonServi:
            "Le détenteur demande un niveau de garantie supérieur ; utilisez FranceConnect+."
        case .concordanceImpossible:
            "Le détenteur ne renvoie pas d'identité à comparer, et la finalité ne l'accepte pas ; "
                + "retirez le champ ou utilisez l'autre mode."
        case .clientFranceConnectNonAutorise:
            "Le jeton FranceConnect a été émis pour une autre finalité ; reconnectez l'usager "
                + "depuis la démarche déclarée."
        case .niveauInsuffisant:
            "Le niveau de garantie de la connexion est insuffisant ; reconnectez l'usager "
                + "au niveau requis."
        case .porteeAbsente:
            "L'usager n'a pas été informé de ce champ à la connexion : la portée manque ; "
                + "demandez-la à FranceConnect et reconnectez l'usager."
        case .identifiantNonAutorise:
            "La finalité n'admet pas cet identifiant ; retirez-le de la demande."
        case .identifiantManquant:
            "Le détenteur a besoin d'un identifiant de l'usager ; ajoutez-le à la demande."
        case .borneAtteinte:
            "La finalité a atteint son nombre d'appels ; recommencez quand la borne est remise "
                + "à zéro."
        case .borneParPersonneAtteinte:
            "Cette personne a déjà été demandée autant de fois que la finalité l'admet pour ce "
                + "dossier ; gardez ce que vous avez reçu, ou proposez la saisie."
        case .sondagePresume:
            "Le mode identité de cet accès est suspendu : trop d'identités essayées ou inconnues ; "
                + "adressez-vous à l'exploitant, ou utilisez FranceConnect."
        }
    }
}

/// Why a leaf that was granted is not in the answer.
///
/// The raw value is the published `motif` of `manquants` and is never changed.
package enum MissingReason: String, CaseIterable, Sendable {
    // What the person's own answer says.
    case personneInconnue = "personne_inconnue"
    case personneAmbigue = "personne_ambigue"
    case identiteDiscordante = "identite_discordante"
    case nonDetenu = "non_detenu"
    case nonCalculable = "non_calculable"
    case sansValeur = "sans_valeur"
    case nonCouvert = "non_couvert"
    // What the call says.
    case detenteurIndisponible = "detenteur_indisponible"
    case detenteurTropLent = "detenteur_trop_lent"
    case detenteurQuota = "detenteur_quota"
    case detenteurMaintenance = "detenteur_maintenance"
    case reponseIrrecevable = "reponse_irrecevable"
    case porteeRefusee = "portee_refusee"
    case passerelleEnDefaut = "passerelle_en_defaut"
    case jetonInactif = "jeton_inactif"

    /// The French sentence that goes with the reason.
    package var sentence: String {
        switch self {
        case .personneInconnue: "Le détenteur ne connaît personne sous cette identité."
        case .personneAmbigue: "Le détenteur connaît plusieurs personnes sous cette identité."
        case .identiteDiscordante:
            "L'identité que tient le détenteur ne concorde pas avec celle de l'usager."
        case .nonDetenu: "Le détenteur n'a pas cette information pour cette personne."
        case .nonCalculable: "L'information ne peut pas être calculée ; ce n'est pas zéro."
        case .sansValeur: "Le détenteur tient le dossier, sans valeur pour ce champ."
        case .nonCouvert: "Le détenteur ne couvre pas ce cas : son silence ne prouve rien."
        case .detenteurIndisponible: "Le détenteur ne répond pas."
        case .detenteurTropLent: "Le détenteur n'a pas répondu dans le délai de l'échange."
        case .detenteurQuota: "Le quota d'appels du détenteur est atteint."
        case .detenteurMaintenance: "Le détenteur est en maintenance."
        case .reponseIrrecevable: "La réponse du détenteur n'est pas conforme à son contrat."
        case .porteeRefusee: "Le détenteur juge que la portée FranceConnect manque."
        case .passerelleEnDefaut: "Le détenteur a refusé la passerelle elle-même."
        case .jetonInactif: "Le détenteur juge que la session FranceConnect est terminée."
        }
    }

    /// What the form should do when nothing more precise is known (CRPA L113-13, L114-10).
    package var fallback: Fallback {
        switch self {
        case .personneInconnue, .personneAmbigue, .identiteDiscordante: .verifierIdentite
        case .nonDetenu, .nonCalculable, .sansValeur, .nonCouvert: .saisie
        case .detenteurIndisponible, .detenteurTropLent, .detenteurQuota, .detenteurMaintenance,
            .jetonInactif:
            .reessayer
        case .reponseIrrecevable, .porteeRefusee, .passerelleEnDefaut: .saisie
        }
    }

    /// Whether the reason says something of the person, so that only a record without a person may
    /// tell it.
    package var concernsPerson: Bool {
        switch self {
        case .personneInconnue, .personneAmbigue, .identiteDiscordante, .nonDetenu, .nonCalculable,
            .sansValeur, .nonCouvert:
            true
        case .detenteurIndisponible, .detenteurTropLent, .detenteurQuota, .detenteurMaintenance,
            .reponseIrrecevable, .porteeRefusee, .passerelleEnDefaut, .jetonInactif:
            false
        }
    }
}

/// What the form does instead (repli).
package enum Fallback: String, CaseIterable, Sendable {
    /// The usager attests on their honour (CRPA L113-13).
    case attestation
    /// The usager types the information (CRPA L114-10).
    case saisie
    /// The usager joins a document.
    case piece
    /// The usager or the agent checks the identity that was typed.
    case verifierIdentite = "verifier_identite"
    /// The service asks again later.
    case reessayer
}

/// How one call to a holder ended.
package enum SourceStatus: String, CaseIterable, Sendable {
    case obtenu
    case sansResultat = "sans_resultat"
    case indisponible
    case refuse
    case irrecevable
    case annule
}

/// How one of the calls ended that a question to a holder needed.
package struct HolderCall: Sendable, Equatable {
    /// The leaves, among those asked, that this call was to bring.
    package let fields: Set<FieldPath>
    package let status: SourceStatus
    /// Why it brought nothing, nil where it did.
    package let missing: MissingReason?
    /// The sentence of the connector on what the holder covers, for a call that ended so.
    package var coverage: String?

    package init(fields: Set<FieldPath>, status: SourceStatus, missing: MissingReason?) {
        self.fields = fields
        self.status = status
        self.missing = missing
    }
}

/// What one question to a holder brought.
package struct HolderReply: Sendable {
    package let status: SourceStatus
    /// What was read of the granted leaves; empty where nothing was.
    package let reading: HolderReading
    /// Why the leaves that were not read are missing, nil where each says it.
    package let missing: MissingReason?
    /// When the service may ask again, in seconds.
    package let retryAfterSeconds: Int?
    /// Whether asking again later may help, where the reason is of that kind.
    package var mayRetry = true
    /// The sentence of the connector on what the holder covers.
    package let coverage: String?
    /// Until when the holder's data are complete, whoever is asked about.
    package var upToDate: CalendarDate?
    /// How often each contract field that was not asked came along, by contract path.
    package let dropped: [String: Int]
    /// How many members that no contract names came along.
    package let droppedUnknown: Int
    /// The calls that were to bring leaves, in order; empty where there was no more than one.
    package var calls: [HolderCall] = []

    package init(
        status: SourceStatus,
        reading: HolderReading = HolderReading(),
        missing: MissingReason? = nil,
        retryAfterSeconds: Int? = nil,
        coverage: String? = nil,
        dropped: [String: Int] = [:],
        droppedUnknown: Int = 0
    ) {
        self.status = status
        self.reading = reading
        self.missing = missing
        self.retryAfterSeconds = retryAfterSeconds
        self.coverage = coverage
        self.dropped = dropped
        self.droppedUnknown = droppedUnknown
    }
}
