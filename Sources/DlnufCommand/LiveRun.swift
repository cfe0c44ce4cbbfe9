import Connectors
import Curl
import HTTPMessages
import HolderClients
import JSONText
import Onboarding
import Platform
import Registry
import Synchronization
import Vocabulary

/// Asks a holder's bac à sable a connector's examples, and tells what came of each.
struct LiveRun {
    let shelf: ConnectorsReading.Shelf
    let binding: HolderBinding
    /// Whether requests and values are shown whole.
    let shows: Bool
    let client: HTTPClient

    /// Plays the cases one after the other; the command's exit code.
    func play(_ cases: [LiveCase]) async throws -> Int32 {
        let record = CallRecord()
        let holders = try holders(record)
        var counts: [String: Int] = [:]
        for one in cases {
            record.clear()
            let reply = await holders.answer(
                one.example.question, from: shelf.connector.holder,
                until: .now.advanced(by: .seconds(60)))
            let verdict = LiveVerdict(reply, of: one.example)
            counts[verdict.text, default: 0] += 1
            Console.write(text(of: one, reply, verdict, record.calls))
        }
        let summary = counts.sorted { $0.key < $1.key }.map { "\($0.key) : \($0.value)" }
        Console.write("Bilan de \(cases.count) cas. \(summary.joined(separator: " ; ")).\n")
        let isSound =
            counts[LiveVerdict.differs([]).text] == nil
            && counts[LiveVerdict.conforms.text] != nil
        return isSound ? 0 : CommandFailure.Kind.data.rawValue
    }

    private func holders(_ record: CallRecord) throws(CommandFailure) -> HolderClients {
        let send = holderTransport(over: [client])
        do throws(HolderBindingError) {
            return try HolderClients(
                [shelf.connector],
                configuration: .init(bindings: [ConnectorKey(shelf.connector): binding]),
                send: { (request, deadline) async throws(TransferError) in
                    do throws(TransferError) {
                        let response = try await send(request, deadline)
                        record.add(request, .success(response))
                        return response
                    } catch {
                        record.add(request, .failure(error))
                        throw error
                    }
                },
                now: { .now })
        } catch {
            throw CommandFailure(
                .configuration, "Le connecteur ne peut pas appeler son détenteur.",
                remedy: error.faults.joined(separator: "\n        "))
        }
    }

    // MARK: - What is told

    private func text(
        of one: LiveCase, _ reply: HolderReply, _ verdict: LiveVerdict, _ calls: [CallRecord.Call]
    ) -> String {
        var text = "\(one.name) : \(shownText(one.example.description))\n"
        for call in calls { text += lines(of: call) }
        if calls.isEmpty { text += "  aucun appel : une donnée que le connecteur exige manque\n" }
        text += reading(of: reply)
        if !reply.dropped.isEmpty || reply.droppedUnknown > 0 {
            let names = reply.dropped.keys.sorted().joined(separator: ", ")
            text += "  laissé de côté : \(names.isEmpty ? "rien de nommé" : names)"
            text += " ; \(reply.droppedUnknown) membres inconnus\n"
        }
        text += "  verdict : \(verdict.text)\n"
        if case .differs(let differences) = verdict {
            for difference in differences { text += "    \(difference)\n" }
        }
        if verdict == .personAbsent {
            text += "    créez cette personne dans le bac à sable, ou changez-la dans l'exemple\n"
        }
        return text + "\n"
    }

    private func lines(of call: CallRecord.Call) -> String {
        let target =
            shows ? shownText(call.request.url.reveal()) : masked(call.request.url.reveal())
        var text = "  demande : \(call.request.method.rawValue) \(target)\n"
        if !call.request.body.isEmpty {
            let body = String(decoding: call.request.body, as: UTF8.self)
            text += "            corps de \(call.request.body.count) octets"
            text += shows ? " : \(shownText(body))\n" : "\n"
        }
        switch call.result {
        case .success(let response):
            let type = shownText(response.headers["Content-Type"] ?? "sans type")
            text += "  réponse : \(response.status), \(type), \(response.body.count) octets\n"
        case .failure(let error):
            text += "  réponse : aucune (\(error.code))\n"
        }
        return text
    }

    /// A URL of which only the origin, the words of the connector's own path and the names of the
    /// parameters are kept.
    private func masked(_ url: String) -> String {
        let own = PathWords(shelf.document.bytes)
        let parts = url.split(separator: "?", maxSplits: 1).map(String.init)
        let base = binding.origins.values.flatMap(\.baseURLs).first { parts[0].hasPrefix($0) } ?? ""
        let path = parts[0].dropFirst(base.count).split(separator: "/").map { segment in
            own.words.contains(String(segment)) ? shownName(String(segment)) : "‹masqué›"
        }
        let names = (parts.dropFirst().first ?? "").split(separator: "&").map { pair in
            shownName(String(pair.prefix { $0 != "=" })) + "=‹masqué›"
        }
        return "\(base)/\(path.joined(separator: "/"))"
            + (names.isEmpty ? "" : "?\(names.joined(separator: "&"))")
    }

    private func reading(of reply: HolderReply) -> String {
        if let missing = reply.missing {
            return "  lecture : \(missing.rawValue) (\(missing.sentence))\n"
        }
        var text = "  lecture :\n"
        for (instance, leaf) in reply.reading.leaves.sorted(by: { $0.key.text < $1.key.text }) {
            switch leaf {
            case .value(let value):
                let shown = shows ? shownText(value.reveal().json.compact) : "lu"
                text += "    \(instance.text) : \(shown)\n"
            case .missing(let reason): text += "    \(instance.text) : \(reason.rawValue)\n"
            }
        }
        return text
    }
}

/// The words that the paths of a connector's document are made of, variables left out.
struct PathWords {
    private(set) var words: Set<String> = []

    init(_ bytes: [UInt8]) {
        guard let root = try? parseJSON(bytes) else { return }
        add(root)
    }

    private mutating func add(_ node: JSONNode) {
        for member in node.members ?? [] {
            if member.name == "chemin" { addPaths(member.node) }
            add(member.node)
        }
        for element in node.elements ?? [] { add(element) }
    }

    private mutating func addPaths(_ node: JSONNode) {
        for path in node.elements ?? [node] {
            let text = path.string ?? path["valeur"]?.string ?? ""
            let segments = text.split { "/?".contains($0) }
            words.formUnion(segments.filter { !$0.contains("{") }.map(String.init))
        }
    }
}

/// The calls of one case, in order.
final class CallRecord: Sendable {
    struct Call: Sendable {
        let request: OutboundRequest
        let result: Result<InboundResponse, TransferError>
    }

    private let all = Mutex<[Call]>([])

    var calls: [Call] { all.withLock { $0 } }

    func add(_ request: OutboundRequest, _ result: Result<InboundResponse, TransferError>) {
        all.withLock { $0.append(Call(request: request, result: result)) }
    }

    func clear() {
        all.withLock { $0 = [] }
    }
}

extension JSONValue {
    /// The value as JSON writes it, on one line.
    fileprivate var compact: String {
        var writer = JSONWriter()
        writer.value(
            JSONNode(value: self, position: JSONPosition(line: 1, column: 1, offset: 0)))
        return writer.text
    }
}
