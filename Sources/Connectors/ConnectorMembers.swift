import JSONText
import Vocabulary

/// The names of the members of a connector's document and of its examples, which its reader and its
/// schema share.
enum ConnectorMembers {
    static let document = [
        "format", "detenteur", "jeu", "libelle", "contrat_fictif", "couverture",
        "couverture_selon_issue", "fraicheur", "environnements", "certificats", "comptes",
        "requetes", "modes", "lectures", "resilience", "maintenances", "sante",
        JSONRemaining.member,
    ]
    static let resilience = [
        "simultanes", "file", "attente_ms", "par_seconde", "par_minute", "par_heure", "par_jour",
        "disjoncteur", "repetition",
    ]
    static let breaker = [
        "echecs_consecutifs", "echecs_pour_cent", "appels_minimum", "fenetre_s", "ouverture_s",
        "sondes",
    ]
    static let repetition = ["nombre", "pour_cent", "minimum", "pause_ms"]
    static let maintenance = ["jours", "de", "a", "du", "au"]
    static let health = ["entete", "caisses"]
    static let environment = ["origines"]
    static let account =
        ["origine", "chemin", "client_id", "client_secret", "envoi", "portee", "parametres"]
        + assertion
    static let assertion = ["cle_privee", "algorithme", "cle_id", "audience", "duree_s"]
    static let scope = ["valeur"] + fieldCondition
    /// What is asked decides.
    static let fieldCondition = ["si_champs", "sauf_champs"]
    static let mode = ["disponibilite", "identifiant", "date_presumee", "etapes"]
    /// Only a FranceConnect session has a level.
    static let franceConnectMode = ["niveau_minimum"] + mode
    static let step =
        [
            "nom", "toujours", "si_identifiant", "sauf_identifiant", "requete", "delai_ms",
            "delais", "repetable", "issues", "lecture",
        ] + fieldCondition
    static let times = ["connexion_ms", "premier_octet_ms"]
    static let request = [
        "origine", "methode", "chemin", "personne_dans_url", "parametres", "entetes", "corps",
        "authentification",
    ]
    static let path = ["valeur"] + fieldCondition
    static let value =
        [
            "valeur", "liste", "objet", "separateur", "type", "valeurs", "facultatif", "si_absent",
        ] + fieldCondition
    static let body = ["json", "formulaire", "texte", "type"]
    static let authentication = ["compte", "cle", "basic"]
    static let key = ["entete", "prefixe", "secret"]
    static let basic = ["utilisateur", "mot_de_passe"]
    static let freshness = ["rythme", "des_le"]
    static let rule = [
        "statut", "entete", "corps", "issue", "reessayable", "reessayer_apres",
        "reessayer_apres_s",
    ]
    static let header = ["nom", "valeurs", "absent"]
    static let bodyCondition = [
        "pointeur", "valeurs", "contient", "commence_par", "finit_par", "absent",
    ]
    static let retrySource = ["entete", "pointeur"]
    static let reading = [
        "types", "taille_max", "profondeur_max", "issues", "concordance", "sans_concordance",
        "repete", "listes", "champs", "retient",
    ]
    static let kept = ["pointeur", "caracteres", "longueur_min", "longueur_max", "si_absent"]
    static let list = ["elements", "dans_la_periode", "condition", "par_mois"]
    static let dated = ["pointeur", "format"]
    static let agreement = ["personnes", "tolerances"]
    static let tolerances = [
        "coupe_nom", "coupe_prenoms", "premier_prenom_seul", "prenoms_en_plus",
        "prenoms_sans_ordre", "nom_usage_admis",
    ]
    static let person = ["liste"] + Trait.allCases.map(\.rawValue)
    static let trait = ["pointeur", "joindre", "parties", "format", "valeurs"]
    static let dateParts = ["jour", "mois", "annee"]
    static let field = [
        "pointeur", "joindre", "parties", "entete", "constante", "autre_personne", "calcul",
        "type", "format", "unite", "ecriture", "valeurs", "vrai", "faux", "motifs", "partie",
        "si_absent", "si_null", "liste", "dans_la_periode", "debut", "fin", "condition",
    ]
    static let condition = ["pointeur", "valeurs"]

    static let example = [
        "description", "question", "appels", "issue", "valeurs", "manquants", "listes",
        "abandonnes", "inconnus",
    ]
    static let question = [
        "mode", "champs", "periode", "jour", "destinataire", "finalite", "echange", "identite",
        "identifiants", "jeton",
    ]
    static let call = ["requete", "reponse"]
    static let sent = ["methode", "cible", "entetes", "corps"]
    static let reply = ["statut", "entetes", "corps", "texte"]
    static let period = ["annee", "mois", "date", "du", "au"]
    static let identity = [
        "nom_naissance", "nom_usage", "prenoms", "date_naissance", "sexe", "code_pays_naissance",
        "code_commune_naissance",
    ]
}
