import Vocabulary

/// What a parameter of a holder's request most likely is.
struct RequestGuess: Equatable {
    /// The template: `{identite.nom_naissance}`, or a constant.
    let template: String
    /// What a person must confirm, in French; nil where the name leaves no doubt.
    let doubt: String?

    init(_ template: String, doubt: String? = nil) {
        self.template = template
        self.doubt = doubt
    }
}

extension OpenAPIOperation.Parameter {
    /// What the parameter most likely is, by its name, its schema and its neighbours; nil where
    /// nothing can be said.
    func guess(among neighbours: [String]) -> RequestGuess? {
        if leaf.choices.count == 1, !Words(name).has("sexe") {
            return RequestGuess(leaf.choices[0])
        }
        let words = Words(name)
        return transport(words) ?? identifier(words) ?? nameGuess(words) ?? birth(words)
            ?? sexOrPlace(words, neighbours) ?? period(words)
    }

    private func transport(_ words: Words) -> RequestGuess? {
        let lowered = name.lowercased()
        if lowered.contains("franceconnect") { return RequestGuess("{jeton_franceconnect}") }
        if location == "header",
            words.has("correlation", "request", "trace", "transaction", "requete")
        {
            return RequestGuess("{echange}")
        }
        if words.has("destinataire") || (words.has("siret") && !words.has("employeur")) {
            return RequestGuess(
                "{destinataire}",
                doubt: words.has("siret") ? sure("le SIRET du destinataire de la donnée") : nil)
        }
        if words.has("finalite") { return RequestGuess("{finalite}") }
        return nil
    }

    private func identifier(_ words: Words) -> RequestGuess? {
        if words.has("spi") || words.hasAll("numero", "fiscal") {
            return RequestGuess("{identifiant.numero_fiscal}")
        }
        if words.all == ["ine"] || words.hasAll("numero", "ine") {
            return RequestGuess("{identifiant.ine}")
        }
        return nil
    }

    private func nameGuess(_ words: Words) -> RequestGuess? {
        if words.has("prenom") {
            let isWhole = name.lowercased().contains("prenoms") || words.has("liste")
            if isList { return RequestGuess("{identite.prenoms}", doubt: sure("une liste")) }
            return RequestGuess(isWhole ? "{identite.prenoms}" : "{identite.premier_prenom}")
        }
        guard words.has("nom"), !words.has("commune", "ville", "lieu", "pays") else { return nil }
        if words.has("usage") { return RequestGuess("{identite.nom_usage}") }
        let isPlain =
            words.has("naissance", "famille")
            || Words(leaf.description).hasAll("nom", "naissance")
        return RequestGuess(
            "{identite.nom_naissance}", doubt: isPlain ? nil : sure("le nom de naissance"))
    }

    private func birth(_ words: Words) -> RequestGuess? {
        guard words.has("naissance") else { return nil }
        if words.has("annee") { return RequestGuess("{identite.annee_naissance}") }
        if words.has("mois") { return RequestGuess("{identite.mois_naissance}") }
        if words.has("jour") { return RequestGuess("{identite.jour_naissance}") }
        guard words.has("date") else { return nil }
        switch DateWriting(leaf) {
        case .iso: return RequestGuess("{identite.date_naissance}")
        case .compact: return RequestGuess("{identite.date_naissance_jjmmaaaa}")
        case .slashed: return RequestGuess("{identite.date_naissance_barres}")
        case .compactYearFirst, .timestamp, nil:
            return RequestGuess(
                "{identite.date_naissance}", doubt: sure("une date écrite AAAA-MM-JJ"))
        }
    }

    private func sexOrPlace(_ words: Words, _ names: [String]) -> RequestGuess? {
        if words.has("sexe") {
            let choices = Set(leaf.choices)
            if choices.isSubset(of: ["1", "2"]), !choices.isEmpty {
                return RequestGuess("{identite.sexe_chiffre}")
            }
            return RequestGuess(
                "{identite.sexe}",
                doubt: !choices.isEmpty && choices.isSubset(of: ["M", "F"])
                    ? nil : sure("M ou F"))
        }
        if words.has("pays") { return RequestGuess("{identite.pays_naissance}") }
        if words.has("departement") { return RequestGuess("{identite.departement_naissance}") }
        guard words.has("commune", "ville", "lieu", "cog", "insee"), !words.has("nom") else {
            return nil
        }
        let hasDepartment = names.contains { Words($0).has("departement") }
        let isCode = words.has("code", "cog", "insee")
        return RequestGuess(
            hasDepartment
                ? "{identite.commune_naissance_locale}" : "{identite.commune_naissance}",
            doubt: isCode ? nil : sure("un code de commune, et non un nom"))
    }

    private func period(_ words: Words) -> RequestGuess? {
        if words.has("annee") { return RequestGuess("{periode.annee}") }
        if words.has("mois") { return RequestGuess("{periode.mois}") }
        if words.has("debut", "du") {
            return RequestGuess("{periode.du}", doubt: sure("un mois AAAA-MM"))
        }
        if words.has("fin", "au") {
            return RequestGuess("{periode.au}", doubt: sure("un mois AAAA-MM"))
        }
        if words.has("date") {
            return RequestGuess("{periode.date}", doubt: sure("le jour demandé"))
        }
        return nil
    }

    private func sure(_ what: String) -> String {
        "vérifiez que « \(brief(name)) » attend bien \(what)"
    }
}

/// How a holder writes a date, as far as its description shows.
enum DateWriting: String {
    case iso = "aaaa-mm-jj"
    case slashed = "jj/mm/aaaa"
    case compact = "jjmmaaaa"
    case compactYearFirst = "aaaammjj"
    case timestamp = "horodatage"

    init?(_ leaf: ShapeLeaf) {
        let evidence = leaf.evidence.lowercased()
        let example = leaf.exampleText
        if leaf.format == "date-time" {
            self = .timestamp
        } else if leaf.format == "date" {
            self = .iso
        } else if let writing = DateWriting(example: example) {
            self = writing
        } else if ["jjmmaaaa", "ddmmyyyy"].contains(where: evidence.contains) {
            self = .compact
        } else if ["aaaammjj", "yyyymmdd"].contains(where: evidence.contains) {
            self = .compactYearFirst
        } else if ["jj/mm/aaaa", "dd/mm/yyyy"].contains(where: evidence.contains) {
            self = .slashed
        } else if ["aaaa-mm-jj", "yyyy-mm-dd"].contains(where: evidence.contains) {
            self = .iso
        } else {
            return nil
        }
    }

    /// How an example is written; eight digits that may be either order say nothing.
    private init?(example: String) {
        let bytes = Array(example.utf8)
        let isDigit = { (byte: UInt8) in (48...57).contains(byte) }
        if bytes.count == 8, bytes.allSatisfy(isDigit) {
            let first = Int(example.prefix(4)) ?? 0
            let last = Int(example.suffix(4)) ?? 0
            let isYear = 1850...2100
            guard isYear.contains(first) != isYear.contains(last) else { return nil }
            self = isYear.contains(last) ? .compact : .compactYearFirst
        } else if bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D {
            self = .iso
        } else if bytes.count == 10, bytes[2] == 0x2F, bytes[5] == 0x2F {
            self = .slashed
        } else if bytes.count >= 19, bytes[4] == 0x2D, bytes[10] == 0x54 {
            self = .timestamp
        } else {
            return nil
        }
    }
}
