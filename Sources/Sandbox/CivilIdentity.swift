/// Who someone is in the civil register, as far as the register knows.
struct CivilIdentity: Sendable, Hashable {
    /// The sex that the register gives.
    enum Sex: String, Sendable {
        case feminine = "F"
        case masculine = "M"
        case unspecified = "indetermine"
    }

    let birthName: String
    let usageName: String?
    /// The given names, in the register's order; one may contain a space.
    let givenNames: [String]
    let birth: BirthDate
    let sex: Sex
    /// The country of birth (`99100` is France).
    let country: String
    /// The commune of birth, for those born in France.
    let commune: String?

    /// Someone born in France.
    static func born(
        _ birthName: String, _ givenNames: [String], _ birth: BirthDate, _ sex: Sex,
        in commune: String,
        usage: String? = nil
    ) -> CivilIdentity {
        CivilIdentity(
            birthName: birthName, usageName: usage, givenNames: givenNames, birth: birth, sex: sex,
            country: "99100", commune: commune)
    }

    /// Someone born in another country.
    static func bornAbroad(
        _ birthName: String, _ givenNames: [String], _ birth: BirthDate, _ sex: Sex,
        country: String, usage: String? = nil
    ) -> CivilIdentity {
        CivilIdentity(
            birthName: birthName, usageName: usage, givenNames: givenNames, birth: birth, sex: sex,
            country: country, commune: nil)
    }

    /// The name that the person is called by.
    var calledName: String { usageName ?? birthName }

    /// `1` for men, `2` for women, `0` where the register gives none.
    var digit: String {
        switch sex {
        case .masculine: "1"
        case .feminine: "2"
        case .unspecified: "0"
        }
    }
}

/// A birth date, possibly known in part: `1975`, `1992-11`, `1988-03-14`.
struct BirthDate: Sendable, Hashable, ExpressibleByStringLiteral {
    let year: String
    let month: String?
    let day: String?

    init(stringLiteral value: String) {
        let parts = value.split(separator: "-").map(String.init)
        year = parts.first ?? ""
        month = parts.count > 1 ? parts[1] : nil
        day = parts.count > 2 ? parts[2] : nil
    }

    /// As the register has it: `1992-11`.
    var text: String {
        [year, month, day].compactMap { $0 }.joined(separator: "-")
    }

    /// What is unknown as zeros: `1992-11-00`.
    var withZeros: String { "\(year)-\(month ?? "00")-\(day ?? "00")" }

    /// What is unknown completed with `01`, as FranceConnect does.
    var completed: String { "\(year)-\(month ?? "01")-\(day ?? "01")" }

    /// Whether the day, or the day and the month, are unknown.
    var isPartial: Bool { day == nil }
}
