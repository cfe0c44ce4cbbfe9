/// A JSON Schema (2020-12) as a value: the keywords that the documents' schemas need, and no more.
///
/// A schema never refuses what the document's reader accepts; what it cannot say, the reader alone
/// checks.
package struct JSONSchema: Sendable {
    /// What a keyword says.
    package indirect enum Value: Sendable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
        case list([Value])
        case schema(JSONSchema)
        case schemas([(name: String, schema: JSONSchema)])
    }

    /// The keywords, in the order in which they are written.
    package private(set) var keywords: [(name: String, value: Value)]

    /// Creates a schema of keywords.
    package init(_ keywords: [(name: String, value: Value)] = []) {
        self.keywords = keywords
    }

    /// The same schema with one keyword more.
    package func with(_ name: String, _ value: Value) -> JSONSchema {
        JSONSchema(keywords + [(name, value)])
    }

    /// The same schema under a description of its own.
    package func described(_ description: String) -> JSONSchema {
        JSONSchema(
            [("description", .text(description))] + keywords.filter { $0.name != "description" })
    }

    /// The description of each property that has one.
    var meanings: [String: String] {
        Dictionary(
            properties.compactMap { property in
                for case ("description", .text(let text)) in property.schema.keywords {
                    return (property.name, text)
                }
                return nil
            }
        ) { first, _ in first }
    }

    /// The properties that the schema of an object describes.
    package var properties: [(name: String, schema: JSONSchema)] {
        for case ("properties", .schemas(let properties)) in keywords { return properties }
        return []
    }
}

// MARK: - What documents are made of

extension JSONSchema {
    private static func typed(_ type: String, _ description: String) -> JSONSchema {
        JSONSchema([("description", .text(description)), ("type", .text(type))])
    }

    /// A text; `isFilled` where spaces alone do not do.
    package static func text(
        _ description: String, max: Int? = nil, pattern: String? = nil, isFilled: Bool = false
    ) -> JSONSchema {
        var schema = typed("string", description)
        // Readers count bytes; a text has as many characters at most.
        if let max { schema = schema.with("maxLength", .integer(Int64(max))) }
        if let pattern { schema = schema.with("pattern", .text(pattern)) }
        if isFilled, pattern == nil { schema = schema.with("pattern", .text("[^ ]")) }
        return schema
    }

    /// One of a closed list of texts.
    package static func choice(_ description: String, _ values: [String]) -> JSONSchema {
        typed("string", description).with("enum", .list(values.map { .text($0) }))
    }

    /// One of the cases of an enumeration, which is the list.
    package static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ description: String, _ type: Choice.Type
    ) -> JSONSchema {
        choice(description, type.allCases.map(\.rawValue))
    }

    /// A whole number between bounds.
    package static func integer(
        _ description: String, _ range: ClosedRange<Int64>
    ) -> JSONSchema {
        typed("integer", description).with("minimum", .integer(range.lowerBound))
            .with("maximum", .integer(range.upperBound))
    }

    /// A number.
    package static func number(_ description: String) -> JSONSchema {
        typed("number", description)
    }

    /// `true` or `false`.
    package static func flag(_ description: String) -> JSONSchema {
        typed("boolean", description)
    }

    /// A day of the calendar.
    package static func date(_ description: String) -> JSONSchema {
        text(description, pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
            .with("format", .text("date"))
    }

    /// A list of which each element follows one schema.
    package static func list(
        _ description: String, of items: JSONSchema, min: Int = 0, max: Int? = nil,
        isUnique: Bool = false
    ) -> JSONSchema {
        var schema = typed("array", description).with("items", .schema(items))
        if min > 0 { schema = schema.with("minItems", .integer(Int64(min))) }
        if let max { schema = schema.with("maxItems", .integer(Int64(max))) }
        if isUnique { schema = schema.with("uniqueItems", .flag(true)) }
        return schema
    }

    /// An object with known members and no other.
    ///
    /// - Parameters:
    ///   - description: what the object says.
    ///   - members: the names that its reader knows, in the order in which they are described.
    ///   - required: those without which the reader refuses it.
    ///   - properties: the schema of each.
    /// - Returns: the object's schema.
    package static func object(
        _ description: String, _ members: [String], required: [String] = [],
        _ properties: [String: JSONSchema]
    ) -> JSONSchema {
        var schema = typed("object", description)
        schema = schema.with(
            "properties",
            .schemas(members.map { ($0, properties[$0] ?? JSONSchema()) }))
        if !required.isEmpty {
            schema = schema.with("required", .list(required.map { .text($0) }))
        }
        return schema.with("additionalProperties", .flag(false))
    }

    /// An object whose member names are data.
    package static func map(
        _ description: String, of values: JSONSchema, names: String? = nil
    ) -> JSONSchema {
        var schema = typed("object", description)
        if let names {
            schema = schema.with(
                "propertyNames", .schema(JSONSchema([("pattern", .text(names))])))
        }
        return schema.with("additionalProperties", .schema(values))
    }

    /// What follows one at least of several schemas.
    package static func anyOf(_ description: String, _ schemas: [JSONSchema]) -> JSONSchema {
        JSONSchema([
            ("description", .text(description)), ("anyOf", .list(schemas.map { .schema($0) })),
        ])
    }

    /// A schema of `$defs`, by name.
    package static func reference(_ name: String, _ description: String? = nil) -> JSONSchema {
        let reference: (name: String, value: Value) = ("$ref", .text("#/$defs/\(name)"))
        return JSONSchema(
            (description.map { [("description", .text($0))] } ?? []) + [reference])
    }

    /// Whatever JSON can say.
    package static func anything(_ description: String) -> JSONSchema {
        JSONSchema([("description", .text(description))])
    }
}

// MARK: - Published

/// One document's schema under its published name.
package struct PublishedSchema: Sendable {
    /// The last part of its address: `politique`.
    package let name: String
    /// What it describes, in French.
    package let title: String
    /// The schema itself, as JSON.
    package let text: String

    /// A schema that was written already.
    package init(name: String, title: String, text: String) {
        self.name = name
        self.title = title
        self.text = text
    }

    /// Writes a schema with its dialect, its identifier and its definitions.
    package init(
        name: String, title: String, schema: JSONSchema,
        definitions: [(name: String, schema: JSONSchema)] = []
    ) {
        self.name = name
        self.title = title
        var root = JSONSchema([
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("$id", .text("urn:dlnuf:schema:v1:\(name)")), ("title", .text(title)),
        ])
        for keyword in schema.keywords { root = root.with(keyword.name, keyword.value) }
        if !definitions.isEmpty { root = root.with("$defs", .schemas(definitions)) }
        var writer = JSONWriter()
        writer.value(root)
        text = writer.text
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ schema: JSONSchema) {
        object { writer in
            for keyword in schema.keywords {
                writer.key(keyword.name)
                writer.value(keyword.value)
            }
        }
    }

    private mutating func value(_ keyword: JSONSchema.Value) {
        switch keyword {
        case .text(let text): value(text)
        case .integer(let integer): value(integer)
        case .flag(let flag): value(flag)
        case .list(let values):
            array { writer in
                for keyword in values { writer.value(keyword) }
            }
        case .schema(let schema): value(schema)
        case .schemas(let schemas):
            object { writer in
                for (name, schema) in schemas {
                    writer.key(name)
                    writer.value(schema)
                }
            }
        }
    }
}
