import Curl
import Foundation
import HTTPMessages
import JSONText
import Platform
import Testing

/// `dlnuf demo` as its users run it: a process of its own, driven through `demo.json` alone.
final class RunningDemo: Sendable {
    let folder: String
    let gateway: String
    let sandbox: String
    let issuer: String
    let loop: EventLoop
    /// What it displayed before it settled.
    let display: String
    private let client: HTTPClient
    private let document: JSONNode
    private let process: Process

    /// Starts a demonstration and returns once it has settled.
    convenience init(folder given: String? = nil) async throws {
        let folder = try given ?? Files.temporaryDirectory(prefix: "dlnuf-e2e")
        try self.init(folder: folder, ["demo", "--data", folder], settled: "Ctrl-C arrête")
    }

    /// Starts the sandbox alone, told of the port where a gateway will listen.
    convenience init(sandboxFor port: UInt16) throws {
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-bac")
        try self.init(
            folder: folder, ["sandbox", "--data", folder, "--gateway-port", "\(port)"],
            settled: "passerelle.json")
    }

    private init(folder: String, _ arguments: [String], settled mark: String) throws {
        self.folder = folder
        process = try Program.process(arguments)
        let output = Pipe()
        process.standardOutput = output
        // A file, not the tests' own output: a child that outlived a crash would hold it open.
        let errors = "\(folder)/erreurs.txt"
        try Files.writeAtomically(errors, [])
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        Leftovers.end(process, in: folder)
        display = try RunningDemo.read(output.fileHandleForReading, until: mark)
        // The rest is of no interest, but the pipe must not fill.
        output.drain { _ in }
        document = try parseJSON(try Files.read("\(folder)/demo.json", maxBytes: 1 << 20))
        let root = try JSONPlace(root: document).anyObject()
        gateway = try root.required("passerelle").string()
        sandbox = try root.required("bac_a_sable").string()
        issuer = try root.required("franceconnect").string()
        loop = try EventLoop(name: "essais")
        try loop.start()
        var settings = HTTPClient.Configuration()
        settings.addressRule = .any
        client = try HTTPClient(loop: loop, configuration: settings)
    }

    deinit { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    /// Kills it as the kernel does.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static func read(_ handle: FileHandle, until mark: String) throws -> String {
        var text = ""
        while !text.contains(mark) {
            let data = handle.availableData
            try #require(!data.isEmpty, "the demonstration ended early: \(text)")
            text += String(decoding: data, as: UTF8.self)
        }
        return text
    }

    // MARK: - What demo.json says

    func key(of service: String) throws -> String {
        try member("cle", of: service, in: "services")
    }

    /// One example of `demo.json`.
    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let dataset: String
        let mode: String
        let service: String
        let person: String
        let body: [UInt8]
        let status: Int

