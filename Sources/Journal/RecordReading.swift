import Cryptography
package import JSONText
package import Vocabulary

/// Why some bytes are no record.
package enum RecordMistake: Error, Equatable, Sendable {
    /// The bytes are no JSON.
    case text(JSONError)
    /// A member is missing, unknown or not what it must be.
    case member(JSONMistake)
    /// The version is one that this program does not read.
    case version(Int64)

    /// What is wrong, then what to do.
    package var message: String {
        switch self {
        case .text(let error): "L'enregistrement n'est pas du JSON : \(error.message)"
        case .member(let mistake): "\(mistake.path) : \(mistake.message) \(mistake.remedy)"
        case .version(let version):
            "L'enregistrement est de la version \(version), que ce programme ne lit pas ; "
                + "utilisez une version plus récente de dlnuf."
        }
    }
}

/// A record with the place and time that its bytes give it.
package struct PlacedRecord: Hashable, Sendable {
    /// Its index.
    package let index: Int64
    /// The writer's time.
    package let time: Timestamp
    /// The record.
    package let record: JournalRecord

    /// Reads the bytes of a record back into types.
    package init(_ bytes: [UInt8]) throws(RecordMistake) {
        do {
            let root = try parseJSON(bytes, limits: PlacedRecord.limits)
            try self.init(JSONPlace(root: root))
        } catch let error as JSONError {
            throw .text(error)
        } catch let mistake as JSONMistake {
            throw .member(mistake)
        } catch let mistake as RecordMistake {
            throw mistake
        } catch {
            throw .version(0)
        }
    }

    private static let limits = JSONLimits(bytes: 1 << 20, depth: 8, nodes: 20_000)

    private init(_ place: JSONPlace) throws {
        let top = try place.anyObject()
        let version = try top.required(RecordMember.version).int(in: 0...Int64(Int32.max))
        guard version == recordVersion else { throw RecordMistake.version(version) }
        index = try top.required(RecordMember.index).int(in: 0...Int64.max)
        time = try top.required(RecordMember.time).timestamp()
        let kind: RecordKind = try top.required(RecordMember.kind).choice()
        switch kind {
        case .decision:
            let reader = RecordFieldReader(top: top, facts: try ExchangeFacts(top))
            record = .decision(try reader.decision())
        case .outcome:
            let reader = RecordFieldReader(top: top, facts: try ExchangeFacts(top))
            record = .outcome(try reader.outcome())
        case .event:
            record = .event(try EventRecord(top))
        }
    }
}

/// Reads what the two records of an exchange have of their own.
private struct RecordFieldReader {
    let top: JSONObjectPlace
    let facts: ExchangeFacts

    func decision() throws -> DecisionRecord {
        var record = DecisionRecord(
            facts: facts,
            verdict: try top.required("verdict").choice(),
            requested: RecordedFields(
                listed: try top.required("demandes").texts(),
                unknownCount: try top.required("demandes_inconnues").count(),
                unlistedCount: try top.required("demandes_non_listees").count()
            ),
            credential: try top.required("acces").string(),
            initiator: try top.required("initiateur").choice()
        )
        record.credentialKind = try top.optional("titre")?.choice()
        record.problem = try top.optional("motif")?.choice()
        record.refused = try top.required("refus").array(max: 512).map(refusal)
        record.requestedPeriods = try periods("periodes_demandees") { period, _ in period }
        record.periods = try periods("periodes") { period, place in
            guard let period = Period(period) else { throw place.unreadable() }
            return period
        }
        record.client = try top.optional("client_franceconnect")?.recorded {
            FranceConnectClient(symbol: $0)
        }
        record.level = try top.optional("niveau")?.parsed { AssuranceLevel($0) }
        record.scopes = try map("portees") { try $0.texts() }
        record.isAgentNamed = try top.required("agent_nomme").bool()
        record.role = try top.optional("role")?.choice()
        record.identifiers = try top.required("identifiants").array(max: 16).map { try $0.choice() }
        record.counts = try top.required("comptes").array(max: 64).map(count)
        record.dossier = try top.optional("dossier").map(dossier)
        record.person = try top.optional("personne").map(person)
        return record
    }

    func outcome() throws -> OutcomeRecord {
        var record = OutcomeRecord(
            facts: facts,
            decision: try top.required("decision").int(in: 0...Int64.max),
            outcome: try top.required("issue").choice()
        )
        record.problem = try top.optional("motif")?.choice()
        record.sources = try top.required("sources").array(max: 256).map(source)
        record.released = try top.required("remis").texts()
        record.withheld = try top.required("manquants").array(max: 4096).map(withheld)
        record.dropped = try top.required("ecartes").array(max: 4096).map { place in
            try place.parsed { FieldPath($0) }
        }
        record.hasDroppedUnknown = try top.required("ecartes_inconnus").bool()
        return record
    }

    private func refusal(_ place: JSONPlace) throws -> RefusedField {
        let entry = try place.object(["champ", "motif"])
        return RefusedField(
            field: try entry.optional("champ")?.recorded { $0 },
            reason: try entry.required("motif").choice()
        )
    }

