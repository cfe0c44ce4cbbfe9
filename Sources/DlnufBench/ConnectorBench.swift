import Connectors
import HTTPMessages
import Identification
import Platform
import Registry
import Vocabulary

/// Measures what the connectors cost an exchange: writing each request and reading each answer of
/// the examples that ship beside them, without a network.
struct ConnectorBench {
    /// One example that brings something, and the connector that it is of.
    private struct Subject {
        let connector: Connector
        let example: ConnectorExample
        let name: String

        var bytes: Int { example.calls.reduce(0) { $0 + $1.response.body.count } }
    }

    private static let rounds = 20_000
    private static let warmUps = 2_000

    /// Measures every data set's example of an answer, and gives the report.
    static func run() throws -> String {
        var table = Table([
            "une question aux connecteurs (µs)", "appels", "octets lus", "requêtes p50",
            "lectures p50", "en tout p50", "p99", "p99,9",
        ])
        for subject in try subjects() { table.add(try row(subject)) }
        return table.text
            + "Sans réseau : écrire les requêtes, lire les réponses, comparer l'identité.\n"
    }

    /// The examples that bring values, the longest of each connector and mode.
    private static func subjects() throws -> [Subject] {
        var subjects: [Subject] = []
        for shelf in loadConnectors("connectors").shelves {
            let all = shelf.examples.compactMap { file -> Subject? in
                let document = ConnectorExampleDocument(
                    file.bytes, dataset: shelf.connector.dataset)
                guard let example = document.example, example.outcome == .obtained else {
                    return nil
                }
                let file = file.path.split(separator: "/").last.map(String.init) ?? ""
                let name = "\(shelf.connector.dataset), \(example.question.mode.rawValue)"
                return Subject(
                    connector: shelf.connector, example: example,
                    name: "\(name) (\(file.prefix { $0 != "." }))")
            }
            for mode in Mode.allCases {
                let longest = all.filter { $0.example.question.mode == mode }
                    .max { $0.bytes < $1.bytes }
                if let longest { subjects.append(longest) }
            }
        }
        guard !subjects.isEmpty else {
            throw BenchFailure(
                "Le dossier « connectors » ne se lit pas.",
                remedy: "Lancez la mesure depuis le dossier du projet.")
        }
        return subjects
    }

    private static func row(_ subject: Subject) throws -> [String] {
        var requests = LatencyHistogram()
        var readings = LatencyHistogram()
        var wholes = LatencyHistogram()
        for round in 0..<(warmUps + rounds) {
            let (writing, reading) = try play(subject)
            guard round >= warmUps else { continue }
            requests.add(writing)
            readings.add(reading)
            wholes.add(writing + reading)
        }
        let figures = [
            requests.quantile(0.5), readings.quantile(0.5), wholes.quantile(0.5),
            wholes.quantile(0.99), wholes.quantile(0.999),
        ]
        return [subject.name, String(subject.example.calls.count), String(subject.bytes)]
            + figures.map { decimal($0 / .microseconds(1), 1) }
    }

    /// What writing the requests of an example and reading its answers took.
    private static func play(_ subject: Subject) throws -> (writing: Duration, reading: Duration) {
        let question = subject.example.question
        let pivot = question.pivot.reveal()
        var kept: [String: Sensitive<String>] = [:]
        var writing = Duration.zero
        var reading = Duration.zero
        let start = ContinuousClock.now
        let steps = subject.connector.steps(for: question)
        writing += ContinuousClock.now - start
        for (step, call) in zip(steps, subject.example.calls) {
            let begun = ContinuousClock.now
            let request = try step.request(for: question, kept: kept)
            let written = ContinuousClock.now
            let read = step.read(call.response, for: question) {
                agreement(of: pivot, with: $0) == .agrees
            }
            reading += ContinuousClock.now - written
            writing += written - begun
            guard read.outcome == .obtained, !request.target.isEmpty else {
                throw BenchFailure(
                    "L'exemple \(subject.name) ne donne pas ce qu'il dit.",
                    remedy: "Lancez « dlnuf connectors check ».")
            }
            kept.merge(read.kept) { $1 }
        }
        return (writing, reading)
    }
}
