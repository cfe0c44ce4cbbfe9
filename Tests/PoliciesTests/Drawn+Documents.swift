import Foundation
import JSONText
import Testing
import Vocabulary

@testable import Policies

// The documents of a drawn world, as an administration would write them, and the set that the real
// readers make of them.

/// A world whose documents the readers refuse: the drawing's mistake, or the reader's.
struct UnreadableWorld: Error, CustomStringConvertible {
    let description: String
}

extension DrawnWorld {
    /// Reads every document and indexes them.
    func policySet() throws -> PolicySet {
        let catalogue = Catalogue(
            try datasets.map { dataset in
                let reading = readDataset(try bytes(dataset.document), named: dataset.name)
                guard let document = reading.value else {
                    throw UnreadableWorld(description: "\(reading.mistakes.map(\.message))")
                }
                return document
            })
        let services = try services.map { service in
            let reading = readService(try bytes(service.document), named: service.name)
            guard let service = reading.value else {
                throw UnreadableWorld(description: "\(reading.mistakes.map(\.message))")
            }
            return service
        }
        let policies = try purposes.map { purpose in
            guard let id = PurposeID(purpose.id) else { throw UnreadableWorld(description: "nom") }
            let reading = readPolicy(
                try bytes(purpose.document), of: id, catalogue: catalogue, service: nil)
            guard let policy = reading.value else {
                throw UnreadableWorld(
                    description: "\(reading.mistakes.map { "\($0.path): \($0.message)" })")
            }
            return policy
        }
        return PolicySet(
            generation: "tirage", catalogue: catalogue, services: services, policies: policies,
            holders: holders)
    }

    private func bytes(_ document: [String: Any]) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: document))
    }
}

extension DrawnDataset {
    var document: [String: Any] {
        [
            "jeu": name, "libelle": "Jeu tiré au sort", "description": "Pour l'essai.",
            "detenteur": "Détenteur d'essai", "repli": fallback.rawValue,
            "periode": ["nature": kind.rawValue, "regle": rule.document],
            "champs": leaves.map { leaf in
                var field: [String: Any] = [
                    "champ": leaf.path.dropFirst(name.count + 1).description,
                    "type": leaf.type.rawValue, "libelle": "Champ d'essai",
                    "sensibilite": "courante", "categorie_dpv": "pd:Income",
                    "portees_franceconnect": leaf.scopes,
                ]
                if leaf.type == .enumeration { field["valeurs"] = ["a", "b"] }
                if let end = leaf.intervalEnd {
                    field["fin_intervalle"] = end.dropFirst(name.count + 1).description
                }
                return field
            },
        ]
    }
}

extension DrawnPeriods {
    var document: [String: Any] {
        var document: [String: Any] = [:]
        for (name, back) in [("annee", years), ("mois", monthsBack)] {
            guard let back else { continue }
            document[name] = [
                "recul_defaut": back[0], "recul_min": back[1], "recul_max": back[2],
            ]
        }
        if let days { document["date"] = ["jours_avant": days[0], "jours_apres": days[1]] }
        if let stretch {
            document["intervalle"] = [
                "mois_defaut": stretch[0], "mois_max": stretch[1], "anteriorite_max": stretch[2],
            ]
        }
        return document
    }
}

extension DrawnService {
    var document: [String: Any] {
        [
            "service": name, "nom": "Service d'essai", "siret": siret, "nature": "administration",
            "contacts": contacts,
        ]
    }
}

extension DrawnPurpose {
    var document: [String: Any] {
        var document: [String: Any] = [
            "finalite": id, "version": version, "etat": state, "intitule": "Finalité d'essai",
            "demarche": "Essayer", "etape": "instruction", "type": "demande", "rgpd": "6-1-e",
            "bases_legales": [
                [
                    "texte": "CRPA, article L114-8, I", "url": "https://www.legifrance.gouv.fr/",
                ]
            ],
            "habilitations": habilitations.map(\.document),
            "modes": modesDocument, "initiateurs": initiators.map(\.document),
            "roles": roles.map(\.rawValue), "champs": fields.map(\.document),
            "champs_interdits": forbidden, "periodes": periods.mapValues(\.document),
            "sans_concordance": withoutIdentity.map { ["jeu": $0, "motif": "Pour l'essai."] },
            "conservation": ["jours": retention, "motif": "Pour l'essai."],
            "obligations": ["informer_usager"], "categories_dpv": ["dpv:ServiceProvision"],
            "contact": contact, "relecteur": "Personne",
        ]
        if forbidden.isEmpty { document["champs_interdits"] = nil }
        return document
    }

