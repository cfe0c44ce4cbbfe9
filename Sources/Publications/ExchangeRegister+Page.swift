import Policies
import Vocabulary

extension ExchangeRegister {
    /// The register as a page.
    package func page(_ links: PublishedLinks) -> String {
        let origin = PublishedDocument.register(.html)
        return publishedPage(ExchangeRegister.title) { writer in
            writer.element(
                "p", typeset("\(ExchangeRegister.ground). En vigueur le \(day.inWords)."))
            writer.element("p") { writer in
                writer.escaped(typeset("Le même registre pour les programmes : "))
                for format in [PublishedDocument.Format.json, .csv] {
                    if format == .csv { writer.escaped(", ") }
                    writer.link(
                        format.rawValue.uppercased(), to: .register(format), from: origin, links)
                }
                writer.escaped(typeset(" ; la liste des "))
                writer.link("finalités", to: .purposesPage, from: origin, links)
                writer.escaped(".")
            }
            if purposes.isEmpty { writer.element("p", typeset(ExchangeRegister.empty)) }
            for purpose in purposes {
                section(purpose, from: origin, links, to: &writer)
            }
        }
    }

    private func section(
        _ purpose: PurposeDescription, from origin: PublishedDocument, _ links: PublishedLinks,
        to writer: inout HTMLWriter
    ) {
        let policy = purpose.policy
        writer.element("section") { writer in
            writer.element("h2", typeset(policy.demarche))
            writer.element("p") { writer in
                writer.escaped(typeset("\(policy.title) ("))
                writer.link(policy.id.text, to: .purposePage(policy.id), from: origin, links)
                writer.escaped(").")
            }
            writer.element("dl") { writer in
                writer.definition("Administration demandeuse", [purpose.serviceName])
                writer.definition(
                    "Destinataires",
                    purpose.habilitations.map { habilitation in
                        "\(purpose.name(of: habilitation)), SIRET \(habilitation.recipient.text), "
                            + "habilitation \(habilitation.number), du \(habilitation.from.inWords) "
                            + "au \(habilitation.to.inWords)"
                    })
                writer.definition("Base légale", policy.legalBases.map(\.inWords))
                writer.definition("RGPD", [legalGround(policy)])
                writer.definition("Conservation", [purpose.retentionInWords])
            }
            writer.table("Données échangées", ["Administration qui détient", "Donnée", "Forme"]) {
                rows in
                for part in purpose.parts {
                    for offer in part.offers {
                        let form = offer.form.definition.limit ?? "la valeur"
                        rows.row([part.holderName, offer.contract.label, form])
                    }
                }
            }
        }
    }
}

extension PurposeDescription {
    /// How long the data may be kept.
    var retentionInWords: String {
        let reason = policy.retentionReason.withoutStop.lowercasedFirst
        return policy.retentionDays == 0
            ? "aucune : \(reason)" : "\(daysInWords(policy.retentionDays)) au plus : \(reason)"
    }
}