        var testDescription: String { name }
    }

    var examples: [Example] {
        get throws {
            let root = try JSONPlace(root: document).anyObject()
            return try root.required("exemples").array(max: 100).map { place in
                let object = try place.anyObject()
                var writer = JSONWriter()
                writer.value(try object.required("corps").node)
                return Example(
                    name: try object.required("nom").string(),
                    dataset: try object.required("jeu").string(),
                    mode: try object.required("mode").string(),
                    service: try object.required("service").string(),
                    person: try object.required("personne").string(),
                    body: writer.bytes,
                    status: Int(try object.required("statut").int(in: 0...999)))
            }
        }
    }

    func example(_ name: String) throws -> Example {
        try #require(try examples.first { $0.name == name })
    }

    /// The text of a person's member: `identite` or `identifiants`.
    func person(_ id: String, _ name: String) throws -> String {
        let people = try JSONPlace(root: document).anyObject().required("personnes")
        for place in try people.array(max: 1000) {
            let object = try place.anyObject()
            guard try object.required("id").string() == id else { continue }
            var writer = JSONWriter()
            writer.value(try object.required(name).node)
            return writer.text
        }
        throw Missing(what: id)
    }

    private func member(_ name: String, of id: String, in list: String) throws -> String {
        let root = try JSONPlace(root: document).anyObject()
        for place in try root.required(list).array(max: 1000) {
            let object = try place.anyObject()
            if try object.required("id").string() == id {
                return try object.required(name).string(maxBytes: 4096)
            }
        }
        throw Missing(what: id)
    }

    struct Missing: Error { let what: String }

    // MARK: - Calls

    /// An answer, with its document where it is one.
    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The member at a path such as `donnees.revenu_fiscal.annee_revenus`, as compact JSON.
        func member(_ path: String) -> String? {
            guard var node = try? parseJSON(body) else { return nil }
            for name in path.split(separator: ".") {
                switch node.value {
                case .object(let members):
                    guard let found = members.first(where: { $0.name == name }) else { return nil }
                    node = found.node
                case .array(let elements):
                    guard let index = Int(name), elements.indices.contains(index) else {
                        return nil
                    }
                    node = elements[index]
                default: return nil
                }
            }
            if case .string(let text) = node.value { return text }
            var writer = JSONWriter()
            writer.value(node)
            return writer.text
        }
    }

    func send(
        _ method: HTTPMethod, _ url: String, headers: [(String, String)] = [],
        body: [UInt8] = [], within duration: Duration = .seconds(20)
    ) async throws -> Reply {
        let request = OutboundRequest(
            method: method, url: url, headers: headers, body: body, maxResponseBytes: 16 << 20,
            allowsPlainHTTP: true)
        let response = try await loop.run { [client] in
            try await client.send(request, until: .now.advanced(by: duration))
        }
        return Reply(status: response.status, headers: response.headers, body: response.body)
    }

    /// `POST /v1/echanges` as a service does.
    func exchange(
        _ body: [UInt8], service: String, headers: [(String, String)] = [],
        within duration: Duration = .seconds(20)
    ) async throws -> Reply {
        try await send(
            .post, "\(gateway)/v1/echanges",
            headers: [
                ("Authorization", "Bearer \(try key(of: service))"),
                ("Content-Type", "application/json"),
            ] + headers, body: body, within: duration)
    }

    /// Sends an example, with a fresh token where it needs one.
    func send(_ example: Example, headers: [(String, String)] = []) async throws -> Reply {
        var body = String(decoding: example.body, as: UTF8.self)
        if example.mode == "franceconnect" {
            let token = try await token(for: example.person, service: example.service)
            body = body.replacingOccurrences(of: "\"JETON\"", with: "\"\(token)\"")
        }
        return try await exchange(Array(body.utf8), service: example.service, headers: headers)
    }

    /// A FranceConnect token without a browser.
    func token(
        for person: String, service: String, extra: String = ""
    ) async throws -> String {
        let body = "{\"personne\": \"\(person)\", \"service\": \"\(service)\"\(extra)}"
        let reply = try await send(
            .post, "\(sandbox)/sandbox/jetons", headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
        try #require(reply.status == 200, "\(reply.text)")
        return try #require(reply.member("access_token"))
    }

    /// Has a double fail; the body of the call ends the fault, and the gateway asks the holder
    /// again when this returns.
    func withFault<Value>(
        _ fault: String, on target: String, _ body: () async throws -> Value
    ) async throws -> Value {
        try await setFault(fault, on: target, seconds: 120)
        do {
            let value = try await body()
            try await endFault(fault, on: target)
            return value
        } catch {
            try await endFault(fault, on: target)
            throw error
        }
    }

    private func endFault(_ fault: String, on target: String) async throws {
        try await setFault(fault, on: target, seconds: 0)
        guard target != "franceconnect" else { return }
        try await untilAsked(target)
    }

    /// Waits until the gateway would ask a holder, or all of them: after failures, or because it
    /// was told to, it leaves one alone for a while.
    func untilAsked(_ target: String) async throws {
        let closed = ["suspendu", "quota", "maintenance"]
        for _ in 0..<600 {
            // A gateway that the test has stopped asks nobody.
            guard let states = try? await holderStates() else { return }
            let waits = states.contains { holder, state in
                (target == "tous" || target == holder) && closed.contains(state)
            }
            if !waits { return }
            // No event to await: the gateway says nothing of its own accord.
            try await loop.run {
                try await EventLoop.wait(until: .now.advanced(by: .milliseconds(50)))
            }
        }
        throw Missing(what: "\(target) is never asked again")
    }

    /// How the gateway says that each holder is.
    func holderStates() async throws -> [String: String] {
        let reply = try await send(.get, "\(gateway)/v1/detenteurs")
        let root = try JSONPlace(root: try parseJSON(reply.body)).anyObject()
        var states: [String: String] = [:]
        for place in try root.required("detenteurs").array(max: 100) {
            let holder = try place.anyObject()
            states[try holder.required("detenteur").string()] =
                try holder.required("etat").string()
        }
        return states
    }

    func setFault(_ fault: String, on target: String, seconds: Int) async throws {
        let body = """
            {"cible": "\(target)", "panne": "\(fault)", "pendant_s": \(seconds)}
            """
        let reply = try await send(
            .post, "\(sandbox)/sandbox/pannes", headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
        try #require((200..<300).contains(reply.status), "\(reply.text)")
    }

    /// Forgets the calls that the doubles received.
    func clearCalls() async throws {
        _ = try await send(.delete, "\(sandbox)/sandbox/appels")
    }

    /// The calls that a double received since.
    func calls(to target: String) async throws -> Int {
        let reply = try await send(.get, "\(sandbox)/sandbox/appels")
        let list = try #require(reply.member("appels.\(target)") ?? reply.member(target))
        return try JSONPlace(root: try parseJSON(Array(list.utf8))).array(max: 100_000).count
    }

    /// The calls that any double received since, token endpoints and FranceConnect included.
    func callsToAll() async throws -> Int {
        var count = 0
        for target in ["franceconnect", "dgfip", "cnav", "mesri", "france-travail", "gip-mds"] {
            count += try await calls(to: target)
        }
        return count
    }

    // MARK: - The journal

    var journal: String { "\(folder)/journal.sqlite" }

    /// The records of the journal, one JSON document each.
    func records(exchange: String? = nil) throws -> [Reply] {
        let arguments = ["audit", "list", "--json", "--journal", journal]
        let outcome = try Program.run(
            arguments + (exchange.map { ["--echange", $0] } ?? []))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map { line in
            Reply(status: 0, headers: HTTPHeaders(), body: Array(line.utf8))
        }
    }
}
