import JSONText
package import Policies
package import Vocabulary

/// The register that CRPA L114-8, III wants public: which administrations exchange which data, on
/// which basis; made from what is in force on a day.
package struct ExchangeRegister: Sendable {
    /// The purposes in force on that day: active, with one habilitation at least.
    package let purposes: [PurposeDescription]
    package let day: CalendarDate
    package let generation: String

    package init(_ policies: PolicySet, on day: CalendarDate) {
        self.day = day
        generation = policies.generation
        purposes = policies.policies.filter { $0.state == .active }
            .compactMap { PurposeDescription(of: $0.id, in: policies, on: day) }
            .filter { !$0.habilitations.isEmpty }
    }

    // MARK: - JSON

    /// The register for programs.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("titre", ExchangeRegister.title)
            writer.member("fondement", ExchangeRegister.ground)
            writer.member("en_vigueur_le", day.text)
            writer.member("generation", generation)
            writer.member(
                "echanges",
                array: { writer in
                    for purpose in purposes { write(purpose, to: &writer) }
                })
        }
        return writer.bytes
    }

    private func write(_ purpose: PurposeDescription, to writer: inout JSONWriter) {
        let policy = purpose.policy
        writer.object { writer in
            writer.member("finalite", policy.id.text)
            writer.member("version", policy.version)
            writer.member("intitule", policy.title)
            writer.member("demarche", policy.demarche)
            writer.member("type", policy.kind.rawValue)
            writer.member(
                "administration_demandeuse",
                object: { writer in
                    writer.member("nom", purpose.serviceName)
                    writer.member("siret", ifPresent: purpose.service?.siret.text)
                })
            writer.member(
                "destinataires",
                array: { writer in
                    for habilitation in purpose.habilitations {
                        writer.object { writer in
                            writer.member("nom", purpose.name(of: habilitation))
                            writer.member("siret", habilitation.recipient.text)
                            writer.member("habilitation", habilitation.number)
                            writer.member("du", habilitation.from.text)
                            writer.member("au", habilitation.to.text)
                        }
                    }
                })
            writer.member(
                "donnees",
                array: { writer in
                    for part in purpose.parts { ExchangeRegister.write(part, to: &writer) }
                })
            writer.member("bases_legales", policy.legalBases.map(\.inWords))
            writer.member("rgpd", policy.rgpdArticle.rawValue)
            writer.member("conservation_jours_max", policy.retentionDays)
        }
    }

    private static func write(_ part: PurposeDescription.Part, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("jeu", part.contract.id.text)
            writer.member("libelle", part.contract.label)
            writer.member("administration_detentrice", part.holderName)
            writer.member(
                "champs",
                array: { writer in
                    for offer in part.offers {
                        writer.object { writer in
                            writer.member("champ", offer.request.text)
                            writer.member("libelle", offer.contract.label)
                            writer.member("forme", offer.form.key.text)
                        }
                    }
                })
        }
    }

    // MARK: - CSV

    /// The register for spreadsheets: one line for each recipient and data set.
    package var csv: String {
        var writer = CSVWriter()
        writer.row([
            "finalite", "version", "demarche", "intitule", "type", "administration_demandeuse",
            "siret_demandeur", "destinataire", "siret_destinataire", "habilitation", "du", "au",
            "administration_detentrice", "jeu_de_donnees", "champs", "bases_legales", "rgpd",
            "conservation_jours_max",
        ])
        for purpose in purposes {
            let policy = purpose.policy
            for habilitation in purpose.habilitations {
                for part in purpose.parts {
                    writer.row([
                        policy.id.text, String(policy.version), policy.demarche, policy.title,
                        policy.kind.rawValue, purpose.serviceName,
                        purpose.service?.siret.text ?? "", purpose.name(of: habilitation),
                        habilitation.recipient.text, habilitation.number, habilitation.from.text,
                        habilitation.to.text, part.holderName, part.contract.id.text,
                        part.offers.map(\.request.text).joined(separator: " | "),
                        policy.legalBases.map(\.inWords).joined(separator: " | "),
                        policy.rgpdArticle.rawValue, String(policy.retentionDays),
                    ])
                }
            }
        }
        return writer.text
    }

    static let title = "Registre des échanges de données entre administrations"
    static let ground =
        "Code des relations entre le public et l'administration, article L114-8, III"

    /// The notice's words for an empty register.
    static let empty = "Aucun échange n'est en vigueur ce jour-là."
}

extension PurposeDescription {
    /// The service's name, or its identifier where no document names it.
    package var serviceName: String { service?.name ?? policy.id.service.text }
}
