import Credentials
import JOSE
package import Vocabulary

/// The errors of OAuth 2.0 that codes of the catalogue are said with (RFC 6749, 5.2; RFC 6750, 3.1;
/// RFC 9449, 5 and 8).
enum OAuthError: String, Sendable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidScope = "invalid_scope"
    case invalidToken = "invalid_token"
    case invalidProof = "invalid_dpop_proof"
    case useNonce = "use_dpop_nonce"
    case unsupportedGrant = "unsupported_grant_type"
    case unavailable = "temporarily_unavailable"
}

extension ProblemCode {
    /// What OAuth 2.0 calls it; nil where it has no word for it.
    var oauthError: OAuthError? {
        switch self {
        case .accordRefuse: .unsupportedGrant
        case .porteeInconnue: .invalidScope
        case .demandeDeJetonInvalide, .liaisonAbsente: .invalidRequest
        case .preuveSansNonce, .preuveNoncePerime: .useNonce
        case .preuveAbsente, .preuveMalFormee, .preuveAlgorithmeRefuse, .preuveSignatureFausse,
            .preuveAutreRequete, .preuveAutreJeton, .preuveAutreCle, .preuvePerimee,
            .preuveFuture, .preuveRejouee:
            .invalidProof
        case .jetonAccesInconnu, .jetonAccesPerime, .jetonAccesMalPresente, .certificatAbsent,
            .certificatAutre, .titreRevoque, .titreFini:
            .invalidToken
        case .clientInconnu, .assertionMalFormee, .assertionAlgorithmeRefuse,
            .assertionCleInconnue, .assertionSignatureFausse, .assertionAutreDestinataire,
            .assertionPerimee, .assertionFuture, .assertionTropLongue, .assertionRejouee:
            .invalidClient
        default: nil
        }
    }

    /// The fields of `WWW-Authenticate` that go with it; none where it is no matter of who calls.
    package var challenges: [String] {
        guard entry.status == 401 else { return [] }
        guard self != .operateurNonAuthentifie else { return ["Bearer realm=\"dlnuf\""] }
        let error = oauthError.map { ", error=\"\($0.rawValue)\"" } ?? ""
        let isOfProof = oauthError == .useNonce || oauthError == .invalidProof
        return [
            "Bearer realm=\"dlnuf\"" + (isOfProof ? "" : error),
            "DPoP realm=\"dlnuf\", algs=\"\(ProblemCode.proofAlgorithms)\"" + error,
        ]
    }

    private static let proofAlgorithms =
        SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: " ")
}
