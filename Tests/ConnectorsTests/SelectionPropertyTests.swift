import HTTPMessages
import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Connectors

/// A holder's answer that a test may pollute: an object of members, with whole documents below.
private indirect enum Doc {
    case text(String)
    case number(Int)
    case null
    case array([Doc])
    case object([(String, Doc)])

    var json: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .null: "null"
        case .array(let elements): "[\(elements.map(\.json).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\"\($0)\":\($1.json)" }.joined(separator: ","))}"
        }
    }

    /// The same document with members and values added everywhere, in any order.
    func polluted(_ generator: inout Seeded) -> Doc {
        switch self {
        case .text, .number, .null: self
        case .array(let elements): .array(elements.map { $0.polluted(&generator) })
        case .object(let members):
            .object(
                (members.map { ($0, $1.polluted(&generator)) }
                    + (0..<Int.random(in: 0...3, using: &generator)).map { index in
                        ("fuite\(index)", Doc.noise(3, &generator))
                    }).shuffled(using: &generator))
        }
    }

    /// A random document, which repeats the names that the connector reads.
    private static func noise(_ depth: Int, _ generator: inout Seeded) -> Doc {
        let names = ["allocataires", "enfants", "nomNaissance", "quotientFamilial", "autre"]
        switch Int.random(in: 0...(depth == 0 ? 2 : 4), using: &generator) {
        case 0: return .text("FUITE")
        case 1: return .number(Int.random(in: 0...9, using: &generator))
        case 2: return .null
        case 3:
            return .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    noise(depth - 1, &generator)
                })
        default:
            return .object(
                names.shuffled(using: &generator).prefix(2).map {
                    ($0, noise(depth - 1, &generator))
                })
        }
    }
}

private func person(_ name: String, _ given: String, _ birth: String, _ sex: String) -> Doc {
    .object([
        ("nomNaissance", .text(name)), ("nomUsage", .null), ("listePrenoms", .text(given)),
        ("dateNaissance", .text(birth)), ("genre", .text(sex)),
    ])
}

private let family = Doc.object([
    (
        "allocataires",
        .array([
            person("KERBRAT", "YANN", "1988-03-00", "M"),
            person("LE GOFF", "ANAIS MARIE", "1990-05-17", "F"),
        ])
    ),
    (
        "enfants",
        .array([
            person("KERBRAT", "MALO", "2015-02-03", "M"),
            person("KERBRAT", "NOLWENN", "2018-00-00", "F"),
        ])
    ),
    (
        "adresse",
        .object([
            ("identite", .text("FUITE")), ("numeroLibelleVoie", .text("3 RUE DES LILAS")),
            ("codePostalVille", .text("20000 AJACCIO")), ("pays", .text("FRANCE")),
        ])
    ),
    ("quotientFamilial", .number(742)), ("annee", .number(2026)), ("mois", .number(10)),
])

@Suite struct `Whatever the holder sends` {
    private let fields = [
        "valeur", "annee", "mois", "nombre_enfants", "fournisseur", "enfants[].nom_naissance",
        "enfants[].prenoms", "enfants[].date_naissance", "enfants[].sexe",
        "conjoint.nom_naissance", "conjoint.prenoms", "adresse.commune", "adresse.pays",
    ].map { "quotient_familial.\($0)" }

    private func read(_ question: HolderQuestion, _ document: Doc) throws -> StepReading {
        let step = try #require(try connector("cnav/quotient_familial").steps(for: question).first)
        return step.read(reply(document.json), for: question) {
            agrees(question.pivot.reveal(), $0)
        }
    }

    @Test(arguments: 0..<120)
    func `only asked leaves are read, with their values, and nothing of the rest`(seed: Int) throws
    {
        var generator = Seeded(seed)
        let asked = Array(
            fields.shuffled(using: &generator).prefix(Int.random(in: 1...5, using: &generator)))
        let question = try question(asked, period: .month(try #require(YearMonth("2026-10"))))
        let clean = try read(question, family)
        let dirty = try read(question, family.polluted(&generator))
        #expect(dirty.outcome == .obtained)
        #expect(dirty.reading == clean.reading)
        #expect(Set(dirty.reading.leaves.keys.map(\.path.text)).isSubset(of: asked))
        #expect(
            dirty.reading.extents.allSatisfy { extent in
                asked.contains { $0.hasPrefix(extent.path.text) }
            })
        #expect(dirty.dropped == clean.dropped)
        #expect(Set(dirty.dropped.keys).isDisjoint(with: asked))
        #expect(dirty.dropped.values.allSatisfy { $0 == 1 })
        #expect(dirty.droppedUnknown >= clean.droppedUnknown)
        for case .value(let value) in dirty.reading.leaves.values {
            #expect(value.reveal() != .text("FUITE"))
        }
    }

    @Test(arguments: 0..<60)
    func `every asked leaf is read or has a reason`(seed: Int) throws {
        var generator = Seeded(seed)
        let question = try question(fields, period: .month(try #require(YearMonth("2026-10"))))
        let reading = try read(question, family.polluted(&generator)).reading
        #expect(Set(reading.leaves.keys.map(\.path.text)) == Set(fields))
        #expect(
            reading["quotient_familial.enfants[1].date_naissance"]
                == .value(Sensitive(.date(.year(2018)))))
        #expect(
            reading["quotient_familial.conjoint.nom_naissance"]
                == .value(Sensitive(.text("KERBRAT"))))
    }

    @Test(arguments: 0..<200)
    func `a damaged answer gives an outcome, never another's value`(seed: Int) throws {
        var generator = Seeded(seed)
        let question = try question(fields, period: .month(try #require(YearMonth("2026-10"))))
        let step = try #require(try connector("cnav/quotient_familial").steps(for: question).first)
        var bytes = Array(family.json.utf8)
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            default: bytes.insert(bytes[index], at: index)
            }
        }
        let response = InboundResponse(
            status: 200, headers: HTTPHeaders([("Content-Type", "application/json")]), body: bytes)
        let read = step.read(response, for: question) { agrees(question.pivot.reveal(), $0) }
        #expect(Set(read.reading.leaves.keys.map(\.path.text)).isSubset(of: fields))
        if read.outcome != .obtained { #expect(read.reading == HolderReading()) }
    }

    @Test func `endless nesting and a wall of elements are refused`() throws {
        let question = try question([fields[0]], period: .month(try #require(YearMonth("2026-10"))))
        let step = try #require(try connector("cnav/quotient_familial").steps(for: question).first)
        let deep = String(repeating: "[", count: 5000)
        let many =
            "{\"enfants\":[" + Array(repeating: "{}", count: 3000).joined(separator: ",") + "]}"
        for text in [deep, many, "{\"allocataires\":\(deep)"] {
            #expect(
                step.read(reply(text), for: question) { _ in true }.outcome
                    == .ended(.reponseIrrecevable))
        }
    }
}
