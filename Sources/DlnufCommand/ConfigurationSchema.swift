import API
import Connectors
import Identification
import JOSE
import JSONText
import Journal
import Policies
import Registrations
import Vocabulary

/// Every document's schema, in the order in which they are listed.
let publishedSchemas: [PublishedSchema] =
    policySchemas + connectorSchemas + registrationSchemas + [ConfigurationMembers.published]

/// The members of the file that `dlnuf serve --config` reads.
enum ConfigurationMembers {
    static let document = [
        "environnement", "ecoute", "boucles", "connecteurs", "finalites", "journal", "titres",
        "franceconnect", "detenteurs", "delai_max_s", "signataires", "operateurs",
    ]
    /// The members that there were before, and what to write instead.
    static let former = [
        (
            name: "origines",
            remedy: "Écrivez chaque adresse sous son détenteur : "
                + "{\"detenteurs\": {\"dgfip\": {\"origines\": {\"dgfip\": "
                + "{\"adresses\": [\"https://…\"]}}, \"secrets\": {…}, \"recoit\": […]}}}."
        ),
        (
            name: "services",
            remedy: "Les titres des services ont leur registre, que « dlnuf services » écrit : "
                + "{\"titres\": {\"registre\": \"…\", \"emetteur\": \"https://…\"}}."
        ),
        (
            name: "secrets",
            remedy: "Déplacez chaque secret sous son détenteur : "
                + "« detenteurs.<détenteur>.secrets »."
        ),
    ]
    static let signer = ["nom", "cle", "roles"]
    static let listening = ["adresse", "port", "tls"]
    static let tls = ["certificat", "cle", "autorites_clients"]
    static let holder = ["origines", "secrets", "recoit", "resilience", "maintenances"]
    static let origin = ["adresses", "autorites", "reseaux", "certificat"]
    static let certificate = ["chaine", "cle"]
    static let franceConnect = [
        "emetteur", "clients", "enregistrements", "chiffrement", "signature",
        "cles_dechiffrement",
    ]
    static let registration = ["client_id", "secret"]
    static let secret = ["fichier", "environnement"]

    static let published = PublishedSchema(
        name: "configuration", title: "La configuration de la passerelle : dlnuf serve --config",
        schema: schema,
        definitions: [
            ("chemin", .text("Un chemin de fichier ou de dossier.", max: 4096, pattern: ".")),
            (
                "adresse",
                .text("Une adresse sans barre finale.", max: 2048, pattern: "^https?://.*[^/]$")
            ),
            ("nom", .text("Un nom.", max: 1024)),
            ("secret", secretSchema), ("ecoute_chiffree", encryptedListeningSchema),
        ])

    static let schema = JSONSchema.object(
        "Ce que le déploiement dit à la passerelle ; elle ne devine rien.", document,
        required: [
            "environnement", "ecoute", "connecteurs", "finalites", "journal", "titres",
            "franceconnect", "detenteurs",
        ],
        [
            "environnement": .choice(
                "« production » n'admet que https et des certificats vérifiés.",
                GatewayConfiguration.Environment.self),
            "ecoute": .list("Où les appelants se connectent.", of: listeningSchema),
            "boucles": .integer("Les boucles ; autant que de cœurs si rien n'est dit.", 1...64),
            "connecteurs": .reference("chemin", "Le dossier des connecteurs."),
            "finalites": .reference("chemin", "Le dossier des finalités."),
            "journal": .reference("chemin", "Le journal, que « dlnuf journal create » a fait."),
            "titres": credentialsSchema,
            "franceconnect": franceConnectSchema,
            "detenteurs": .map(
                "Ce que les connecteurs de chaque détenteur peuvent joindre, employer et "
                    + "transmettre ; rien d'autre ne leur est donné.",
                of: holderSchema, names: "^[a-z][a-z0-9_-]{0,63}$"),
            "delai_max_s": .integer("Le plus long échange, en secondes.", 1...55),
            "operateurs": operatorsSchema,
            "signataires": .list(
                "Qui signe les documents, un auteur et un approbateur au moins : obligatoire en "
                    + "production.", of: signerSchema, max: 100),
        ])

