import Vocabulary

/// What a template may do with a variable.
enum VariableKind: Hashable, Sendable {
    /// A name or another text of words.
    case text
    /// The given names, one by one.
    case names
    /// A code, which no filter changes.
    case code
    /// Digits, perhaps with zeros before.
    case digits
    /// `AAAA-MM-JJ`, whole.
    case date
    /// `AAAA-MM`
    case month
}

/// A variable that a connector's template may name; the list is closed.
enum Variable: Hashable, Sendable {
    case identity(IdentityProjection)
    case identifier(IdentifierKind)
    case period(PeriodPart)
    case today
    case recipient
    /// The first nine digits of the recipient's SIRET.
    case recipientSiren
    case exchange
    case purpose
    case token
    /// What an earlier step kept.
    case kept(String)
    /// The client identifier, in the scope of a token request only.
    case clientID

    init?(_ name: String) {
        switch name {
        case "jour": self = .today
        case "destinataire": self = .recipient
        case "destinataire.siren": self = .recipientSiren
        case "echange": self = .exchange
        case "finalite": self = .purpose
        case "jeton_franceconnect": self = .token
        case "client_id": self = .clientID
        default:
            guard let dot = name.firstIndex(of: ".") else { return nil }
            let rest = String(name[name.index(after: dot)...])
            switch name[..<dot] {
            case "identite":
                guard let projection = IdentityProjection(rawValue: rest) else { return nil }
                self = .identity(projection)
            case "identifiant":
                guard let kind = IdentifierKind(rawValue: rest) else { return nil }
                self = .identifier(kind)
            case "periode":
                guard let part = PeriodPart(rawValue: rest) else { return nil }
                self = .period(part)
            case "etape":
                guard isCatalogueName(rest) else { return nil }
                self = .kept(rest)
            default: return nil
            }
        }
    }

    /// The name, as a connector writes it.
    var name: String {
        switch self {
        case .identity(let projection): "identite.\(projection.rawValue)"
        case .identifier(let kind): "identifiant.\(kind.rawValue)"
        case .period(let part): "periode.\(part.rawValue)"
        case .today: "jour"
        case .recipient: "destinataire"
        case .recipientSiren: "destinataire.siren"
        case .exchange: "echange"
        case .purpose: "finalite"
        case .token: "jeton_franceconnect"
        case .kept(let name): "etape.\(name)"
        case .clientID: "client_id"
        }
    }

    /// Whether the value says who the usager is.
    var namesPerson: Bool {
        switch self {
        case .identity, .identifier, .kept, .token: true
        case .period, .today, .recipient, .recipientSiren, .exchange, .purpose, .clientID: false
        }
    }

    /// What a template may do with it.
    var kind: VariableKind {
        switch self {
        case .identity(let projection): projection.kind
        case .period(let part): part.kind
        case .today: .date
        case .recipient, .recipientSiren: .digits
        case .identifier, .exchange, .purpose, .token, .kept, .clientID: .code
        }
    }

    /// The values that it can have, where there are few.
    var closedValues: [String]? {
        if case .identity(let projection) = self { projection.closedValues } else { nil }
    }

    /// Why nothing can be asked when the value is lacking.
    var reasonWhenAbsent: MissingReason {
        switch self {
        case .identity, .identifier: .nonCouvert
        case .kept: .personneInconnue
        default: .passerelleEnDefaut
        }
    }

    static let allNames: [String] =
        IdentityProjection.allCases.map { "identite.\($0.rawValue)" }
        + IdentifierKind.allCases.map { "identifiant.\($0.rawValue)" }
        + PeriodPart.allCases.map { "periode.\($0.rawValue)" }
        + [
            "jour", "destinataire", "destinataire.siren", "echange", "finalite",
            "jeton_franceconnect",
        ]
}

/// The values that the variables have for one question.
struct VariableValues {
    let question: HolderQuestion
    let kept: [String: Sensitive<String>]

    /// The texts of a variable: one, or one for each given name; nil without a value.
    func texts(_ variable: Variable) -> [String]? {
        if case .identity(let projection) = variable {
            return projection.texts(of: question.pivot.reveal())
        }
        return text(variable).map { [$0] }
    }

    private func text(_ variable: Variable) -> String? {
        switch variable {
        case .identity, .clientID: nil
        case .identifier(let kind): question.identifiers[kind]?.reveal()
        case .period(let part): part.value(of: question.period)
        case .today: question.today.text
        case .recipient: question.recipient.text
        case .recipientSiren: String(question.recipient.text.prefix(9))
        case .exchange: question.exchange.text
        case .purpose: question.purpose.text
        case .token: question.token?.reveal()
        case .kept(let name): kept[name]?.reveal()
        }
    }
}
