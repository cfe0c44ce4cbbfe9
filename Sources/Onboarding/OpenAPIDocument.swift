import HTTPMessages
package import JSONText

/// An OpenAPI 3 document as far as a connector can be drawn from it.
package struct OpenAPIDocument: Sendable {
    /// What the document may weigh before it is refused.
    package static let limits = JSONLimits(bytes: 8 << 20, depth: 64, nodes: 400_000)

    let title: String
    let servers: [Server]
    /// In the order of the document.
    package let operations: [OpenAPIOperation]
    let securitySchemes: [String: SecurityScheme]

    /// One address that the document announces.
    struct Server: Sendable {
        let url: String
        let description: String
    }
}

/// What reading an OpenAPI document gave: the document, or every mistake at once.
package struct OpenAPIReading: Sendable {
    package let document: OpenAPIDocument?
    package let mistakes: [JSONMistake]

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the document, JSON alone.
    ///   - file: its name, for the command that converts it where it is not JSON.
    package init(_ bytes: [UInt8], file: String) {
        if let mistake = notJSON(bytes, file) {
            document = nil
            mistakes = [mistake]
            return
        }
        do throws(JSONError) {
            var reader = OpenAPIReader(
                root: JSONPlace(root: try parseJSON(bytes, limits: OpenAPIDocument.limits)))
            let document = reader.document()
            self.document = reader.mistakes.isEmpty ? document : nil
            // A part that is shared is read at each place that names it, and told once.
            mistakes = reader.mistakes.all.reduce(into: []) { told, mistake in
                if told.count < 100, !told.contains(mistake) { told.append(mistake) }
            }
        } catch {
            document = nil
            mistakes = [
                JSONMistake(
                    path: error.path, position: error.position,
                    message: "Le document ne se lit pas : \(error.code.explanation)",
                    remedy: error.code.remedy)
            ]
        }
    }
}

/// A document that is YAML rather than JSON gets the command that converts it.
private func notJSON(_ bytes: [UInt8], _ file: String) -> JSONMistake? {
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first != UInt8(ascii: "{") else { return nil }
    let head = String(decoding: bytes.prefix(65_536), as: UTF8.self)
    let isYAML = head.split(whereSeparator: \.isNewline).contains { line in
        ["openapi:", "swagger:", "info:", "paths:", "---"].contains { line.hasPrefix($0) }
    }
    guard isYAML else { return nil }
    let quoted = "'" + plainText(file).replacing("'", with: "'\\''") + "'"
    return JSONMistake(
        path: "", position: JSONPosition(line: 1, column: 1, offset: 0),
        message: "Ce document est en YAML, et seul JSON est lu.",
        remedy: "Convertissez-le (paquet Debian python3-yaml) : python3 -c "
            + "'import sys,json,yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, default=str)'"
            + " < \(quoted) > openapi.json")
}

/// Reads an OpenAPI document from the top down, gathering mistakes.
struct OpenAPIReader {
    let root: JSONPlace
    var mistakes = JSONMistakes()
    /// How many places may still be visited, so that shared parts cannot multiply without end.
    var budget = 20_000
    /// The mistake that was made when none was left.
    private var overflow: JSONMistake?

    init(root: JSONPlace) {
        self.root = root
    }

