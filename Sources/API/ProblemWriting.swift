package import HTTPMessages
import JSONText
package import Vocabulary

extension Problem {
    /// The media type of every refusal and error (RFC 9457).
    package static let mediaType = "application/problem+json"

    /// The problem as an HTTP response, which names the exchange that it ends where one had begun.
    package func response(exchange: ExchangeID? = nil, at now: Timestamp? = nil) -> HTTPResponse {
        var response = HTTPResponse(
            status: code.entry.status, contentType: Problem.mediaType,
            body: body(exchange: exchange))
        if let retryAfterSeconds {
            response.headers.add("Retry-After", String(retryAfterSeconds))
        } else if code.entry.status == 503 {
            response.headers.add("Retry-After", "5")
        }
        for challenge in code.challenges {
            response.headers.add("WWW-Authenticate", challenge)
        }
        response.headers.add("Cache-Control", "no-store")
        if let now { response.addRateLimits(quotas, at: now) }
        return response
    }

    /// The problem's document.
    func body(exchange: ExchangeID?) -> [UInt8] {
        let entry = code.entry
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "/v1/problemes#\(code.rawValue)")
            writer.member("code", code.rawValue)
            writer.member("title", entry.title)
            writer.member("status", entry.status)
            writer.member("detail", detail ?? entry.remedy)
            if let place { writer.member("membre", place) }
            writer.member("action", action.rawValue)
            if let exchange { writer.member("echange", exchange.text) }
            if let retryAfterSeconds { writer.member("reessayer_apres_s", retryAfterSeconds) }
            if !refusals.isEmpty {
                writer.member("refus") { writer in
                    for refusal in refusals { refusal.write(to: &writer) }
                }
            }
            if !mistakes.isEmpty {
                writer.member("erreurs") { writer in
                    for mistake in mistakes { mistake.write(to: &writer) }
                }
            }
            writer.quotas(quotas)
        }
        return writer.bytes
    }
}

extension JSONWriter {
    /// Writes a member that is an array.
    mutating func member(_ name: String, _ elements: (inout JSONWriter) -> Void) {
        key(name)
        array(elements)
    }
}

extension DocumentMistake {
    /// Writes one entry of `erreurs`.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("fichier", file)
            if let line { writer.member("ligne", line) }
            if let column { writer.member("colonne", column) }
            if !member.isEmpty { writer.member("membre", member) }
            writer.member("message", message)
            writer.member("remede", remedy)
        }
    }
}

extension Refusal {
    /// Writes one entry of `refus`.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            // A well-formed name is plain ASCII and bounded; anything else is escaped and cut.
            if let field {
                writer.member("champ", FieldRequest(field) == nil ? shownName(field) : field)
            }
            writeReason(to: &writer)
        }
    }

    /// Writes the members that say why, and what would do instead.
    func writeReason(to writer: inout JSONWriter) {
        writer.member("motif", reason.rawValue)
        writer.member("explication", reason.sentence)
        if let rule { writer.member("regle", rule) }
        if let alternative { writer.member("alternative", alternative) }
        if let contact { writer.member("contact", contact) }
    }
}

extension Problem {
    /// What the server refused before any handler, in the words of the catalogue.
    package init(_ failure: HTTPFailure) {
        let code: ProblemCode =
            switch failure.status {
            case 408: .delaiDeRequeteDepasse
            case 411: .longueurRequise
            case 413: .corpsTropGrand
            case 414: .cibleTropLongue
            case 415: .typeDeContenuRefuse
            case 417: .attenteRefusee
            case 431: .entetesTropGrands
            case 501: .httpNonPrisEnCharge
            case 503: .passerelleSaturee
            case 505: .versionHTTPRefusee
            default: .httpInvalide
            }
        self.init(code, detail: "\(failure.message) \(failure.remedy)")
    }

    /// A mistake of a document that is well-formed JSON.
    init(_ mistake: JSONMistake) {
        self.init(
            .requeteInvalide,
            detail: "\(mistake.message) \(mistake.remedy)",
            place: mistake.path.isEmpty ? nil : mistake.path
        )
    }

    /// A document that is not JSON.
    init(_ error: JSONError) {
        let code: ProblemCode = error.code == .tooLarge ? .corpsTropGrand : .jsonInvalide
        self.init(code, detail: error.message, place: error.path.isEmpty ? nil : error.path)
    }
}

/// `GET /v1/problemes`: the catalogue, made from the type that throws it.
package func problemCatalogue() -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("problemes") { writer in
            for code in ProblemCode.allCases {
                let entry = code.entry
                writer.object { writer in
                    writer.member("code", code.rawValue)
                    writer.member("type", "/v1/problemes#\(code.rawValue)")
                    writer.member("status", entry.status)
                    writer.member("title", entry.title)
                    writer.member("remede", entry.remedy)
                    writer.member("responsable", entry.blame.rawValue)
                    writer.member("action", entry.action.rawValue)
                }
            }
        }
        writer.member("motifs_de_refus") { writer in
            for reason in RefusalReason.allCases {
                writer.object { writer in
                    writer.member("motif", reason.rawValue)
                    writer.member("explication", reason.sentence)
                }
            }
        }
        writer.member("motifs_d_absence") { writer in
            for reason in MissingReason.allCases {
                writer.object { writer in
                    writer.member("motif", reason.rawValue)
                    writer.member("explication", reason.sentence)
                    writer.member("repli", reason.fallback.rawValue)
                }
            }
        }
    }
    return writer.bytes
}
