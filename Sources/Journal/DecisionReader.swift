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
        /// name the first of them, and its counts, dossier and person are left out.
        package let shared: SharedDecision
        /// Which counts were found.
        package let counts: [FoundCount]
        let exchangeBytes: ArraySlice<UInt8>
    }

    private var known: [CommonBytes: SharedDecision] = [:]

    /// How many different decisions are kept; then all are forgotten and met again.
    private static let capacity = 8192

    /// Creates a reader that has met no record yet.
    package init() {}

    /// Reads the bytes of a decision; nil where the record is no decision.
    package mutating func read(_ bytes: [UInt8]) throws(RecordMistake) -> Reading? {
        guard let parts = RecordParts(bytes) else { return try readInFull(bytes) }
        if let shared = known[parts.common] {
            return Reading(
                instant: parts.instant, shared: shared, counts: parts.counts,
                exchangeBytes: parts.exchange)
        }
        let reading = try readInFull(bytes)
        if let reading {
            if known.count >= DecisionReader.capacity { known = [:] }
            // A copy, so that the table does not hold whole records.
            known[CommonBytes(Array(parts.common.bytes)[...])] = reading.shared
        }
        return reading
    }

    private func readInFull(_ bytes: [UInt8]) throws(RecordMistake) -> Reading? {
        guard case .decision(var record) = try PlacedRecord(bytes).record else { return nil }
        let counts = record.counts
        record.counts = []
        record.dossier = nil
        record.person = nil
        return Reading(
            instant: record.facts.instant, shared: SharedDecision(record), counts: counts,
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

/// What records have in common, hashed and compared as memory rather than byte by byte.
private struct CommonBytes: Hashable, Sendable {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    static func == (left: CommonBytes, right: CommonBytes) -> Bool {
        left.bytes.withUnsafeBytes { one in
            right.bytes.withUnsafeBytes { other in one.elementsEqual(other) }
        }
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

/// A record cut at the members that vary between exchanges that asked alike.
private struct RecordParts {
    let instant: Timestamp
    let exchange: ArraySlice<UInt8>
    let counts: [FoundCount]
    /// From the service's member to the identifiers.
    let common: CommonBytes

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
        guard scan.skipToCounts() else { return nil }
        let end = scan.place
        guard let counts = scan.counts(), scan.takeDossier(), scan.takePerson(), scan.take("}"),
            scan.isAtEnd
        else { return nil }
        self.counts = counts
        self.instant = Timestamp(milliseconds: instant)
        self.exchange = exchange
        common = CommonBytes(bytes[start..<end])
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

    /// Goes to the counts.
    ///
    /// A quote within a text is escaped, so these bytes begin a member and nothing else.
    mutating func skipToCounts() -> Bool {
        let found = bytes.withUnsafeBufferPointer { own -> Int? in
            var place = place
            while place + 2 < own.count {
                if own[place] == 0x2C, own[place + 1] == 0x22, own[place + 2] == 0x63,
                    isNext(",\"comptes\":[", at: place)
                {
                    return place
                }
                place += 1
            }
            return nil
        }
        guard let found else { return false }
        place = found
        return true
    }

    /// The counts; nil where they are not written as counts are.
    mutating func counts() -> [FoundCount]? {
        guard take(",\"comptes\":[") else { return nil }
        var counts: [FoundCount] = []
        while !take("]") {
            guard counts.isEmpty || take(","), take("{\"compteur\":"), let name = string(),
                take(",\"trouve\":"), let found = number(), take(",\"limite\":"),
                let limit = number(), take("}")
            else { return nil }
            counts.append(FoundCount(counter: name, found: Int(found), limit: Int(limit)))
        }
        return counts
    }

    mutating func takeDossier() -> Bool {
        guard take(",\"dossier\":{\"cle\":") else { return true }
        return passString() && take(",\"empreinte\":") && passString() && take("}")
    }

    mutating func takePerson() -> Bool {
        guard take(",\"personne\":{\"cle\":") else { return true }
        guard passString(), take(",\"pseudonyme\":"), passString() else { return false }
        if take(",\"pseudonyme_complet\":"), !passString() { return false }
        return take("}")
    }

    /// A text without escapes.
    private mutating func string() -> String? {
        let start = place + 1
        guard passString() else { return nil }
        return String(decoding: bytes[start..<place - 1], as: UTF8.self)
    }

    private mutating func passString() -> Bool {
        guard take("\"") else { return false }
        while place < bytes.count, bytes[place] != 0x22 {
            guard bytes[place] != 0x5C else { return false }
            place += 1
        }
        return take("\"")
    }
}
