import Foundation
import JSONText
import Policies
import TestSupport
import Testing
import Vocabulary

/// The shipped policies, changed at random: whatever comes, the reader answers with places.
@Suite struct `A policy changed at random` {
    private let catalogue: Catalogue
    private let services: [ServiceDescription]

    init() throws {
        catalogue = try Shipped.catalogue()
        services = try Shipped.services()
    }

    private func read(_ bytes: [UInt8], of name: String) throws -> DocumentReading<Policy> {
        let purpose = try #require(PurposeID(name))
        return readPolicy(
            bytes, of: purpose, catalogue: catalogue,
            service: services.first { $0.id == purpose.service })
    }

    /// Bytes torn out, doubled, swapped or put elsewhere.
    @Test(arguments: 0..<300)
    func `is read or refused at a place, and never stops the program`(seed: Int) throws {
        var random = Seeded(seed: seed)
        let name = random.one(of: Shipped.purposes)
        var bytes = try Shipped.bytes("policies/\(name)/policy.json")
        for _ in 0..<random.number(below: 6) + 1 {
            let start = random.number(below: bytes.count)
            let end = min(bytes.count, start + random.number(below: 40) + 1)
            switch random.number(below: 4) {
            case 0: bytes.removeSubrange(start..<end)
            case 1:
                bytes.insert(contentsOf: bytes[start..<end], at: random.number(below: start + 1))
            case 2: bytes[start] = UInt8(truncatingIfNeeded: random.next())
            default: bytes.swapAt(start, end - 1)
            }
            if bytes.isEmpty { break }
        }
        let reading = try read(bytes, of: name)
        #expect((reading.value == nil) == !reading.mistakes.isEmpty, "seed \(seed)")
        for mistake in reading.mistakes {
            #expect(mistake.position.line >= 1 && mistake.position.column >= 1, "seed \(seed)")
            #expect(mistake.position.offset <= bytes.count, "seed \(seed)")
            #expect(!mistake.message.isEmpty && !mistake.remedy.isEmpty, "seed \(seed)")
        }
        if let policy = reading.value {
            let today = try #require(CalendarDate("2026-11-20"))
            for remark in policy.remarks(catalogue: catalogue, today: today) {
                #expect(!remark.located(in: bytes).path.isEmpty, "seed \(seed)")
            }
        }
    }

    /// A member that nobody knows, in any object of any policy, is refused by name.
    @Test(arguments: 0..<200)
    func `is refused for one member that nobody knows`(seed: Int) throws {
        var random = Seeded(seed: seed)
        let name = random.one(of: Shipped.purposes)
        let whole = try Shipped.bytes("policies/\(name)/policy.json")
        let openings = whole.indices.filter { whole[$0] == UInt8(ascii: "{") }
        let place = random.one(of: openings)
        let stranger = "inconnu_\(seed)"
        var bytes = whole
        bytes.insert(contentsOf: Array("\"\(stranger)\": 1, ".utf8), at: place + 1)
        let reading = try read(bytes, of: name)
        #expect(reading.value == nil, "seed \(seed), \(name) at \(place)")
        let named = reading.mistakes.contains { $0.path.contains(stranger) }
        #expect(named, "seed \(seed): \(reading.mistakes.map(\.message))")
    }
}

/// Numbers that a seed determines (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &+ 0x5EED }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func number(below bound: Int) -> Int {
        bound <= 0 ? 0 : Int(next() % UInt64(bound))
    }

    mutating func one<Element>(of elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }
}
