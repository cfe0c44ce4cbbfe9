package import Identification
import Platform

extension IntrospectionFailure.Defect: LogCode {}
extension IntrospectionFailure.Misconfiguration: LogCode {}
extension IntrospectionFailure.IdentityDefect: LogCode {}

/// What the technical log says of an introspection that gave no usager.
package enum IntrospectionLog {
    /// By whose doing it failed.
    private enum Cause: String, LogCode {
        case identiteInexploitable = "identite_inexploitable"
        case reponseIrrecevable = "reponse_irrecevable"
        case cleInconnue = "cle_inconnue"
        case passerelleMalConfiguree = "passerelle_mal_configuree"
        case panne
        case injoignable
        case tropLent = "trop_lent"
    }

    /// Writes one line for a failure that an operator can act on; a token that ended is none.
    package static let observer: FranceConnectIntrospector.Observer = { _, failure in
        if let failure { line(for: failure)?.write() }
    }

    /// The line for a failure, nothing for one that is the usager's own affair.
    static func line(for failure: IntrospectionFailure) -> LogLine? {
        func begin(_ cause: Cause, _ level: LogLine.Level = .warning) -> LogLine {
            LogLine("introspection_en_echec", level: level).with("cause", cause)
        }
        return switch failure {
        case .inactive: nil
        case .identityUnusable(let defect):
            begin(.identiteInexploitable).with("defaut", defect)
        case .unacceptable(let defect): begin(.reponseIrrecevable, .error).with("defaut", defect)
        case .unknownKey: begin(.cleInconnue, .error)
        case .misconfigured(let fault):
            begin(.passerelleMalConfiguree, .error).with("defaut", fault)
        case .failed(let status): begin(.panne).with("statut", status)
        case .unreachable: begin(.injoignable)
        case .timedOut: begin(.tropLent)
        }
    }
}
