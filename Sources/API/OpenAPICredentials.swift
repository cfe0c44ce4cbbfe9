import Credentials
import JSONText
import Vocabulary

/// The ways of showing who calls, each enough by itself.
enum SecurityScheme: String, CaseIterable {
    case key = "cle"
    case certificateToken = "jeton_certificat"
    case proofToken = "jeton_dpop"
}

func writeCallersSecurity(to writer: inout JSONWriter) {
    for scheme in SecurityScheme.allCases {
        writer.object(scheme.rawValue) { $0.security(scheme) }
    }
}

let tokenOperation = APIOperation(
    path: GatewayAPI.tokenPath,
    name: "obtenirUnJeton",
    tag: .titres,
    kind: .token,
    summary: "Échanger une assertion signée contre un jeton d'accès de cinq minutes.",
    description: """
        Le client signe une assertion (private_key_jwt, RFC 7523) avec la clé que l'exploitant a \
        enregistrée : iss et sub sont son nom, aud est l'émetteur et lui seul, jti ne sert qu'une \
        fois, exp suit iat de 60 secondes au plus. Le jeton est lié au certificat client de la \
        connexion (RFC 8705) ou à la clé de la preuve DPoP (RFC 9449), et ne vaut rien sans. La \
        première preuve reçoit « use_dpop_nonce » et l'en-tête « DPoP-Nonce » : on la refait avec \
        ce nonce ; l'assertion, elle, n'a pas encore servi. Révoquer un titre met fin aussitôt à \
        ses jetons. Les erreurs sont celles d'OAuth 2.0 ; « code » est celui du catalogue.
        """,
    answer: "Le jeton.",
    answerSchema: "JetonAcces",
    requestSchema: "DemandeDeJeton")

let authorizationServerOperation = APIOperation(
    path: GatewayAPI.metadataPath,
    name: "decrireLesJetons",
    tag: .titres,
    kind: .reading,
    summary: "Ce qu'un client doit savoir pour obtenir un jeton (RFC 8414).",
    description: "L'émetteur, l'adresse des jetons, les algorithmes.",
    answer: "La description.",
    answerSchema: "Document")

