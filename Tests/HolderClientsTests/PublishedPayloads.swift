import Foundation
import HTTPMessages
import JSONText
import Vocabulary

/// One case of the State's own sandbox: what is asked, and what the API replies.
struct PublishedCase: Sendable {
    let name: String
    let params: [String: JSONNode]
    let status: Int
    let payload: JSONNode

    /// A parameter as text, whether it is written as a text or as a number.
    func text(_ name: String) -> String? {
        switch params[name]?.value {
        case .string(let text): text
        case .number(let number): number.text
        default: nil
        }
    }

    var givenNames: [String]? { params["prenoms"]?.elements?.compactMap(\.string) }

    var body: [UInt8] {
        var writer = JSONWriter()
        writer.value(payload)
        return writer.bytes
    }

    /// The value at a path of the payload's members: `data.identite.prenom`.
    func payload(_ path: String) -> JSONNode? {
        path.split(separator: ".").reduce(payload as JSONNode?) { $0?[String($1)] }
    }
}

/// The operations that the connectors of this folder's tests use, and their paths.
enum Operation: String, CaseIterable, Sendable {
    case quotient = "cnav_quotient_familial_with_civility"
    case quotientByToken = "cnav_quotient_familial_with_france_connect"
    case student = "mesri_statut_etudiant_with_civility"
    case studentByToken = "mesri_statut_etudiant_with_france_connect"
    case studentByNumber = "mesri_statut_etudiant_with_ine"
    case status = "france_travail_statut_with_identifiant"
    case payments = "france_travail_indemnites_with_identifiant"

    var path: String {
        switch self {
        case .quotient: "/v3/dss/quotient_familial/identite"
        case .quotientByToken: "/v3/dss/quotient_familial/france_connect"
        case .student: "/v3/mesri/statut_etudiant/identite"
        case .studentByToken: "/v3/mesri/statut_etudiant/france_connect"
        case .studentByNumber: "/v3/mesri/statut_etudiant/ine"
        case .status: "/v3/france_travail/statut/identifiant"
        case .payments: "/v3/france_travail/indemnites/identifiant"
        }
    }
}

/// The published payloads, which are nobody's to copy: they are read where they lie.
enum PublishedPayloads {
    /// The folder that the environment names, else one beside the repository or above it.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["DLNUF_PUBLISHED_PAYLOADS"]
        if let named { return URL(filePath: named) }
        var place = URL(filePath: #filePath)
        while place.pathComponents.count > 1 {
            place = place.deletingLastPathComponent()
            let folder = place.appending(path: "shared/api-particulier-payloads")
            if FileManager.default.fileExists(atPath: folder.path()) { return folder }
        }
        return nil
    }()

    static func cases(of operation: Operation) throws -> [PublishedCase] {
        guard let folder else { return [] }
        let file = folder.appending(path: "api_particulier_v3_\(operation.rawValue).json")
        let root = try parseJSON([UInt8](try Data(contentsOf: file)))
        return (root.elements ?? []).compactMap { node in
            guard let name = node["case"]?.string, let status = node["status"]?.integer,
                let payload = node["payload"], let params = node["params"]?.members
            else { return nil }
            return PublishedCase(
                name: name,
                params: Dictionary(
                    params.map { ($0.name, $0.node) }, uniquingKeysWith: { first, _ in first }),
                status: Int(status), payload: payload)
        }
    }
}

/// API Particulier as a holder: matches the parameters of each published case and replies with it.
struct PublishedAPI: Sendable {
    let cases: [Operation: [PublishedCase]]

    init() throws {
        var cases: [Operation: [PublishedCase]] = [:]
        for operation in Operation.allCases {
            cases[operation] = try PublishedPayloads.cases(of: operation)
        }
        self.cases = cases
    }

    /// The token under which FranceConnect would name the person of a case.
    static func token(_ index: Int) -> String { "jeton-invente-\(index)" }

