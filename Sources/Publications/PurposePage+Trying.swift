import Policies
import Vocabulary

// The part of a purpose's page that a developer pastes.
extension PurposePage {
    func requests(to writer: inout HTMLWriter) {
        guard !examples.requests.isEmpty else { return }
        writer.element("h2", "Essayer")
        writer.element(
            "p",
            typeset(
                "Donnez d'abord au terminal l'adresse de la passerelle et la clé de votre "
                    + "service, que donne l'exploitant. La personne des exemples est inventée ; la "
                    + "démonstration la connaît."))
        writer.code("variables", "export PASSERELLE=https://…\nexport CLE=…")
        for request in examples.requests {
            let mode = request.mode
            writer.element("h3", typeset(mode.inWords.capitalizedFirst))
            writer.element(
                "p", typeset("Savoir d'avance ce qui serait permis, sans nommer personne :"))
            writer.code(
                "explication-\(mode.rawValue)",
                PurposePage.command("/v1/echanges/explication", request.explanation))
            if mode == .franceconnect {
                writer.element(
                    "p",
                    typeset(
                        "Échanger. Le jeton est celui de la session FranceConnect de l'usager : "
                            + "il vit 60 secondes."))
                writer.code("jeton", "export JETON=…")
            } else {
                writer.element("p", "Échanger.")
            }
            writer.code(
                "echange-\(mode.rawValue)",
                PurposePage.command("/v1/echanges", request.exchange))
        }
    }

    /// A command that a shell runs as it stands, once its variables are set.
    private static func command(_ path: String, _ body: String) -> String {
        """
        curl -s "$PASSERELLE\(path)" \\
          -H "Authorization: Bearer $CLE" \\
          -H 'Content-Type: application/json' \\
          --data-binary @- <<FIN
        \(body)
        FIN
        """
    }

    func answer(to writer: inout HTMLWriter) {
        guard let answer = examples.answer else { return }
        writer.element("h2", "À quoi ressemble la réponse")
        writer.element(
            "p",
            typeset(
                "Les valeurs sont inventées. Chaque champ demandé est dans « donnees » ou dans "
                    + "« manquants », avec le motif et ce que le formulaire fait à la place. Ce que "
                    + "l'usager modifie ensuite n'est plus certifié."))
        writer.code("reponse", answer)
    }

    func expected(to writer: inout HTMLWriter) {
        guard !refusals.isEmpty else { return }
        writer.element("h2", "Les refus à prévoir")
        writer.element(
            "p",
            typeset(
                "Un seul champ refusé refuse toute la demande (403) : le refus nomme chaque champ "
                    + "en cause, pourquoi, et ce qui est permis. L'explication dit la même chose "
                    + "que l'échange. « GET /v1/problemes » donne toutes les erreurs et tous les "
                    + "motifs."))
        writer.table(
            "Erreurs courantes", ["Si vous…", "Motif", "Ce que dit le refus", "Ce qui est permis"]
        ) { rows in
            for expected in refusals {
                rows.row(
                    [
                        expected.mistake, expected.refusal.reason.rawValue,
                        expected.refusal.reason.sentence, expected.refusal.alternative ?? "",
                    ], code: [1])
            }
        }
        if let refusal = examples.refusal {
            writer.element("p", typeset("Un refus se lit ainsi :"))
            writer.code("refus", refusal)
        }
    }

    func references(to writer: inout HTMLWriter) {
        writer.element("h2", "Références")
        let documents: [(String, PublishedDocument)] = [
            ("La notice à montrer à l'usager, en texte", .notice(policy.id)),
            ("La même en fragment HTML", .noticeFragment(policy.id)),
            ("La même en parties, en JSON", .noticeParts(policy.id)),
            ("La description OpenAPI de cette finalité seule", .openAPI(policy.id)),
            ("Le schéma JSON des demandes", .requestSchema(policy.id)),
            ("Le schéma JSON des réponses", .answerSchema(policy.id)),
            ("Cette page pour les programmes, en JSON", .description(policy.id)),
            ("L'accord ODRL (JSON-LD)", .agreement(policy.id)),
            ("La ligne du registre de l'article 30 du RGPD, en CSV", .processing(policy.id, .csv)),
            ("Le registre public des échanges", .register(.html)),
            ("Toutes les finalités", .purposesPage),
        ]
        writer.element("ul") { writer in
            for (name, document) in documents {
                writer.element("li") { $0.link(name, to: document, from: origin, links) }
            }
        }
    }
}

extension HTMLWriter {
    /// Writes a text that is to be copied as it stands.
    fileprivate mutating func code(_ id: String, _ content: String) {
        element("pre", [("tabindex", "0")]) { $0.element("code", [("id", id)], content) }
    }
}
