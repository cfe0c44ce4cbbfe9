import Connectors
import Curl
import Foundation
import HTTPMessages
import HolderClients
import Platform
import Sandbox
import Testing
import Vocabulary

/// The holders' doubles over HTTP, and the clients that ask them as the shipped connectors say.
private struct Holders {
    let loops: [EventLoop]
    let sandbox: SandboxServers
    let clients: HolderClients

    static let paths = [
        "dgfip/revenu_fiscal", "cnav/quotient_familial", "mesri/statut_etudiant",
        "france-travail/demandeur_emploi", "gip-mds/salaires",
    ]
    /// One secret for all: the doubles are told it, and the connectors are bound to it.
    private static let secret = "secret-invente"

    init() throws {
        loops = [try EventLoop(name: "un"), try EventLoop(name: "deux")]
        for loop in loops { try loop.start() }
        let client = ClientCredentials(id: Self.secret, secret: Self.secret)
        sandbox = try SandboxServers.start(
            loops: [loops[0]],
            configuration: SandboxConfiguration(
                services: [], dataProviders: [],
                credentials: SandboxConfiguration.HolderCredentials(
                    dgfip: client, cnav: client, franceTravail: client, gipMDS: client,
                    mesriKeyForINE: Self.secret, mesriKeyForCivilStatus: Self.secret)))
        var own: [HTTPClient] = []
        var settings = HTTPClient.Configuration()
        settings.addressRule = .any
        for loop in loops { own.append(try HTTPClient(loop: loop, configuration: settings)) }
        var connectors: [Connector] = []
        var bindings: [ConnectorKey: HolderBinding] = [:]
        for path in Self.paths {
            let connector = try Self.connector(path)
            connectors.append(connector)
            let origin = HolderBinding.Origin(
                baseURLs: [sandbox.urls[connector.holder.text] ?? ""],
                reach: Reach(admitsThisMachine: true), allowsPlainHTTP: true)
            bindings[ConnectorKey(connector)] = HolderBinding(
                origins: Dictionary(
                    uniqueKeysWithValues: connector.origins.map { ($0.text, origin) }),
                secrets: Dictionary(
                    uniqueKeysWithValues: connector.secrets.map {
                        ($0.text, Sensitive(Self.secret))
                    }),
                receives: connector.relayed)
        }
        // A Friday at noon, when no holder has announced that it would be away.
        let noon = Timestamp(milliseconds: 1_795_173_600_000)
        let lanes = LaneRegister(
            LaneEdge(now: { ContinuousClock.now }, wall: { noon }, random: { 0.5 }))
        clients = try HolderClients(
            connectors, configuration: .init(bindings: bindings), send: holderTransport(over: own),
            lanes: lanes)
    }

    private static func connector(_ path: String) throws -> Connector {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "connectors/\(path)/connector.json")
        return try #require(ConnectorDocument([UInt8](try Data(contentsOf: file))).connector)
    }

    func ask(_ holder: String, _ question: HolderQuestion) async throws -> HolderReply {
        try await loops[1].run { [clients] in
            await clients.answer(
                question, from: HolderID(checked: holder),
                until: ContinuousClock.now.advanced(by: .seconds(20)))
        }
    }

    func stop() async {
        await sandbox.stop()
        for loop in loops { loop.stop() }
    }
}

/// What is asked of one holder about someone whom the sandbox knows.
private struct Asking {
    let holder: String
    let field: String
    let period: Period
    let mode: Mode

    init(_ holder: String, mode: Mode = .identite) throws {
        self.holder = holder
        self.mode = mode
        let today = try #require(CalendarDate("2026-11-20"))
        let month = try #require(YearMonth("2026-10"))
        (field, period) =
            switch holder {
            case "cnav": ("quotient_familial.valeur", .month(month))
            case "mesri": ("statut_etudiant.est_inscrit", .date(today))
            case "france-travail": ("demandeur_emploi.est_inscrit", .date(today))
            case "gip-mds": ("salaires.mensuels[].mois", .months(from: month, to: month))
            default: ("revenu_fiscal.revenu_fiscal_reference", .year(2025))
            }
    }

    func question() throws -> HolderQuestion {
        let leaf = try #require(FieldPath(field))
        let birth = try #require(PartialDate("1988-03-14"))
        return HolderQuestion(
            dataset: leaf.dataset, mode: mode, leaves: [leaf], period: period,
            today: Timestamp(milliseconds: WallClock.milliseconds()).parisDate,
            pivot: Sensitive(
                PivotIdentity(
                    birthName: "Kérouanton", usageName: nil, givenNames: ["Maëlle", "Soizic"],
                    birthDate: birth, mayBePresumed: false, sex: .feminin, birthCountry: "99100",
                    birthCommune: "29019")),
            identifiers: [
                .numeroFiscal: Sensitive("3091837462000"),
                .identifiantFranceTravail: Sensitive("8174635K"),
            ],
            token: mode == .franceconnect ? Sensitive("jeton-invente") : nil,
            recipient: try #require(Siret("13002526500013")),
            purpose: try #require(PurposeID("cnaf/aide-logement")),
            exchange: ExchangeID(
                time: Timestamp(milliseconds: 1_790_000_000_000),
                random: Array(repeating: 7, count: 10)))
    }
}

