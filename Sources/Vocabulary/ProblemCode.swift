/// The catalogue of everything that the gateway may refuse or fail at.
///
/// One code, one meaning, one status, one sentence. The raw value is the published `code` and the
/// last part of the problem's `type`; it never changes. `GET /v1/problemes` is this list.
package enum ProblemCode: String, CaseIterable, Sendable {
    // HTTP itself.
    case httpInvalide = "http_invalide"
    case delaiDeRequeteDepasse = "delai_de_requete_depasse"
    case longueurRequise = "longueur_requise"
    case corpsTropGrand = "corps_trop_grand"
    case cibleTropLongue = "cible_trop_longue"
    case attenteRefusee = "attente_refusee"
    case entetesTropGrands = "entetes_trop_grands"
    case httpNonPrisEnCharge = "http_non_pris_en_charge"
    case versionHTTPRefusee = "version_http_refusee"
    case ressourceInconnue = "ressource_inconnue"
    case methodeRefusee = "methode_refusee"
    case typeDeContenuRefuse = "type_de_contenu_refuse"
    // The request.
    case jsonInvalide = "json_invalide"
    case requeteInvalide = "requete_invalide"
    case tropDeChamps = "trop_de_champs"
    // The service.
    case serviceNonAuthentifie = "service_non_authentifie"
    case cleMalRecopiee = "cle_mal_recopiee"
    case cleAutreEnvironnement = "cle_autre_environnement"
    case titreRevoque = "titre_revoque"
    case titreFini = "titre_fini"
    case titreNonLie = "titre_non_lie"
    case titresIndisponibles = "titres_indisponibles"
    // The service's access token, and what shows that it is its own.
    case jetonAccesInconnu = "jeton_acces_inconnu"
    case jetonAccesPerime = "jeton_acces_perime"
    case jetonAccesMalPresente = "jeton_acces_mal_presente"
    case certificatAbsent = "certificat_absent"
    case certificatAutre = "certificat_autre"
    case preuveAbsente = "preuve_absente"
    case preuveMalFormee = "preuve_mal_formee"
    case preuveAlgorithmeRefuse = "preuve_algorithme_refuse"
    case preuveSignatureFausse = "preuve_signature_fausse"
    case preuveAutreRequete = "preuve_autre_requete"
    case preuveAutreJeton = "preuve_autre_jeton"
    case preuveAutreCle = "preuve_autre_cle"
    case preuvePerimee = "preuve_perimee"
    case preuveFuture = "preuve_future"
    case preuveSansNonce = "preuve_sans_nonce"
    case preuveNoncePerime = "preuve_nonce_perime"
    case preuveRejouee = "preuve_rejouee"
    // The request for an access token.
    case demandeDeJetonInvalide = "demande_de_jeton_invalide"
    case accordRefuse = "accord_refuse"
    case porteeInconnue = "portee_inconnue"
    case liaisonAbsente = "liaison_absente"
    case clientInconnu = "client_inconnu"
    case assertionMalFormee = "assertion_mal_formee"
    case assertionAlgorithmeRefuse = "assertion_algorithme_refuse"
    case assertionCleInconnue = "assertion_cle_inconnue"
    case assertionSignatureFausse = "assertion_signature_fausse"
    case assertionAutreDestinataire = "assertion_autre_destinataire"
    case assertionPerimee = "assertion_perimee"
    case assertionFuture = "assertion_future"
    case assertionTropLongue = "assertion_trop_longue"
    case assertionRejouee = "assertion_rejouee"
    // The operators' listener.
    case operateurNonAuthentifie = "operateur_non_authentifie"
    case droitManquant = "droit_manquant"
    case revisionRefusee = "revision_refusee"
    case revisionDejaTraitee = "revision_deja_traitee"
    case documentsOccupes = "documents_occupes"
    case depotIndisponible = "depot_indisponible"
    // The decision.
    case demandeRefusee = "demande_refusee"
    case quotaEpuise = "quota_epuise"
    // The usager.
    case jetonFranceConnectInactif = "jeton_franceconnect_inactif"
    case identiteInexploitable = "identite_inexploitable"
    case appelantParti = "appelant_parti"
    // FranceConnect and us.
    case franceConnectIrrecevable = "franceconnect_irrecevable"
    case franceConnectIndisponible = "franceconnect_indisponible"
    case franceConnectTropLent = "franceconnect_trop_lent"
    case passerelleMalConfiguree = "passerelle_mal_configuree"
    case journalIndisponible = "journal_indisponible"
    case passerelleSaturee = "passerelle_saturee"
    case arretEnCours = "arret_en_cours"
    case erreurInterne = "erreur_interne"

    /// Who has to do something about it.
    package enum Blame: String, Sendable {
        case appelant
        case usager
        case franceconnect
        case passerelle
    }

    /// What the caller does now.
    package enum Action: String, CaseIterable, Sendable {
        case corrigerRequete = "corriger_requete"
        case corrigerDemande = "corriger_demande"
        case verifierCle = "verifier_cle"
        case demanderUnJeton = "demander_un_jeton"
        case refaireLaPreuve = "refaire_la_preuve"
        case refaireLAssertion = "refaire_l_assertion"
        case reconnecterUsager = "reconnecter_usager"
        case utiliserIdentite = "utiliser_identite"
        case reessayer
        case contacterPasserelle = "contacter_passerelle"
    }

    /// What the catalogue fixes for a code.
    package struct Entry: Sendable {
        package let status: Int
        package let title: String
        package let remedy: String
        package let blame: Blame
        package let action: Action
    }

    package var entry: Entry {
        httpEntry ?? requestEntry ?? credentialEntry ?? operatorEntry ?? exchangeEntry
    }

    private var httpEntry: Entry? {
        switch self {
        case .httpInvalide:
            caller(
                400, "Le message HTTP est mal formé.",
                "Envoyez une requête conforme à HTTP/1.1 (RFC 9112).")
        case .delaiDeRequeteDepasse:
            caller(
                408, "La requête est arrivée trop lentement.",
                "Envoyez les en-têtes et le corps sans attendre.")
        case .longueurRequise:
            caller(
                411, "La longueur du corps manque.",
                "Donnez « Content-Length » ou envoyez le corps par morceaux (chunked).")
        case .corpsTropGrand:
            caller(
                413, "Le corps de la requête est trop grand.",
                "Réduisez la requête : une demande tient en moins de 256 Kio.")
        case .cibleTropLongue:
            caller(414, "L'adresse demandée est trop longue.", "Raccourcissez l'adresse.")
        case .attenteRefusee:
            caller(
                417, "L'en-tête « Expect » demande ce que la passerelle ne sait pas faire.",
                "Retirez « Expect », ou envoyez « 100-continue ».")
        case .entetesTropGrands:
            caller(
                431, "Les en-têtes de la requête sont trop grands.",
                "Retirez les en-têtes inutiles : ils tiennent en 16 Kio.")
        case .httpNonPrisEnCharge:
            caller(
                501, "La passerelle ne connaît pas cette méthode ou ce codage de transfert.",
                "Utilisez une méthode documentée et, pour le corps, « chunked » au plus.")
        case .versionHTTPRefusee:
            caller(505, "Cette version de HTTP n'est pas servie.", "Utilisez HTTP/1.1.")
        case .ressourceInconnue:
            caller(
                404, "Cette ressource n'existe pas.",
                "Consultez « GET /v1/openapi.json » pour les adresses servies.")
        case .methodeRefusee:
            caller(
                405, "Cette ressource n'admet pas cette méthode.",
                "Utilisez une méthode que donne l'en-tête « Allow ».")
        case .typeDeContenuRefuse:
            caller(
                415, "Le corps n'est pas du JSON.",
                "Envoyez « Content-Type: application/json », sans compression.")
        default:
            nil
        }
    }

    private var requestEntry: Entry? {
        switch self {
        case .jsonInvalide:
            caller(
                400, "Le corps n'est pas un document JSON valide.",
                "Corrigez le document à l'endroit indiqué (RFC 8259, membres uniques).")
        case .requeteInvalide:
            caller(
                422, "La demande ne suit pas son schéma.",
                "Corrigez le membre indiqué ; le schéma est dans « GET /v1/openapi.json ».")
        case .tropDeChamps:
            caller(
                422, "La demande nomme trop de champs.",
                "Demandez au plus 200 champs par échange.")
        case .serviceNonAuthentifie:
            Entry(
                status: 401, title: "Le service n'est pas authentifié.",
                remedy: "Donnez une clé valable dans « Authorization: Bearer ».",
                blame: .appelant, action: .verifierCle)
        case .demandeRefusee:
            Entry(
                status: 403, title: "La finalité ne permet pas cette demande.",
                remedy: "Lisez « refus » : chaque champ y dit pourquoi, et ce qui est permis.",
                blame: .appelant, action: .corrigerDemande)
        case .quotaEpuise:
            Entry(
                status: 429, title: "Une borne de la finalité est atteinte.",
                remedy: "Lisez « refus » ; recommencez après la remise à zéro de la borne.",
                blame: .appelant, action: .reessayer)
        case .appelantParti:
            caller(
                408, "L'appelant est parti avant la réponse.",
                "Gardez la connexion ouverte ; « Prefer: wait » borne l'attente.")
        default:
            nil
        }
    }

    private var operatorEntry: Entry? {
        switch self {
        case .operateurNonAuthentifie:
            Entry(
                status: 401, title: "Ni un opérateur ni un détenteur n'est authentifié.",
                remedy: "Présentez un certificat ou une clé que nomme « operateurs ».",
                blame: .appelant, action: .verifierCle)
        case .droitManquant:
            caller(
                403, "Ce droit n'est pas celui de qui appelle.",
                "Les détenteurs proposent, les opérateurs approuvent et retirent.")
        case .revisionRefusee:
            caller(
                422, "Le connecteur proposé ne passe pas la vérification.",
                "Corrigez chaque entrée de « erreurs », puis recommencez.")
        case .revisionDejaTraitee:
            caller(
                409, "La révision n'est plus, ou pas encore, dans l'état que cela demande.",
                "Lisez son état dans la liste des révisions.")
        case .documentsOccupes:
            gateway(
                503, "Un autre changement de documents est en cours.",
                "Réessayez dans une seconde.", .reessayer)
        case .depotIndisponible:
            gateway(
                503, "Le dossier des révisions ne se lit ou ne s'écrit pas.",
                "L'exploitant doit vérifier ce dossier, ses droits et l'espace libre.",
                .reessayer)
        default:
            nil
        }
    }

    private var exchangeEntry: Entry {
        switch self {
        case .jetonFranceConnectInactif:
            Entry(
                status: 422, title: "La session FranceConnect de l'usager est terminée.",
                remedy: "Reconnectez l'usager, puis appelez dans les 60 secondes.",
                blame: .usager, action: .reconnecterUsager)
        case .identiteInexploitable:
            Entry(
                status: 422, title: "FranceConnect ne donne pas d'identité exploitable.",
                remedy: "Demandez à l'usager de saisir son identité, ou ses informations.",
                blame: .usager, action: .utiliserIdentite)
        case .franceConnectIrrecevable:
            Entry(
                status: 502, title: "La réponse de FranceConnect n'est pas recevable.",
                remedy: "Proposez la saisie à l'usager ; la passerelle alerte FranceConnect.",
                blame: .franceconnect, action: .utiliserIdentite)
        case .franceConnectIndisponible:
            Entry(
                status: 503, title: "FranceConnect ne répond pas.",
                remedy: "Réessayez, ou proposez la saisie à l'usager.",
                blame: .franceconnect, action: .reessayer)
        case .franceConnectTropLent:
            Entry(
                status: 504, title: "FranceConnect a répondu trop tard.",
                remedy: "Réessayez, ou proposez la saisie à l'usager.",
                blame: .franceconnect, action: .reessayer)
        case .passerelleMalConfiguree:
            gateway(
                500, "La passerelle est mal configurée auprès de FranceConnect.",
                "Prévenez l'exploitant ; ni l'usager ni le service n'y peuvent rien.")
        case .journalIndisponible:
            gateway(
                503, "Le journal ne peut pas écrire : aucune donnée n'est échangée.",
                "Réessayez plus tard ; l'exploitant doit rétablir le journal.", .reessayer)
        case .passerelleSaturee:
            gateway(
                503, "La passerelle a trop d'échanges en cours.",
                "Réessayez après le délai de « Retry-After ».", .reessayer)
        case .arretEnCours:
            gateway(
                503, "La passerelle s'arrête.",
                "Réessayez : une autre instance ou la suivante répondra.", .reessayer)
        default:
            gateway(
                500, "La passerelle a rencontré une erreur interne.",
                "Prévenez l'exploitant avec l'identifiant de l'échange.")
        }
    }

    private func caller(_ status: Int, _ title: String, _ remedy: String) -> Entry {
        Entry(
            status: status, title: title, remedy: remedy, blame: .appelant,
            action: .corrigerRequete)
    }

    private func gateway(
        _ status: Int, _ title: String, _ remedy: String, _ action: Action = .contacterPasserelle
    ) -> Entry {
        Entry(
            status: status, title: title, remedy: remedy, blame: .passerelle, action: action)
    }
}
