/// How a field may leave: as its value, or only as an answer about it.
///
/// The list is closed, so that every policy terminates and can be compared with another.
package enum FormKind: String, CaseIterable, Sendable {
    /// The value itself.
    case valeur
    /// Whether the value reaches a bound that the policy names.
    case seuil
    /// In which bracket of the policy the value falls.
    case tranche
    /// Whether the holder has a value.
    case presence
    /// How many elements there are.
    case nombre
    /// How many persons are under an age, at a date.
    case nombreMoinsDe = "nombre_moins_de"
    /// The sum over the period.
    case somme
    /// The mean over the period.
    case moyenne
    /// Whether the interval that begins with this date covers a date.
    case enVigueur = "en_vigueur"
    /// The year of a date.
    case annee
    /// The age at a date, from a birth date.
    case age
    /// The first letter of a name.
    case initiale
}

/// A form as a request names it: `seuil`, or `seuil.plus` where a policy names several.
package struct FormKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let kind: FormKind
    package let name: String?

    package init(kind: FormKind, name: String? = nil) {
        self.kind = kind
        self.name = name
    }

    package static let value = FormKey(kind: .valeur)

    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let kind = FormKind(rawValue: String(parts[0])) else {
            return nil
        }
        guard parts.count == 1 || isCatalogueName(String(parts[1])) else { return nil }
        self.init(kind: kind, name: parts.count == 2 ? String(parts[1]) : nil)
    }

    package var text: String {
        guard let name else { return kind.rawValue }
        return "\(kind.rawValue).\(name)"
    }

    package var description: String { text }

    package static func < (left: FormKey, right: FormKey) -> Bool {
        left.text < right.text
    }
}

/// One field of a request, with the form that is asked: `champ` or `champ@forme`.
package struct FieldRequest: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let path: FieldPath
    package let form: FormKey

    package init(path: FieldPath, form: FormKey = .value) {
        self.path = path
        self.form = form
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let path = FieldPath(String(parts[0])) else {
            return nil
        }
        guard parts.count == 2 else {
            self.init(path: path)
            return
        }
        guard let form = FormKey(String(parts[1])) else { return nil }
        self.init(path: path, form: form)
    }

    /// The request as it is written: without a form where the value is asked.
    package var text: String {
        form == .value ? path.text : "\(path.text)@\(form.text)"
    }

    package var description: String { text }

    package static func < (left: FieldRequest, right: FieldRequest) -> Bool {
        left.text < right.text
    }
}
