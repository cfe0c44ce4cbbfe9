import JSONText
import Vocabulary

// Who may use a purpose: habilitations, modes, initiators.
extension PolicyReader {
    static let habilitationMembers = [
        "numero", "nom", "destinataire", "delegataire", "du", "au",
    ]
    static let franceConnectMembers = ["niveau_minimum", "clients"]
    static let identityMembers = ["identifiants"]
    static let initiatorMembers = ["qualite", "modes", "motif"]

    mutating func habilitations(_ object: JSONObjectPlace) -> [Habilitation] {
        var habilitations: [Habilitation] = []
        for place in mistakes.filledList(object, "habilitations", max: 5000) {
            guard let entry = mistakes.object(place, Self.habilitationMembers) else {
                continue
            }
            let name = mistakes.optional(entry, "nom") { place throws(JSONMistake) in
                try place.string(maxBytes: 200)
            }
            let number = mistakes.text(entry, "numero", max: 64)
            let recipient = mistakes.siret(entry, "destinataire")
            let delegate = entry.optional("delegataire").flatMap { _ in
                mistakes.siret(entry, "delegataire")
            }
            let from = mistakes.date(entry, "du")
            let to = mistakes.date(entry, "au")
            guard let number, let recipient, let from, let to else {
                continue
            }
            let habilitation = Habilitation(
                number: number, name: name, recipient: recipient, delegate: delegate, from: from,
                to: to)
            check(habilitation, among: habilitations, at: place)
            habilitations.append(habilitation)
        }
        return habilitations
    }

    private mutating func check(
        _ habilitation: Habilitation, among others: [Habilitation], at place: JSONPlace
    ) {
        if habilitation.to < habilitation.from {
            mistakes.add(
                place.mistake(
                    "Cette habilitation finit avant de commencer.",
                    remedy: "Échangez « du » et « au », ou corrigez l'une des dates."
                )
            )
        }
        let overlapped = others.first { other in
            other.recipient == habilitation.recipient && other.delegate == habilitation.delegate
                && other.from <= habilitation.to && habilitation.from <= other.to
        }
        if let overlapped {
            mistakes.add(
                place.mistake(
                    "Deux habilitations du même destinataire se chevauchent : "
                        + "« \(shownText(overlapped.number)) » "
                        + "et « \(shownText(habilitation.number)) ».",
                    remedy: "Terminez l'une la veille du début de l'autre."
                )
            )
        }
        if let service, habilitation.delegate != service.siret,
            habilitation.recipient != service.siret
        {
            mistakes.add(
                place.mistake(
                    "Ni le destinataire ni le délégataire n'est le service lui-même.",
                    remedy: "Nommez le service (\(service.siret.text)) dans « delegataire »."
                )
            )
        }
    }

    mutating func modes(_ object: JSONObjectPlace) -> [Mode: ModeRule] {
        guard
            let place = mistakes.required(object, "modes", { place throws(JSONMistake) in place }),
            let modes = mistakes.object(place, Mode.allCases.map(\.rawValue))
        else {
            return [:]
        }
        var rules: [Mode: ModeRule] = [:]
        if let place = modes.optional(Mode.franceconnect.rawValue) {
            rules[.franceconnect] = franceConnectRule(place)
        }
        if let place = modes.optional(Mode.identite.rawValue),
            let rule = mistakes.object(place, Self.identityMembers)
        {
            rules[.identite] = ModeRule(
                minimumLevel: nil,
                clients: [],
                identifiers: Set(mistakes.choices(rule, "identifiants", IdentifierKind.self))
            )
        }
        if modes.members.isEmpty {
            mistakes.add(
                place.mistake(
                    "La finalité n'admet aucun mode.",
                    remedy: "Décrivez « franceconnect », « identite » ou les deux."
                )
            )
        }
        return rules
    }

    private mutating func franceConnectRule(_ place: JSONPlace) -> ModeRule? {
        // Beside a token, an identifier could only be a stranger's: none is ever admitted.
        guard let rule = mistakes.object(place, Self.franceConnectMembers) else {
            return nil
        }
        let level = mistakes.required(rule, "niveau_minimum") { place throws(JSONMistake) in
            guard let level = AssuranceLevel(try place.string()) else {
                throw place.mistake(
                    "« \(place.path) » n'est pas un niveau de garantie.",
                    remedy: "Écrivez eidas1, eidas2 ou eidas3."
                )
            }
            return level
        }
        var clients: [FranceConnectClient] = []
        for place in mistakes.filledList(rule, "clients", max: 20) {
            let symbol = mistakes.attempt { () throws(JSONMistake) in
                let symbol = try place.string(maxBytes: 70)
                guard symbol.hasPrefix("fc:"), isCatalogueName(String(symbol.dropFirst(3))) else {
                    throw place.mistake(
                        "« \(place.path) » n'est pas le nom d'un client FranceConnect.",
                        remedy: "Écrivez fc: puis un nom en minuscules, par exemple fc:cnaf."
                    )
                }
                return symbol
            }
            if let symbol { clients.append(FranceConnectClient(symbol: symbol)) }
        }
        return ModeRule(minimumLevel: level, clients: clients, identifiers: [])
    }

    mutating func initiators(
        _ object: JSONObjectPlace, modes: [Mode: ModeRule]
    ) -> [InitiatorRule] {
        var rules: [InitiatorRule] = []
        for place in mistakes.filledList(object, "initiateurs", max: 20) {
            guard let entry = mistakes.object(place, Self.initiatorMembers),
                let quality = mistakes.choice(entry, "qualite", InitiatorQuality.self)
            else {
                continue
            }
            let reason = mistakes.optional(entry, "motif") { place throws(JSONMistake) in
                try place.string(maxBytes: 400)
            }
            let own = mistakes.choices(entry, "modes", Mode.self)
            // Only the usager holds a FranceConnect session.
            let usual = quality == .usager ? Array(modes.keys) : [Mode.identite]
            let allowed = Set(own.isEmpty ? usual : own)
            if quality != .usager, allowed.contains(.franceconnect) {
                mistakes.add(
                    place.mistake(
                        "Seul l'usager agit avec un jeton FranceConnect.",
                        remedy: "Retirez « franceconnect » des modes de cet initiateur."
                    )
                )
            }
            if rules.contains(where: { $0.quality == quality }) {
                mistakes.add(
                    place.mistake(
                        "L'initiateur « \(quality.rawValue) » est décrit deux fois.",
                        remedy: "Réunissez ses modes dans une seule entrée."
                    )
                )
            }
            rules.append(InitiatorRule(quality: quality, modes: allowed, reason: reason))
        }
        return rules
    }
}
