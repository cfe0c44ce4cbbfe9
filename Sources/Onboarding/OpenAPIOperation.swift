import JSONText

/// One operation of an OpenAPI document, its references followed.
package struct OpenAPIOperation: Sendable {
    /// Its `operationId`; else its method and path: `GET /personne/spi`.
    package let id: String
    /// The method, in capitals.
    package let method: String
    /// With its parameters in braces.
    package let path: String
    let summary: String
    let parameters: [Parameter]
    let body: Body?
    let responses: [Response]
    /// Alternatives, each of schemes that hold together, by name with their scopes.
    let security: [[(name: String, scopes: [String])]]

    /// One parameter, or one member of a body.
    struct Parameter: Sendable {
        /// `path`, `query`, `header`, `cookie`; `body` for a member of a body.
        let location: String
        let name: String
        let isRequired: Bool
        let isList: Bool
        let leaf: ShapeLeaf
    }

    /// What a request carries.
    struct Body: Sendable {
        let mediaType: String
        let members: [Parameter]
        /// Members that hold objects or lists of them.
        let nested: [String]
    }

    /// One answer that is described.
    struct Response: Sendable {
        /// `200`, `4XX`, `default`.
        let status: String
        let description: String
        let mediaTypes: [String]
        let leaves: [ShapeLeaf]
        /// Arrays, by pointer: `/enfants/*`.
        let arrays: [String]
        /// What it may look like: the described examples, else one that the schema suggests.
        let samples: [(name: String, summary: String, value: JSONValue)]
        /// Whether a part has several possible shapes.
        let hasAlternatives: Bool
        let headers: [String]
    }
}

extension OpenAPIReader {
    mutating func operations(_ object: JSONObjectPlace) -> [OpenAPIOperation] {
        let paths = mistakes.required(object, "paths") { place throws(JSONMistake) in
            try place.anyObject()
        }
        let common = object.optional("security")
        var operations: [OpenAPIOperation] = []
        for (path, place) in paths?.members ?? [] where path.hasPrefix("/") {
            guard
                let place = reached(place),
                let item = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
            else { continue }
            for method in Self.methods {
                guard let place = item.optional(method),
                    let own = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
                else { continue }
                operations.append(
                    operation(method.uppercased(), path, own, item, common))
            }
        }
        return operations
    }

    private mutating func operation(
        _ method: String, _ path: String, _ object: JSONObjectPlace, _ item: JSONObjectPlace,
        _ common: JSONPlace?
    ) -> OpenAPIOperation {
        let id = text(object, "operationId")
        let own = parameters(object.optional("parameters"))
        let shared = parameters(item.optional("parameters")).filter { shared in
            !own.contains { $0.name == shared.name && $0.location == shared.location }
        }
        let summary = text(object, "summary")
        return OpenAPIOperation(
            id: id.isEmpty ? "\(method) \(path)" : id, method: method, path: path,
            summary: summary.isEmpty ? text(object, "description") : summary,
            parameters: shared + own, body: body(object.optional("requestBody")),
            responses: responses(object.optional("responses")),
            security: security(object.optional("security") ?? common))
    }

    private mutating func parameters(_ place: JSONPlace?) -> [OpenAPIOperation.Parameter] {
        let places = (try? place?.array(max: 200)) ?? []
        return places.compactMap { place in
            guard
                let place = reached(place),
                let object = try? place.anyObject()
            else { return nil }
            var name = text(object, "name")
            var leaf = ShapeLeaf(steps: [name])
            leaf.description = text(object, "description")
            var isList = name.hasSuffix("[]")
            if let schema = object.optional("schema") {
                isList = describe(&leaf, schema) || isList
            }
            if let example = object.optional("example")?.node { leaf.example = example }
            if name.isEmpty { name = "sans-nom" }
            return OpenAPIOperation.Parameter(
                location: text(object, "in"), name: name,
                isRequired: (try? object.optional("required")?.bool()) ?? false, isList: isList,
                leaf: leaf)
        }
    }

