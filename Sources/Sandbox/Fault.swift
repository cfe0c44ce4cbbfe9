import Synchronization

/// What can be made to go wrong at a double.
enum Fault: String, CaseIterable, Sendable {
    // At every double.
    case lent
    case muet
    case arret
    case coupe
    case erreur500 = "500"
    case illisible
    case enorme
    case quota
    case maintenance
    case secret
    // At every double, against the bounds of whoever reads.
    case goutteTete = "goutte_tete"
    case goutteCorps = "goutte_corps"
    case sansFin = "sans_fin"
    case geant
    case profond
    case doublons
    case utf16
    case latin1
    case bom
    case jeuDeCaracteres = "jeu_de_caracteres"
    case gzip
    case gzipTransfert = "gzip_transfert"
    case enTetes = "entetes"
    case ligneStatut = "ligne_statut"
    case interimaires
    case longueurCourte = "longueur_courte"
    case longueurLongue = "longueur_longue"
    case longueurFausse = "longueur_fausse"
    case morceaux
    case protocole
    case coupeTete = "coupe_tete"
    case redirection
    case page
    // At the holders only.
    case jetonRefuse = "jeton_refuse"
    case identite
    case refus
    // In FranceConnect's introspection only.
    case signature
    case audience
    case emetteur
    case algNone = "alg_none"
    case hs256
    case mauvaiseCle = "mauvaise_cle"
    case kidInconnu = "kid_inconnu"
    case iatFutur = "iat_futur"
    case iatAncien = "iat_ancien"
    case expire
    case chiffrement
    case enClair = "en_clair"
    case typeMedia = "type_media"
    case deconnecte
    case cles

    /// The other words under which a fault is known.
    private static let otherNames: [String: Fault] = [
        "slow": .lent, "hang": .muet, "hangs": .muet, "down": .arret, "reset": .coupe,
        "garbled": .illisible, "oversize": .enorme, "bad signature": .signature,
        "wrong audience": .audience, "alg: none": .algNone, "alg none": .algNone,
        "wrong key": .mauvaiseCle, "wrong issuer": .emetteur, "wrong secret": .secret,
        "logged out": .deconnecte, "wrong person": .identite,
    ]

    /// The fault of a name, as published or as the French names' equivalent.
    init?(named name: String) {
        guard let fault = Fault(rawValue: name) ?? Self.otherNames[name] else {
            return nil
        }
        self = fault
    }

    /// Whether the fault is in what FranceConnect's introspection says, and nowhere else.
    var isOfIntrospection: Bool { Self.ofIntrospection.contains(self) }

    private static let ofIntrospection: Set<Fault> = [
        .signature, .audience, .emetteur, .algNone, .hs256, .mauvaiseCle, .kidInconnu, .iatFutur,
        .iatAncien, .expire, .chiffrement, .enClair, .typeMedia, .deconnecte, .cles,
    ]

    /// Whether only holders can fail in this way.
    var isOfHolders: Bool { self == .jetonRefuse || self == .identite || self == .refus }

