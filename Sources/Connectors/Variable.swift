import Vocabulary

/// A variable that a connector's template may name; the list is closed.
enum Variable: Hashable, Sendable {
    case identity(IdentityProjection)
    case identifier(IdentifierKind)
    case period(PeriodPart)
    case today
    case recipient
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
        case .period, .today, .recipient, .exchange, .purpose, .clientID: false
        }
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
        + ["jour", "destinataire", "echange", "finalite", "jeton_franceconnect"]
}

/// A way of writing one part of the pivot.
enum IdentityProjection: String, CaseIterable, Sendable {
    case birthName = "nom_naissance"
    case usageName = "nom_usage"
    case firstGivenName = "premier_prenom"
    /// All given names, parted by spaces.
    case givenNames = "prenoms"
    /// `AAAA-MM-JJ`, with 00 for what is unknown.
    case birthDate = "date_naissance"
    /// `AAAA-MM-JJ`, with 01 for what is unknown.
    case birthDateCompleted = "date_naissance_completee"
    /// `jjmmaaaa`, with 00 for what is unknown.
    case birthDateCompact = "date_naissance_jjmmaaaa"
    /// `jj/mm/aaaa`, shortened to what is known.
    case birthDateSlashed = "date_naissance_barres"
    case birthYear = "annee_naissance"
    /// Two digits, 00 where unknown.
    case birthMonth = "mois_naissance"
    case birthDay = "jour_naissance"
    /// `M` or `F`.
    case sex = "sexe"
    /// `1` or `2`.
    case sexDigit = "sexe_chiffre"
    case birthCountry = "pays_naissance"
    /// Only for those born in France.
    case birthCommune = "commune_naissance"
    /// The département's three characters, `02A`, `029`, `974`; only for those born in France.
    case birthDepartment = "departement_naissance"
    /// The commune's code within its département; only for those born in France.
    case birthCommuneWithin = "commune_naissance_locale"

    func value(of pivot: PivotIdentity) -> String? {
        let date = pivot.birthDate
        let month = padded(date.month ?? 0, to: 2)
        let day = padded(date.day ?? 0, to: 2)
        let year = padded(date.year, to: 4)
        switch self {
        case .birthName: return pivot.birthName
        case .usageName: return pivot.usageName
        case .firstGivenName: return pivot.givenNames.first
        case .givenNames: return pivot.givenNames.joined(separator: " ")
        case .birthDate: return "\(year)-\(month)-\(day)"
        case .birthDateCompleted: return date.earliest?.text
        case .birthDateCompact: return day + month + year
        case .birthDateSlashed:
            let known = [date.day.map { _ in day }, date.month.map { _ in month }, year]
            return known.compactMap { $0 }.joined(separator: "/")
        case .birthYear: return year
        case .birthMonth: return month
        case .birthDay: return day
        case .sex: return pivot.sex == .indetermine ? nil : pivot.sex.rawValue
        case .sexDigit:
            switch pivot.sex {
            case .masculin: return "1"
            case .feminin: return "2"
            case .indetermine: return nil
            }
        case .birthCountry: return pivot.birthCountry
        case .birthCommune: return pivot.isBornInFrance ? pivot.birthCommune : nil
        case .birthDepartment: return communeParts(of: pivot)?.department
        case .birthCommuneWithin: return communeParts(of: pivot)?.commune
        }
    }

    /// The commune's code cut where its département ends: after 97x and 98x, else after two.
    private func communeParts(of pivot: PivotIdentity) -> (department: String, commune: String)? {
        guard pivot.isBornInFrance, let code = pivot.birthCommune, code.utf8.count == 5 else {
            return nil
        }
        let isOverseas = code.hasPrefix("97") || code.hasPrefix("98")
        let department = String(code.prefix(isOverseas ? 3 : 2))
        return (isOverseas ? department : "0" + department, String(code.suffix(isOverseas ? 2 : 3)))
    }
}

/// A part of the period that is asked for.
enum PeriodPart: String, CaseIterable, Sendable {
    case year = "annee"
    /// Two digits.
    case month = "mois"
    case date
    /// `AAAA-MM`
    case from = "du"
    case to = "au"

    func value(of period: Period?) -> String? {
        switch (self, period) {
        case (.year, .year(let year)): padded(year, to: 4)
        case (.year, .month(let month)): padded(month.year, to: 4)
        case (.month, .month(let month)): padded(month.month, to: 2)
        case (.date, .date(let date)), (.date, .dateAndMonths(let date, _, _)): date.text
        case (.from, .months(let from, _)), (.from, .dateAndMonths(_, let from, _)): from.text
        case (.to, .months(_, let to)), (.to, .dateAndMonths(_, _, let to)): to.text
        default: nil
        }
    }
}

func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
