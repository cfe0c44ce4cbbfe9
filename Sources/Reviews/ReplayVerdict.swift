package import Journal
import Vocabulary

/// What a replay says of one decision.
package enum ReplayVerdict: Hashable, Sendable {
    /// The same verdict for the same fields.
    case same
    /// Another verdict, or other fields refused.
    case flip(Flip)
    /// The record does not hold what deciding again would need.
    case unplayable(Unplayable)
}

/// How a decision would have been another.
package struct Flip: Hashable, Sendable {
    /// From what to what.
    package enum Kind: String, Sendable, CaseIterable {
        /// Permitted then, refused by the replay.
        case closes = "permise_puis_refusee"
        /// Refused then, permitted by the replay.
        case opens = "refusee_puis_permise"
        /// Refused then; the replay admits the request and would ask who the usager is.
        case opensSubjectToUsager = "refusee_puis_admise"
        /// Refused both times, for other fields or other reasons.
        case refusesOtherwise = "refusee_autrement"

        /// How a reader sees it.
        package var label: String {
            switch self {
            case .closes: "permise → refusée"
            case .opens: "refusée → permise"
            case .opensSubjectToUsager: "refusée → admise, sous réserve du jeton de l'usager"
            case .refusesOtherwise: "refusée → refusée pour d'autres champs ou motifs"
            }
        }
    }

    /// From what to what.
    package let kind: Kind
    /// What the record says was refused, and the replay does not.
    package let noLonger: [RefusedField]
    /// What the replay refuses, and the record does not.
    package let henceforth: [RefusedField]

    /// The refusals that make the difference, in one line.
    package var reason: String {
        let gone = noLonger.map { "\($0.text ?? "demande entière") (\($0.reason.rawValue))" }
        let new = henceforth.map { "\($0.text ?? "demande entière") (\($0.reason.rawValue))" }
        let parts = [
            gone.isEmpty ? nil : "n'est plus refusé : " + gone.joined(separator: ", "),
            new.isEmpty ? nil : "serait refusé : " + new.joined(separator: ", "),
        ]
        return parts.compactMap { $0 }.joined(separator: " ; ")
    }
}

/// Why a decision cannot be taken again.
package enum Unplayable: String, Hashable, Sendable, CaseIterable {
    /// The record was erased at the end of its time.
    case erased = "enregistrement_efface"
    /// The bytes are no record that this program reads.
    case unreadable = "enregistrement_illisible"
    /// FranceConnect failed before the person could be decided on.
    case unidentified = "usager_non_identifie"
    /// More fields were asked than a record lists.
    case unlistedFields = "champs_non_listes"
    /// A name was recorded as unknown that the candidate may know.
    case unknownName = "nom_inconnu"
    /// The token was not introspected for a holder that would be asked.
    case holderNotIntrospected = "detenteur_non_introspecte"
    /// A bound is set that the record has no count of.
    case countsUnknown = "comptes_inconnus"
    /// The access was suspended when it asked.
    case suspended = "acces_suspendu"
    /// The journal does not hold the policy that decided.
    case policyNotKept = "politique_absente_du_journal"

    /// How a reader sees it.
    package var label: String {
        switch self {
        case .erased: "enregistrement effacé au terme de sa durée"
        case .unreadable: "enregistrement illisible ; vérifiez le journal"
        case .unidentified: "FranceConnect n'avait pas identifié l'usager"
        case .unlistedFields: "l'enregistrement ne liste pas tous les champs demandés"
        case .unknownName:
            "un nom consigné « \(Journal.unknownName) » est peut-être l'un de ceux que la candidate "
                + "ajoute"
        case .holderNotIntrospected: "le jeton n'avait pas été lu pour un détenteur à interroger"
        case .countsUnknown:
            "l'enregistrement ne dit pas où en était une borne nouvelle ou abaissée"
        case .suspended: "l'accès était suspendu"
        case .policyNotKept: "le journal n'a pas gardé la politique qui a décidé"
        }
    }
}