    static let methods = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]

    mutating func document() -> OpenAPIDocument? {
        guard let object = mistakes.attempt({ () throws(JSONMistake) in try root.anyObject() }),
            isSupported(object)
        else { return nil }
        let info = object.optional("info").flatMap { try? $0.anyObject() }
        let title = text(info, "title")
        let components = object.optional("components").flatMap { try? $0.anyObject() }
        let schemes = securitySchemes(components)
        let operations = operations(object)
        if operations.isEmpty, mistakes.isEmpty {
            mistakes.add(
                root.mistake(
                    "Le document ne décrit aucune opération.",
                    remedy: "Vérifiez « paths » : il faut au moins un chemin et une méthode."))
        }
        return OpenAPIDocument(
            title: title, servers: servers(object.optional("servers")), operations: operations,
            securitySchemes: schemes)
    }

    private mutating func isSupported(_ object: JSONObjectPlace) -> Bool {
        if let place = object.optional("swagger") {
            mistakes.add(
                place.mistake(
                    "Ce document est en Swagger 2, et seul OpenAPI 3.0 ou 3.1 est lu.",
                    remedy: "Convertissez-le : npx --yes swagger2openapi -o openapi.json FICHIER"))
            return false
        }
        let version = mistakes.required(object, "openapi") { place throws(JSONMistake) in
            let version = try place.string(maxBytes: 16)
            guard version.hasPrefix("3.0") || version.hasPrefix("3.1") else {
                throw place.mistake(
                    "Cette version d'OpenAPI n'est pas lue.",
                    remedy: "Donnez un document OpenAPI 3.0 ou 3.1.")
            }
            return version
        }
        return version != nil
    }

    /// A text of an object, empty where it has none.
    func text(_ object: JSONObjectPlace?, _ member: String) -> String {
        (try? object?.optional(member)?.string(maxBytes: 65_536)) ?? ""
    }

    private func servers(_ place: JSONPlace?) -> [OpenAPIDocument.Server] {
        let places = (try? place?.array(max: 50)) ?? []
        return places.compactMap { place in
            guard let object = try? place.anyObject() else { return nil }
            var url = text(object, "url")
            let variables = (try? object.optional("variables")?.anyObject())?.members ?? []
            for (name, place) in variables {
                url = url.replacing("{\(name)}", with: text(try? place.anyObject(), "default"))
            }
            return OpenAPIDocument.Server(url: url, description: text(object, "description"))
        }
    }

    // MARK: - References

    /// The place that a reference leads to, through others if need be; the place itself where it is
    /// none.
    mutating func resolved(_ place: JSONPlace) throws(JSONMistake) -> JSONPlace {
        budget -= 1
        guard budget > 0 else {
            let mistake =
                overflow
                ?? place.mistake(
                    "La description est trop vaste : ses parties se multiplient.",
                    remedy: "Ne gardez que l'opération voulue et ses schémas.")
            overflow = mistake
            throw mistake
        }
        var current = place
        var visited: Set<String> = []
        while let target = current.node["$ref"]?.string {
            guard visited.insert(target).inserted else {
                throw current.mistake(
                    "Ces « $ref » tournent en rond : « \(plainText(target)) » mène à lui-même.",
                    remedy: "Écrivez le schéma à la place d'un des « $ref ».")
            }
            current = try follow(target, from: current)
        }
        return current
    }

    /// The place that a reference leads to; nil where its mistake was kept.
    mutating func reached(_ place: JSONPlace) -> JSONPlace? {
        do throws(JSONMistake) {
            return try resolved(place)
        } catch {
            mistakes.add(error)
            return nil
        }
    }

    private func follow(_ target: String, from place: JSONPlace) throws(JSONMistake) -> JSONPlace {
        guard target.hasPrefix("#/") else {
            throw place.mistake(
                "Ce « $ref » mène hors du document : « \(plainText(target)) ».",
                remedy: "Réunissez la description en un seul fichier, par exemple avec "
                    + "npx --yes @redocly/cli bundle FICHIER -o openapi.json")
        }
        var current = root
        for part in target.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let plain = (PercentEncoding.decode(String(part)) ?? String(part))
                .replacing("~1", with: "/").replacing("~0", with: "~")
            let next: JSONPlace?
            if case .array(let elements) = current.node.value {
                let index = Int(plain).flatMap { elements.indices.contains($0) ? $0 : nil }
                next = index.flatMap { try? current.array(max: elements.count)[$0] }
            } else {
                next = (try? current.anyObject())?.optional(plain)
            }
            guard let next else {
                throw place.mistake(
                    "Ce « $ref » ne mène nulle part : « \(plainText(target)) ».",
                    remedy: "Corrigez-le, ou ajoutez ce qu'il désigne.")
            }
            current = next
        }
        return current
    }

    // MARK: - Security

    private mutating func securitySchemes(
        _ components: JSONObjectPlace?
    ) -> [String: SecurityScheme] {
        let members = (try? components?.optional("securitySchemes")?.anyObject())?.members ?? []
        var schemes: [String: SecurityScheme] = [:]
        for (name, place) in members {
            guard
                let place = reached(place),
                let object = try? place.anyObject()
            else { continue }
            schemes[name] = scheme(object)
        }
        return schemes
    }

    private func scheme(_ object: JSONObjectPlace) -> SecurityScheme {
        let description = text(object, "description")
        switch text(object, "type") {
        case "apiKey":
            return SecurityScheme(
                kind: text(object, "in") == "header"
                    ? .key(header: text(object, "name"))
                    : .unsupported("une clé hors d'un en-tête (\(text(object, "in")))"),
                description: description)
        case "http":
            switch text(object, "scheme").lowercased() {
            case "basic": return SecurityScheme(kind: .basic, description: description)
            case "bearer": return SecurityScheme(kind: .bearer, description: description)
            case let other:
                return SecurityScheme(
                    kind: .unsupported("le schéma HTTP « \(plainText(other)) »"),
                    description: description)
            }
        case "oauth2":
            let flows = (try? object.optional("flows")?.anyObject())
            guard let flow = try? flows?.optional("clientCredentials")?.anyObject() else {
                return SecurityScheme(
                    kind: .unsupported("OAuth2 sans le flux clientCredentials"),
                    description: description)
            }
            return SecurityScheme(
                kind: .client(tokenURL: text(flow, "tokenUrl")), description: description)
        case "mutualTLS": return SecurityScheme(kind: .mutualTLS, description: description)
        case let other:
            return SecurityScheme(
                kind: .unsupported("le type « \(plainText(other)) »"), description: description)
        }
    }
}

/// How an operation is authenticated.
struct SecurityScheme: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case key(header: String)
        case basic
        case bearer
        case client(tokenURL: String)
        case mutualTLS
        /// What a connector cannot say, in words.
        case unsupported(String)
    }

    let kind: Kind
    let description: String
}