extension ProblemCode {
    /// Whether it says who calls, in a request that must say it; nil where it is something else.
    var isOfCaller: Bool? {
        switch self {
        case .cleMalRecopiee, .cleAutreEnvironnement, .titreRevoque, .titreFini,
            .titresIndisponibles:
            return true
        case .titreNonLie:
            return true
        default:
            switch oauthError {
            case .invalidToken, .invalidProof, .useNonce: return true
            case .invalidClient, .invalidRequest, .invalidScope, .unsupportedGrant: return false
            case .unavailable, nil: return nil
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func security(_ scheme: SecurityScheme) {
        switch scheme {
        case .key:
            member("type", "http")
            member("scheme", "bearer")
            member(
                "description",
                """
                La clé du service, remise par l'exploitant : « dlnuf_bas_… » au bac à sable, \
                « dlnuf_prod_… » en production, où elle ne suffit pas au mode identité. Elle n'est \
                jamais un jeton FranceConnect : celui-ci se donne dans \
                « usager.franceconnect.jeton ».
                """)
        case .certificateToken:
            member("type", "http")
            member("scheme", "bearer")
            member("bearerFormat", "opaque, lié au certificat client (RFC 8705)")
            member(
                "description",
                """
                Un jeton de « POST \(GatewayAPI.tokenPath) », sur une connexion TLS qui présente \
                le même certificat.
                """)
        case .proofToken:
            member("type", "http")
            member("scheme", "dpop")
            member(
                "description",
                """
                Un jeton de « POST \(GatewayAPI.tokenPath) », avec dans l'en-tête « DPoP » une \
                preuve neuve à chaque requête (RFC 9449) : htm, htu, iat, jti, ath et le nonce de \
                l'en-tête « DPoP-Nonce ».
                """)
        }
    }

    /// The request and the answers of the token endpoint.
    mutating func tokenOperation(_ operation: APIOperation) {
        array("parameters") { writer in
            writer.object { writer in
                writer.member("name", "DPoP")
                writer.member("in", "header")
                writer.member("description", "La preuve, si le jeton doit être lié à sa clé.")
                writer.object("schema") { $0.member("type", "string") }
            }
        }
        object("requestBody") { writer in
            writer.member("required", true)
            writer.object("content") { writer in
                writer.object("application/x-www-form-urlencoded") { writer in
                    writer.object("schema") { $0.reference(operation.requestSchema ?? "") }
                }
            }
        }
        object("responses") { writer in
            writer.tokenResponse("200", operation.answer, operation.answerSchema)
            for (status, meaning) in [
                ("400", "La demande ou la preuve n'est pas recevable."),
                ("401", "Le client n'est pas celui qu'il dit."),
                ("413", "La demande est trop longue."),
                ("503", "Rien ne peut être vérifié maintenant."),
            ] {
                writer.tokenResponse(status, meaning, "ErreurOAuth")
            }
        }
    }

    private mutating func tokenResponse(_ status: String, _ meaning: String, _ schema: String) {
        object(status) { writer in
            writer.member("description", meaning)
            writer.object("headers") { writer in
                writer.object("DPoP-Nonce") { writer in
                    writer.object("schema") { $0.member("type", "string") }
                }
            }
            writer.object("content") { writer in
                writer.object("application/json") { writer in
                    writer.object("schema") { $0.reference(schema) }
                }
            }
        }
    }

    /// The schemas of the token endpoint.
    mutating func tokenSchemas() {
        record(
            "DemandeDeJeton", "Un formulaire (RFC 6749, 4.4 ; RFC 7523, 2.2).",
            required: ["grant_type", "client_assertion_type", "client_assertion"]
        ) { writer in
            writer.choice("grant_type", "L'accord.", ["client_credentials"])
            writer.choice(
                "client_assertion_type", "La sorte d'assertion.",
                ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"])
            writer.property("client_assertion", "string", "L'assertion signée.")
            writer.property("client_id", "string", "Le nom du client, s'il faut le redire.")
        }
        record(
            "JetonAcces", "Un jeton d'accès.",
            required: ["access_token", "token_type", "expires_in"]
        ) { writer in
            writer.property("access_token", "string", "Le jeton, opaque.")
            writer.choice(
                "token_type", "Le schéma sous lequel il se présente.", ["Bearer", "DPoP"])
            writer.property("expires_in", "integer", "Sa durée, en secondes.")
        }
        record(
            "ErreurOAuth", "Une erreur d'OAuth 2.0 (RFC 6749, 5.2), et ce qu'en dit le catalogue.",
            required: ["error", "code", "detail", "action"]
        ) { writer in
            writer.property("error", "string", "Le mot d'OAuth 2.0.")
            writer.property("error_description", "string", "Le code, en ASCII.")
            writer.property("error_uri", "string", "L'entrée du catalogue.")
            writer.choice("code", "Le code du catalogue.", ProblemCode.self)
            writer.property("detail", "string", "Ce qui ne va pas, et que faire.")
            writer.choice("action", "Que faire maintenant.", ProblemCode.Action.self)
        }
    }

    mutating func explainedCredentialSchema() {
        record(
            "TitreExplique", "Le titre présenté, et si l'échange s'en contenterait.",
            required: ["presente", "suffit"]
        ) { writer in
            writer.choice("presente", "Ce que le service a présenté.", CredentialKind.self)
            writer.property("suffit", "boolean", "Si l'échange s'en contenterait.")
            writer.choice("action", "Que faire sinon.", ProblemCode.Action.self)
            writer.property("explication", "string", "Pourquoi il ne suffit pas.")
        }
    }
}
