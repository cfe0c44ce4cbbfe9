import Cryptography
import Testing
import Vocabulary

@testable import Journal

@Suite struct `An event` {
    @Test(arguments: Event.all)
    func `has exactly these bytes, and reads back into what was written`(event: Event) throws {
        let record = try event.record()
        let bytes = Draft(record).record(index: 42, time: Sample.instant)
        let expected =
            #"{"version":1,"indice":42,"horodatage_ms":1795219467123,"nature":"evenement","#
            + #""echange":"01a1fb6b-2b73-7707-8707-070707070707","#
            + #""instant_ms":1795219467123,"#
            + #""generation":"\#(Event.generation)",\#(event.members)}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        let placed = try PlacedRecord(bytes)
        #expect(placed.index == 42 && placed.record == .event(record))
        #expect(placed.record.columns == Draft(record).columns)
        #expect(placed.record.person == nil && !placed.record.columns.awaitsOutcome)
    }

    @Test func `is refused where a member is missing or not what it must be`() throws {
        for event in Event.all {
            let bytes = Draft(try event.record()).record(index: 1, time: Sample.instant)
            let text = String(decoding: bytes, as: UTF8.self)
            let other = text.replacing(event.act, with: "acces_oublie")
            #expect(throws: RecordMistake.self) { try PlacedRecord(Array(other.utf8)) }
            #expect(throws: RecordMistake.self) { try PlacedRecord(Array(bytes.dropLast())) }
            let bare = text.replacing(",\(event.members)", with: ",\"acte\":\"\(event.act)\"")
            #expect(throws: RecordMistake.self) { try PlacedRecord(Array(bare.utf8)) }
        }
    }

    @Test(arguments: Event.all)
    func `is shown in sentences`(event: Event) throws {
        let salt = [UInt8](1...32)
        let bytes = Draft(try event.record()).record(index: 42, time: Sample.instant)
        let leaf = Leaf.hash(ofEntry: Leaf.entry(salt: salt, record: bytes))
        let stored = try StoredRecord(bytes: bytes, salt: salt, leaf: leaf)
        #expect(stored.isIntact)
        let lines = stored.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "42  2026-11-21T00:04:27Z  événement : \(event.title)")
        for line in event.lines { #expect(lines.contains("    \(line)"), "\(stored.text)") }
        #expect(stored.json.hasSuffix(String(decoding: bytes, as: UTF8.self) + "}"))
    }

    @Test func `is found by what it is about, and counts for no field and no person`() throws {
        func placed(_ event: Event) throws -> PlacedRecord {
            try PlacedRecord(
                Draft(try event.record()).record(index: 1, time: Sample.instant))
        }
        let suspended = try placed(.suspended)
        let inForce = try placed(.signed)
        let service = try #require(ServiceID("cnaf"))
        for filter in [
            AuditFilter(service: service), AuditFilter(purpose: PurposeID("cnaf/aide-logement")),
        ] {
            #expect(filter.admits(suspended) && !filter.admits(inForce))
        }
        #expect(!AuditFilter(recipient: Siret("13002526500013")).admits(suspended))
        #expect(AuditFilter(kind: .event).admits(inForce))
        #expect(!AuditFilter(kind: .decision).admits(inForce))
        #expect(AuditFilter(exchange: inForce.record.id).admits(inForce))
        var statistics = FieldStatistics(catalogue: Sample.catalogue)
        let before = statistics.lines
        statistics.add(suspended.record)
        #expect(statistics.lines == before)
        var search = PersonSearch(Sample.pivot, keyring: Sample.keyring)
        #expect(search.match(suspended.record) == .none)
        #expect(search.match(inForce.record) == .none)
    }

    @Test(
        arguments: [
            "", " bord", "bord ", "deux\nlignes", "tab\tulation", "a\u{202E}b", "a\u{2028}b",
            "a\u{0}b", "a\u{200B}b", String(repeating: "é", count: 101),
        ])
    func `takes from an operator one line alone`(text: String) {
        #expect(OperatorText(text) == nil)
    }

    @Test func `takes from an operator what a sentence needs`() throws {
        for text in ["Appel de l'équipe du RSA : faute de saisie.", "x", "« Çà et là »"] {
            #expect(OperatorText(text)?.text == text)
        }
        #expect(OperatorText(String(repeating: "é", count: 100)) != nil)
    }
}

/// One event of each act, with what is expected of it.
struct Event: Sendable, CustomTestStringConvertible {
    let act: String
    let title: String
    let lines: [String]
    /// Its members after those that all events have.
    let members: String
    let record: @Sendable () throws -> EventRecord

    var testDescription: String { "\(act), \(lines.count) lignes" }

    static let all = [unsigned, signed, refused, suspended, restored] + Revision.events

    static let generation = Hex.encode(sha256([2]))
    static let inventory = Hex.encode(sha256([3]))
    static let manifest = Hex.encode(sha256([4]))

    static let unsigned = Event(
        act: "generation_en_vigueur", title: "documents en vigueur",
        lines: ["au démarrage", "sans manifeste signé", "inventaire \(inventory)"],
        members: #""acte":"generation_en_vigueur","origine":"demarrage","#
            + #""inventaire":"\#(inventory)""#
    ) {
        event(
            .generationInForce(
                GenerationMark(cause: .start, inventory: inventory, manifest: nil)))
    }