    private var modesDocument: [String: Any] {
        var modes: [String: Any] = [:]
        if let franceConnect {
            modes["franceconnect"] = [
                "niveau_minimum": franceConnect.level.text, "clients": franceConnect.clients,
            ]
        }
        if let identity { modes["identite"] = ["identifiants": identity.map(\.rawValue)] }
        return modes
    }
}

extension DrawnHabilitation {
    var document: [String: Any] {
        var document: [String: Any] = [
            "numero": "ESSAI", "destinataire": recipient, "du": from.text, "au": to.text,
        ]
        document["delegataire"] = delegate
        return document
    }
}

extension DrawnInitiator {
    var document: [String: Any] {
        var document: [String: Any] = ["qualite": quality.rawValue]
        if !modes.isEmpty { document["modes"] = modes.map(\.rawValue) }
        return document
    }
}

extension DrawnField {
    var document: [String: Any] {
        var document: [String: Any] = [
            "champ": path, "justification": "La règle de l'essai a besoin de ce champ.",
            "formes": forms.map(\.document),
        ]
        document["repli"] = fallback?.rawValue
        return document
    }
}

extension DrawnForm {
    var document: [String: Any] {
        var document: [String: Any] = ["forme": kind.rawValue]
        document["nom"] = name
        document["comparaison"] = comparison
        document["borne"] = bound.map { NSDecimalNumber(string: $0.text) }
        document["ans"] = years
        if !brackets.isEmpty {
            document["tranches"] = brackets.map { bracket in
                var entry: [String: Any] = ["libelle": bracket.label]
                entry["a_partir_de"] = bracket.from.map { NSDecimalNumber(string: $0.text) }
                return entry
            }
        }
        return document
    }
}

extension DrawnRequest {
    /// The question that the request puts.
    func question() throws -> ExchangeQuestion {
        let recipient = try #require(Siret(recipient))
        let purpose = try #require(PurposeID(purpose))
        let service = try #require(ServiceID(service))
        return ExchangeQuestion(
            service: service, recipient: recipient, purpose: purpose, fields: fields,
            periods: Dictionary(
                uniqueKeysWithValues: periods.map { (DatasetID(checked: $0.key), $0.value) }),
            mode: mode,
            initiator: Initiator(quality: quality, agent: agent.map { Sensitive($0) }),
            role: role, now: now)
    }

    var document: [String: Any] {
        var document: [String: Any] = [
            "service": service, "destinataire": recipient, "finalite": purpose, "champs": fields,
            "mode": mode.rawValue, "qualite": quality.rawValue, "le": now.rfc3339,
            "periodes": periods.mapValues { period in
                var members: [String: Any] = [:]
                members["annee"] = period.year
                members["mois"] = period.month?.text
                members["date"] = period.date?.text
                members["du"] = period.from?.text
                members["au"] = period.to?.text
                return members
            },
        ]
        document["agent"] = agent
        document["role"] = role?.rawValue
        return document
    }
}

extension DrawnPerson {
    var facts: PersonFacts {
        switch mode {
        case .identite: .identity(identifiers: Set(identifiers))
        case .franceconnect:
            .franceConnect(
                client: client.map { FranceConnectClient(symbol: $0) }, level: level,
                scopes: Dictionary(
                    uniqueKeysWithValues: scopes.map { (HolderID(checked: $0.key), $0.value) }),
                identifiers: Set(identifiers))
        }
    }
}

/// A document as people read it.
func shown(_ document: [String: Any]) -> String {
    let data = try? JSONSerialization.data(
        withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "?"
}
