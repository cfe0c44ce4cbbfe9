import Vocabulary

/// The words of a name: `dateNaissance`, `naisDate` and `DATE_NAISS` are all {date, naissance}.
///
/// Case, separators and digits part words; abbreviations that holders use are spelt out; a name
/// written in one piece is cut where known words meet.
struct Words: Sendable, Equatable {
    let all: [String]

    init(_ name: String) {
        all = Words.parts(of: name).flatMap { part -> [String] in
            if let whole = Words.meanings[part] { return whole }
            if Words.known.contains(part) { return [part] }
            return Words.cut(part[...], 0) ?? [Words.stem(part)]
        }.map(Words.stem)
    }

    /// Whether one of these is there.
    func has(_ words: String...) -> Bool {
        words.contains { all.contains(Words.stem($0)) }
    }

    /// Whether all of these are there.
    func hasAll(_ words: String...) -> Bool {
        words.allSatisfy { all.contains(Words.stem($0)) }
    }

    var set: Set<String> { Set(all).subtracting(Words.fillers) }

    private static let fillers: Set<String> = [
        "de", "du", "la", "le", "l", "d", "a", "des", "en", "demande", "usager", "personne",
        "individu",
    ]

    /// The parts of a name where its case, its separators or its digits change.
    private static func parts(of name: String) -> [String] {
        var parts: [String] = []
        var current = ""
        var wasLower = false
        let characters = Array(name.unicodeScalars)
        for (index, scalar) in characters.enumerated() {
            let letter = foldedToCapitals(String(scalar)).lowercased()
            let isLetter = scalar.properties.isAlphabetic && !letter.isEmpty
            let isUpper = scalar.properties.isUppercase
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            let beginsWord =
                isUpper && (wasLower || (!current.isEmpty && next?.properties.isLowercase == true))
            if !isLetter || beginsWord, !current.isEmpty {
                parts.append(current)
                current = ""
            }
            if isLetter { current += letter }
            wasLower = isLetter && !isUpper
        }
        if !current.isEmpty { parts.append(current) }
        return parts
    }

    /// A word without its plural and its feminine.
    static func stem(_ word: String) -> String {
        var word = word
        if word.count > 3, let last = word.last, "sx".contains(last) { word.removeLast() }
        if word.count > 4, word.last == "e" { word.removeLast() }
        return word
    }

    /// The known words that a text is made of, or nil.
    private static func cut(_ text: Substring, _ depth: Int) -> [String]? {
        if text.isEmpty { return [] }
        guard depth < 6, text.count <= 40 else { return nil }
        for length in stride(from: text.count, through: 2, by: -1) {
            let head = String(text.prefix(length))
            guard let meaning = meanings[head] ?? (known.contains(head) ? [head] : nil) else {
                continue
            }
            if let rest = cut(text.dropFirst(length), depth + 1) { return meaning + rest }
        }
        return nil
    }

    /// What abbreviations and English words of holders' APIs stand for.
    private static let meanings: [String: [String]] = [
        "nais": ["naissance"], "naiss": ["naissance"], "birth": ["naissance"],
        "ddn": ["date", "naissance"], "dob": ["date", "naissance"],
        "birthdate": ["date", "naissance"], "birthplace": ["commune", "naissance"],
        "birthcountry": ["pays", "naissance"], "birthname": ["nom", "naissance"],
        "dt": ["date"], "dat": ["date"], "cd": ["code"], "cod": ["code"], "cp": ["code", "postal"],
        "dept": ["departement"], "dep": ["departement"], "dpt": ["departement"],
        "nm": ["nom"], "lastname": ["nom"], "surname": ["nom"], "family": ["nom"],
        "familyname": ["nom"], "famille": ["famille"], "prnm": ["prenom"],
        "firstname": ["prenom"], "given": ["prenom"], "forename": ["prenom"],
        "liste": ["liste"], "list": ["liste"], "sx": ["sexe"], "genre": ["sexe"],
        "gender": ["sexe"], "sex": ["sexe"], "country": ["pays"], "city": ["ville"],
        "year": ["annee"], "an": ["annee"], "annrev": ["annee", "revenus"], "month": ["mois"],
        "nb": ["nombre"], "nbre": ["nombre"], "count": ["nombre"], "nbpart": ["nombre", "parts"],
        "rfr": ["revenu", "fiscal", "reference"], "sit": ["situation"], "fam": ["familiale"],
        "pac": ["personnes", "charge"], "qf": ["quotient", "familial"],
        "usuel": ["usage"], "marital": ["usage"], "epouse": ["usage"], "nir": ["nir"],
        "montant": ["montant"], "mnt": ["montant"], "amount": ["montant"],
        "geo": ["geographique"], "start": ["debut"], "from": ["debut"], "end": ["fin"],
        "to": ["fin"], "until": ["fin"],
        "begin": ["debut"], "address": ["adresse"], "email": ["email"], "mail": ["email"],
        "phone": ["telephone"], "tel": ["telephone"], "children": ["enfants"], "child": ["enfant"],
        "status": ["statut"], "label": ["libelle"], "numero": ["numero"], "num": ["numero"],
        "number": ["numero"], "recipient": ["destinataire"], "postcode": ["code", "postal"],
        "zip": ["code", "postal"], "spi": ["spi"], "inscrit": ["inscrit"],
    ]

    private static let known: Set<String> = [
        "date", "naissance", "nom", "prenom", "prenoms", "usage", "sexe", "pays", "commune",
        "ville", "lieu", "departement", "code", "cog", "insee", "postal", "annee", "mois", "jour",
        "adresse", "voie", "libelle", "complement", "information", "numero", "fiscal", "quotient",
        "familial", "valeur", "debut", "fin", "contrat", "contrats", "enfant", "enfants", "revenu",
        "revenus", "reference", "nombre", "parts", "situation", "statut", "siret", "siren",
        "identifiant", "destinataire", "correlation", "request", "trace", "conjoint", "de", "du",
        "la", "le", "au", "des", "demande", "demandee", "dit", "geographique", "nature",
        "montant", "motif", "rupture", "etat", "civil", "personne", "individu", "premier", "charge",
        "telephone", "email", "fournisseur", "versement", "net", "social", "verse",
    ]
}
