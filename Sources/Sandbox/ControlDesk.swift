import HTTPMessages
import JSONText

/// The sandbox's own service: tokens without a browser, faults, and the calls received.
final class ControlDesk: Sendable {
    private let town: Town
    private let services: [String: SandboxConfiguration.Service]
    private let franceConnect: FranceConnect
    private let faults: FaultBoard
    private let log: CallLog

    /// The doubles that can fail and that receive calls.
    private static let targets = SandboxConfiguration.holderIDs + ["franceconnect"]

    /// The longest that a fault stays, and the longest life of a token, in seconds.
    private static let longest: Int64 = 86_400

    init(
        town: Town, services: [SandboxConfiguration.Service], franceConnect: FranceConnect,
        faults: FaultBoard, log: CallLog
    ) {
        self.town = town
        self.services = Dictionary(
            services.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        self.franceConnect = franceConnect
        self.faults = faults
        self.log = log
    }

    /// Answers one request.
    func answer(_ request: DoubleRequest, at now: Int64) -> DoubleReply {
        let route = request.route
        guard route.segments.first == "sandbox", route.segments.count <= 2 else {
            return Self.error(404, "Cette adresse n'existe pas. Le bac à sable est sous /sandbox.")
        }
        do {
            switch (route.method, route.segments.dropFirst().first) {
            case (.post, "jetons"): return try token(request, at: now)
            case (.post, "pannes"): return try fault(request, at: now)
            case (.get, "pannes"): return .json(200, faultsOn(at: now))
            case (.get, "appels"): return .json(200, log.document(of: Self.targets))
            case (.delete, "appels"):
                log.clear()
                return DoubleReply(204)
            case (.post, "appels"): return try keepCalls(request)
            case (.get, "personnes"): return .json(200, people)
            case (.get, nil): return .json(200, help)
            default:
                return Self.error(
                    404, "Cette adresse n'existe pas avec cette méthode. GET /sandbox les donne.")
            }
        } catch {
            return Self.error(400, error.message)
        }
    }

    /// Keeps, or stops keeping, the calls: a measurement wants none of that work.
    private func keepCalls(_ request: DoubleRequest) throws(Mistake) -> DoubleReply {
        log.record(try Form(request.body, known: ["journal"]).flag("journal"))
        return DoubleReply(204)
    }

    // MARK: - Tokens

    private func token(_ request: DoubleRequest, at now: Int64) throws(Mistake) -> DoubleReply {
        let body = try Form(
            request.body,
            known: ["personne", "service", "finalite", "scopes", "expire_dans_s"])
        let personID = try body.text("personne")
        guard let person = town.person(personID) else {
            throw Mistake(
                "Personne inconnue : \(cut(personID)). GET /sandbox/personnes en donne la liste.")
        }
        guard person.usesFranceConnect else {
            throw Mistake("Cette personne ne peut pas utiliser FranceConnect (\(person.trap)).")
        }
        let client = try client(of: body)
        let scopes = try wantedScopes(body, client)
        let life = try body.integer("expire_dans_s", in: -Self.longest...Self.longest) ?? 60
        let token = franceConnect.accessToken(
            for: person, client: client, scopes: scopes, lifeInSeconds: life, at: now / 1000)
        return .json(
            200,
            .members([
                "access_token": .string(token), "expires_in": .integer(Int(life)),
                "scope": .string(scopes.joined(separator: " ")),
            ]),
            headers: [(name: "Cache-Control", value: "no-store")])
    }

    private func client(of body: Form) throws(Mistake) -> SandboxConfiguration.Client {
        let serviceID = try body.text("service")
        guard let service = services[serviceID] else {
            let known = services.keys.sorted().joined(separator: ", ")
            throw Mistake("Service inconnu : \(cut(serviceID)). Les services sont : \(known).")
        }
        guard let purpose = try body.optionalText("finalite") else { return service.client }
        return service.clientsOfPurposes[purpose] ?? service.client
    }

    private func wantedScopes(
        _ body: Form, _ client: SandboxConfiguration.Client
    ) throws(Mistake) -> [String] {
        let all = ["openid"] + client.scopes.filter { $0 != "openid" }
        guard let wanted = try body.texts("scopes") else { return all }
        if let refused = wanted.first(where: { !all.contains($0) }) {
            throw Mistake(
                "Le scope \(cut(refused)) n'est pas ouvert à ce client. Les siens sont : "
                    + all.joined(separator: " ") + ".")
        }
        return wanted
    }

    // MARK: - Faults

    private func fault(_ request: DoubleRequest, at now: Int64) throws(Mistake) -> DoubleReply {
        let body = try Form(
            request.body, known: ["cible", "panne", "code", "pendant_s", "delai_ms"])
        let target = try body.text("cible")
        guard Self.targets.contains(target) || target == "tous" else {
            throw Mistake(
                "Cible inconnue : \(cut(target)). Les cibles sont : "
                    + Self.targets.joined(separator: ", ") + ", ou tous (les détenteurs).")
        }
        let seconds = try body.integer("pendant_s", in: 0...Self.longest) ?? 60
        let delay = try body.integer("delai_ms", in: 0...600_000) ?? 3000
        let chosen = target == "tous" ? SandboxConfiguration.holderIDs : [target]
        let entry: FaultBoard.Entry?
        if seconds == 0 {
            entry = nil
        } else {
            let fault = try namedFault(try body.text("panne"), at: target)
            entry = FaultBoard.Entry(
                fault: fault, endsAt: now + seconds * 1000, delay: .milliseconds(delay),
                code: try refusal(body, fault, at: chosen))
        }
        for target in chosen { faults.set(entry, for: target) }
        return .json(200, faultsOn(at: now))
    }

    private func namedFault(_ name: String, at target: String) throws(Mistake) -> Fault {
        let possible = Fault.allCases.filter {
            target == "franceconnect" ? !$0.isOfHolders : !$0.isOfIntrospection
        }
        guard let fault = Fault(named: name), possible.contains(fault) else {
            let list = possible.map { "\($0.rawValue) (\($0.explanation))" }
                .joined(separator: " ; ")
            throw Mistake(
                "Panne inconnue pour cette cible : \(cut(name)). Sont possibles : \(list).")
        }
        return fault
    }

    /// The code under which every target refuses, where that is the fault.
    private func refusal(
        _ body: Form, _ fault: Fault, at targets: [String]
    ) throws(Mistake) -> String? {
        guard fault == .refus else { return nil }
        let code = try body.text("code")
        for target in targets {
            let known = Refusals.ofHolders[target] ?? []
            guard !known.contains(where: { $0.code == code }) else { continue }
            let list = known.map { "\($0.code) (\($0.explanation))" }.joined(separator: " ; ")
            throw Mistake("\(target) ne refuse pas sous le code \(cut(code)). Les siens : \(list).")
        }
        return code
    }

    private func faultsOn(at now: Int64) -> Document {
        .members([
            "pannes": .array(
                faults.all(at: now).map { target, entry in
                    .members([
                        "cible": .string(target), "panne": .string(entry.fault.rawValue),
                        "jusqu_au": .string(instantText(entry.endsAt)),
                    ])
                })
        ])
    }

    // MARK: - What there is

    private var people: Document {
        .members([
            "personnes": .array(
                town.people.map { person in
                    .members([
                        "id": .string(person.id), "particularite": .string(person.trap),
                        "identite": person.apiIdentity, "identifiants": person.apiIdentifiers,
                        "franceconnect": .bool(person.usesFranceConnect),
                    ])
                })
        ])
    }

    private var help: Document {
        .members([
            "adresses": [
                "POST /sandbox/jetons {personne, service, finalite?, scopes?, expire_dans_s?}",
                "POST /sandbox/pannes {cible, panne, code?, pendant_s, delai_ms?} ; pendant_s 0 répare",
                "GET /sandbox/pannes", "GET /sandbox/appels", "DELETE /sandbox/appels",
                "POST /sandbox/appels {journal} ; false : ne plus les garder",
                "GET /sandbox/personnes",
            ],
            "cibles": .array((Self.targets + ["tous"]).map { .string($0) }),
            "pannes": .object(
                Fault.allCases.map {
                    Document.Member(name: $0.rawValue, value: .string($0.explanation))
                }),
            "refus": .object(
                SandboxConfiguration.holderIDs.map { id in
                    let refusals = (Refusals.ofHolders[id] ?? []).map {
                        Document.Member(name: $0.code, value: .string($0.explanation))
                    }
                    return Document.Member(name: id, value: .object(refusals))
                }),
        ])
    }

    static func error(_ status: Int, _ message: String) -> DoubleReply {
        .json(status, .members(["erreur": .string(message)]))
    }
}

/// What is wrong with a request to the sandbox, in French.
private struct Mistake: Error {
    let message: String

