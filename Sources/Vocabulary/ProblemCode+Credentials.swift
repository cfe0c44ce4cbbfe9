// What the catalogue says of a service's credentials, tokens and proofs.
extension ProblemCode {
    var credentialEntry: Entry? {
        keyEntry ?? tokenEntry ?? proofEntry ?? tokenRequestEntry ?? assertionEntry
    }

    private var keyEntry: Entry? {
        switch self {
        case .cleMalRecopiee:
            refusal(
                401, "La clé est mal recopiée.",
                "Recopiez-la entière, du préfixe « dlnuf_ » au dernier caractère : sa "
                    + "somme de contrôle est fausse.", .verifierCle)
        case .cleAutreEnvironnement:
            refusal(
                401, "La clé est celle d'un autre environnement.",
                "Donnez la clé de cet environnement : « dlnuf_bas_ » au bac à sable, « "
                    + "dlnuf_prod_ » en production.", .verifierCle)
        case .titreRevoque:
            refusal(
                401, "Ce titre a été révoqué.",
                "Demandez-en un autre à l'exploitant ; s'il vous a été volé, dites-le-lui.",
                .verifierCle)
        case .titreFini:
            refusal(
                401, "Ce titre a pris fin.",
                "Demandez-en un autre à l'exploitant.", .verifierCle)
        case .titreNonLie:
            refusal(
                403, "Le mode identité demande un titre lié à celui qui le présente.",
                "Obtenez un jeton d'accès lié à un certificat ou à une clé DPoP : « POST "
                    + "/oauth2/token ».", .demanderUnJeton)
        case .titresIndisponibles:
            Entry(
                status: 503, title: "Les titres des services ne peuvent pas être vérifiés.",
                remedy: "Réessayez plus tard ; l'exploitant doit rétablir le registre des titres.",
                blame: .passerelle, action: .reessayer)
        default:
            nil
        }
    }

    private var tokenEntry: Entry? {
        switch self {
        case .jetonAccesInconnu:
            refusal(
                401,
                "Ce jeton d'accès n'est pas de cette passerelle, ou date d'avant son "
                    + "démarrage.",
                "Demandez-en un autre : « POST /oauth2/token ».", .demanderUnJeton)
        case .jetonAccesPerime:
            refusal(
                401, "Ce jeton d'accès a pris fin.",
                "Demandez-en un autre : « POST /oauth2/token ».", .demanderUnJeton)
        case .jetonAccesMalPresente:
            refusal(
                401, "Ce jeton d'accès est présenté sous un autre schéma que le sien.",
                "Écrivez « Authorization: DPoP » pour un jeton lié à une clé DPoP, « "
                    + "Bearer » sinon.", .verifierCle)
        case .certificatAbsent:
            refusal(
                401, "Ce jeton est lié à un certificat que la connexion ne présente pas.",
                "Présentez le certificat client avec lequel le jeton a été obtenu.", .verifierCle)
        case .certificatAutre:
            refusal(
                401, "La connexion présente un autre certificat que celui qui est attendu.",
                "Présentez un certificat enregistré, le même pour le jeton et pour "
                    + "l'échange.", .verifierCle)
        default:
            nil
        }
    }

    private var proofEntry: Entry? {
        switch self {
        case .preuveAbsente:
            refusal(
                401, "La preuve DPoP manque.",
                "Ajoutez un en-tête « DPoP », un seul (RFC 9449).", .refaireLaPreuve)
        case .preuveMalFormee:
            refusal(
                401, "La preuve DPoP est mal formée.",
                "Envoyez un JWS compact de type « dpop+jwt » avec jwk, jti, htm, htu et iat.",
                .refaireLaPreuve)
        case .preuveAlgorithmeRefuse:
            refusal(
                401, "L'algorithme de la preuve DPoP n'est pas admis.",
                "Signez avec un des algorithmes que donne « "
                    + "/.well-known/oauth-authorization-server ».", .refaireLaPreuve)
        case .preuveSignatureFausse:
            refusal(
                401, "La signature de la preuve DPoP est fausse.",
                "Signez la preuve avec la clé privée de son « jwk ».", .refaireLaPreuve)
        case .preuveAutreRequete:
            refusal(
                401, "La preuve DPoP est celle d'une autre requête.",
                "Mettez dans htm la méthode, dans htu l'adresse publique de la passerelle "
                    + "suivie du chemin.", .refaireLaPreuve)
        case .preuveAutreJeton:
            refusal(
                401, "La preuve DPoP n'est pas celle de ce jeton d'accès.",
                "Mettez dans ath l'empreinte SHA-256 du jeton, en base64url.", .refaireLaPreuve)
        case .preuveAutreCle:
            refusal(
                401, "La preuve DPoP est signée par une autre clé que celle du jeton.",
                "Signez avec la clé qui a servi à obtenir le jeton.", .refaireLaPreuve)
        case .preuvePerimee:
            refusal(
                401, "La preuve DPoP est trop ancienne.",
                "Faites une preuve neuve pour chaque requête, et vérifiez l'horloge.",
                .refaireLaPreuve)
        case .preuveFuture:
            refusal(
                401, "La preuve DPoP est datée du futur.",
                "Vérifiez l'horloge du service.", .refaireLaPreuve)
        case .preuveSansNonce:
            refusal(
                401, "La preuve DPoP n'a pas de nonce de la passerelle.",
                "Refaites-la avec le nonce que donne l'en-tête « DPoP-Nonce ».", .refaireLaPreuve)
        case .preuveNoncePerime:
            refusal(
                401, "Le nonce de la preuve DPoP n'a plus cours.",
                "Refaites-la avec le nonce que donne l'en-tête « DPoP-Nonce ».", .refaireLaPreuve)
        case .preuveRejouee:
            refusal(
                401, "Cette preuve DPoP a déjà servi.",
                "Faites une preuve neuve, d'un autre jti, pour chaque requête.", .refaireLaPreuve)
        default:
            nil
        }
    }

