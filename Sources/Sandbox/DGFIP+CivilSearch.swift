/// The criteria of R2P's search by civil status.
struct CivilSearch {
    let name: String
    let given: String
    let sex: String?
    /// As typed: `AAAA`, `MM/AAAA` or `JJ/MM/AAAA`.
    let birth: [String]
    let country: String?
    let department: String?
    let commune: String?

    /// Reads the criteria; `nil` where one is not written as R2P documents it.
    init?(_ request: DoubleRequest, name: String, given: String) {
        let sex = request.parameter("sexe")
        guard sex == nil || sex == "1" || sex == "2",
            // The département and the commune have three characters each.
            ["naisCodeDept", "naisCodeCommune"].allSatisfy({ name in
                request.parameter(name).map { $0.utf8.count == 3 } ?? true
            })
        else { return nil }
        self.name = folded(name)
        self.given = folded(given)
        self.sex = sex
        birth =
            request.parameter("naisDate")?
            .split(separator: "/", omittingEmptySubsequences: false).map(String.init) ?? []
        country = request.parameter("naisCodePays")
        department = request.parameter("naisCodeDept").map(Self.withoutLeadingZero)
        commune = request.parameter("naisCodeCommune")
    }

    /// Whether someone of that name is the one searched for.
    func matches(_ identity: CivilIdentity) -> Bool {
        isGivenPrefix(given, of: identity.givenNames)
            && (sex == nil || identity.sex == .unspecified || sex == identity.digit)
            && matchesBirth(identity.birth)
            && (country == nil || country == identity.country)
            && matchesPlace(identity.commune)
    }

    private func matchesBirth(_ held: BirthDate) -> Bool {
        let parts = [held.day ?? "00", held.month ?? "00", held.year]
        return birth == Array(parts.suffix(birth.count))
            || (birth.isEmpty && !held.year.isEmpty)
    }

    private func matchesPlace(_ held: String?) -> Bool {
        guard let department else { return true }
        guard let held else { return department == "99" }
        let isOverseas = held.hasPrefix("97") || held.hasPrefix("98")
        let holding = Self.withoutLeadingZero(String(held.prefix(isOverseas ? 3 : 2)))
        guard department == holding else { return false }
        return commune == nil || commune.map(held.hasSuffix) == true
    }

    private static func withoutLeadingZero(_ text: String) -> String {
        let trimmed = text.uppercased().drop { $0 == "0" }
        return String(trimmed)
    }
}

/// Whether folded given names are the first ones of someone's, whole names only.
func isGivenPrefix(_ asked: String, of givenNames: [String]) -> Bool {
    var held = ""
    for name in givenNames {
        held += (held.isEmpty ? "" : " ") + folded(name)
        if held == asked { return true }
    }
    return false
}
