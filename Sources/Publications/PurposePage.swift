package import Policies
package import Vocabulary

/// What the page of a purpose shows in the API's own words.
package struct PurposeExamples: Sendable {
    /// One request that works, laid out for people.
    package struct Request: Sendable {
        package let mode: Mode
        /// The body of an exchange; where a token goes, it says `$JETON`.
        package let exchange: String
        /// The body of its dry run.
        package let explanation: String

        package init(mode: Mode, exchange: String, explanation: String) {
            self.mode = mode
            self.exchange = exchange
            self.explanation = explanation
        }
    }

    package let requests: [Request]
    /// What an answer looks like, nil where nothing may be asked.
    package let answer: String?
    /// What a refusal looks like, nil where none is expected.
    package let refusal: String?

    package init(requests: [Request], answer: String?, refusal: String?) {
        self.requests = requests
        self.answer = answer
        self.refusal = refusal
    }
}

/// The page from which a developer asks for the first time, and a jurist reads what may be asked.
package struct PurposePage: Sendable {
    let description: PurposeDescription
    let examples: PurposeExamples
    let refusals: [ExpectedRefusal]
    let links: PublishedLinks

    package init(
        _ description: PurposeDescription, examples: PurposeExamples, in policies: PolicySet,
        _ links: PublishedLinks
    ) {
        self.description = description
        self.examples = examples
        self.links = links
        refusals = description.expectedRefusals(in: policies)
    }

    var policy: Policy { description.policy }
    var origin: PublishedDocument { .purposePage(policy.id) }

    /// The page.
    package var html: String {
        publishedPage(policy.title) { writer in
            state(to: &writer)
            essentials(to: &writer)
            fields(to: &writer)
            periods(to: &writer)
            if policy.state == .active {
                requests(to: &writer)
                answer(to: &writer)
                expected(to: &writer)
            }
            references(to: &writer)
        }
    }

    private func state(to writer: inout HTMLWriter) {
        writer.element("p") { writer in
            writer.element("code", policy.id.text)
            writer.escaped(typeset(", version \(policy.version), "))
            writer.element("strong", policy.state.inWords)
        }
        let warning: String? =
            switch policy.state {
            case .active where description.habilitations.isEmpty:
                "Aucune habilitation n'est en cours : toute demande est refusée."
            case .active: nil
            case .brouillon: "Cette finalité n'est qu'un brouillon : toute demande est refusée."
            case .suspendue: "Cette finalité est suspendue : toute demande est refusée."
            case .retiree: "Cette finalité est retirée : toute demande est refusée."
            }
        if let warning { writer.element("p", [("class", "etat")], typeset(warning)) }
    }

    private func essentials(to writer: inout HTMLWriter) {
        writer.element("h2", "L'essentiel")
        writer.element("dl") { writer in
            writer.definition("Démarche", ["\(policy.demarche), étape : \(policy.step.inWords)"])
            writer.definition("Service qui demande", [description.serviceName])
            writer.definition("Type d'échange", [policy.kind.inWords])
            writer.definition(
                "Base légale",
                policy.legalBases.map {
                    $0.inWords + ($0.isToConfirm ? " (référence à confirmer)" : "")
                } + ["RGPD, \(legalGround(policy))"])
            writer.definition(
                "Destinataires habilités",
                policy.habilitations.map { habilitation in
                    let ended = habilitation.to < description.day ? " (terminée)" : ""
                    return
                        "\(description.name(of: habilitation)), SIRET \(habilitation.recipient.text)"
                        + " : \(habilitation.number), du \(habilitation.from.inWords) au "
                        + "\(habilitation.to.inWords)\(ended)"
                })
            writer.definition("Identification de l'usager", description.modes.map(modeInWords))
            writer.definition(
                "Rôles admis dans le dossier",
                [
                    listInWords(
                        DossierRole.allCases.filter { policy.roles.contains($0) }.map(\.rawValue))
                ].filter { !$0.isEmpty })
            writer.definition("Conservation", [description.retentionInWords])
            writer.definition("Bornes", policy.bounds.inWords)
            writer.definition("Obligations du service", policy.obligations.map(\.inWords))
            writer.definition("Contact", [policy.contact])
            writer.definition("Relue par", [policy.reviewer])
            writer.definition("Empreinte de la finalité (SHA-256)", [policy.hash])
        }
    }

    private func modeInWords(_ mode: Mode) -> String {
        let initiators = listInWords(description.initiators(in: mode).map(\.rawValue), last: "ou")
        switch mode {
        case .franceconnect:
            let rule = policy.modes[mode]
            return
                "\(mode.inWords), niveau \(rule?.minimumLevel?.text ?? "eidas1") au moins, client "
                + "\(listInWords((rule?.clients ?? []).map(\.symbol), last: "ou")) ; initiateur : "
                + initiators
        case .identite:
            let needed = description.neededIdentifiers(in: mode).map(\.rawValue)
            let allowed = IdentifierKind.allCases.filter {
                policy.modes[mode]?.identifiers.contains($0) ?? false
            }
            let beside = allowed.map { kind in
                kind.rawValue
                    + (needed.contains(kind.rawValue) ? " (nécessaire à un détenteur)" : "")
            }
            return "\(mode.inWords) complète"
                + (beside.isEmpty ? "" : ", avec au besoin \(listInWords(beside))")
                + " ; initiateur : \(initiators)"
        }
    }

    private func fields(to writer: inout HTMLWriter) {
        writer.element("h2", "Ce qui peut être demandé")
        writer.element(
            "p",
            typeset(
                "Écrivez dans « champs » les noms de la première colonne, et seulement ceux dont "
                    + "le dossier a besoin. Tout autre champ est refusé."))
        writer.table(
            "Champs de la finalité",
            ["À écrire", "Ce que vous recevez", "Pourquoi", "Détenteur", "Sinon"]
        ) { rows in
            for offer in description.offers {
                let part = description.parts.first { $0.contract.id == offer.dataset }
                rows.row(
                    [
                        offer.request.text,
                        "\(offer.contract.label) : "
                            + offer.form.definition.received(of: offer.contract),
                        offer.rule.justification,
                        (part?.holderName ?? "") + unserved(offer),
                        description.fallback(of: offer)?.rawValue ?? "",
                    ], code: [0, 4])
            }
        }
        writer.element("dl") { writer in
            let composites = description.modes.flatMap { description.composites[$0] ?? [] }
            writer.definition(
                "Champs composés, admis tels quels", Set(composites).sorted().map(\.text))
            writer.definition("Champs interdits", policy.forbidden.map(\.text))
            let scopes = description.offers.filter { !description.scopes(of: $0).isEmpty }
            writer.definition(
                "Portées à demander à FranceConnect",
                scopes.map { offer in
                    "\(offer.request.text) : \(listInWords(description.scopes(of: offer), last: "ou"))"
                })
        }
    }

    /// In which modes of the purpose the holder does not serve a field.
    private func unserved(_ offer: FieldOffer) -> String {
        let modes = description.modes.filter { offer.refusals[$0] != nil }
        guard !modes.isEmpty else { return "" }
        return " (pas \(listInWords(modes.map(\.inWords), last: "ni")))"
    }

    private func periods(to writer: inout HTMLWriter) {
        writer.element("h2", "Pour quelles périodes")
        writer.table("Périodes de chaque jeu", ["Jeu", "Dans « periodes »"]) { rows in
            for part in description.parts {
                rows.row([part.contract.id.text, part.periods.boundsInWords], code: [0])
            }
        }
    }
}
