package import Vocabulary

/// Reads many decisions quickly: what exchanges that asked alike have in common is parsed once.
///
/// Records are bytes in one deterministic form, so two of them differ only where their index,
/// times, exchange, dossier and person do. These are cut out, and what is left names a decision
/// that was read before. A record of any other shape is read in full.
package struct DecisionReader: Sendable {
    /// One decision of the journal.
    package struct Reading: Sendable {
        /// The moment that the decision took as now.
        package let instant: Timestamp
        /// Which exchange; nil where the bytes name none.
        package var exchange: ExchangeID? {
            ExchangeID(String(decoding: exchangeBytes, as: UTF8.self))
        }
        /// What was asked and decided, shared by the exchanges that asked alike: its own facts
        /// name the first of them, and its dossier and person are left out.
        package let shared: SharedDecision
        let exchangeBytes: ArraySlice<UInt8>
    }

    private var known: [ArraySlice<UInt8>: SharedDecision] = [:]

    /// How many different decisions are kept; then all are forgotten and met again.
    private static let capacity = 8192

    /// Creates a reader that has met no record yet.
    package init() {}

    /// Reads the bytes of a decision; nil where the record is no decision.
    package mutating func read(_ bytes: [UInt8]) throws(RecordMistake) -> Reading? {
        guard let parts = RecordParts(bytes) else { return try readInFull(bytes) }
        if let shared = known[parts.common] {
            return Reading(
                instant: parts.instant, shared: shared, exchangeBytes: parts.exchange)
        }
        let reading = try readInFull(bytes)
        if let reading {
            if known.count >= DecisionReader.capacity { known = [:] }
            // A copy, so that the table does not hold whole records.
            known[Array(parts.common)[...]] = reading.shared
        }
        return reading
    }

    private func readInFull(_ bytes: [UInt8]) throws(RecordMistake) -> Reading? {
        guard case .decision(var record) = try PlacedRecord(bytes).record else { return nil }
        record.dossier = nil
        record.person = nil
        return Reading(
            instant: record.facts.instant, shared: SharedDecision(record),
            exchangeBytes: Array(record.facts.exchange.text.utf8)[...])
    }
}

/// A decision that many exchanges share.
package final class SharedDecision: Sendable {
    /// What was asked and decided.
    package let record: DecisionRecord

    init(_ record: DecisionRecord) {
        self.record = record
    }
}

/// A record cut at the members that vary between exchanges that asked alike.
private struct RecordParts {
    let instant: Timestamp
    let exchange: ArraySlice<UInt8>
    /// From the service's member to the counts.
    let common: ArraySlice<UInt8>

    init?(_ bytes: [UInt8]) {
        var scan = RecordScan(bytes)
        guard scan.take("{\"version\":1,\"indice\":"), scan.number() != nil,
            scan.take(",\"horodatage_ms\":"), scan.number() != nil,
            scan.take(",\"nature\":\"decision\",\"echange\":\""),
            let exchange = scan.bytes(36),
            scan.take("\",\"instant_ms\":"), let instant = scan.number(),
            scan.take(",\"service\":")
        else { return nil }
        let start = scan.place
        guard scan.skipToTail() else { return nil }
        let end = scan.place
        guard scan.takeDossier(), scan.takePerson(), scan.take("}"), scan.isAtEnd else {
            return nil
        }
        self.instant = Timestamp(milliseconds: instant)
        self.exchange = exchange
        common = bytes[start..<end]
    }
}

/// Passes over a record's bytes, as the writer writes them.
private struct RecordScan {
    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func take(_ literal: StaticString) -> Bool {
        guard isNext(literal, at: place) else { return false }
        place += literal.utf8CodeUnitCount
        return true
    }

    private func isNext(_ literal: StaticString, at start: Int) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard start + count <= bytes.count else { return false }
        return literal.withUTF8Buffer { wanted in
            bytes.withUnsafeBufferPointer { own in
                (0..<count).allSatisfy { own[start + $0] == wanted[$0] }
            }
        }
    }

    mutating func number() -> Int64? {
        var number: Int64 = 0
        let start = place
        while place < bytes.count, (48...57).contains(bytes[place]), place - start < 18 {
            number = number * 10 + Int64(bytes[place] - 48)
            place += 1
        }
        return place == start ? nil : number
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard place + count <= bytes.count else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// Goes to the dossier or the person, else to the end of the object.
    ///
    /// A quote within a text is escaped, so these bytes begin a member and nothing else.
    mutating func skipToTail() -> Bool {
        let found = bytes.withUnsafeBufferPointer { own -> Int? in
            var place = place
            while place + 2 < own.count {
                if own[place] == 0x2C, own[place + 1] == 0x22,
                    own[place + 2] == 0x64 || own[place + 2] == 0x70,
                    isNext(",\"dossier\":{", at: place) || isNext(",\"personne\":{", at: place)
                {
                    return place
                }
                place += 1
            }
            return own.last == 0x7D ? own.count - 1 : nil
        }
        guard let found else { return false }
        place = found
        return true
    }

    mutating func takeDossier() -> Bool {
        guard take(",\"dossier\":{\"cle\":") else { return true }
        return takeString() && take(",\"empreinte\":") && takeString() && take("}")
    }

    mutating func takePerson() -> Bool {
        guard take(",\"personne\":{\"cle\":") else { return true }
        guard takeString(), take(",\"pseudonyme\":"), takeString() else { return false }
        if take(",\"pseudonyme_complet\":"), !takeString() { return false }
        return take("}")
    }

    /// A text of letters, digits and dashes.
    private mutating func takeString() -> Bool {
        guard take("\"") else { return false }
        while place < bytes.count, bytes[place] != 0x22 {
            guard bytes[place] != 0x5C else { return false }
            place += 1
        }
        return take("\"")
    }
}
