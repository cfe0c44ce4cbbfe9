import HTTPMessages
import JSONText
import Vocabulary

/// What a request carries.
enum PlannedBody: Sendable, Hashable {
    case none
    case form([NamedValue])
    case json(RequestValue)
    case text(Template, mediaType: String)
}

/// A path, and the asked fields under which it is the one.
struct PathChoice: Sendable, Hashable {
    let template: Template
    let condition: FieldCondition
}

/// A request as its connector describes it.
struct RequestPlan: Sendable, Hashable {
    let origin: OriginName
    let method: HTTPMethod
    /// The paths, of which the first whose condition holds is taken; the last one always may be.
    let paths: [PathChoice]
    let query: [NamedValue]
    let headers: [NamedValue]
    let body: PlannedBody
    let authentication: CallAuthentication

    /// Every variable that the request names.
    var variables: [Variable] {
        var all = pathVariables
        all += query.variables + headers.variables
        switch body {
        case .none: break
        case .form(let values): all += values.variables
        case .json(let value): all += value.variables
        case .text(let template, _): all += template.variables
        }
        return all
    }

    /// The variables of the paths.
    var pathVariables: [Variable] { paths.flatMap(\.template.variables) }

    /// Whether the holder is handed the FranceConnect token.
    var relaysToken: Bool {
        authentication == .franceConnectToken || variables.contains(.token)
    }

    /// Whether the holder is handed traits of the pivot.
    var carriesIdentity: Bool {
        variables.contains { if case .identity = $0 { true } else { false } }
    }

    /// Whether the holder is handed some part of the birth date.
    var carriesBirthDate: Bool {
        variables.contains {
            if case .identity(let part) = $0 { part.tellsBirthDate } else { false }
        }
    }

    func render(_ values: VariableValues) throws(CallImpossible) -> CallRequest {
        let leaves = values.question.leaves
        guard let path = paths.first(where: { $0.condition.holds(for: leaves) }) else {
            throw CallImpossible(reason: .passerelleEnDefaut, variable: "chemin")
        }
        var target = try path.template.render(values, encode: PercentEncoding.encode)
        // A value of dots alone would climb out of its segment.
        let segments = target.utf8.split(separator: UInt8(ascii: "/"))
        guard !segments.contains(where: { Substring($0) == "." || Substring($0) == ".." }) else {
            throw CallImpossible(reason: .personneInconnue, variable: "chemin")
        }
        let parameters = try query.pairs(values)
        if !parameters.isEmpty { target += "?" + FormEncoding.serialize(parameters) }
        var lines = try headers.pairs(values).map { (name: $0.0, value: $0.1) }
        let content = try content(values)
        if let mediaType = content.mediaType {
            lines.append((name: "Content-Type", value: mediaType))
        }
        return CallRequest(
            origin: origin, method: method, target: target, headers: lines, body: content.bytes,
            authentication: try authentication.narrowed(to: leaves)
        )
    }

    private func content(
        _ values: VariableValues
    ) throws(CallImpossible) -> (bytes: [UInt8], mediaType: String?) {
        switch body {
        case .none: return ([], nil)
        case .form(let planned):
            let text = FormEncoding.serialize(try planned.pairs(values))
            return (Array(text.utf8), FormEncoding.mediaType)
        case .json(let value):
            var writer = JSONWriter()
            writer.value(try value.render(values) ?? .object([]))
            return (writer.bytes, "application/json")
        case .text(let template, let mediaType):
            return (Array(try template.render(values).utf8), mediaType)
        }
    }
}

extension JSONWriter {
    /// Writes a value of a request's body.
    fileprivate mutating func value(_ value: RenderedValue) {
        switch value {
        case .text(let text): self.value(text)
        case .number(let text): number(text: text)
        case .bool(let bool): self.value(bool)
        case .null: null()
        case .list(let elements):
            array { writer in
                for element in elements { writer.value(element) }
            }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.key(member.name)
                    writer.value(member.value)
                }
            }
        }
    }
}
