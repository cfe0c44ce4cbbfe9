/// Which handler answers which method and path.
///
/// A pattern's segments are literal or, in braces, parameters: `/v1/echanges/{id}`. A literal wins
/// over a parameter. A route for GET answers HEAD too.
package struct RouteTable<Handler: Sendable>: Sendable {
    /// What the table says of a request.
    package enum Match: Sendable {
        /// A handler, with the parameters of its path.
        case found(Handler, RouteParameters)
        /// No route has this path.
        case notFound
        /// Routes have this path, for these methods only; they make the `Allow` field.
        case methodNotAllowed(allow: [HTTPMethod])
    }

    private struct Node: Sendable {
        var literals: [(name: String, node: Int)] = []
        var parameter: (name: String, node: Int)?
        var handlers: [(method: HTTPMethod, handler: Handler)] = []
    }

    private var nodes = [Node()]

    /// Makes an empty table.
    package init() {}

    /// Adds a route.
    ///
    /// The pattern is the program's own, so a second route for the same method and
    /// path, or another name for the same parameter, is a mistake that stops it.
    package mutating func add(_ method: HTTPMethod, _ pattern: String, _ handler: Handler) {
        precondition(pattern.hasPrefix("/"), "a route starts with /: \(pattern)")
        var node = 0
        for segment in pattern.split(separator: "/") {
            node = child(of: node, for: String(segment))
        }
        precondition(
            !nodes[node].handlers.contains { $0.method == method },
            "two routes for \(method.rawValue) \(pattern)"
        )
        nodes[node].handlers.append((method, handler))
    }

    /// Finds the handler of a request.
    package func match(_ method: HTTPMethod, _ segments: [String]) -> Match {
        var parameters = RouteParameters()
        guard let found = descend(0, segments[...], &parameters) else { return .notFound }
        let handlers = nodes[found].handlers
        let wanted =
            handlers.first { $0.method == method }
            ?? (method == .head ? handlers.first { $0.method == .get } : nil)
        guard let wanted else { return .methodNotAllowed(allow: allowed(found)) }
        return .found(wanted.handler, parameters)
    }

    private mutating func child(of node: Int, for segment: String) -> Int {
        if segment.hasPrefix("{"), segment.hasSuffix("}") {
            let name = String(segment.dropFirst().dropLast())
            if let parameter = nodes[node].parameter {
                precondition(parameter.name == name, "two names for one parameter: \(name)")
                return parameter.node
            }
            nodes.append(Node())
            nodes[node].parameter = (name, nodes.count - 1)
            return nodes.count - 1
        }
        if let literal = nodes[node].literals.first(where: { $0.name == segment }) {
            return literal.node
        }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
        return nodes.count - 1
    }

    private func descend(
        _ node: Int,
        _ segments: ArraySlice<String>,
        _ parameters: inout RouteParameters
    ) -> Int? {
        guard let segment = segments.first else {
            return nodes[node].handlers.isEmpty ? nil : node
        }
        for literal in nodes[node].literals where literal.name == segment {
            if let found = descend(literal.node, segments.dropFirst(), &parameters) { return found }
        }
        guard let parameter = nodes[node].parameter, !segment.isEmpty else { return nil }
        parameters.pairs.append((parameter.name, segment))
        if let found = descend(parameter.node, segments.dropFirst(), &parameters) { return found }
        parameters.pairs.removeLast()
        return nil
    }

    private func allowed(_ node: Int) -> [HTTPMethod] {
        let methods = nodes[node].handlers.map(\.method)
        return HTTPMethod.allCases.filter {
            methods.contains($0) || ($0 == .head && methods.contains(.get))
        }
    }
}

/// What a path said in place of its route's parameters.
///
/// The values come from the caller, decoded once, and have been checked for nothing else.
package struct RouteParameters: Sendable {
    fileprivate var pairs: [(name: String, value: String)] = []

    /// Makes an empty list.
    package init() {}

    /// The value of a parameter; `nil` when the route has none of that name.
    package subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }
}
