/// Why a server refuses a request before any handler judges it.
package struct HTTPFailure: Error, Sendable, Hashable {
    /// What was wrong.
    package let reason: Reason

    /// Makes a failure.
    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// The status code of the answer.
    package var status: Int { reason.text.status }
    /// What happened, as a French sentence.
    package var message: String { reason.text.message }
    /// What the caller should do, as a French sentence.
    package var remedy: String { reason.text.remedy }

    /// Every reason, with a stable code.
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        case invalidByte = "octet-invalide"
        case requestLineMalformed = "ligne-de-requete-invalide"
        case methodUnknown = "methode-inconnue"
        case versionUnsupported = "version-http-non-prise-en-charge"
        case targetMalformed = "cible-invalide"
        case pathMalformed = "chemin-invalide"
        case targetTooLong = "cible-trop-longue"
        case headerMalformed = "en-tete-invalide"
        case headersTooLarge = "en-tetes-trop-volumineux"
        case hostMissing = "host-absent"
        case hostMalformed = "host-invalide"
        case framingAmbiguous = "longueur-ambigue"
        case lengthMalformed = "longueur-invalide"
        case lengthRequired = "longueur-absente"
        case transferCodingUnknown = "codage-de-transfert-inconnu"
        case transferCodingMalformed = "codage-de-transfert-invalide"
        case chunkMalformed = "fragment-invalide"
        case trailerMalformed = "en-tete-final-invalide"
        case bodyTooLarge = "corps-trop-volumineux"
        case bodyIncomplete = "corps-incomplet"
        case expectationUnknown = "attente-inconnue"
        case mediaTypeUnsupported = "type-de-contenu-non-pris-en-charge"
        case contentCodingUnsupported = "codage-de-contenu-non-pris-en-charge"
        case headTimeout = "requete-trop-lente"
        case bodyTimeout = "corps-trop-lent"
        case overloaded = "trop-de-connexions"
    }
}

extension HTTPFailure.Reason {
    /// One row of the table: what the answer says for one reason.
    struct Text {
        let status: Int
        let message: String
        let remedy: String

        init(_ status: Int, _ message: String, _ remedy: String) {
            self.status = status
            self.message = message
            self.remedy = remedy
        }
    }

    var text: Text {
        switch self {
        case .invalidByte, .requestLineMalformed, .methodUnknown, .versionUnsupported,
            .targetMalformed, .pathMalformed, .targetTooLong:
            requestLineText
        case .headerMalformed, .headersTooLarge, .hostMissing, .hostMalformed,
            .expectationUnknown:
            headerText
        case .framingAmbiguous, .lengthMalformed, .lengthRequired, .transferCodingUnknown,
            .transferCodingMalformed, .chunkMalformed, .trailerMalformed:
            framingText
        case .bodyTooLarge, .bodyIncomplete, .mediaTypeUnsupported, .contentCodingUnsupported,
            .headTimeout, .bodyTimeout, .overloaded:
            bodyText
        }
    }

    private var requestLineText: Text {
        switch self {
        case .requestLineMalformed:
            Text(
                400,
                "La ligne de requête n'est pas « méthode cible HTTP/1.1 ».",
                "Séparez les trois éléments par une seule espace."
            )
        case .methodUnknown:
            Text(
                501,
                "La méthode de la requête n'est pas connue de ce serveur.",
                "Utilisez GET, HEAD, POST, PUT, PATCH, DELETE ou OPTIONS, en capitales."
            )
        case .versionUnsupported:
            Text(
                505,
                "La version de HTTP de la requête n'est pas prise en charge.",
                "Utilisez HTTP/1.1 ou HTTP/1.0."
            )
        case .targetMalformed:
            Text(
                400,
                "La cible de la requête contient un caractère ou une forme interdits.",
                "Envoyez un chemin absolu, encodé selon la RFC 3986."
            )
        case .pathMalformed:
            Text(
                400,
                "Le chemin contient un segment vide, « . », « .. » ou un encodage interdit.",
                "Envoyez le chemin tel que la documentation l'écrit, encodé une seule fois."
            )
        case .targetTooLong:
            Text(
                414,
                "La ligne de requête est trop longue.",
                "Raccourcissez la cible, ou placez les données dans le corps."
            )
        default:
            Text(
                400,
                "La requête contient un octet interdit, ou une fin de ligne sans CRLF.",
                "Terminez chaque ligne par CR LF et retirez les caractères de contrôle."
            )
        }
    }

