import HTTPMessages
import Testing

@Suite struct `A table of routes` {
    let table: RouteTable<String> = {
        var table = RouteTable<String>()
        table.add(.get, "/", "root")
        table.add(.post, "/v1/echanges", "ask")
        table.add(.post, "/v1/echanges/explication", "explain")
        table.add(.get, "/v1/echanges/{id}", "show")
        table.add(.delete, "/v1/echanges/{id}", "delete")
        table.add(.get, "/v1/{famille}/x/{nom}", "deep")
        return table
    }()

    func describe(_ method: HTTPMethod, _ segments: [String]) -> String {
        switch table.match(method, segments) {
        case .found(let handler, let parameters):
            "\(handler) \(parameters["id"] ?? parameters["nom"] ?? "-")"
        case .notFound: "none"
        case .methodNotAllowed(let allow):
            "allow " + allow.map(\.rawValue).joined(separator: ", ")
        }
    }

    @Test(
        arguments: [
            (.get, [], "root -"), (.head, [], "root -"), (.post, ["v1", "echanges"], "ask -"),
            (.post, ["v1", "echanges", "explication"], "explain -"),
            (.get, ["v1", "echanges", "7"], "show 7"),
            (.delete, ["v1", "echanges", "é"], "delete é"),
            (.get, ["v1", "echanges", "x", "a"], "deep a"),
            (.get, ["v1"], "none"), (.get, ["v1", "echanges", ""], "none"),
            (.post, ["v1", "echanges", ""], "none"), (.get, ["V1", "echanges", "7"], "none"),
            (.put, ["v1", "echanges", "7"], "allow GET, HEAD, DELETE"),
            (.get, ["v1", "echanges"], "allow POST"), (.options, ["*"], "none"),
        ] as [(HTTPMethod, [String], String)]
    )
    func `finds`(method: HTTPMethod, segments: [String], answer: String) {
        #expect(describe(method, segments) == answer)
    }
}
