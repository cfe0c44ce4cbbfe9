import Vocabulary

/// A text with variables in braces: `DINUM - {finalite}`, `{identite.nom_naissance|ascii}`.
struct Template: Sendable, Hashable {
    enum Filter: String, CaseIterable, Sendable {
        case ascii
        case capitals = "majuscules"
    }

    enum Part: Sendable, Hashable {
        case text(String)
        case variable(Variable, [Filter])
    }

    /// Why a text is no template, in French.
    struct Malformed: Error {
        let message: String
        let remedy: String
    }

    let parts: [Part]

    init(_ text: String) throws(Malformed) {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw Malformed(
                    message: "Une accolade ouvrante n'est pas refermée.",
                    remedy: "Écrivez les variables comme {destinataire}.")
            }
            parts.append(try Template.variable(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        if rest.contains("}") {
            throw Malformed(
                message: "Une accolade fermante n'a pas d'ouvrante.",
                remedy: "Écrivez les variables comme {destinataire}.")
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    var variables: [Variable] {
        parts.compactMap { part in
            if case .variable(let variable, _) = part { variable } else { nil }
        }
    }

    /// The text with its variables' values, each passed through `encode`.
    func render(
        _ values: VariableValues, encode: (String) -> String = { $0 }
    ) throws(CallImpossible) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .variable(let variable, let filters):
                guard var value = values[variable], !value.isEmpty else {
                    throw CallImpossible(
                        reason: variable.reasonWhenAbsent, variable: variable.name)
                }
                for filter in filters {
                    switch filter {
                    case .ascii: value = transliterated(value)
                    case .capitals: value = value.uppercased()
                    }
                }
                result += encode(value)
            }
        }
        return result
    }

    private static func variable(_ text: Substring) throws(Malformed) -> Part {
        let names = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard let variable = Variable(names[0]) else {
            throw Malformed(
                message: "Cette variable n'existe pas.",
                remedy: "Choisissez parmi : \(Variable.allNames.joined(separator: ", ")).")
        }
        var filters: [Filter] = []
        for name in names.dropFirst() {
            guard let filter = Filter(rawValue: name) else {
                throw Malformed(
                    message: "Ce filtre n'existe pas.",
                    remedy: "Choisissez parmi : ascii, majuscules.")
            }
            filters.append(filter)
        }
        return .variable(variable, filters)
    }
}

/// The values that the variables have for one question.
struct VariableValues {
    let question: HolderQuestion
    let kept: [String: Sensitive<String>]

    subscript(_ variable: Variable) -> String? {
        switch variable {
        case .identity(let projection): projection.value(of: question.pivot.reveal())
        case .identifier(let kind): question.identifiers[kind]?.reveal()
        case .period(let part): part.value(of: question.period)
        case .today: question.today.text
        case .recipient: question.recipient.text
        case .exchange: question.exchange.text
        case .purpose: question.purpose.text
        case .token: question.token?.reveal()
        case .kept(let name): kept[name]?.reveal()
        case .clientID: nil
        }
    }
}
