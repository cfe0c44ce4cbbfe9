import Vocabulary

/// The asked fields under which a part of a connector applies.
struct FieldCondition: Sendable, Hashable {
    /// One of them is asked; empty where it does not matter.
    var any: [FieldPath] = []
    /// None of them is asked.
    var none: [FieldPath] = []

    /// Whether it holds whatever is asked.
    var isAlways: Bool { any.isEmpty && none.isEmpty }

    func holds(for leaves: Set<FieldPath>) -> Bool {
        (any.isEmpty || any.contains { covers($0, leaves) })
            && !none.contains { covers($0, leaves) }
    }

    private func covers(_ path: FieldPath, _ leaves: Set<FieldPath>) -> Bool {
        leaves.contains { $0.isWithin(path) }
    }
}

/// A value of a request as its connector describes it.
struct RequestValue: Sendable, Hashable {
    indirect enum Content: Sendable, Hashable {
        case text(Template)
        /// One text for each given name.
        case each(Template)
        case list([RequestValue])
        case object([NamedValue])
        case number(String)
        case bool(Bool)
        case null
    }

    /// How a text is written in JSON.
    enum Writing: String, CaseIterable, Sendable {
        case text = "texte"
        case number = "nombre"
        case bool = "booleen"
    }

    var content: Content
    var writing = Writing.text
    /// What the holder writes for each of our values.
    var correspondence: [String: String] = [:]
    /// What stands between the texts of a list that makes one text.
    var separator: String?
    /// Whether it is left out where a variable has no value, rather than the call given up.
    var isOptional = false
    /// Why nothing can be asked where a variable has no value, if its own reason will not do.
    var reasonWhenAbsent: MissingReason?
    var condition = FieldCondition()

    /// Every variable that it names.
    var variables: [Variable] {
        switch content {
        case .text(let template), .each(let template): template.variables
        case .list(let values): values.flatMap(\.variables)
        case .object(let members): members.flatMap(\.value.variables)
        case .number, .bool, .null: []
        }
    }
}

/// A named value of a request: a query parameter, a header, a member of a body.
struct NamedValue: Sendable, Hashable {
    let name: String
    let value: RequestValue
}

/// A value with its variables' texts.
indirect enum RenderedValue {
    case text(String)
    case number(String)
    case bool(Bool)
    case null
    case list([RenderedValue])
    case object([(name: String, value: RenderedValue)])
}

extension RequestValue {
    /// The value; nil where it is left out.
    func render(_ values: VariableValues) throws(CallImpossible) -> RenderedValue? {
        guard condition.holds(for: values.question.leaves) else { return nil }
        do throws(CallImpossible) {
            return try rendered(values)
        } catch {
            if isOptional { return nil }
            throw CallImpossible(
                reason: reasonWhenAbsent ?? error.reason, variable: error.variable)
        }
    }

    private func rendered(_ values: VariableValues) throws(CallImpossible) -> RenderedValue? {
        switch content {
        case .text(let template): return try written(try template.render(values), template)
        case .each(let template):
            var texts: [RenderedValue] = []
            for text in try template.single?.texts(values) ?? [] {
                texts.append(try written(text, template))
            }
            return joined(texts)
        case .list(let elements):
            var rendered: [RenderedValue] = []
            for element in elements {
                if let value = try element.render(values) { rendered.append(value) }
            }
            return rendered.isEmpty ? nil : joined(rendered)
        case .object(let members):
            var rendered: [(name: String, value: RenderedValue)] = []
            for member in members {
                guard let value = try member.value.render(values) else { continue }
                rendered.append((member.name, value))
            }
            return rendered.isEmpty && isOptional ? nil : .object(rendered)
        case .number(let text): return .number(text)
        case .bool(let bool): return .bool(bool)
        case .null: return .null
        }
    }

    private func joined(_ texts: [RenderedValue]) -> RenderedValue {
        guard let separator else { return .list(texts) }
        let parts = texts.compactMap { if case .text(let text) = $0 { text } else { nil } }
        return .text(parts.joined(separator: separator))
    }

    /// A text as the holder wants it written.
    private func written(
        _ text: String, _ template: Template
    ) throws(CallImpossible) -> RenderedValue {
        let name = template.variables.first?.name ?? ""
        var text = text
        if !correspondence.isEmpty {
            guard let other = correspondence[text] else {
                throw CallImpossible(reason: .nonCouvert, variable: name)
            }
            text = other
        }
        switch writing {
        case .text: return .text(text)
        case .bool:
            guard text == "true" || text == "false" else {
                throw CallImpossible(reason: .passerelleEnDefaut, variable: name)
            }
            return .bool(text == "true")
        case .number:
            guard let number = wholeNumber(text) else {
                throw CallImpossible(reason: .passerelleEnDefaut, variable: name)
            }
            return .number(number)
        }
    }

    /// Digits as JSON writes a whole number; nil where there are none, or too many.
    private func wholeNumber(_ text: String) -> String? {
        guard (1...15).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let digits = text.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }
}

extension [NamedValue] {
    var variables: [Variable] { flatMap(\.value.variables) }

    /// The values as texts, a list's one after the other under the same name.
    func pairs(_ values: VariableValues) throws(CallImpossible) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for named in self {
            switch try named.value.render(values) {
            case .text(let text)?: pairs.append((named.name, text))
            case .list(let texts)?:
                for case .text(let text) in texts { pairs.append((named.name, text)) }
            default: break
            }
        }
        return pairs
    }
}
