import Cryptography
import Exchanges
import HTTPMessages
import JSONText
import Policies
import Publications
import Vocabulary

// What anybody may read: purposes, their descriptions, the notice, the register.
extension GatewayAPI {
    /// Adds the addresses of the public documents.
    static func addPublications(to routes: inout RouteTable<Route>) {
        for document in PublishedDocument.general {
            routes.add(.get, document.path, .published(document))
        }
        for make in PublishedDocument.purposeDocuments {
            routes.add(.get, PublishedDocument.pattern(of: make), .publishedOfPurpose(make))
        }
    }

    /// Answers with a document of the purpose that the path names.
    func publication(
        _ document: @Sendable (PurposeID) -> PublishedDocument, of parameters: RouteParameters,
        _ head: HTTPRequestHead
    ) -> HTTPResponse {
        let name = "\(parameters["service"] ?? "")/\(parameters["nom"] ?? "")"
        guard let purpose = PurposeID(name) else {
            return missing(name, head)
        }
        return publication(document(purpose), head)
    }

    /// Answers with a document, or says that the caller has it already.
    func publication(_ document: PublishedDocument, _ head: HTTPRequestHead) -> HTTPResponse {
        let policies = parts.generation().policies
        let day = parts.clocks.wall().parisDate
        guard let entry = publications.entry(document, in: policies, on: day) else {
            return missing(document.purpose?.text ?? "", head)
        }
        var response: HTTPResponse
        if head.headers.names(tag: entry.tag) {
            response = HTTPResponse(status: 304)
        } else {
            response = HTTPResponse(
                status: 200, contentType: document.mediaType, body: entry.bytes)
            response.headers.protect(isHTML: document.mediaType.hasPrefix("text/html"))
        }
        response.headers.add("ETag", entry.tag)
        response.headers.add("Cache-Control", "public, max-age=300")
        return response
    }

    /// Says that a purpose does not exist, to a browser on a page that can be read.
    private func missing(_ name: String, _ head: HTTPRequestHead) -> HTTPResponse {
        let known = parts.generation().policies.policies.filter(\.isPublic).map(\.id.text)
        let near = nearestName(to: name, among: known).map { " Vouliez-vous dire « \($0) » ?" }
        let detail =
            "Aucune finalité publique ne s'appelle « \(shownName(name)) »."
            + (near ?? " « GET /v1/finalites » les donne toutes.")
        guard head.headers.all("Accept").contains(where: { $0.contains("text/html") }) else {
            return Problem(.ressourceInconnue, detail: detail).response()
        }
        var response = HTTPResponse(
            status: 404, contentType: "text/html; charset=utf-8",
            body: Array(missingPage(detail).utf8))
        response.headers.protect(isHTML: true)
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}

extension HTTPHeaders {
    /// Whether `If-None-Match` names a tag (RFC 9110, 13.1.2: the comparison is weak).
    fileprivate func names(tag: String) -> Bool {
        let tags = all("If-None-Match").flatMap { $0.split(separator: ",") }
        return tags.contains { text in
            let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            let given = String(trimmed)
            return given == "*" || given == tag || given == "W/\(tag)"
        }
    }

    /// Adds what keeps a browser from reading more into a document than it says.
    fileprivate mutating func protect(isHTML: Bool) {
        add("X-Content-Type-Options", "nosniff")
        guard isHTML else { return }
        add("Content-Security-Policy", pagePolicy)
        add("Referrer-Policy", "no-referrer")
    }
}

/// Nothing is loaded and nothing runs; the pages' one style sheet is named by its hash.
private let pagePolicy: String = {
    let sheet = Base64.encode(sha256(Array("\(publishedStyle)".utf8)))
    return "default-src 'none'; style-src 'sha256-\(sheet)'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"
}()
