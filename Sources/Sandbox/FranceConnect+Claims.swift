import Cryptography

extension FranceConnect {
    /// The identity as the national register gives it back: always whole, never partial.
    static func identityClaims(_ identity: CivilIdentity) -> [Document.Member] {
        let given = identity.givenNames
        let claims: [(String, Document)] = [
            ("gender", .string(gender(identity.sex))),
            ("family_name", .string(identity.birthName.uppercased())),
            ("given_name", .string(given.joined(separator: " "))),
            ("given_name_array", .array(given.map { .string($0) })),
            ("birthdate", .string(identity.birth.completed)),
            ("birthplace", .string(identity.commune ?? "")),
            ("birthcountry", .string(identity.country)),
        ]
        return claims.map { Document.Member(name: $0.0, value: $0.1) }
    }

    /// The claims that some scopes open at the userinfo endpoint.
    static func claims(of person: Person, opened scopes: Set<String>) -> [Document.Member] {
        let pivot = [
            "given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace",
            "birthcountry",
        ]
        var names = scopes
        if scopes.contains("identite_pivot") { names.formUnion(pivot) }
        if scopes.contains("profile") {
            names.formUnion(pivot.prefix(5) + ["preferred_username"])
        }
        if scopes.contains("birth") { names.formUnion(pivot.suffix(2)) }
        if scopes.contains("given_name") { names.insert("given_name_array") }
        var claims = identityClaims(person.identity).filter { names.contains($0.name) }
        if names.contains("preferred_username"), let usage = person.identity.usageName {
            claims.append(Document.Member(name: "preferred_username", value: .string(usage)))
        }
        if names.contains("email") {
            claims.append(
                Document.Member(name: "email", value: .string("\(person.id)@courriel.example")))
        }
        if names.contains("idp_birthdate") {
            claims.append(
                Document.Member(
                    name: "idp_birthdate", value: .string(person.identity.birth.withZeros)))
        }
        return claims
    }

    /// The pairwise subject of a person for one client or data provider.
    func subject(of person: Person, for clientID: String) -> String {
        let identity = person.identity
        let traits =
            identity.givenNames.joined(separator: " ") + identity.birthName
            + identity.birth.completed + Self.gender(identity.sex) + (identity.commune ?? "")
            + identity.country
        let digest = sha256(Array(traits.utf8))
        return Hex.encode(sha256(Array(clientID.utf8) + digest + pepper)) + "v1"
    }

    private static func gender(_ sex: CivilIdentity.Sex) -> String {
        switch sex {
        case .feminine: "female"
        case .masculine: "male"
        case .unspecified: "unspecified"
        }
    }
}