/// What each holder's own words mean, from the facts about it; every code of its double is here.
private let meanings: [(holder: String, mode: Mode, reasons: [String: MissingReason])] = [
    (
        "cnav", .identite,
        [
            "40409": .personneInconnue, "40409-texte": .personneInconnue,
            "40406": .nonDetenu, "40412": .nonDetenu, "40003": .personneInconnue,
            "40013": .personneInconnue, "40014": .personneInconnue, "40019": .personneInconnue,
            "40029": .nonCouvert, "40000": .detenteurIndisponible,
            "40024": .detenteurIndisponible, "sans-dossier-cnaf": .nonDetenu,
            "sans-dossier-msa": .nonDetenu, "sans-dossier-rncps": .nonDetenu,
            "404": .passerelleEnDefaut, "429": .detenteurQuota,
        ].merging(anyHolder) { own, _ in own }
    ),
    (
        "mesri", .identite,
        [
            "404": .nonCouvert, "plusieurs": .personneAmbigue, "400": .passerelleEnDefaut,
            "500": .detenteurIndisponible, "429": .detenteurQuota,
        ].merging(anyHolder) { own, _ in own }
    ),
    ("france-travail", .identite, jobSeekers.merging(anyHolder) { own, _ in own }),
    (
        "france-travail", .franceconnect,
        jobSeekers.merging([
            "404": .nonDetenu, "206": .nonDetenu, "204": .nonDetenu, "401": .jetonInactif,
            "403": .porteeRefusee,
        ]) { $1 }.merging(anyHolder) { own, _ in own }
    ),
    (
        "gip-mds", .identite,
        [
            "NOT_FOUND_INDIVIDU": .personneInconnue, "NOT_FOUND_CONTRAT": .nonDetenu,
            "TOO_MANY_INDIVIDU": .personneAmbigue, "KO_TECHNIQUE": .detenteurIndisponible,
            "PARAMETRE_INCORRECT": .passerelleEnDefaut, "PERIODE_INCORRECTE": .nonCouvert,
            "KO": .detenteurIndisponible, "429": .detenteurQuota, "401": .detenteurIndisponible,
            "403": .detenteurIndisponible,
        ].merging(anyHolder) { own, _ in own }
    ),
    (
        "dgfip", .identite,
        taxes.merging(["4031": .passerelleEnDefaut]) { $1 }.merging(anyHolder) { own, _ in own }
    ),
    (
        "dgfip", .franceconnect,
        taxes.merging(["403": .porteeRefusee]) { $1 }.merging(anyHolder) { own, _ in own }
    ),
]

private let anyHolder: [String: MissingReason] = [
    "401": .passerelleEnDefaut, "403": .passerelleEnDefaut, "502": .detenteurIndisponible,
    "503": .detenteurMaintenance, "504": .detenteurTropLent,
]

private let jobSeekers: [String: MissingReason] = [
    "404": .personneInconnue, "400": .personneInconnue, "206": .personneInconnue,
    "204": .personneInconnue, "429": .detenteurQuota, "delai": .detenteurTropLent,
    "500": .detenteurIndisponible,
]

private let taxes: [String: MissingReason] = [
    "4001": .personneInconnue, "4002": .nonDetenu, "4031": .porteeRefusee, "4101": .nonDetenu,
    "4102": .personneInconnue, "204": .nonDetenu, "400": .passerelleEnDefaut, "404": .nonDetenu,
    "410": .nonDetenu, "500": .detenteurIndisponible, "429": .detenteurQuota,
]

@Suite struct `A holder's own words` {
    @Test func `are understood over HTTP, every code of every holder`() async throws {
        for (holder, mode, reasons) in meanings {
            let codes = SandboxServers.refusalCodes(of: holder)
            #expect(Set(codes) == Set(reasons.keys), "\(holder)")
            // Clients of its own, so that what one refusal teaches them says nothing of the next.
            for code in codes {
                let holders = try Holders()
                holders.sandbox.refuse(holder, under: code)
                let reply = try await holders.ask(holder, Asking(holder, mode: mode).question())
                #expect(reply.missing == reasons[code], "\(holder) \(mode) \(code)")
                #expect(reply.reading == HolderReading(), "\(holder) \(code)")
                #expect(reply.coverage != nil, "\(holder) \(code)")
                let isTemporary =
                    reply.missing?.fallback == .reessayer && reply.missing != .jetonInactif
                #expect((reply.retryAfterSeconds != nil) == isTemporary, "\(holder) \(code)")
                await holders.stop()
            }
        }
    }

    @Test func `say when to ask again`() async throws {
        let holders = try Holders()
        holders.sandbox.refuse("gip-mds", under: "429")
        let quota = try await holders.ask("gip-mds", Asking("gip-mds").question())
        // The moment is forty-five seconds after the answer, whose date is in whole seconds.
        #expect((44...47).contains(try #require(quota.retryAfterSeconds)))
        await holders.stop()
        let others = try Holders()
        others.sandbox.refuse("gip-mds", under: "403")
        let refused = try await others.ask("gip-mds", Asking("gip-mds").question())
        #expect(refused.retryAfterSeconds == 10)
        others.sandbox.refuse("cnav", under: "503")
        let away = try await others.ask("cnav", Asking("cnav").question())
        #expect(away.retryAfterSeconds == 1200)
        await others.stop()
    }

    @Test func `are said with what they do not prove`() async throws {
        let holders = try Holders()
        holders.sandbox.refuse("mesri", under: "404")
        let unknown = try await holders.ask("mesri", Asking("mesri").question())
        let note = "Ne pas être trouvé ne veut pas dire ne pas être étudiant."
        #expect(unknown.coverage?.hasSuffix(note) == true)
        holders.sandbox.refuse("mesri", under: nil)
        let found = try await holders.ask("mesri", Asking("mesri").question())
        #expect(found.status == .obtenu)
        #expect(found.coverage?.contains(note) == false)
        #expect(found.coverage?.contains("deux étudiants sur trois") == true)
        await holders.stop()
    }
}