    private var headerText: Text {
        switch self {
        case .headersTooLarge:
            Text(
                431,
                "Les en-têtes de la requête sont trop nombreux ou trop volumineux.",
                "Retirez les en-têtes inutiles."
            )
        case .hostMissing:
            Text(
                400,
                "La requête n'a pas exactement un en-tête Host.",
                "Envoyez une seule fois l'en-tête Host."
            )
        case .hostMalformed:
            Text(
                400,
                "L'en-tête Host n'est pas un nom d'hôte valide.",
                "Envoyez l'hôte, suivi si besoin de « : » et du port."
            )
        case .expectationUnknown:
            Text(
                417,
                "L'en-tête Expect demande ce que ce serveur ne sait pas faire.",
                "Retirez l'en-tête Expect, ou envoyez « 100-continue »."
            )
        default:
            Text(
                400,
                "Un en-tête de la requête n'est pas écrit « Nom: valeur ».",
                "Retirez espaces avant les deux-points, lignes repliées et soulignés du nom."
            )
        }
    }

    private var framingText: Text {
        switch self {
        case .lengthMalformed:
            Text(
                400,
                "L'en-tête Content-Length n'est pas un seul nombre décimal.",
                "Envoyez une seule fois Content-Length, en chiffres."
            )
        case .lengthRequired:
            Text(
                411,
                "La requête n'annonce pas la longueur de son corps.",
                "Envoyez Content-Length, ou Transfer-Encoding: chunked."
            )
        case .transferCodingUnknown:
            Text(
                501,
                "Le codage de transfert demandé n'est pas pris en charge.",
                "Envoyez Content-Length, ou le seul codage « chunked »."
            )
        case .transferCodingMalformed:
            Text(
                400,
                "L'en-tête Transfer-Encoding ne se termine pas par un seul « chunked ».",
                "Envoyez Content-Length, ou le seul codage « chunked », en HTTP/1.1."
            )
        case .chunkMalformed:
            Text(
                400,
                "Le corps n'est pas découpé en fragments valides.",
                "Écrivez chaque taille en hexadécimal, suivie de CR LF."
            )
        case .trailerMalformed:
            Text(
                400,
                "Les en-têtes qui suivent le corps sont invalides ou interdits.",
                "Retirez-les : ce serveur n'en lit aucun."
            )
        default:
            Text(
                400,
                "La requête porte à la fois Content-Length et Transfer-Encoding.",
                "N'envoyez que l'un des deux."
            )
        }
    }

    private var bodyText: Text {
        switch self {
        case .bodyTooLarge:
            Text(
                413,
                "Le corps de la requête dépasse la taille permise.",
                "Envoyez un corps plus court."
            )
        case .bodyIncomplete:
            Text(
                400,
                "La connexion s'est fermée avant la fin du corps.",
                "Envoyez autant d'octets que Content-Length en annonce."
            )
        case .mediaTypeUnsupported:
            Text(
                415,
                "Le type du contenu n'est pas pris en charge.",
                "Envoyez l'en-tête Content-Type que la documentation indique."
            )
        case .contentCodingUnsupported:
            Text(
                415,
                "Le codage du contenu n'est pas pris en charge.",
                "Envoyez le corps sans compression ni en-tête Content-Encoding."
            )
        case .bodyTimeout:
            Text(
                408,
                "Le corps de la requête est arrivé trop lentement.",
                "Recommencez, en envoyant le corps sans attendre."
            )
        case .overloaded:
            Text(
                503,
                "Le serveur a atteint son nombre maximal de connexions.",
                "Recommencez dans quelques secondes, et réutilisez vos connexions."
            )
        default:
            Text(
                408,
                "La requête n'est pas arrivée à temps.",
                "Recommencez, en envoyant la requête sans attendre."
            )
        }
    }
}
