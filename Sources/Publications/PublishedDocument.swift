package import Vocabulary

/// One public document, with the address at which the gateway serves it and the file in which it
/// is exported.
package enum PublishedDocument: Hashable, Sendable {
    /// How a table may be had.
    package enum Format: String, CaseIterable, Sendable {
        case json
        case csv
        case html
    }

    /// `/finalites`: the page that lists the purposes.
    case purposesPage
    /// `/finalites/{service}/{nom}`: the page of one purpose.
    case purposePage(PurposeID)
    /// The list of the purposes.
    case purposes
    case description(PurposeID)
    case openAPI(PurposeID)
    case requestSchema(PurposeID)
    case answerSchema(PurposeID)
    case notice(PurposeID)
    case noticeFragment(PurposeID)
    /// The notice in parts, for a form that lays it out itself.
    case noticeParts(PurposeID)
    /// The purpose as an ODRL 2.2 agreement.
    case agreement(PurposeID)
    /// The purpose as a line of the register of RGPD article 30.
    case processing(PurposeID, Format)
    /// The register that CRPA L114-8, III wants public.
    case register(Format)

    /// The documents of one purpose.
    package static func ofPurpose(_ purpose: PurposeID) -> [PublishedDocument] {
        [
            .description(purpose), .openAPI(purpose), .requestSchema(purpose),
            .answerSchema(purpose), .notice(purpose), .noticeFragment(purpose),
            .noticeParts(purpose),
            .agreement(purpose), .processing(purpose, .json), .processing(purpose, .csv),
            .purposePage(purpose),
        ]
    }

    /// The documents that speak of all purposes.
    package static var general: [PublishedDocument] {
        [.purposesPage, .purposes] + Format.allCases.map { .register($0) }
    }

    /// The address under the gateway's own.
    package var path: String {
        switch self {
        case .purposesPage: "/finalites"
        case .purposePage(let purpose): "/finalites/\(purpose.text)"
        case .purposes: "/v1/finalites"
        case .register(let format): "/v1/registre.\(format.rawValue)"
        case .description(let purpose): "/v1/finalites/\(purpose.text)"
        default: "/v1/finalites/\(purpose?.text ?? "")/\(lastName)"
        }
    }

    /// The file under the folder of an export: a name that ends as its type does.
    package var file: String {
        let path = String(path.dropFirst())
        return switch self {
        case .purposesPage, .purposePage: "\(path).html"
        case .purposes, .description: "\(path).json"
        case .notice: "\(path).txt"
        default: path
        }
    }

    /// The media type.
    package var mediaType: String {
        switch self {
        case .purposesPage, .purposePage, .noticeFragment, .register(.html), .processing(_, .html):
            "text/html; charset=utf-8"
        case .purposes, .description, .noticeParts, .register(.json), .processing(_, .json):
            "application/json"
        case .openAPI: "application/vnd.oai.openapi+json;version=3.1"
        case .requestSchema, .answerSchema: "application/schema+json"
        case .notice: "text/plain; charset=utf-8"
        case .agreement: "application/ld+json"
        case .register(.csv), .processing(_, .csv): "text/csv; charset=utf-8; header=present"
        }
    }

    /// Whether it is a whole page, which a browser shows by itself.
    package var isPage: Bool {
        switch self {
        case .purposesPage, .purposePage, .register(.html), .processing(_, .html): true
        default: false
        }
    }

    /// What the document is to its purpose, as `liens` names it.
    var relation: String {
        switch self {
        case .purposesPage, .purposes: "finalites"
        case .purposePage: "page"
        case .description: "description"
        case .openAPI: "openapi"
        case .requestSchema: "schema_demande"
        case .answerSchema: "schema_reponse"
        case .notice: "notice"
        case .noticeFragment: "notice_html"
        case .noticeParts: "notice_json"
        case .agreement: "odrl"
        case .processing(_, let format): "rgpd_30_\(format.rawValue)"
        case .register: "registre"
        }
    }

    private var lastName: String {
        switch self {
        case .openAPI: "openapi.json"
        case .requestSchema: "schema-demande.json"
        case .answerSchema: "schema-reponse.json"
        case .notice: "notice"
        case .noticeFragment: "notice.html"
        case .noticeParts: "notice.json"
        case .agreement: "odrl.jsonld"
        case .processing(_, let format): "rgpd-30.\(format.rawValue)"
        default: ""
        }
    }

    /// The purpose of which the document speaks, nil where it speaks of all.
    package var purpose: PurposeID? {
        switch self {
        case .purposePage(let purpose), .description(let purpose), .openAPI(let purpose),
            .requestSchema(let purpose), .answerSchema(let purpose), .notice(let purpose),
            .noticeFragment(let purpose), .noticeParts(let purpose), .agreement(let purpose),
            .processing(let purpose, _):
            purpose
        case .purposesPage, .purposes, .register: nil
        }
    }
}

/// How one document points to another: relative, so that an export works wherever it lies.
package struct PublishedLinks: Sendable {
    /// Whether the documents are files, whose names end as their types do.
    package let isExport: Bool

    package init(isExport: Bool) {
        self.isExport = isExport
    }

    /// The reference to a document, from another.
    package func reference(
        to target: PublishedDocument, from origin: PublishedDocument
    ) -> String {
        let name = isExport ? target.file : String(target.path.dropFirst())
        let depth = origin.path.split(separator: "/").count - 1
        return String(repeating: "../", count: depth) + name
    }
}