    func respond(to call: HolderDouble.Call) -> HTTPResponse {
        guard let operation = Operation.allCases.first(where: { $0.path == call.path }) else {
            return Self.error(404, "00402")
        }
        let query = call.target.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        guard let fields = try? FormEncoding.parse(query: query),
            let siret = fields.only("recipient")
        else { return Self.error(422, "00203") }
        guard Siret(siret) != nil else { return Self.error(422, "00210") }
        guard let header = call.headers["Authorization"], header.hasPrefix("Bearer ") else {
            return Self.error(401, "00101")
        }
        let all = cases[operation] ?? []
        let found =
            operation == .quotientByToken || operation == .studentByToken
            ? all.indices.first { header == "Bearer \(Self.token($0))" }.map { all[$0] }
            : all.first { Self.matches($0, fields, operation) }
        guard let found = found ?? all.first(where: { $0.name == "404" }) else {
            return Self.error(404, "00402")
        }
        return HTTPResponse(
            status: found.status, contentType: "application/vnd.api+json", body: found.body)
    }

    /// Whether a request has the parameters of a case: equal texts, whatever their case, and no
    /// more of the person.
    private static func matches(
        _ published: PublishedCase, _ fields: FormFields, _ operation: Operation
    ) -> Bool {
        guard published.givenNames.map({ lowered($0) == lowered(fields.all("prenoms[]")) }) ?? true
        else { return false }
        for name in published.params.keys where name != "prenoms" {
            guard let known = published.text(name) else { return false }
            // Some cases put the country of a birth abroad where the commune stands.
            let isAbroad = name == "codeCogInseeCommuneNaissance" && known.hasPrefix("99")
            guard let asked = fields.only(isAbroad ? "codeCogInseePaysNaissance" : name),
                asked.lowercased() == known.lowercased() || number(asked) == number(known) ?? -1
            else { return false }
        }
        return ["moisDateNaissance", "jourDateNaissance", "nomUsage"].allSatisfy {
            published.params[$0] != nil || fields.only($0) == nil
        }
    }

    private static func number(_ text: String) -> Int? { Int(text) }
    private static func lowered(_ names: [String]) -> [String] { names.map { $0.lowercased() } }

    private static func error(_ status: Int, _ code: String) -> HTTPResponse {
        json(
            #"{"errors":[{"code":"\#(code)","title":"…","source":null,"meta":{}}]}"#, status: status
        )
    }
}

extension PublishedCase {
    /// The identity that a service would type, as JSON; members that the case lacks are lacking.
    var typedIdentity: JSONNode? {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("nom_naissance", ifPresent: text("nomNaissance"))
            writer.member("nom_usage", ifPresent: text("nomUsage"))
            if let givenNames { writer.member("prenoms", givenNames) }
            writer.member("date_naissance", ifPresent: birthDate)
            writer.member("sexe", ifPresent: text("sexeEtatCivil"))
            writer.member("code_pays_naissance", ifPresent: country)
            if country == "99100" {
                writer.member(
                    "code_commune_naissance", ifPresent: text("codeCogInseeCommuneNaissance"))
            }
        }
        return try? parseJSON(writer.bytes)
    }

    private var birthDate: String? {
        let parts = ["anneeDateNaissance", "moisDateNaissance", "jourDateNaissance"]
            .map { text($0).flatMap { Int($0) } }
        let widths = ["%04d", "%02d", "%02d"]
        let known = zip(parts, widths).prefix { $0.0 != nil }
            .map { String(format: $1, $0 ?? 0) }
        return known.isEmpty ? nil : known.joined(separator: "-")
    }

    /// The student's cases give no country: a place abroad stands where the commune does.
    private var country: String? {
        if let country = text("codeCogInseePaysNaissance") { return country }
        guard let place = text("codeCogInseeCommuneNaissance") else { return nil }
        return place.hasPrefix("99") ? place : "99100"
    }
}
