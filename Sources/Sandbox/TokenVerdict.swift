/// What FranceConnect says of a token to a holder that introspects it itself.
enum TokenVerdict: Sendable {
    /// FranceConnect does not answer, or answers nothing usable.
    case unavailable
    /// The token is unknown, over, or its session is closed.
    case inactive
    case active(personID: String, scopes: Set<String>)
}

/// How a holder asks FranceConnect about a token: its own registration, and milliseconds since the
/// Unix epoch.
typealias TokenJudge =
    @Sendable (_ token: String, _ holder: String, _ now: Int64) -> TokenVerdict
