import Foundation
import HTTPMessages
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Connectors

/// A JSON value that a test may change anywhere.
private indirect enum Tree {
    case scalar(JSONValue)
    case array([Tree])
    case object([(name: String, value: Tree)])

    init(_ node: JSONNode) {
        self =
            switch node.value {
            case .array(let elements): .array(elements.map { Tree($0) })
            case .object(let members): .object(members.map { ($0.name, Tree($0.node)) })
            default: .scalar(node.value)
            }
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .scalar(.null): writer.null()
        case .scalar(.bool(let bool)): writer.value(bool)
        case .scalar(.number(let number)): writer.number(text: number.text)
        case .scalar(.string(let text)): writer.value(text)
        case .scalar: writer.null()
        case .array(let elements):
            writer.array { writer in for element in elements { element.write(to: &writer) } }
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.key(member.name)
                    member.value.write(to: &writer)
                }
            }
        }
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The same document with some of its parts dropped, doubled, renamed, swapped or made of
    /// another kind.
    func mutated(_ generator: inout Seeded, names: [String]) -> Tree {
        if Int.random(in: 0..<12, using: &generator) == 0 {
            return Tree.noise(2, names, &generator)
        }
        switch self {
        case .scalar: return self
        case .array(let elements):
            var made = elements.map { $0.mutated(&generator, names: names) }
            if Int.random(in: 0..<4, using: &generator) == 0,
                let one = made.randomElement(using: &generator)
            {
                made.append(one)
            }
            return .array(made.shuffled(using: &generator))
        case .object(let members):
            var made = members.map { ($0.name, $0.value.mutated(&generator, names: names)) }
            if Int.random(in: 0..<4, using: &generator) == 0, !made.isEmpty {
                made.remove(at: Int.random(in: 0..<made.count, using: &generator))
            }
            let other = names.randomElement(using: &generator) ?? "x"
            if !made.contains(where: { $0.0 == other }) {
                made.append((other, Tree.noise(1, names, &generator)))
            }
            return .object(made.shuffled(using: &generator))
        }
    }

    static func noise(_ depth: Int, _ names: [String], _ generator: inout Seeded) -> Tree {
        switch Int.random(in: 0...(depth == 0 ? 4 : 6), using: &generator) {
        case 0: return .scalar(.null)
        case 1: return .scalar(.bool(Bool.random(using: &generator)))
        case 2:
            let digits = Int.random(in: -9...9, using: &generator)
            let exponent = Int.random(in: -30...30, using: &generator)
            return .scalar(.number(JSONNumber(text: "\(digits)e\(exponent)")))
        case 3: return .scalar(.string(""))
        case 4: return .scalar(.string("2021-06-31"))
        case 5:
            return .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    noise(depth - 1, names, &generator)
                })
        default:
            let chosen = names.shuffled(using: &generator).prefix(3)
            return .object(chosen.map { ($0, noise(depth - 1, names, &generator)) })
        }
    }

    /// The same document, each text being the pointer at which it stands, but for some.
    func marked(at path: String = "", keeping kept: Set<String>) -> Tree {
        switch self {
        case .scalar(.string): kept.contains(path) ? self : .scalar(.string(path))
        case .scalar: self
        case .array(let elements):
            .array(elements.map { $0.marked(at: path + "/*", keeping: kept) })
        case .object(let members):
            .object(
                members.map { ($0.name, $0.value.marked(at: "\(path)/\($0.name)", keeping: kept)) })
        }
    }

    var names: [String] {
        switch self {
        case .scalar: []
        case .array(let elements): elements.flatMap(\.names)
        case .object(let members): members.flatMap { [$0.name] + $0.value.names }
        }
    }
}

/// Every answer that ships as an example of one, with the step that reads it.
private struct Answer {
    let path: String
    let question: HolderQuestion
    let step: CallStep
    let response: InboundResponse

    static let all: [Answer] = {
        shipped.flatMap { path -> [Answer] in
            guard let connector = try? connector(path),
                let names = try? FileManager.default.contentsOfDirectory(
                    atPath: connectorsFolder.appendingPathComponent("\(path)/examples").path)
            else { return [] }
            return names.sorted().flatMap { name -> [Answer] in
                guard let bytes = try? bytes("\(path)/examples/\(name)"),
                    let example = ConnectorExampleDocument(bytes, dataset: connector.dataset)
                        .example, example.outcome == .obtained
                else { return [] }
                return zip(connector.steps(for: example.question), example.calls).map {
                    Answer(
                        path: "\(path)/\(name)", question: example.question, step: $0,
                        response: $1.response)
                }
            }
        }
    }()

    /// The same question about other leaves.
    func asking(_ leaves: Set<FieldPath>) -> HolderQuestion {
        HolderQuestion(
            dataset: question.dataset, mode: question.mode, leaves: leaves,
            period: question.period, today: question.today, pivot: question.pivot,
            identifiers: question.identifiers, token: question.token,
            recipient: question.recipient, purpose: question.purpose, exchange: question.exchange)
    }