    private var tokenRequestEntry: Entry? {
        switch self {
        case .demandeDeJetonInvalide:
            refusal(
                400, "La demande de jeton est mal formée.",
                "Envoyez un formulaire avec grant_type, client_assertion_type et "
                    + "client_assertion, une fois chacun.", .corrigerRequete)
        case .accordRefuse:
            refusal(
                400, "Cette sorte d'accord n'est pas servie.",
                "Écrivez grant_type=client_credentials.", .corrigerRequete)
        case .porteeInconnue:
            refusal(
                400, "La passerelle ne connaît pas de portée.",
                "Retirez « scope » : ce qui est permis se lit dans les finalités.", .corrigerRequete
            )
        case .liaisonAbsente:
            refusal(
                400, "Rien ne lierait ce jeton à celui qui le demande.",
                "Ajoutez une preuve DPoP, ou présentez un certificat enregistré.", .corrigerRequete)
        default:
            nil
        }
    }

    private var assertionEntry: Entry? {
        switch self {
        case .clientInconnu:
            refusal(
                401, "Ce client n'est pas enregistré.",
                "Vérifiez iss et sub : le nom du client dans le registre des titres.",
                .refaireLAssertion)
        case .assertionMalFormee:
            refusal(
                401, "L'assertion du client est mal formée.",
                "Envoyez un JWS compact avec iss, sub, aud, jti, iat et exp, et sub égal à "
                    + "iss.", .refaireLAssertion)
        case .assertionAlgorithmeRefuse:
            refusal(
                401, "L'assertion n'est pas signée avec l'algorithme enregistré.",
                "Signez avec l'algorithme de la clé enregistrée.", .refaireLAssertion)
        case .assertionCleInconnue:
            refusal(
                401, "La clé de l'assertion n'est pas enregistrée.",
                "Vérifiez kid, ou faites enregistrer la clé publique par l'exploitant.",
                .refaireLAssertion)
        case .assertionSignatureFausse:
            refusal(
                401, "La signature de l'assertion est fausse.",
                "Signez avec la clé privée de la clé enregistrée.", .refaireLAssertion)
        case .assertionAutreDestinataire:
            refusal(
                401, "L'assertion est destinée à un autre.",
                "Mettez dans aud un texte seul : l'émetteur que donne « "
                    + "/.well-known/oauth-authorization-server ».", .refaireLAssertion)
        case .assertionPerimee:
            refusal(
                401, "L'assertion a pris fin.",
                "Faites une assertion neuve pour chaque demande, et vérifiez l'horloge.",
                .refaireLAssertion)
        case .assertionFuture:
            refusal(
                401, "L'assertion est datée du futur.",
                "Vérifiez l'horloge du service.", .refaireLAssertion)
        case .assertionTropLongue:
            refusal(
                401, "L'assertion dure trop longtemps.",
                "Laissez 60 secondes au plus entre iat et exp.", .refaireLAssertion)
        case .assertionRejouee:
            refusal(
                401, "Cette assertion a déjà servi.",
                "Faites une assertion neuve, d'un autre jti, pour chaque demande.",
                .refaireLAssertion)
        default:
            nil
        }
    }

    private func refusal(
        _ status: Int, _ title: String, _ remedy: String, _ action: Action
    ) -> Entry {
        Entry(status: status, title: title, remedy: remedy, blame: .appelant, action: action)
    }
}