    /// What happens, in French.
    var explanation: String {
        switch self {
        case .lent: "répond après un délai (delai_ms, 3000 par défaut)"
        case .muet: "ne répond jamais"
        case .arret: "ferme la connexion sans rien répondre"
        case .coupe: "coupe la connexion au milieu de la réponse"
        case .erreur500: "répond 500"
        case .illisible: "répond 200 avec un corps qui n'est pas lisible"
        case .enorme: "répond 200 avec un corps de 32 Mo"
        case .quota: "répond 429"
        case .maintenance: "répond 503 avec Retry-After"
        case .secret: "refuse les identifiants de la passerelle (invalid_client)"
        case .goutteTete: "envoie la tête de sa réponse octet par octet, un toutes les delai_ms"
        case .goutteCorps: "envoie le corps de sa réponse octet par octet, un toutes les delai_ms"
        case .sansFin: "répond 200 avec un corps qui ne finit pas"
        case .geant: "annonce et envoie 1 Go de JSON"
        case .profond: "ouvre 100 000 listes les unes dans les autres"
        case .doublons: "donne deux fois chaque membre de sa réponse"
        case .utf16: "répond en UTF-16"
        case .latin1: "répond en Latin-1 sans le dire"
        case .bom: "commence sa réponse par une marque d'ordre des octets"
        case .jeuDeCaracteres: "annonce de l'ISO-8859-1 et envoie de l'UTF-8"
        case .gzip:
            "comprime sa réponse sans qu'on l'ait demandé (Content-Encoding), 256 Mo une fois dépliée"
        case .gzipTransfert:
            "comprime le transfert sans qu'on l'ait demandé (Transfer-Encoding), 256 Mo une fois déplié"
        case .enTetes: "répond avec 10 000 en-têtes"
        case .ligneStatut: "répond avec une ligne de statut de 100 Ko"
        case .interimaires: "envoie sans fin des réponses intérimaires (103)"
        case .longueurCourte: "annonce un corps plus court que celui qu'il envoie"
        case .longueurLongue: "annonce un corps plus long que celui qu'il envoie, puis ferme"
        case .longueurFausse: "annonce une longueur qui n'est pas un nombre"
        case .morceaux: "envoie des morceaux dont la taille n'est pas un nombre"
        case .protocole: "répond par autre chose que HTTP/1.1"
        case .coupeTete: "coupe la connexion au milieu de la tête de sa réponse"
        case .redirection: "redirige vers une autre adresse (302)"
        case .page: "répond 200 avec une page HTML"
        case .jetonRefuse: "refuse le jeton d'accès de la passerelle (401)"
        case .identite: "répond sur une personne d'un autre nom"
        case .refus: "refuse dans les termes du détenteur (code, donné par GET /sandbox)"
        case .signature: "la signature de l'introspection est fausse"
        case .audience: "l'introspection est destinée à un autre"
        case .emetteur: "l'introspection vient d'un autre émetteur"
        case .algNone: "l'introspection n'est pas signée (alg: none)"
        case .hs256: "l'introspection est signée en HS256 avec la clé publique"
        case .mauvaiseCle: "l'introspection est signée par une autre clé"
        case .kidInconnu: "l'introspection nomme une clé qui n'est pas publiée"
        case .iatFutur: "l'introspection est datée d'une heure plus tard"
        case .iatAncien: "l'introspection est datée d'une heure plus tôt"
        case .expire: "le jeton est dit actif, avec une fin passée"
        case .chiffrement: "le chiffrement de l'introspection est altéré"
        case .enClair: "l'introspection est signée mais pas chiffrée"
        case .typeMedia: "l'introspection est annoncée en application/json"
        case .deconnecte: "l'usager s'est déconnecté (401 access_denied)"
        case .cles: "FranceConnect ne peut pas lire les clés de la passerelle (500)"
        }
    }
}

/// The faults that are on, by double.
final class FaultBoard: Sendable {
    /// A fault, until when, and how late a slow double is.
    struct Entry: Sendable {
        let fault: Fault
        let endsAt: Int64
        let delay: Duration
        /// The holder's own word for a refusal.
        var code: String?
    }

    private let entries = Mutex<[String: Entry]>([:])

    func set(_ entry: Entry?, for target: String) {
        entries.withLock { $0[target] = entry }
    }

    /// The fault of a double at some time.
    func entry(for target: String, at now: Int64) -> Entry? {
        entries.withLock { entries in
            guard let entry = entries[target] else { return nil }
            guard entry.endsAt > now else {
                entries[target] = nil
                return nil
            }
            return entry
        }
    }

    /// Everything that is on.
    func all(at now: Int64) -> [(target: String, entry: Entry)] {
        entries.withLock { entries in
            entries.filter { $0.value.endsAt > now }.sorted { $0.key < $1.key }
                .map { (target: $0.key, entry: $0.value) }
        }
    }
}
