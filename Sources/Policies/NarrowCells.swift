import JSONText
import Vocabulary

/// A bound that a form lays across the values of a field: an answer tells on which side a value is.
struct Cut: Sendable {
    /// The bound, in units of 10⁻⁹.
    let bound: Int128
    /// Whether the bound itself lies below the cut rather than above it.
    let isAfter: Bool
    /// Which rule and form of which purpose lays it.
    let field: Int
    let form: Int

    /// The least value above the cut of a field of whole numbers, in units of 10⁻⁹.
    fileprivate var wholeBound: Int128 {
        let quotient = bound / Cut.unit
        let floor = bound % Cut.unit < 0 ? quotient - 1 : quotient
        let isWhole = floor * Cut.unit == bound
        return (isWhole && !isAfter ? floor : floor + 1) * Cut.unit
    }

    fileprivate static let unit: Int128 = 1_000_000_000

    /// Whether both part the values at the same place.
    func isSame(as other: Cut) -> Bool {
        bound == other.bound && isAfter == other.isAfter
    }

    /// The bound, as it would be written.
    fileprivate var text: String {
        let whole = bound.magnitude / UInt128(Cut.unit)
        var digits = String(bound.magnitude % UInt128(Cut.unit))
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return (bound < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : ",\(digits)")
    }
}

/// Two neighbouring cuts between which a value is as good as known.
///
/// That is when one value at most of a field of whole numbers lies between them, or when the
/// values between them differ by one hundredth of the greater bound at most.
struct NarrowCell {
    let lower: Cut
    let upper: Cut

    fileprivate init?(_ lower: Cut, _ upper: Cut, isWhole: Bool) {
        let least = isWhole ? lower.wholeBound : lower.bound
        let greatest = isWhole ? upper.wholeBound - Cut.unit : upper.bound
        guard least <= greatest else {
            return nil
        }
        let bound = max(least.magnitude, greatest.magnitude)
        guard (greatest - least).magnitude * 100 <= bound else {
            return nil
        }
        self.lower = lower
        self.upper = upper
    }

    /// The bounds, in words: « entre 1000 et 1001 ».
    var text: String { "entre \(lower.text) et \(upper.text)" }
}

extension FormDefinition {
    /// Where a form of a number cuts its values in two.
    fileprivate func cuts(field: Int, form: Int) -> [Cut] {
        switch self {
        case .seuil(let comparison, let bound):
            let isAfter = comparison == .plusDe || comparison == .auPlus
            return [Cut(bound: bound.nanos, isAfter: isAfter, field: field, form: form)]
        case .tranche(let brackets):
            return brackets.compactMap { bracket in
                bracket.from.map {
                    Cut(bound: $0.nanos, isAfter: false, field: field, form: form)
                }
            }
        default:
            return []
        }
    }
}

extension ExactDecimal {
    fileprivate var nanos: Int128 {
        (scale..<ExactDecimal.maximumScale).reduce(Int128(units)) { value, _ in value * 10 }
    }
}

extension FieldRule {
    /// Whether the field may also leave as it is, so that no bound could tell more.
    var opensValue: Bool { forms.contains { $0.definition == .valeur } }

    func cuts(field: Int) -> [Cut] {
        forms.indices.flatMap { forms[$0].definition.cuts(field: field, form: $0) }
    }
}

/// The narrow cells between cuts, in rising order; of several equal cuts each counts.
func narrowCells(_ cuts: [Cut], isWhole: Bool) -> [NarrowCell] {
    let sorted = cuts.sorted {
        ($0.bound, $0.isAfter ? 1 : 0, $0.field, $0.form)
            < ($1.bound, $1.isAfter ? 1 : 0, $1.field, $1.form)
    }
    return zip(sorted, sorted.dropFirst()).compactMap { lower, upper in
        lower.isSame(as: upper)
            ? nil : NarrowCell(lower, upper, isWhole: isWhole)
    }
}

extension Policy {
    /// Bounds of one purpose so close that their answers disclose the value.
    func narrowCells(_ catalogue: Catalogue) -> [PolicyRemark] {
        fields.indices.flatMap { index -> [PolicyRemark] in
            let rule = fields[index]
            guard !rule.opensValue, let leaf = catalogue.fields[rule.path] else {
                return []
            }
            let cells = Policies.narrowCells(
                rule.cuts(field: index), isWhole: leaf.type == .entier)
            return cells.map { cell in
                let isOneForm = cell.lower.form == cell.upper.form
                return PolicyRemark(
                    place: .form(field: index, form: cell.upper.form),
                    message: isOneForm
                        ? "Une tranche de « \(rule.path) » est si étroite, \(cell.text), "
                            + "qu'elle dit la valeur."
                        : "Deux formes de « \(rule.path) » disent ensemble la valeur "
                            + "\(cell.text) : il suffit de demander l'une, puis l'autre.",
                    remedy: isOneForm
                        ? "Élargissez-la, ou demandez la valeur et justifiez-la."
                        : "Gardez-en une, ou écartez leurs bornes.")
            }
        }
    }
}