    private mutating func body(_ place: JSONPlace?) -> OpenAPIOperation.Body? {
        guard let place,
            let place = reached(place),
            let contents = try? place.anyObject().optional("content")?.anyObject()
        else { return nil }
        let known = ["application/json", "application/x-www-form-urlencoded"]
        let chosen =
            contents.members.first { known.contains($0.name.lowercased()) }
            ?? contents.members.first
        guard let chosen, let schema = try? chosen.place.anyObject().optional("schema") else {
            return nil
        }
        var shape = Shape()
        flatten(schema, [], [], into: &shape)
        let required = requiredNames(schema)
        var nested: [String] = []
        let members = shape.leaves.compactMap { leaf -> OpenAPIOperation.Parameter? in
            let isList = leaf.steps.count == 2 && leaf.steps[1] == ShapeLeaf.elements
            guard leaf.steps.count == 1 || isList else {
                if !nested.contains(leaf.steps[0]) { nested.append(leaf.steps[0]) }
                return nil
            }
            return OpenAPIOperation.Parameter(
                location: "body", name: leaf.steps[0],
                isRequired: required.contains(leaf.steps[0]), isList: isList, leaf: leaf)
        }
        return OpenAPIOperation.Body(
            mediaType: chosen.name.lowercased(), members: members, nested: nested)
    }

    private mutating func requiredNames(_ schema: JSONPlace) -> [String] {
        guard let place = try? resolved(schema), let object = try? place.anyObject() else {
            return []
        }
        var names = (try? object.optional("required")?.stringArray(max: 500)) ?? []
        for part in (try? object.optional("allOf")?.array(max: 50)) ?? [] {
            names += requiredNames(part)
        }
        return names
    }

    private mutating func responses(_ place: JSONPlace?) -> [OpenAPIOperation.Response] {
        let members = (try? place?.anyObject())?.members ?? []
        return members.compactMap { status, place in
            guard
                let place = reached(place),
                let object = try? place.anyObject()
            else { return nil }
            return response(status, object)
        }
    }

    private mutating func response(
        _ status: String, _ object: JSONObjectPlace
    ) -> OpenAPIOperation.Response {
        let contents = (try? object.optional("content")?.anyObject())?.members ?? []
        // One schema is drawn from; JSON before anything else.
        let chosen = contents.first { $0.name.lowercased().contains("json") } ?? contents.first
        var shape = Shape()
        var samples: [(name: String, summary: String, value: JSONValue)] = []
        if let media = try? chosen?.place.anyObject() {
            if let schema = media.optional("schema") { flatten(schema, [], [], into: &shape) }
            samples = self.samples(media)
        }
        let headers = (try? object.optional("headers")?.anyObject())?.members.map(\.name) ?? []
        return OpenAPIOperation.Response(
            status: status, description: text(object, "description"),
            mediaTypes: contents.map { $0.name.lowercased() }, leaves: shape.leaves,
            arrays: shape.arrays, samples: samples, hasAlternatives: shape.hasAlternatives,
            headers: headers)
    }

    private mutating func samples(
        _ media: JSONObjectPlace
    ) -> [(name: String, summary: String, value: JSONValue)] {
        if let example = media.optional("example") { return [("", "", example.node.value)] }
        var samples: [(name: String, summary: String, value: JSONValue)] = []
        let members = (try? media.optional("examples")?.anyObject())?.members ?? []
        for (name, place) in members {
            guard
                let place = reached(place),
                let object = try? place.anyObject(), let value = object.optional("value")
            else { continue }
            samples.append((name, text(object, "summary"), value.node.value))
        }
        if samples.isEmpty, let schema = media.optional("schema") {
            samples = [("", "", sample(schema, []))]
        }
        return samples
    }

    private func security(_ place: JSONPlace?) -> [[(name: String, scopes: [String])]] {
        let places = (try? place?.array(max: 20)) ?? []
        return places.map { place in
            ((try? place.anyObject())?.members ?? []).map { name, scopes in
                (name, (try? scopes.stringArray(max: 50)) ?? [])
            }
        }
    }
}
