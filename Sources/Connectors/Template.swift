import Vocabulary

/// A text with variables in braces: `DINUM - {finalite}`, `{identite.nom_naissance|ascii}`.
struct Template: Sendable, Hashable {
    /// A variable, the ones that stand in for it, and what is done to its text.
    struct Use: Sendable, Hashable {
        let variable: Variable
        /// Those that are taken, in order, where it has no value.
        let alternatives: [Variable]
        let filters: [TextFilter]

        var variables: [Variable] { [variable] + alternatives }
    }

    enum Part: Sendable, Hashable {
        case text(String)
        case variable(Use)
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
            parts.append(.variable(try Template.use(rest[rest.index(after: open)..<close])))
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

    /// A template of parts that were checked.
    init(parts: [Part]) {
        self.parts = parts
    }

    var variables: [Variable] {
        parts.flatMap { part -> [Variable] in
            if case .variable(let use) = part { use.variables } else { [] }
        }
    }

    /// The only variable of a template that has nothing else.
    var single: Use? {
        guard parts.count == 1, case .variable(let use) = parts[0] else { return nil }
        return use
    }

    /// The text with its variables' values, each passed through `encode`.
    func render(
        _ values: VariableValues, encode: (String) -> String = { $0 }
    ) throws(CallImpossible) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .variable(let use):
                result += encode(try use.texts(values).joined(separator: use.separator))
            }
        }
        return result
    }

    private static func use(_ text: Substring) throws(Malformed) -> Use {
        let names = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let variable = try self.variable(names[0])
        var alternatives: [Variable] = []
        var filters: [TextFilter] = []
        for name in names.dropFirst() {
            if name.hasPrefix("ou:") {
                alternatives.append(try self.variable(String(name.dropFirst(3))))
                continue
            }
            guard let filter = TextFilter(name) else {
                throw Malformed(
                    message: "Ce filtre n'existe pas.",
                    remedy: "Choisissez parmi : \(TextFilter.allNames.joined(separator: ", ")).")
            }
            guard filter.applies(to: variable.kind) else {
                throw Malformed(
                    message: "Ce filtre n'a pas de sens pour cette variable.",
                    remedy: filter.remedy)
            }
            filters.append(filter)
        }
        return Use(variable: variable, alternatives: alternatives, filters: filters)
    }

    private static func variable(_ name: String) throws(Malformed) -> Variable {
        guard let variable = Variable(name) else {
            throw Malformed(
                message: "Cette variable n'existe pas.",
                remedy: "Choisissez parmi : \(Variable.allNames.joined(separator: ", ")).")
        }
        return variable
    }
}

extension Template.Use {
    /// The texts of the variable, or of the first one of the others that has a value, filtered.
    func texts(_ values: VariableValues) throws(CallImpossible) -> [String] {
        for variable in variables {
            guard var texts = values.texts(variable) else { continue }
            for filter in filters {
                if case .first(let count) = filter { texts = Array(texts.prefix(count)) }
                texts = texts.map(filter.apply)
            }
            texts = texts.filter { !$0.isEmpty }
            if !texts.isEmpty { return texts }
        }
        let last = alternatives.last ?? variable
        throw CallImpossible(reason: last.reasonWhenAbsent, variable: variable.name)
    }

    /// What stands between the given names.
    fileprivate var separator: String {
        for case .joined(let separator) in filters.reversed() { return separator }
        return " "
    }
}

extension TextFilter {
    /// What to do with it where it has no meaning.
    fileprivate var remedy: String {
        switch self {
        case .ascii, .capitals, .smallLetters, .titled, .spaced:
            "Retirez-le : il va avec les noms et les prénoms, et celle-ci est un code."
        case .number: "Retirez-le : il va avec ce qui s'écrit en chiffres, comme periode.annee."
        case .dayFirst, .slashed, .compact:
            "Retirez-le : il va avec un jour entier, comme jour ou periode.premier_jour."
        case .first, .joined: "Retirez-le : il va avec identite.prenoms."
        }
    }
}
