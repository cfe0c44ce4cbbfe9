import Foundation
import JSONText

/// What a published case must become, worked out from the case alone and in another way than the
/// connectors: with texts and Foundation's own folding.
struct PublishedExpectation {
    let outcome: String
    var values: [String: String] = [:]

    init(_ operation: Operation, _ published: PublishedCase, isWhole: Bool) throws {
        guard isWhole else {
            outcome = "refusé avant tout appel"
            return
        }
        guard published.status == 200 else {
            outcome = Self.failure(operation, published)
            return
        }
        switch operation {
        case .quotient, .quotientByToken:
            let persons = published.payload("data.allocataires")?.elements ?? []
            guard persons.count(where: { Self.isSame($0, published) }) == 1 else {
                outcome = "identite_discordante"
                return
            }
            values = Self.quotient(published)
        case .student:
            guard let person = published.payload("data.identite"), Self.isSame(person, published)
            else {
                outcome = "identite_discordante"
                return
            }
            values = Self.student(published)
        case .studentByToken, .studentByNumber: values = Self.student(published)
        case .status: values = Self.status(published)
        case .payments: values = Self.payments(published)
        }
        outcome = "obtenu"
    }

    private static func failure(_ operation: Operation, _ published: PublishedCase) -> String {
        let code = published.payload("errors")?[0]?["code"]?.string ?? ""
        switch (published.status, code.suffix(3)) {
        case (404, "003"):
            switch operation {
            case .quotient, .quotientByToken: return "non_detenu"
            case .student, .studentByToken, .studentByNumber: return "non_couvert"
            // The status comes first, and knows nobody of that number.
            case .status, .payments: return "personne_inconnue"
            }
        case (429, _): return "detenteur_quota"
        case (504, "002"): return "detenteur_trop_lent"
        default: return "detenteur_indisponible"
        }
    }

    // MARK: - Who

    /// Whether someone of the answer is the one whom the case asks about; the given names that the
    /// usager said come first among those of the answer.
    private static func isSame(_ person: JSONNode, _ published: PublishedCase) -> Bool {
        let given = plain(person["prenoms"]?.string ?? person["prenom"]?.string)
        let said = plain(published.givenNames?.joined(separator: " "))
        let first = plain(published.givenNames?.first)
        let isStudent = person["prenom"] != nil
        let agrees =
            given == said || (isStudent ? given == first : given.hasPrefix(said + " "))
        let sex = person["sexe"]?.string
        return agrees
            && plain(person["nom_naissance"]?.string) == plain(published.text("nomNaissance"))
            && person["date_naissance"]?.string == published.typedBirthDate
            && (sex == nil || sex == published.text("sexeEtatCivil"))
    }

    private static func plain(_ text: String?) -> String {
        (text ?? "").folding(
            options: [.diacriticInsensitive, .caseInsensitive], locale: Locale(identifier: "fr")
        )
        .uppercased().replacing("-", with: " ").replacing("'", with: " ")
    }

    // MARK: - What

    private static func quotient(_ published: PublishedCase) -> [String: String] {
        let children = published.payload("data.enfants")?.elements ?? []
        var values = [
            "nombre_enfants": String(children.count),
            "fournisseur": published.payload("data.quotient_familial.fournisseur")?.string ?? "",
        ]
        for name in ["valeur", "annee", "mois"] {
            let told = published.payload("data.quotient_familial.\(name)")?.integer
            values[name] = told.map { String($0) } ?? "non_calculable"
        }
        for (index, child) in children.enumerated() {
            values["enfants[\(index)].prenoms"] = child["prenoms"]?.string ?? "sans_valeur"
            values["enfants[\(index)].date_naissance"] = date(child["date_naissance"]?.string)
        }
        return values
    }

    private static func student(_ published: PublishedCase) -> [String: String] {
        let admissions = published.payload("data.admissions")?.elements ?? []
        var values: [String: String] = [:]
        var isEnrolled = false
        for (index, admission) in admissions.enumerated() {
            let end = admission["date_fin"]?.string ?? ""
            values["inscriptions[\(index)].date_fin"] = date(end)
            let has = admission["est_inscrit"]?.bool ?? false
            values["inscriptions[\(index)].est_inscrit"] = String(has)
            values["inscriptions[\(index)].etablissement.uai"] =
                admission["etablissement_etudes"]?["uai"]?.string ?? "sans_valeur"
            // Texts of that form sort as dates do, and no month has a 32nd.
            let begin = admission["date_debut"]?.string ?? "9999"
            isEnrolled = isEnrolled || (has && begin <= "2025-10-01" && "2025-10-01" <= end)
        }
        values["est_inscrit"] = String(isEnrolled)
        return values
    }

    private static func status(_ published: PublishedCase) -> [String: String] {
        let begin = published.payload("data.inscription.date_debut")?.string ?? "9999"
        let end = published.payload("data.inscription.date_fin")?.string ?? "9999"
        return [
            "est_inscrit": String(begin <= "2025-10-01" && "2025-10-01" <= end),
            "date_inscription": date(begin),
            "categorie": published.payload("data.inscription.categorie.code")?.integer
                .map { String($0) } ?? "sans_valeur",
            "contact.telephone": published.payload("data.contact.telephone")?.string
                ?? "sans_valeur",
        ]
    }

    private static func payments(_ published: PublishedCase) -> [String: String] {
        var values: [String: String] = [:]
        for (index, payment) in (published.payload("data.paiements")?.elements ?? []).enumerated() {
            values["indemnites[\(index)].date_versement"] = date(payment["date_versement"]?.string)
            if case .number(let amount)? = payment["montant_total"]?.value {
                values["indemnites[\(index)].montant_total"] =
                    amount.text.hasSuffix(".0") ? String(amount.text.dropLast(2)) : amount.text
            }
        }
        return values
    }

    /// A date as far as it is known: zeros are unknown, and so is a day that its month lacks.
    private static func date(_ text: String?) -> String {
        guard let text else { return "sans_valeur" }
        let parts = text.split(separator: "-").map(String.init)
        guard parts[0] != "0000" else { return "sans_valeur" }
        guard parts[1] != "00" else { return parts[0] }
        let month = "\(parts[0])-\(parts[1])"
        let reader = DateFormatter()
        reader.locale = Locale(identifier: "en_US_POSIX")
        reader.timeZone = TimeZone(identifier: "UTC")
        reader.dateFormat = "yyyy-MM-dd"
        reader.isLenient = false
        return parts[2] != "00" && reader.date(from: text) != nil ? text : month
    }
}

extension PublishedCase {
    /// The birth date that the case gives, as far as it gives it.
    var typedBirthDate: String? { typedIdentity?["date_naissance"]?.string }
}
