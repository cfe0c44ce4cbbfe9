import Cryptography
import JSONText
import Vocabulary

/// A record as a store holds it, read back for an audit.
package struct StoredRecord: Sendable, Hashable {
    /// The bytes, as they were written.
    package let bytes: [UInt8]
    /// The salt of the entry.
    package let salt: [UInt8]
    /// The leaf hash that the store holds.
    package let leaf: [UInt8]
    /// What the bytes say.
    package let placed: PlacedRecord

    /// Reads the bytes of a stored record.
    package init(bytes: [UInt8], salt: [UInt8], leaf: [UInt8]) throws(RecordMistake) {
        self.bytes = bytes
        self.salt = salt
        self.leaf = leaf
        placed = try PlacedRecord(bytes)
    }

    /// Whether the leaf is the hash of the salt and the bytes.
    package var isIntact: Bool {
        guard salt.count == Leaf.saltBytes else { return false }
        return Leaf.hash(ofEntry: Leaf.entry(salt: salt, record: bytes)) == leaf
    }

    /// One line of JSON: the place, the leaf, and the record byte for byte.
    package var json: String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("indice", placed.index)
            object.member("feuille", Hex.encode(leaf))
            object.member("sel", Hex.encode(salt))
            object.key("enregistrement")
            object.raw(bytes)
        }
        return writer.text
    }

    /// What an auditor reads: a title, then one indented line for each thing that is known.
    package var text: String {
        let title = "\(placed.index)  \(placed.time.rfc3339)  \(summary)"
        var lines = placed.record.facts?.auditLines ?? []
        switch placed.record {
        case .decision(let record): lines += record.auditLines
        case .outcome(let record): lines += record.auditLines
        case .event(let record): lines += record.auditLines
        }
        lines.append("feuille \(Hex.encode(leaf))")
        return ([title] + lines.map { "    \($0)" }).joined(separator: "\n")
    }

    private var summary: String {
        switch placed.record {
        case .decision(let record):
            "décision : " + (record.verdict == .permitted ? "permise" : "refusée")
        case .outcome(let record):
            "issue : \(record.outcome.label) (décision \(record.decision))"
        case .event(let record):
            "événement : \(record.act.label)"
        }
    }
}

extension ExchangeFacts {
    fileprivate var auditLines: [String] {
        let mark = policy.map { " (version \($0.version), \($0.hash.prefix(12))…)" } ?? ""
        return [
            "échange \(exchange.text), service \(service.text), "
                + "destinataire \(recipient.name?.text ?? unknownName)",
            "finalité \(purpose.name?.text ?? unknownName)\(mark), mode \(mode.rawValue)",
        ]
    }
}

extension OutcomeRecord.Outcome {
    /// How a reader sees it.
    package var label: String {
        switch self {
        case .complete: "complète"
        case .partial: "partielle"
        case .nothing: "aucune donnée"
        case .interrupted: "interrompue"
        case .cancelled: "annulée par l'appelant"
        case .failed: "échec de la passerelle"
        }
    }
}

extension CredentialKind {
    /// How a reader sees it.
    package var label: String {
        switch self {
        case .apiKey: "clé d'API"
        case .certificateToken: "jeton lié à un certificat"
        case .proofToken: "jeton lié à une clé DPoP"
        }
    }
}

extension DecisionRecord {
    fileprivate var auditLines: [String] {
        var lines = ["accès \(credential), initiateur \(initiator.rawValue)\(access)"]
        if let problem { lines.append("motif \(problem.rawValue)") }
        lines.append("demandés : \(list(requested.listed))\(uncounted)")
        if !refused.isEmpty {
            let refusals = refused.map { "\($0.text ?? "demande") (\($0.reason.rawValue))" }
            lines.append("refusés : \(list(refusals))")
        }
        if !periods.isEmpty {
            let texts = periods.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.label)" }
            lines.append("périodes : \(list(texts))")
        }
        if !counts.isEmpty {
            lines.append(
                "comptes : "
                    + list(counts.map { "\($0.counter) \($0.found) sur \($0.limit)" }))
        }
        if let dossier { lines.append("dossier \(short(dossier.digest)) (\(dossier.key))") }
        if let person { lines.append("personne \(short(person.pseudonym)) (\(person.key))") }
        return lines
    }

    private var access: String {
        var text = isAgentNamed ? " (agent nommé)" : ""
        if let credentialKind { text += ", par \(credentialKind.label)" }
        if let role { text += ", rôle \(role.rawValue)" }
        if let client { text += ", client \(client.name?.symbol ?? unknownName)" }
        if let level { text += ", niveau \(level.text)" }
        if !identifiers.isEmpty {
            text += ", identifiants \(list(identifiers.map(\.rawValue)))"
        }
        return text
    }

    private var uncounted: String {
        var text = ""
        if requested.unknownCount > 0 { text += ", et \(requested.unknownCount) inconnus" }
        if requested.unlistedCount > 0 { text += ", et \(requested.unlistedCount) non listés" }
        return text
    }
}

extension OutcomeRecord {
    fileprivate var auditLines: [String] {
        var lines: [String] = []
        if let problem { lines.append("motif \(problem.rawValue)") }
        for source in sources {
            let reason = source.reason.map { " (\($0.text))" } ?? ""
            lines.append("\(source.holder), \(source.dataset) : \(source.status.rawValue)\(reason)")
        }
        lines.append("remis : \(list(released))")
        if !withheld.isEmpty {
            lines.append("manquants : \(list(withheld.map { "\($0.field) (\($0.reason.text))" }))")
        }
        if !dropped.isEmpty || hasDroppedUnknown {
            lines.append(
                "écartés : \(list(dropped.map(\.text) + (hasDroppedUnknown ? [unknownName] : [])))")
        }
        return lines
    }
}

extension Period {
    fileprivate var label: String {
        let requested = requested
        let parts = [
            requested.year.map { "\($0)" }, requested.month?.text, requested.date?.text,
            requested.from.map { "du \($0.text)" }, requested.to.map { "au \($0.text)" },
        ]
        return parts.compactMap { $0 }.joined(separator: " ")
    }
}

private func list(_ texts: [String]) -> String {
    texts.isEmpty ? "aucun" : texts.joined(separator: ", ")
}

private func short(_ digest: [UInt8]) -> String {
    "\(Hex.encode(digest).prefix(16))…"
}
