package import Policies
package import Vocabulary

extension Period {
    /// The period as a sentence says it: « année 2024 ».
    package var inWords: String {
        switch self {
        case .year(let year): "année \(year)"
        case .month(let month): month.inWords
        case .date(let date): "le \(date.inWords)"
        case .months(let from, let to): Period.stretch(from, to)
        case .dateAndMonths(let date, let from, let to):
            "le \(date.inWords), et \(Period.stretch(from, to)) pour les paiements"
        }
    }

    private static func stretch(_ from: YearMonth, _ to: YearMonth) -> String {
        from == to ? from.inWords : "de \(from.inWords) à \(to.inWords)"
    }
}

extension PeriodRule {
    /// Which period is usual, as the persons concerned are told.
    package func usualInWords(paymentsOnly: Bool = false, withPayments: Bool = true) -> String {
        var parts: [String] = []
        if let year { parts.append(Self.yearsBack(year)) }
        if let month { parts.append(Self.monthsBack(month)) }
        if date != nil, !paymentsOnly { parts.append("à la date de la demande") }
        if let months, withPayments {
            let length = countInWords(months.usualLength)
            let stretch =
                months.usualLength == 1 ? "le dernier mois" : "les \(length) derniers mois"
            parts.append(date != nil && !paymentsOnly ? "\(stretch) pour les paiements" : stretch)
        }
        return parts.joined(separator: ", et ")
    }

    private static func yearsBack(_ rule: Back) -> String {
        let years = (rule.least...rule.most).map { back in
            back == 0
                ? "de cette année"
                : back == 1 ? "de l'an dernier" : "d'il y a \(countInWords(back)) ans"
        }
        return "revenus " + listInWords(years, last: "ou")
    }

    private static func monthsBack(_ rule: Back) -> String {
        let usual =
            switch rule.usual {
            case 0: "le mois en cours"
            case 1: "le mois dernier"
            default: "le mois d'il y a \(countInWords(rule.usual)) mois"
            }
        guard rule.most > rule.usual else {
            return usual
        }
        let before = rule.most - rule.usual
        return usual
            + (before == 1
                ? ", ou celui d'avant" : ", ou l'un des \(countInWords(before)) mois d'avant")
    }

    /// Which periods may be asked, for a developer.
    package var boundsInWords: String {
        var parts: [String] = []
        if let year {
            let span = Self.span("N", year.least, year.most)
            parts.append(
                "« annee » : \(span), \(Self.back("N", year.usual)) par défaut (N est l'année en cours)"
            )
        }
        if let month {
            let span = Self.span("M", month.least, month.most)
            parts.append(
                "« mois » : \(span), \(Self.back("M", month.usual)) par défaut (M est le mois en cours)"
            )
        }
        if let date {
            let before = date.before == 0 ? nil : "jusqu'à \(date.before) jours avant"
            let after = date.after == 0 ? nil : "jusqu'à \(date.after) jours après"
            let around = [before, after].compactMap(\.self)
            parts.append(
                "« date » : "
                    + (around.isEmpty
                        ? "le jour même"
                        : "\(listInWords(around, last: "ou")), le jour même par défaut"))
        }
        if let months {
            parts.append(
                "« du » et « au » : \(months.greatestLength) mois au plus, commencés il y a "
                    + "\(months.oldest) mois au plus ; les \(months.usualLength) derniers mois "
                    + "entiers par défaut")
        }
        return parts.joined(separator: " ; ")
    }

    private static func span(_ now: String, _ least: Int, _ most: Int) -> String {
        least == most ? back(now, least) : "de \(back(now, least)) à \(back(now, most))"
    }

    private static func back(_ now: String, _ count: Int) -> String {
        count == 0 ? now : "\(now)-\(count)"
    }
}
