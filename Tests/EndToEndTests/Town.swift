import Foundation
import HTTPMessages
import JSONText
import Platform
import SQLite
import Synchronization
import Testing

/// A deployment whose documents are its own, and may be changed: a town prices its canteens.
final class Town: Sendable {
    static let policy = "policies/commune-demo/tarification-cantine/policy.json"
    private static let purpose = "commune-demo/tarification-cantine"

    let deployment: Deployment
    /// Where `connectors` and `policies` are.
    let documents: String
    /// The town's key, where it is not the demonstration's.
    private let ownKey = Mutex<String?>(nil)

    init() throws {
        deployment = try Deployment()
        documents = "\(deployment.folder)/documents"
        try Files.createDirectory(documents)
        for name in ["connectors", "policies"] {
            try FileManager.default.copyItem(
                atPath: Program.repository.appending(path: name).path,
                toPath: "\(documents)/\(name)")
        }
        try deployment.change("\"connectors\"", to: "\"\(documents)/connectors\"")
        try deployment.change("\"policies\"", to: "\"\(documents)/policies\"")
    }

    // MARK: - Documents

    func read(_ file: String) throws -> String {
        String(decoding: try Files.read("\(documents)/\(file)", maxBytes: 1 << 20), as: UTF8.self)
    }

    func write(_ file: String, _ bytes: [UInt8]) throws {
        try Files.writeAtomically("\(documents)/\(file)", bytes, mode: 0o644)
    }

    func replace(_ file: String, _ old: String, _ new: String) throws {
        let text = try read(file)
        try #require(text.contains(old), "\(file) has no \(old)")
        try write(file, Array(text.replacing(old, with: new).utf8))
    }

    /// Runs a body that may change a file, and puts the file back as it was.
    func restoring(_ file: String, _ body: () async throws -> Void) async throws {
        let before = try? read(file)
        defer {
            if let before {
                try? write(file, Array(before.utf8))
            } else {
                try? Files.remove("\(documents)/\(file)")
            }
        }
        try await body()
    }

    /// A version of the policy that no longer admits the number of children.
    func takeOutChildren(version: Int) throws {
        let field = try Regex(
            #",\s*\{\s*"champ": "quotient_familial.nombre_enfants"(.|\n)*?\]\s*\}"#)
        let text = try read(Town.policy).replacing(field, with: "")
            .replacing(/"version": [0-9]+/, with: "\"version\": \(version)")
        try write(Town.policy, Array(text.utf8))
        let cases = "policies/commune-demo/tarification-cantine/cases"
        for name in try Files.list("\(documents)/\(cases)") {
            let text = try read("\(cases)/\(name)")
                .replacing(/,\s*"quotient_familial.nombre_enfants"/, with: "")
                .replacing("quotient_familial.nombre_enfants", with: "quotient_familial.annee")
            try write("\(cases)/\(name)", Array(text.utf8))
        }
    }

    // MARK: - The gateway

    /// The key with which the town calls.
    var key: String {
        get throws {
            try ownKey.withLock { $0 } ?? deployment.demo.key(of: "commune-demo")
        }
    }

    /// Enters the town in the deployment's registry, as its configuration now is, with a key.
    func enter() throws {
        let config = ["--config", deployment.configuration]
        let created = try Program.run(
            ["services", "new", "commune-demo", "--client", "ville"] + config)
        try #require(created.status == 0, "\(created.errors)")
        let minted = try Program.run(["services", "key", "ville"] + config)
        let key = minted.output.split(separator: "\n").first { $0.hasPrefix("dlnuf_") }
        let text = String(try #require(key, "\(minted.errors)"))
        ownKey.withLock { $0 = text }
    }

    /// What explain says of a request of the town.
    struct Explanation: Equatable {
        let isPermitted: Bool
        let rule: String?
        let generation: String
    }

    func explain(
        _ fields: [String] = ["quotient_familial.valeur@tranche"]
    ) async throws -> Explanation {
        let demo = deployment.demo
        let list = fields.map { "\"\($0)\"" }.joined(separator: ", ")
        let body = """
            {"finalite": "\(Town.purpose)", "mode": "franceconnect",
             "destinataire": "99900106800017", "champs": [\(list)]}
            """
        let reply = try await demo.send(
            .post, "\(demo.gateway)/v1/echanges/explication",
            headers: [
                ("Authorization", "Bearer \(try key)"),
                ("Content-Type", "application/json"),
            ], body: Array(body.utf8))
        try #require(reply.status == 200, "\(reply.text)")
        return Explanation(
            isPermitted: reply.member("permis") == "true", rule: reply.member("regle"),
            generation: try events().last?.generation ?? "")
    }

    func isReady() async throws -> Bool {
        try await deployment.demo.send(.get, "\(deployment.demo.gateway)/readyz").status == 200
    }

    /// Asks until the gateway is ready again, for a minute at most.
    func awaitReady() async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        while try await !isReady() {
            try #require(ContinuousClock.now < end, "the gateway is not ready again")
        }
    }

    // MARK: - The journal

    /// One event, as the journal's JSON says it.
    struct Event {
        let act: String
        let generation: String
        let cause: String?
        let serial: Int64?
    }

    func events() throws -> [Event] {
        try deployment.records().filter { $0.kind == "evenement" }.map { entry in
            let root = try JSONPlace(root: try parseJSON(Array(entry.record.utf8))).anyObject()
            return Event(
                act: try root.required("acte").string(),
                generation: try root.required("generation").string(),
                cause: try root.optional("origine")?.string(),
                serial: try root.optional("manifeste")?.anyObject().required("serie")
                    .int(in: 0...Int64.max))
        }
    }

    /// Reads the journal until it holds an act, for a minute at most.
    func awaitEvent(_ act: String) throws {
        let end = ContinuousClock.now.advanced(by: .seconds(60))
        while try !events().contains(where: { $0.act == act }) {
            try #require(ContinuousClock.now < end, "the journal has no \(act)")
        }
    }

    /// Has every write to the journal fail, as a full disk does.
    func breakJournal() throws {
        try change(
            """
            CREATE TRIGGER refus_e BEFORE INSERT ON enregistrements
            BEGIN SELECT RAISE(ABORT, 'plein'); END;
            CREATE TRIGGER refus_m BEFORE INSERT ON marques
            BEGIN SELECT RAISE(ABORT, 'plein'); END;
            """)
    }

    func mendJournal() throws {
        try change("DROP TRIGGER refus_e; DROP TRIGGER refus_m;")
    }

    private func change(_ statements: String) throws {
        let database = try Database(path: deployment.journal, access: .readWrite)
        try database.setBusyTimeout(5_000)
        try database.execute(statements)
    }
}

/// Says once, to whoever looks, that it is over.
final class Whistle: Sendable {
    private let state = Mutex(false)

    var hasBlown: Bool { state.withLock { $0 } }

    func blow() {
        state.withLock { $0 = true }
    }
}
