import Cryptography
import Foundation
import JSONText
import Journal
import Policies
import Testing
import Vocabulary

@testable import Registry

@Suite struct `A set that follows others` {
    private static let rsa = "policies/cnaf/rsa/policy.json"

    @Test func `keeps the number of a version only with the bytes of that version`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.putInForce()
        try past.set(version: 1, title: "Autre intitulé")
        let mistake = try #require(try past.mistakes().first)
        #expect(mistake.file == Self.rsa && mistake.path == "version")
        #expect(mistake.message.contains("La version 1 a été en vigueur à partir du 2026-11-21"))
        #expect(mistake.remedy == "Changez « version » : écrivez 2.")
        #expect(mistake.position?.line == 3)
        try past.set(version: 2, title: "Autre intitulé")
        #expect(try past.mistakes().isEmpty)
    }

    @Test func `may come back as it was, and under no lower number that was never used`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.putInForce()
        let first = try past.desk.folders.read(Self.rsa)
        try past.set(version: 5, title: "Cinquième")
        try past.putInForce()
        try past.set(version: 3, title: "Troisième")
        let mistake = try #require(try past.mistakes().first)
        #expect(mistake.message.contains("La version 3 n'a jamais été en vigueur, et la version 5"))
        #expect(mistake.remedy.contains("6"))
        try past.desk.folders.write(Self.rsa, first)
        #expect(try past.mistakes().isEmpty)
        try past.putInForce()
        #expect(try past.mistakes().isEmpty)
    }

    @Test func `may change a draft, which nobody was asked under`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.putInForce { text in
            text.replacing("\"etat\": \"active\"", with: "\"etat\": \"brouillon\"")
        }
        try past.set(version: 1, title: "Relu")
        #expect(try past.mistakes().isEmpty)
    }

    @Test func `has a serial that is not lower, and no other set's`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.desk.sign(serial: 7)
        try past.putInForce()
        #expect(try past.mistakes().isEmpty)
        try past.desk.sign(serial: 6)
        let lower = try #require(try past.mistakes().first)
        #expect(lower.file == Manifest.path && lower.message.contains("la série 7 a déjà été"))
        #expect(lower.remedy.contains("--serie 8"))
        try past.set(version: 2, title: "Autre intitulé")
        try past.desk.sign(serial: 7)
        let same = try #require(try past.mistakes().first)
        #expect(same.message.contains("La série 7 a déjà servi pour un autre manifeste"))
        try past.desk.sign(serial: 8)
        #expect(try past.mistakes().isEmpty)
    }

    @Test func `is one period, however often the gateway restarts under it`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.putInForce()
        try past.putInForce()
        try past.set(version: 2, title: "Autre intitulé")
        try past.putInForce()
        let periods = past.history.periods
        #expect(periods.map(\.index) == [0, 2])
        #expect(periods.first?.until != nil && periods.last?.until == nil)
    }

    @Test func `may follow one that the journal kept nothing of`() throws {
        let past = try Past()
        defer { past.desk.folders.remove() }
        try past.putInForce()
        try past.set(version: 1, title: "Autre intitulé")
        past.forget()
        #expect(try past.mistakes().isEmpty)
    }
}

/// Sets that come into force one after the other, and what a journal would keep of them.
private final class Past {
    let desk: SigningDesk
    private var events: [StoredRecord] = []
    private var kept: [String: [UInt8]] = [:]

    init() throws { desk = try SigningDesk() }

    var history: SetHistory { SetHistory(events) }

    func set(version: Int, title: String) throws {
        let path = "policies/cnaf/rsa/policy.json"
        let text = try desk.folders.text(path)
            .replacing(/"version": [0-9]+/, with: "\"version\": \(version)")
            .replacing(/"intitule": "[^"]*"/, with: "\"intitule\": \"\(title)\"")
        try desk.folders.write(path, Data(text.utf8))
    }

    /// Puts what is in the folders in force, or a policy that is changed for that moment.
    func putInForce(changing change: ((String) -> String)? = nil) throws {
        let path = "policies/cnaf/rsa/policy.json"
        let registry = try #require(reading.registry, "\(reading.errors.map(\.text))")
        var files = registry.files
        if let change {
            files = files.map { file in
                guard file.path == path else { return file }
                let text = change(String(decoding: file.bytes, as: UTF8.self))
                return SetFile(Document(path: path, bytes: Array(text.utf8)))
            }
        }
        let inventory = Inventory(of: files).bytes
        for bytes in files.map(\.bytes) + [inventory] { kept[Hex.encode(sha256(bytes))] = bytes }
        let mark = GenerationMark(
            cause: .reload, inventory: Hex.encode(sha256(inventory)), manifest: registry.manifest)
        let time = Timestamp(milliseconds: 1_795_219_467_123 + Int64(events.count) * 1000)
        let draft = Draft(
            EventRecord(
                id: ExchangeID(time: time, random: [UInt8](repeating: 1, count: 10)),
                instant: time, generation: registry.policies.generation,
                act: .generationInForce(mark)))
        let head = events.last.map {
            JournalHead(index: $0.placed.index, leaf: $0.leaf, time: $0.placed.time)
        }
        let batch = Sequencer(after: head).prepare(
            [draft], salts: [UInt8](repeating: 7, count: 32), now: time)
        for row in batch.rows {
            events.append(
                try StoredRecord(bytes: row.record, salt: row.salt, leaf: row.leaf))
        }
    }

    func forget() { kept = [:] }

    func mistakes() throws -> [Diagnostic] {
        let registry = try #require(reading.registry, "\(reading.errors.map(\.text))")
        return history.mistakes(of: registry) { kept[$0] }
    }

    private var reading: RegistryReading { desk.load(isRequired: false) }
}