    init(_ message: String) { self.message = message }
}

/// The start of a text that somebody sent, short enough to be repeated.
private func cut(_ text: String) -> String { "« \(text.prefix(64)) »" }

/// The members of a small JSON object.
private struct Form {
    private let object: JSONObjectPlace

    init(_ body: [UInt8], known: [String]) throws(Mistake) {
        do {
            object = try JSONPlace(root: try parseJSON(body)).object(known)
        } catch let error as JSONError {
            throw Mistake(error.message)
        } catch let error as JSONMistake {
            throw Mistake("\(error.path) : \(error.message) \(error.remedy)")
        } catch {
            throw Mistake("Le corps n'est pas lisible.")
        }
    }

    func text(_ name: String) throws(Mistake) -> String {
        guard let text = try optionalText(name) else { throw Mistake("Le membre \(name) manque.") }
        return text
    }

    func optionalText(_ name: String) throws(Mistake) -> String? {
        guard let place = object.optional(name) else { return nil }
        guard let text = try? place.string() else {
            throw Mistake("Le membre \(name) doit être un texte.")
        }
        return text
    }

    func flag(_ name: String) throws(Mistake) -> Bool {
        guard let flag = try? object.optional(name)?.bool() else {
            throw Mistake("Le membre \(name) doit être true ou false.")
        }
        return flag
    }

    func integer(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(Mistake) -> Int64? {
        guard let place = object.optional(name) else { return nil }
        guard let number = try? place.int(in: range) else {
            throw Mistake(
                "Le membre \(name) doit être un entier "
                    + "de \(range.lowerBound) à \(range.upperBound)."
            )
        }
        return number
    }

    /// Texts in an array, or separated by spaces in one text.
    func texts(_ name: String) throws(Mistake) -> [String]? {
        guard let place = object.optional(name) else { return nil }
        if let text = try? place.string() {
            return text.split(separator: " ").map(String.init)
        }
        guard let elements = try? place.array(max: 200),
            let texts = try? elements.map({ try $0.string() })
        else { throw Mistake("Le membre \(name) doit être une liste de textes.") }
        return texts
    }
}
