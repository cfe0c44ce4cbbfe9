import Vocabulary

/// A way of writing one part of the pivot.
enum IdentityProjection: String, CaseIterable, Sendable {
    case birthName = "nom_naissance"
    case usageName = "nom_usage"
    case firstGivenName = "premier_prenom"
    /// All given names: parted by spaces unless the template says otherwise.
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
    /// `M` or `F`; no value where civil status has neither.
    case sex = "sexe"
    /// `1` or `2`; no value where civil status has neither.
    case sexDigit = "sexe_chiffre"
    /// `M`, `F` or `indetermine`, for a correspondence that knows all three.
    case civilSex = "sexe_etat_civil"
    case birthCountry = "pays_naissance"
    /// Only for those born in France.
    case birthCommune = "commune_naissance"
    /// The département's three characters, `02A`, `029`, `974`; only for those born in France.
    case birthDepartment = "departement_naissance"
    /// The département as it is written, `2A`, `29`, `974`; only for those born in France.
    case birthDepartmentShort = "departement_naissance_court"
    /// The commune's code within its département; only for those born in France.
    case birthCommuneWithin = "commune_naissance_locale"
    /// The last three characters of the commune's code, which overseas repeat the last of the
    /// département: `974` and `411`; only for those born in France.
    case birthCommuneEnd = "commune_naissance_fin"

    /// The texts that it is made of: one, or one for each given name; nil without a value.
    func texts(of pivot: PivotIdentity) -> [String]? {
        if self == .givenNames { return pivot.givenNames }
        return text(of: pivot).map { [$0] }
    }

    private func text(of pivot: PivotIdentity) -> String? {
        switch self {
        case .birthName: pivot.birthName
        case .usageName: pivot.usageName
        case .firstGivenName: pivot.givenNames.first
        case .givenNames: pivot.givenNames.joined(separator: " ")
        case .birthDate, .birthDateCompleted, .birthDateCompact, .birthDateSlashed, .birthYear,
            .birthMonth, .birthDay:
            date(pivot.birthDate)
        case .sex: pivot.sex == .indetermine ? nil : pivot.sex.rawValue
        case .civilSex: pivot.sex.rawValue
        case .sexDigit:
            switch pivot.sex {
            case .masculin: "1"
            case .feminin: "2"
            case .indetermine: nil
            }
        case .birthCountry: pivot.birthCountry
        case .birthCommune: pivot.isBornInFrance ? pivot.birthCommune : nil
        case .birthDepartment: BirthPlace(pivot)?.paddedDepartment
        case .birthDepartmentShort: BirthPlace(pivot)?.department
        case .birthCommuneWithin: BirthPlace(pivot)?.commune
        case .birthCommuneEnd: BirthPlace(pivot).map { String($0.code.suffix(3)) }
        }
    }

    private func date(_ date: PartialDate) -> String? {
        let month = padded(date.month ?? 0, to: 2)
        let day = padded(date.day ?? 0, to: 2)
        let year = padded(date.year, to: 4)
        switch self {
        case .birthDate: return "\(year)-\(month)-\(day)"
        case .birthDateCompleted: return date.earliest?.text
        case .birthDateCompact: return day + month + year
        case .birthDateSlashed:
            let known = [date.day.map { _ in day }, date.month.map { _ in month }, year]
            return known.compactMap { $0 }.joined(separator: "/")
        case .birthMonth: return month
        case .birthDay: return day
        default: return year
        }
    }

    /// What a template may do with it.
    var kind: VariableKind {
        switch self {
        case .givenNames: .names
        case .birthName, .usageName, .firstGivenName: .text
        case .birthDateCompleted: .date
        case .birthYear, .birthMonth, .birthDay, .sexDigit: .digits
        case .birthDate, .birthDateCompact, .birthDateSlashed, .sex, .civilSex, .birthCountry,
            .birthCommune, .birthDepartment, .birthDepartmentShort, .birthCommuneWithin,
            .birthCommuneEnd:
            .code
        }
    }

    /// The values that it can have, where there are few.
    var closedValues: [String]? {
        switch self {
        case .sex: ["M", "F"]
        case .sexDigit: ["1", "2"]
        case .civilSex: Sex.allCases.map(\.rawValue)
        default: nil
        }
    }

    /// Whether it writes some part of the birth date.
    var tellsBirthDate: Bool {
        switch self {
        case .birthDate, .birthDateCompleted, .birthDateCompact, .birthDateSlashed, .birthYear,
            .birthMonth, .birthDay:
            true
        default: false
        }
    }
}

/// A commune of France cut where its département ends: after 97x and 98x, else after two.
private struct BirthPlace {
    let code: String
    let department: String
    let commune: String

    init?(_ pivot: PivotIdentity) {
        guard pivot.isBornInFrance, let code = pivot.birthCommune, code.utf8.count == 5 else {
            return nil
        }
        let isOverseas = code.hasPrefix("97") || code.hasPrefix("98")
        self.code = code
        department = String(code.prefix(isOverseas ? 3 : 2))
        commune = String(code.suffix(isOverseas ? 2 : 3))
    }

    var paddedDepartment: String { department.utf8.count == 3 ? department : "0" + department }
}