    static let signed = Event(
        act: "generation_en_vigueur", title: "documents en vigueur",
        lines: [
            "par rechargement", "manifeste série 12 (\(manifest.prefix(12))…)",
            "signé par Aude Roux (auteur)", "signé par Noé Blin (approbateur)",
            "génération \(generation)",
        ],
        members: #""acte":"generation_en_vigueur","origine":"rechargement","#
            + #""inventaire":"\#(inventory)","manifeste":{"empreinte":"\#(manifest)","serie":12,"#
            + #""signataires":[{"nom":"Aude Roux","role":"auteur"},"#
            + #"{"nom":"Noé Blin","role":"approbateur"}]}"#
    ) {
        let signers = [
            SignerMark(name: try #require(OperatorText("Aude Roux")), role: .author),
            SignerMark(name: try #require(OperatorText("Noé Blin")), role: .approver),
        ]
        return event(
            .generationInForce(
                GenerationMark(
                    cause: .reload, inventory: inventory,
                    manifest: ManifestMark(hash: manifest, serial: 12, signers: signers))))
    }

    static let refused = Event(
        act: "generation_refusee", title: "documents refusés",
        lines: ["3 erreur(s) ; les documents précédents restent en vigueur"],
        members: #""acte":"generation_refusee","erreurs":3"#
    ) { event(.generationRefused(mistakes: 3)) }

    static let suspended = Event(
        act: "acces_suspendu", title: "accès suspendu",
        lines: [
            "accès cnaf-2026, service cnaf, finalité cnaf/aide-logement, mode identite",
            "borne variantes : 21 sur 20",
        ],
        members: #""acte":"acces_suspendu",\#(access),"borne":"variantes","trouve":21,"limite":20"#
    ) {
        event(
            .accessSuspended(
                try mark(), found: FoundCount(counter: "variantes", found: 21, limit: 20)))
    }

    static let restored = Event(
        act: "acces_retabli", title: "accès rétabli",
        lines: ["motif de l'opérateur : Faute de saisie corrigée."],
        members: #""acte":"acces_retabli",\#(access),"#
            + #""motif_operateur":"Faute de saisie corrigée.""#
    ) {
        let motive = try #require(OperatorText("Faute de saisie corrigée."))
        return event(.accessRestored(try mark(), motive: motive))
    }

    private static let access =
        #""service":"cnaf","acces":"cnaf-2026","finalite":"cnaf/aide-logement","mode":"identite""#

    private static func mark() throws -> AccessMark {
        AccessMark(
            service: try #require(ServiceID("cnaf")), credential: "cnaf-2026",
            purpose: try #require(PurposeID("cnaf/aide-logement")), mode: .identite)
    }

    fileprivate static func event(_ act: EventAct) -> EventRecord {
        EventRecord(
            id: ExchangeID(time: Sample.instant, random: [UInt8](repeating: 7, count: 10)),
            instant: Sample.instant, generation: generation, act: act)
    }
}

/// The steps of a connector that a holder proposed.
private enum Revision {
    static let hash = Hex.encode(sha256([5]))
    static let connector = Hex.encode(sha256([6]))

    static let events = [
        step(
            "proposee", "connecteur proposé", "proposée par dgfip-2026",
            #","proposee_par":"dgfip-2026""#
        ) { .proposed(by: try name("dgfip-2026")) },
        step(
            "approuvee", "connecteur approuvé", "approuvée par Aude Roux",
            #","operateur":"Aude Roux""#
        ) { .approved(by: try name("Aude Roux")) },
        step("en_vigueur", "connecteur en vigueur", "révision \(hash)", "") { .inForce },
        step(
            "refusee", "connecteur refusé", "approuvée par Noé Blin, et refusée : 2 erreur(s)",
            #","operateur":"Noé Blin","erreurs":2"#
        ) { .refused(by: try name("Noé Blin"), mistakes: 2) },
        step(
            "retiree", "connecteur retiré", "retirée par Noé Blin", #","operateur":"Noé Blin""#
        ) { .reverted(by: try name("Noé Blin")) },
    ]

    private static func step(
        _ act: String, _ title: String, _ line: String, _ rest: String,
        _ step: @escaping @Sendable () throws -> RevisionStep
    ) -> Event {
        Event(
            act: "revision_\(act)", title: title,
            lines: ["connecteur dgfip/revenu_fiscal", line],
            members: #""acte":"revision_\#(act)","detenteur":"dgfip","jeu":"revenu_fiscal","#
                + #""revision":"\#(hash)","connecteur":"\#(connector)"\#(rest)"#
        ) {
            Event.event(
                .revision(
                    try step(),
                    RevisionMark(
                        holder: try #require(HolderID("dgfip")),
                        dataset: try #require(DatasetID("revenu_fiscal")), hash: hash,
                        connector: connector)))
        }
    }

    private static func name(_ text: String) throws -> OperatorText {
        try #require(OperatorText(text))
    }
}