    private func count(_ place: JSONPlace) throws -> FoundCount {
        let entry = try place.object(["compteur", "trouve", "limite"])
        return FoundCount(
            counter: try entry.required("compteur").string(),
            found: try entry.required("trouve").count(),
            limit: try entry.required("limite").count()
        )
    }

    private func dossier(_ place: JSONPlace) throws -> KeyedDigest {
        let object = try place.object(["cle", "empreinte"])
        return KeyedDigest(
            key: try object.required("cle").string(),
            digest: try object.required("empreinte").parsed { digest($0) }
        )
    }

    private func person(_ place: JSONPlace) throws -> PersonMark {
        let object = try place.object(["cle", "pseudonyme", "pseudonyme_complet"])
        return PersonMark(
            key: try object.required("cle").string(),
            pseudonym: try object.required("pseudonyme").parsed { digest($0) },
            fullPseudonym: try object.optional("pseudonyme_complet")?.parsed { digest($0) }
        )
    }

    private func source(_ place: JSONPlace) throws -> RecordedSource {
        let entry = try place.object(["jeu", "detenteur", "statut", "motif"])
        return RecordedSource(
            dataset: try entry.required("jeu").parsed { DatasetID($0) },
            holder: try entry.required("detenteur").parsed { HolderID($0) },
            status: try entry.required("statut").choice(),
            reason: try entry.optional("motif")?.parsed { RecordedReason(text: $0) }
        )
    }

    private func withheld(_ place: JSONPlace) throws -> WithheldField {
        let entry = try place.object(["champ", "motif"])
        return WithheldField(
            field: try entry.required("champ").string(),
            reason: try entry.required("motif").parsed { RecordedReason(text: $0) }
        )
    }

    private func periods<Value>(
        _ name: String,
        _ convert: (RequestedPeriod, JSONPlace) throws -> Value
    ) throws -> [DatasetID: Value] {
        try map(name) { place in
            let object = try place.object(["annee", "mois", "date", "du", "au"])
            let period = RequestedPeriod(
                year: try object.optional("annee").map { Int(try $0.int(in: 0...9999)) },
                month: try object.optional("mois")?.parsed { YearMonth($0) },
                date: try object.optional("date")?.parsed { CalendarDate($0) },
                from: try object.optional("du")?.parsed { YearMonth($0) },
                to: try object.optional("au")?.parsed { YearMonth($0) }
            )
            return try convert(period, place)
        }
    }

    /// An object whose members are names of the catalogue.
    private func map<Name: CatalogueName, Value>(
        _ name: String,
        _ convert: (JSONPlace) throws -> Value
    ) throws -> [Name: Value] {
        let place = try top.required(name)
        var values: [Name: Value] = [:]
        for member in try place.anyObject().members {
            guard let key = Name(member.name) else { throw place.unreadable() }
            values[key] = try convert(member.place)
        }
        return values
    }
}

extension ExchangeFacts {
    fileprivate init(_ top: JSONObjectPlace) throws {
        self.init(
            exchange: try top.required(RecordMember.exchange).parsed { ExchangeID($0) },
            instant: try top.required(RecordMember.instant).timestamp(),
            service: try top.required(RecordMember.service).parsed { ServiceID($0) },
            recipient: try top.required(RecordMember.recipient).recorded { Siret($0) },
            purpose: try top.required(RecordMember.purpose).recorded { PurposeID($0) },
            policy: try top.optional(RecordMember.policy).map { place in
                let object = try place.object(["empreinte", "version"])
                return PolicyMark(
                    hash: try object.required("empreinte").string(),
                    version: try object.required("version").count()
                )
            },
            generation: try top.required(RecordMember.generation).string(),
            mode: try top.required(RecordMember.mode).choice()
        )
    }
}

private func digest(_ text: String) -> [UInt8]? {
    Hex.decode(text).flatMap { $0.count == 32 ? $0 : nil }
}

extension JSONPlace {
    func timestamp() throws -> Timestamp {
        Timestamp(milliseconds: try int(in: 0...Int64.max))
    }

    func count() throws -> Int {
        Int(try int(in: 0...Int64(Int32.max)))
    }

    func texts() throws -> [String] {
        try array(max: 4096).map { try $0.string() }
    }

    func parsed<Value>(_ convert: (String) -> Value?) throws -> Value {
        guard let value = convert(try string()) else { throw unreadable() }
        return value
    }

    func choice<Choice: RawRepresentable<String>>() throws -> Choice {
        try parsed { Choice(rawValue: $0) }
    }

    func recorded<Name>(_ convert: (String) -> Name?) throws -> Recorded<Name> {
        let text = try string()
        if text == unknownName { return .unknown }
        guard let name = convert(text) else { throw unreadable() }
        return .known(name)
    }

    func unreadable() -> JSONMistake {
        mistake(
            "La valeur n'est pas de celles que ce membre admet.",
            remedy: "Vérifiez l'intégrité du journal avec « dlnuf journal verify »."
        )
    }
}
