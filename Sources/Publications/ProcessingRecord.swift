import JSONText
import Policies
import Vocabulary

/// A purpose as the line that its controller must keep under RGPD article 30.
package struct ProcessingRecord: Sendable {
    private let description: PurposeDescription

    package init(_ description: PurposeDescription) {
        self.description = description
    }

    /// What the line says, in the order of the article.
    private var members: [(name: String, values: [String])] {
        let policy = description.policy
        let categories = Set(description.offers.map(\.contract.dpvCategory))
        return [
            ("traitement", ["\(policy.demarche) : \(policy.title)"]),
            ("finalite", [policy.id.text]),
            ("version", [String(policy.version)]),
            ("responsables_de_traitement", recipients),
            ("sous_traitant", subcontractor),
            ("delegue_protection_donnees", [description.service?.dataProtection ?? policy.contact]),
            ("base_legale", [legalGround(policy)] + policy.legalBases.map(\.inWords)),
            ("categories_de_personnes", persons),
            (
                "categories_de_donnees",
                description.offers.map { offer in
                    let limit = offer.form.definition.limit.map { " (\($0))" } ?? ""
                    return offer.contract.label + limit
                }
            ),
            ("categories_dpv", categories.sorted()),
            ("sources", description.parts.map { "\($0.contract.label) : \($0.holderName)" }),
            ("destinataires", recipients),
            ("transferts_hors_union", ["aucun"]),
            ("duree_de_conservation", [description.retentionInWords]),
            ("mesures_de_securite", ProcessingRecord.measures),
            ("droits", ["accès", "rectification auprès du détenteur"] + objection),
        ]
    }

    private var recipients: [String] {
        description.habilitations.map { habilitation in
            "\(description.name(of: habilitation)) (SIRET \(habilitation.recipient.text))"
        }
    }

    /// The service where it asks for others.
    private var subcontractor: [String] {
        guard let service = description.service,
            description.habilitations.contains(where: { $0.recipient != service.siret })
        else { return [] }
        return ["\(service.name) (SIRET \(service.siret.text))"]
    }

    private var persons: [String] {
        let roles = DossierRole.allCases.filter { description.policy.roles.contains($0) }
        let own = roles.isEmpty ? ["usagers de la démarche"] : roles.map(\.inWords)
        let paths = description.offers.map(\.contract.path.text)
        let children = paths.contains { $0.contains(".enfants[]") } ? ["enfants du foyer"] : []
        let partners = paths.contains { $0.contains(".conjoint.") } ? ["conjoints"] : []
        return (own + children + partners).reduce(into: []) { all, one in
            if !all.contains(one) { all.append(one) }
        }
    }

    private var objection: [String] {
        let policy = description.policy
        let may = policy.kind == .proactif || policy.rgpdArticle == .missionPublique
        return may ? ["opposition", "limitation"] : ["limitation"]
    }

    private static let measures = [
        "décision champ par champ avant tout appel", "habilitations datées par destinataire",
        "identité comparée à celle du détenteur", "chiffrement des échanges (TLS)",
        "journal sans donnée, gardé 36 mois", "pseudonymes sous clé annuelle",
    ]

    /// The line for programs.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for member in members { writer.member(member.name, member.values) }
        }
        return writer.bytes
    }

    /// The line for a spreadsheet, under its header.
    package var csv: String {
        var writer = CSVWriter()
        writer.row(members.map(\.name))
        writer.row(members.map { $0.values.joined(separator: " | ") })
        return writer.text
    }
}

extension DossierRole {
    /// The role as a register says it.
    fileprivate var inWords: String {
        switch self {
        case .demandeur: "demandeurs"
        case .conjoint: "conjoints"
        case .enfant: "enfants"
        case .cohabitant: "cohabitants"
        }
    }
}
