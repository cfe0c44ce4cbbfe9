import JSONText
import Vocabulary

// On what a purpose rests: the RGPD's article, texts of law, deliberations.
extension PolicyReader {
    static let textMembers = ["nature", "texte", "url", "a_confirmer"]
    static let deliberationMembers = [
        "nature", "texte", "url", "a_confirmer", "autorite", "date", "numero", "destinataire",
    ]

    mutating func rgpdArticle(_ object: JSONObjectPlace) -> RGPDArticle? {
        mistakes.required(object, "rgpd") { place throws(JSONMistake) in
            let text = try place.string()
            if text == "6-1-f" {
                throw place.mistake(
                    "L'intérêt légitime (6-1-f) n'est pas ouvert à une administration.",
                    remedy: "Une mission de service public se fonde sur 6-1-e, "
                        + "une obligation légale sur 6-1-c.")
            }
            guard let article = RGPDArticle(rawValue: text) else {
                let known = RGPDArticle.allCases.map { "\($0.rawValue) (\($0.label))" }
                throw place.mistake(
                    "« rgpd » ne nomme pas un point de l'article 6, paragraphe 1, du RGPD.",
                    remedy: "Choisissez parmi : \(known.joined(separator: ", ")).")
            }
            return article
        }
    }

    mutating func legalBases(_ object: JSONObjectPlace) -> [LegalBasis] {
        mistakes.filledList(object, "bases_legales", max: 20).compactMap { legalBasis($0) }
    }

    private mutating func legalBasis(_ place: JSONPlace) -> LegalBasis? {
        guard let kind = legalBasisKind(place),
            let basis = mistakes.object(
                place, kind == .texte ? Self.textMembers : Self.deliberationMembers)
        else {
            return nil
        }
        let text = mistakes.text(basis, "texte")
        let url = mistakes.optional(basis, "url", officialAddress)
        let isToConfirm = mistakes.flag(basis, "a_confirmer")
        let deliberation = kind == .texte ? nil : deliberation(basis)
        guard let text else {
            return nil
        }
        if kind == .texte, basis.optional("url") == nil, !isToConfirm {
            mistakes.add(
                place.mistake(
                    "On ne sait pas où lire ce texte : il n'a pas d'adresse.",
                    remedy: "Donnez « url », ou écrivez \"a_confirmer\": true en attendant."))
        }
        if isToConfirm {
            warn(
                place, "Cette base légale n'a pas été relue : \(shownText(text)).",
                remedy: "Relisez le texte, puis retirez « a_confirmer ».")
        }
        return LegalBasis(
            text: text, url: url, isToConfirm: isToConfirm, deliberation: deliberation)
    }

    /// The kind first, because it decides which members are known.
    private mutating func legalBasisKind(_ place: JSONPlace) -> LegalBasis.Kind? {
        guard let object = try? place.anyObject(), object.optional("nature") != nil else {
            return .texte
        }
        return mistakes.choice(object, "nature", LegalBasis.Kind.self)
    }

    private func officialAddress(_ place: JSONPlace) throws(JSONMistake) -> String {
        let url = try place.string(maxBytes: 300)
        guard url.hasPrefix("https://"), url.utf8.count > 8 else {
            throw place.mistake(
                "« \(place.path) » n'est pas une adresse https.",
                remedy: "Donnez l'adresse du texte sur un site officiel."
            )
        }
        return url
    }

    private mutating func deliberation(_ object: JSONObjectPlace) -> Deliberation? {
        let assembly = mistakes.text(object, "autorite", max: 200)
        let date = mistakes.date(object, "date")
        let number = mistakes.optional(object, "numero") { place throws(JSONMistake) in
            try place.string(maxBytes: 64)
        }
        let recipient = object.optional("destinataire").flatMap { _ in
            mistakes.siret(object, "destinataire")
        }
        guard let assembly, let date else {
            return nil
        }
        return Deliberation(assembly: assembly, date: date, number: number, recipient: recipient)
    }

    /// A deliberation for a recipient who has no habilitation serves nobody.
    mutating func checkDeliberations(
        _ bases: [LegalBasis], _ habilitations: [Habilitation], at object: JSONObjectPlace
    ) {
        let recipients = Set(habilitations.map(\.recipient))
        for basis in bases {
            if let recipient = basis.deliberation?.recipient, !recipients.contains(recipient) {
                mistakes.add(
                    (object.optional("bases_legales") ?? object.place).mistake(
                        "La délibération « \(shownText(basis.text)) » vaut pour un destinataire "
                            + "(\(recipient.text)) que la finalité n'habilite pas.",
                        remedy: "Ajoutez son habilitation, ou corrigez le SIRET."))
            }
        }
    }
}