    func read(_ body: [UInt8], _ question: HolderQuestion, status: Int = 200) -> StepReading {
        let response = InboundResponse(status: status, headers: self.response.headers, body: body)
        return step.read(response, for: question) { agrees(question.pivot.reveal(), $0) }
    }

    /// Some of the leaves that the step can bring.
    func someLeaves(_ generator: inout Seeded) -> Set<FieldPath> {
        let all = step.fields.sorted { $0.text < $1.text }.shuffled(using: &generator)
        return Set(all.prefix(Int.random(in: 1...4, using: &generator)))
    }
}

@Suite struct `Whatever is asked and answered` {
    @Test(arguments: 0..<200)
    func `nothing is read that was not asked`(seed: Int) throws {
        var generator = Seeded(seed)
        for answer in Answer.all {
            let tree = Tree(try parseJSON(answer.response.body))
            let leaves = answer.someLeaves(&generator)
            let body = tree.mutated(&generator, names: tree.names).bytes
            let read = answer.read(body, answer.asking(leaves))
            #expect(
                Set(read.reading.leaves.keys.map(\.path)).isSubset(of: leaves), "\(answer.path)")
            #expect(
                read.reading.extents.allSatisfy { extent in
                    leaves.contains { $0.isWithin(extent.path) }
                })
            #expect(Set(read.dropped.keys).isDisjoint(with: leaves.map(\.text)))
            if read.outcome != .obtained { #expect(read.reading == HolderReading()) }
        }
    }

    @Test(arguments: 0..<20)
    func `a text comes from where its connector says, and from nowhere else`(seed: Int) throws {
        var generator = Seeded(seed)
        var count = 0
        for answer in Answer.all where !answer.step.fields.isEmpty {
            let plan = answer.step.plan.reading
            // What is compared keeps its text, or nothing would be read.
            let kept = Set(
                ((plan.agreement?.pointers ?? []) + plan.echoes.map(\.pointer)
                    + plan.lists.flatMap(\.pointers)).map { plan.selection.pointers[$0].text })
            let body = Tree(try parseJSON(answer.response.body)).marked(keeping: kept).bytes
            let leaves = answer.someLeaves(&generator)
            let read = answer.read(body, answer.asking(leaves))
            #expect(read.outcome == .obtained, "\(answer.path)")
            for (instance, leaf) in read.reading.leaves {
                guard case .value(let value) = leaf, case .text(let text) = value.reveal(),
                    let source = plan.leaves.first(where: { $0.path == instance.path })
                else { continue }
                let pointers = source.pointers.map { plan.selection.pointers[$0].text }
                if text.hasPrefix("/") {
                    count += 1
                    #expect(pointers.contains(text), "\(answer.path) \(instance.text)")
                }
            }
        }
        #expect(count > 0)
    }

    private static let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "1e999", "0", "12", "\\u",
        "\"allocataires\"", "\"individu\"", "\"inscriptions\"", "\"\\ud800\"", "\u{FEFF}", " ",
        "\"errorCode\"", "40409", "\"2021-06-31\"", "\"/\"", "\n",
    ]

    @Test(arguments: 0..<400)
    func `garbage gives an outcome and no value`(seed: Int) throws {
        var generator = Seeded(seed)
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            if Int.random(in: 0..<6, using: &generator) == 0 {
                body.append(UInt8.random(in: 0...255, using: &generator))
            } else {
                body += Array((Self.pieces.randomElement(using: &generator) ?? "").utf8)
            }
        }
        for answer in Answer.all {
            let leaves = answer.someLeaves(&generator)
            for status in [200, 404, 500] {
                let read = answer.read(body, answer.asking(leaves), status: status)
                #expect(Set(read.reading.leaves.keys.map(\.path)).isSubset(of: leaves))
                if answer.step.plan.reading.agreement != nil {
                    #expect(read.outcome != .obtained, "\(answer.path)")
                }
            }
        }
    }
}

@Suite struct `The path of an exchange` {
    /// The sources that read an answer, and no document.
    private static let sources = [
        "AgreementReader", "AnswerReader", "LeafReader", "SelectionPass", "Selection", "Pointer",
        "ReadingPlan", "OutcomeRule", "Moment", "DateFormat", "CallStep",
    ]

    @Test(arguments: sources)
    func `builds no tree of an answer`(source: String) throws {
        let file = connectorsFolder.deletingLastPathComponent()
            .appendingPathComponent("Sources/Connectors/\(source).swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        for word in ["parseJSON", "JSONNode", "JSONValue", "JSONPlace"] {
            #expect(!text.contains(word), "\(source): \(word)")
        }
    }

    @Test func `hands the body to the one pass alone`() throws {
        let folder = connectorsFolder.deletingLastPathComponent()
            .appendingPathComponent("Sources")
        let module = folder.appendingPathComponent("Connectors")
        let names = try FileManager.default.contentsOfDirectory(atPath: module.path)
        let readers = try names.filter { $0.hasSuffix(".swift") }.filter { name in
            let text = try String(contentsOf: module.appendingPathComponent(name), encoding: .utf8)
            return text.contains("response.body") || text.contains("JSONReader(")
        }
        #expect(readers.sorted() == ["AnswerReader.swift", "SelectionPass.swift"])
    }
}
