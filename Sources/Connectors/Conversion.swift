import JSONText
import Vocabulary

/// Which part of a text is the value.
enum TextPart: String, CaseIterable, Sendable {
    /// `75002` of `75002 PARIS`
    case postalCode = "code_postal"
    /// `PARIS` of `75002 PARIS`
    case town = "ville"
}

/// What a holder counts amounts in.
enum AmountUnit: String, CaseIterable, Sendable {
    case euros
    case cents = "centimes"
    case thousands = "milliers"

    /// The power of ten that makes euros of it.
    var exponent: Int {
        switch self {
        case .euros: 0
        case .cents: -2
        case .thousands: 3
        }
    }
}

/// How a holder writes numbers.
enum NumberWriting: String, CaseIterable, Sendable {
    /// `1234.5`
    case json
    /// `1 234,50`, with any of the spaces that part thousands, and a currency sign after it or not.
    case french = "francaise"

    /// The number that a text writes.
    func decimal(_ text: String) -> ExactDecimal? {
        switch self {
        case .json: return ExactDecimal(text)
        case .french:
            var plain = ""
            for scalar in text.unicodeScalars where !scalar.properties.isWhitespace {
                if scalar == "€" { continue }
                plain.unicodeScalars.append(scalar == "," ? "." : scalar)
            }
            return ExactDecimal(plain)
        }
    }
}

/// How a scalar of the answer becomes the value of a field.
struct Conversion: Sendable, Hashable {
    static let maximumTextBytes = 1000

    var type: FieldType
    var dateFormat = DateFormat.iso
    var unit = AmountUnit.euros
    var writing = NumberWriting.json
    /// For an enumeration or a text: the value for each text of the holder.
    var values: [String: String] = [:]
    var truths: Set<String> = []
    var falsehoods: Set<String> = []
    /// Texts of the holder that are reasons rather than values; those that write a number stand
    /// for it however it is written, so that `"0"` is `0.00` too.
    var reasons: [String: MissingReason] = [:]
    var part: TextPart?
    var whenAbsent = MissingReason.sansValeur
    var whenNull = MissingReason.sansValeur

    func reading(of scalar: RawScalar?) -> LeafReading {
        guard let scalar else { return .missing(whenAbsent) }
        guard let text = scalar.text else {
            return .missing(scalar == .null ? whenNull : .reponseIrrecevable)
        }
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else { return .missing(whenNull) }
        if let reason = reason(trimmed) { return .missing(reason) }
        switch value(trimmed, isNumber: scalar.isNumber) {
        case .none: return .missing(.reponseIrrecevable)
        case .some(.none): return .missing(whenNull)
        case .some(.some(let value)): return .value(Sensitive(value))
        }
    }

    private func reason(_ text: String) -> MissingReason? {
        if reasons.isEmpty { return nil }
        if let reason = reasons[text] { return reason }
        guard type == .entier || type == .decimal, let number = writing.decimal(text) else {
            return nil
        }
        return reasons.first { writing.decimal($0.key) == number }?.value
    }

    /// The value of a text that is not blank; the outer nil where it is of another type.
    private func value(_ text: String, isNumber: Bool) -> FieldValue?? {
        switch type {
        case .entier:
            guard let number = amount(text), number.scale == 0 else { return nil }
            return .some(.integer(number.units))
        case .decimal:
            return amount(text).map { .some(.decimal($0)) }
        case .booleen:
            if truths.contains(text) { return .some(.boolean(true)) }
            if falsehoods.contains(text) { return .some(.boolean(false)) }
            guard truths.isEmpty, falsehoods.isEmpty, text == "true" || text == "false" else {
                return nil
            }
            return .some(.boolean(text == "true"))
        case .texte: return self.text(text).map { .some(.text($0)) }
        case .enumeration: return values[text].map { .some(.text($0)) }
        case .date:
            guard let date = dateFormat.date(text, isNumber: isNumber) else { return nil }
            return .some(date.map { .date($0) })
        case .mois:
            guard let date = dateFormat.date(text, isNumber: isNumber) else { return nil }
            guard let date, let month = date.month,
                let known = YearMonth(year: date.year, month: month)
            else { return .some(nil) }
            return .some(.month(known))
        }
    }

    /// The number in euros, exactly.
    private func amount(_ text: String) -> ExactDecimal? {
        guard let number = writing.decimal(text) else { return nil }
        return number.scaled(byPowerOfTen: unit.exponent)
    }

    private func text(_ text: String) -> String? {
        guard text.utf8.count <= Conversion.maximumTextBytes,
            !text.unicodeScalars.contains(where: \.isControl)
        else { return nil }
        if let mapped = values[text] { return mapped }
        guard let part else { return text }
        let code = text.prefix { $0 != " " }
        let isCode = code.utf8.count == 5 && code.utf8.allSatisfy { (48...57).contains($0) }
        switch part {
        case .postalCode: return isCode ? String(code) : nil
        case .town: return isCode ? String(text.dropFirst(5)).trimmingSpaces : text
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is one of the control characters: C0, DEL and C1, which Unicode never adds to.
    fileprivate var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
}

extension RawScalar {
    /// The scalar that a document writes.
    init(_ node: JSONNode) {
        self =
            switch node.value {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .number(let number): .number(number.text)
            case .string(let text): .text(text)
            case .array, .object: .composite
            }
    }

    /// The scalar's text, whether the holder wrote a number or a string; nil for null and for no
    /// scalar.
    var text: String? {
        switch self {
        case .null, .composite: nil
        case .bool(let bool): bool ? "true" : "false"
        case .number(let text), .text(let text): text
        }
    }

    var isNumber: Bool {
        if case .number = self { true } else { false }
    }

    /// The scalar's text without the blanks around it, nil where nothing is left.
    var known: String? {
        guard let text = text?.trimmingSpaces, !text.isEmpty else { return nil }
        return text
    }
}

extension String {
    var trimmingSpaces: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        if first > 0x20, last > 0x20, first < 0x80, last < 0x80 { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}
