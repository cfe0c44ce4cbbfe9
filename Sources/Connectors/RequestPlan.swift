import HTTPMessages
import JSONText
import Vocabulary

/// A named value of a request: a query parameter, a header, a member of a body.
struct PlannedValue: Sendable, Hashable {
    let name: String
    let template: Template
    /// Whether it is left out where a variable has no value, rather than the call given up.
    let isOptional: Bool

    func render(_ values: VariableValues) throws(CallImpossible) -> String? {
        do throws(CallImpossible) {
            return try template.render(values)
        } catch {
            if isOptional { return nil }
            throw error
        }
    }
}

/// What a request carries.
enum PlannedBody: Sendable, Hashable {
    case none
    case form([PlannedValue])
    case json([PlannedValue])
    case text(Template, mediaType: String)
}

/// A request as its connector describes it.
struct RequestPlan: Sendable, Hashable {
    let origin: OriginName
    let method: HTTPMethod
    let path: Template
    let query: [PlannedValue]
    let headers: [PlannedValue]
    let body: PlannedBody
    let authentication: CallAuthentication

    /// Every variable that the request names.
    var variables: [Variable] {
        var all = path.variables
        all += (query + headers).flatMap(\.template.variables)
        switch body {
        case .none: break
        case .form(let values), .json(let values): all += values.flatMap(\.template.variables)
        case .text(let template, _): all += template.variables
        }
        return all
    }

    /// Whether the holder is handed the FranceConnect token.
    var relaysToken: Bool {
        authentication == .franceConnectToken || variables.contains(.token)
    }

    /// Whether the holder is handed traits of the pivot.
    var carriesIdentity: Bool {
        variables.contains { if case .identity = $0 { true } else { false } }
    }

    func render(_ values: VariableValues) throws(CallImpossible) -> CallRequest {
        var target = try path.render(values, encode: PercentEncoding.encode)
        // A value of dots alone would climb out of its segment.
        let segments = target.utf8.split(separator: UInt8(ascii: "/"))
        guard !segments.contains(where: { Substring($0) == "." || Substring($0) == ".." }) else {
            throw CallImpossible(reason: .personneInconnue, variable: "chemin")
        }
        let parameters = try pairs(query, values)
        if !parameters.isEmpty { target += "?" + FormEncoding.serialize(parameters) }
        var lines = try pairs(headers, values).map { (name: $0.0, value: $0.1) }
        let content = try content(values)
        if let mediaType = content.mediaType {
            lines.append((name: "Content-Type", value: mediaType))
        }
        return CallRequest(
            origin: origin, method: method, target: target, headers: lines, body: content.bytes,
            authentication: authentication
        )
    }

    private func content(
        _ values: VariableValues
    ) throws(CallImpossible) -> (bytes: [UInt8], mediaType: String?) {
        switch body {
        case .none: return ([], nil)
        case .form(let planned):
            let text = FormEncoding.serialize(try pairs(planned, values))
            return (Array(text.utf8), FormEncoding.mediaType)
        case .json(let planned):
            var writer = JSONWriter()
            let members = try pairs(planned, values)
            writer.object { writer in
                for (name, value) in members { writer.member(name, value) }
            }
            return (writer.bytes, "application/json")
        case .text(let template, let mediaType):
            return (Array(try template.render(values).utf8), mediaType)
        }
    }

    private func pairs(
        _ planned: [PlannedValue], _ values: VariableValues
    ) throws(CallImpossible) -> [(String, String)] {
        var result: [(String, String)] = []
        for value in planned {
            guard let text = try value.render(values) else { continue }
            result.append((value.name, text))
        }
        return result
    }
}
