import Foundation
import Testing
import Vocabulary

/// Changes to a policy's document, of the kinds that its authors make.
enum DocumentChange {
    static func random(
        _ document: [String: Any], using random: inout SeededGenerator
    ) throws -> [String: Any] {
        var document = document
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            try change(&document, using: &random)
        }
        document["version"] = (document["version"] as? Int ?? 1) + 1
        return document
    }

    private static func change(
        _ document: inout [String: Any], using random: inout SeededGenerator
    ) throws {
        var fields = try #require(document["champs"] as? [[String: Any]])
        var habilitations = try #require(document["habilitations"] as? [[String: Any]])
        switch Int.random(in: 0..<11, using: &random) {
        case 0 where fields.count > 1: fields.remove(at: index(of: fields, using: &random))
        case 1: fields.append(other(than: fields, using: &random))
        case 2:
            let at = index(of: fields, using: &random)
            fields[at]["formes"] = [["forme": "presence"]]
        case 3: habilitations[0]["au"] = "2026-06-30"
        case 4 where habilitations.count > 1: habilitations.removeLast()
        case 5:
            habilitations.append([
                "numero": "DLNUF-2026-0999", "nom": "Commune nouvelle",
                "destinataire": "99900107600010",
                "delegataire": habilitations[0]["destinataire"]
                    ?? "", "du": "2025-01-01", "au": "2028-12-31",
            ])
        case 6: document["etat"] = ["active", "suspendue"].randomElement(using: &random)
        case 7: document["initiateurs"] = [["qualite": "usager"], ["qualite": "aidant"]]
        case 8: document["roles"] = ["demandeur", "conjoint", "enfant", "cohabitant"]
        case 9: document["modes"] = change(modes: document["modes"], using: &random)
        default: document["champs_interdits"] = [fields[0]["champ"] ?? ""]
        }
        document["champs"] = fields
        document["habilitations"] = habilitations
    }

    private static func index(
        of elements: [[String: Any]], using random: inout SeededGenerator
    ) -> Int {
        Int.random(in: 0..<max(1, elements.count), using: &random)
    }

    private static func other(
        than fields: [[String: Any]], using random: inout SeededGenerator
    ) -> [String: Any] {
        let known = Set(fields.compactMap { $0["champ"] as? String })
        let more = [
            "revenu_fiscal.nombre_parts", "statut_etudiant.est_inscrit",
            "demandeur_emploi.categorie", "quotient_familial.valeur",
        ]
        let name = more.filter { !known.contains($0) }.randomElement(using: &random)
        return [
            "champ": name ?? "revenu_fiscal.situation_partielle",
            "justification": "Une règle nouvelle de la démarche a besoin de ce champ.",
            "formes": [["forme": "valeur"], ["forme": "presence"]],
        ]
    }

    private static func change(
        modes: Any?, using random: inout SeededGenerator
    ) -> [String: Any] {
        var modes = modes as? [String: Any] ?? [:]
        if random.once(in: 2), modes.count > 1 {
            modes["identite"] = nil
        } else {
            modes["identite"] = ["identifiants": ["ine"]]
        }
        return modes
    }
}
