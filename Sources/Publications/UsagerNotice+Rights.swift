import Policies
import Vocabulary

// How the person is known, on which basis, for how long, and with which rights.
extension NoticeScope {
    var identification: UsagerNotice.Section {
        let modes = Mode.allCases.filter { mode in
            policy.modes[mode] != nil && (self.mode ?? mode) == mode
        }
        let isChoice = modes.count > 1
        var paragraphs = modes.map { mode in
            switch mode {
            case .franceconnect:
                (isChoice ? "Si vous vous connectez avec FranceConnect, l'identité" : "L'identité")
                    + " que FranceConnect a vérifiée est transmise à ces administrations, qui "
                    + "retrouvent ainsi votre dossier."
            case .identite:
                (isChoice ? "Sinon, l'identité" : "L'identité")
                    + " qui figure dans votre demande leur est transmise : noms, prénoms, sexe, "
                    + "date et lieu de naissance\(identifiers)."
            }
        }
        paragraphs.append(
            "Si l'identité ne concorde pas avec celle que tient une administration, elle ne donne "
                + "rien.")
        return UsagerNotice.Section("identite", "Comment êtes-vous reconnu ?", paragraphs)
    }

    private var identifiers: String {
        let kinds = IdentifierKind.allCases.filter {
            policy.modes[.identite]?.identifiers.contains($0) ?? false
        }
        guard !kinds.isEmpty else {
            return ""
        }
        return ", et si besoin \(listInWords(kinds.map(\.inWords), last: "ou"))"
    }

    var bases: UsagerNotice.Section {
        let receiving = Set(recipients.map(\.recipient))
        let own = policy.legalBases.filter { basis in
            basis.deliberation?.recipient.map { receiving.contains($0) } ?? true
        }
        let texts = own.map { basis in
            UsagerNotice.Line(
                basis.inWords + (basis.isToConfirm ? " (référence en cours de relecture)" : ""),
                link: basis.url)
        }
        let regulation = UsagerNotice.Line(
            "Règlement général sur la protection des données (RGPD), \(legalGround(policy))")
        return UsagerNotice.Section(
            "base_legale", "Quelles règles l'autorisent ?",
            groups: [UsagerNotice.Group(nil, texts + [regulation])])
    }

    var retention: UsagerNotice.Section {
        var paragraphs: [String] = []
        let reason = policy.retentionReason.withoutStop
        if policy.retentionDays == 0 {
            paragraphs.append("Vos données ne sont pas gardées. \(reason.capitalizedFirst).")
        } else {
            paragraphs.append(
                "Vos données sont gardées \(daysInWords(policy.retentionDays)) au plus : "
                    + "\(reason.lowercasedFirst).")
        }
        if policy.obligations.contains(.detruireApresUsage) {
            paragraphs.append(
                "Elles sont détruites dès qu'elles ont servi. Elles le sont aussi sans délai si "
                    + "vous n'avez pas droit à ce qui vous serait proposé, ou si vous vous opposez "
                    + "à l'échange.")
        }
        return UsagerNotice.Section(
            "duree", "Combien de temps sont-elles gardées ?", paragraphs)
    }

    var edits: UsagerNotice.Section {
        let fallbacks = Fallback.allCases.filter { fallback in
            offers.contains { $0.grants.values.contains { $0.fallback == fallback } }
        }
        return UsagerNotice.Section(
            "modification", "Et si vous modifiez une donnée ?",
            [
                "Vous pouvez corriger une donnée déjà remplie dans le formulaire. Dès que vous la "
                    + "modifiez, elle n'est plus certifiée par l'administration qui l'a donnée : "
                    + "elle devient votre propre déclaration.",
                "Si une donnée ne peut pas être obtenue, votre démarche continue : il vous sera "
                    + "proposé \(listInWords(fallbacks.map(\.inWords), last: "ou")).",
            ])
    }