    private static let signerSchema = JSONSchema.object(
        "Une personne dont la signature est admise.", signer, required: signer,
        [
            "nom": .text("Son nom, sur une ligne.", max: OperatorText.maximumBytes, pattern: "."),
            "cle": .text(
                "Sa clé publique Ed25519 : openssl pkey -in CLE.pem -pubout | sed -n 2p",
                pattern: "^[0-9A-Za-z+/]{59}=$"),
            "roles": .list(
                "Ce à quoi elle s'engage.", of: .choice("Un rôle.", SignerMark.Role.self), min: 1,
                max: 2, isUnique: true),
        ])

    private static let listeningSchema = JSONSchema.object(
        "Une écoute.", listening, required: ["adresse", "port"],
        [
            "adresse": .reference("nom"),
            "port": .integer("Le port ; 0 pour un port libre.", 0...65_535),
            "tls": .object(
                "Les fichiers PEM d'une écoute chiffrée.", tls, required: ["certificat", "cle"],
                [
                    "certificat": .reference("chemin"), "cle": .reference("chemin"),
                    "autorites_clients": .reference("chemin"),
                ]),
        ])

    private static let franceConnectSchema = JSONSchema.object(
        "Ce dont FranceConnect et la passerelle sont convenus.", franceConnect,
        required: franceConnect,
        [
            "emetteur": .reference("adresse", "L'adresse de base, qui est aussi « iss »."),
            "clients": .map(
                "L'identifiant de chaque client que nomment les finalités.",
                of: .reference("nom")),
            "enregistrements": .map(
                "L'enregistrement de la passerelle pour chaque détenteur.",
                of: .object(
                    "Un enregistrement.", registration, required: registration,
                    ["client_id": .reference("nom"), "secret": .reference("secret")])),
            "chiffrement": .choice(
                "L'algorithme.", IntrospectionExpectations.encryptions.map(\.rawValue)),
            "signature": .choice(
                "L'algorithme.", IntrospectionExpectations.signatures.map(\.rawValue)),
            "cles_dechiffrement": .list(
                "Les clés privées, la clé en cours d'abord.", of: .reference("secret"),
                max: 10_000),
        ])

    private static let holderSchema = JSONSchema.object(
        "Ce qui est donné aux connecteurs d'un détenteur.", holder,
        required: ["origines", "secrets", "recoit"],
        [
            "origines": .map(
                "Chaque origine que nomment ses connecteurs, points d'accès aux jetons compris.",
                of: originSchema),
            "secrets": .map(
                "Où lire chaque secret que nomment ses connecteurs.", of: .reference("secret")),
            "recoit": .list(
                "Ce qui lui est transmis de l'usager : « identite » vaut tous les traits.",
                of: .choice("Ce qui est transmis.", Relayed.grantNames), isUnique: false),
            "resilience": ResilienceSchema.resilience.described(
                "Ce qui change des bornes de ses connecteurs ; le reste demeure."),
            "maintenances": ResilienceSchema.maintenances.described(
                "Ses maintenances, au lieu de celles de ses connecteurs ; vide, il n'en a pas."),
        ])

    private static let originSchema = JSONSchema.object(
        "Une origine.", origin, required: ["adresses"],
        [
            "adresses": .list(
                "Ses adresses, la préférée d'abord.", of: .reference("adresse"), min: 1,
                max: ConfigurationReader.maximumAddresses, isUnique: true),
            "autorites": .reference(
                "chemin", "Ses autorités de certification, au lieu de celles du système."),
            "reseaux": .list(
                "Les seuls réseaux où elle peut se trouver ; sans eux, elle est publique.",
                of: .text(
                    "Un réseau, comme 10.20.0.0/16.", max: 64,
                    pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"),
                min: 1, max: ConfigurationReader.maximumNetworks),
            "certificat": .object(
                "Le certificat que la passerelle lui présente.", certificate,
                required: certificate,
                [
                    "chaine": .reference("chemin", "Sa chaîne, en PEM."),
                    "cle": .reference(
                        "chemin", "Sa clé privée, en PEM, que son propriétaire seul peut lire."),
                ]),
        ])

    private static let secretSchema = JSONSchema.object(
        "Où lire un secret, qui n'est jamais dans le fichier.", secret,
        [
            "fichier": .reference("chemin", "Un fichier."),
            "environnement": .reference("nom", "Une variable d'environnement."),
        ]
    ).with(
        "anyOf",
        .list(
            secret.map { .schema(JSONSchema([("required", .list([.text($0)]))])) }))
}
