import Cryptography
package import Exchanges
import HTTPMessages
import JSONText
import Journal
import Vocabulary

extension Answer {
    /// The answer's document: `donnees`, `sources`, `manquants`, `conservation`, `recu`.
    package func body() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("echange", exchange.text)
            writer.member("statut", state.rawValue)
            writer.key("donnees")
            AnswerTree(releases).write(to: &writer)
            writer.member("sources") { writer in
                for source in sources { source.write(to: &writer) }
            }
            writer.member("manquants") { writer in
                for leaf in releases.flatMap(\.missing) { leaf.write(to: &writer) }
            }
            if let retentionDays {
                writer.key("conservation")
                writer.object { $0.member("jours_max", retentionDays) }
            }
            writer.quotas(quotas)
            writer.key("recu")
            writer.object { writer in
                writer.member("indice", receipt.index)
                writer.member("empreinte", Hex.encode(receipt.leaf))
            }
        }
        return writer.bytes
    }
}

extension Source {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("jeu", dataset.text)
            writer.member("champs", fields)
            writer.member("detenteur", holder.text)
            writer.member("statut", status.rawValue)
            if let obtainedAt { writer.member("obtenu_le", obtainedAt.rfc3339) }
            if let period {
                writer.key("periode")
                period.write(to: &writer)
            }
            if let coverage { writer.member("couverture", coverage) }
            if let upToDate { writer.member("a_jour_au", upToDate.text) }
        }
    }
}

extension MissingLeaf {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("champ", text)
            writer.member("motif", reason.rawValue)
            if let retryAfterSeconds { writer.member("reessayer_apres_s", retryAfterSeconds) }
            writer.member("repli", fallback.rawValue)
        }
    }
}

extension Period {
    /// The period with the members of a request's `periodes`.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .year(let year):
                writer.member("annee", year)
            case .month(let month):
                writer.member("mois", month.text)
            case .date(let date):
                writer.member("date", date.text)
            case .months(let from, let to):
                writer.member("du", from.text)
                writer.member("au", to.text)
            case .dateAndMonths(let date, let from, let to):
                writer.member("date", date.text)
                writer.member("du", from.text)
                writer.member("au", to.text)
            }
        }
    }
}

extension FieldValue {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .integer(let integer): writer.value(integer)
        case .decimal(let decimal): writer.number(text: decimal.text)
        case .boolean(let boolean): writer.value(boolean)
        case .text(let text): writer.value(text)
        case .date(let date): writer.value(date.text)
        case .month(let month): writer.value(month.text)
        }
    }
}