    var rights: UsagerNotice.Section {
        let corrections = datasets.compactMap { dataset in
            policies.catalogue.documents[dataset]?.words?.correction
        }
        return UsagerNotice.Section(
            "droits", "Quels sont vos droits ?",
            groups: [
                UsagerNotice.Group(
                    nil,
                    [
                        UsagerNotice.Line(
                            "Voir vos données.",
                            detail: "Vous pouvez demander quelles données ont été reçues sur vous, "
                                + "et en avoir une copie."),
                        opposition,
                        UsagerNotice.Line(
                            "Suspendre leur usage.",
                            detail: "Vous pouvez demander que vos données ne soient plus "
                                + "utilisées le temps de vérifier ce que vous contestez."),
                        UsagerNotice.Line(
                            "Savoir qui a demandé quoi.",
                            detail: "Chaque échange laisse une trace, sans vos données. Elle est "
                                + "gardée 36 mois, et vous pouvez demander à la voir." + receipt),
                    ].compactMap(\.self)),
                UsagerNotice.Group(
                    "Faire corriger une erreur, auprès de qui tient la donnée",
                    corrections.map { UsagerNotice.Line($0) }),
            ])
    }

    private var receipt: String {
        policy.obligations.contains(.remettreRecu)
            ? " Le service vous remet aussi un reçu de l'échange." : ""
    }

    /// The right to object, where the purpose gives it.
    private var opposition: UsagerNotice.Line? {
        if isProactive || policy.obligations.contains(.accepterOpposition) {
            return UsagerNotice.Line(
                "Vous opposer.",
                detail: "Vous pouvez refuser cet échange, avant ou après. Vos données sont alors "
                    + "détruites sans délai.")
        }
        if policy.rgpdArticle == .consentement {
            return UsagerNotice.Line(
                "Retirer votre accord.", detail: "Vous pouvez le retirer à tout moment.")
        }
        guard policy.rgpdArticle == .missionPublique else {
            return nil
        }
        return UsagerNotice.Line(
            "Vous opposer.",
            detail: "Vous pouvez vous opposer à cet échange, pour une raison qui tient à votre "
                + "situation. Vous devrez alors fournir vous-même ces informations.")
    }

    var contacts: UsagerNotice.Section {
        let own = service?.dataProtection ?? service?.contacts.first ?? policy.contact
        return UsagerNotice.Section(
            "contact", "À qui écrire ?",
            [
                "Pour exercer ces droits, écrivez au service qui traite votre démarche : \(own).",
                "Si vous pensez que vos droits ne sont pas respectés, vous pouvez vous plaindre "
                    + "auprès de la CNIL, sur cnil.fr/plaintes ou par courrier : 3 place de "
                    + "Fontenoy, TSA 80715, 75334 Paris Cedex 07.",
            ])
    }
}

/// The article of the RGPD on which a purpose rests, with its meaning.
func legalGround(_ policy: Policy) -> String {
    let parts = policy.rgpdArticle.rawValue.split(separator: "-")
    return "article \(parts[0]), paragraphe \(parts[1]), point \(parts[2]) : "
        + policy.rgpdArticle.label
}

extension LegalBasis {
    /// The text as a person may look it up: no abbreviation, and who decided where it is an
    /// assembly.
    var inWords: String {
        let title =
            text.hasPrefix("CRPA,")
            ? "Code des relations entre le public et l'administration (CRPA)" + text.dropFirst(4)
            : text
        guard let deliberation else {
            return title
        }
        let number = deliberation.number.map { " n° \($0)" } ?? ""
        return "\(title) (\(deliberation.assembly)\(number), \(deliberation.date.inWords))"
    }
}

extension IdentifierKind {
    /// The identifier as a sentence says it.
    var inWords: String {
        switch self {
        case .numeroFiscal: "votre numéro fiscal"
        case .identifiantFranceTravail: "votre identifiant France Travail"
        case .ine: "votre identifiant national d'étudiant (INE)"
        }
    }
}

extension Fallback {
    /// What the form offers, as a sentence says it.
    var inWords: String {
        switch self {
        case .attestation: "de l'attester sur l'honneur"
        case .saisie: "de la saisir vous-même"
        case .piece: "de joindre un justificatif"
        case .verifierIdentite: "de vérifier l'identité saisie"
        case .reessayer: "de réessayer plus tard"
        }
    }
}
