import Credentials
import Cryptography
import Exchanges
import Foundation
import HTTPMessages
import JSONText
import Journal
import Policies
import Synchronization
import Testing
import Vocabulary

@testable import API

/// The documents that the repository ships, read by the readers that the gateway uses.
enum Shipped {
    static func bytes(_ path: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        return Array(try Data(contentsOf: root.appending(path: path)))
    }

    static func catalogue() throws -> Catalogue {
        let names = [
            "demandeur_emploi", "quotient_familial", "revenu_fiscal", "salaires", "statut_etudiant",
        ]
        return Catalogue(
            try names.map { name in
                let bytes = try bytes("connectors/datasets/\(name).json")
                return try #require(readDataset(bytes, named: name).value)
            })
    }

    static func names() throws -> KnownNames {
        KnownNames(catalogue: try catalogue().fields, purposes: [], recipients: [])
    }

    /// One purpose, and a holder for the one data set that the tests ask for.
    static func policies() throws -> PolicySet {
        let catalogue = try catalogue()
        let service = try #require(
            readService(try bytes("policies/cnaf/service.json"), named: "cnaf").value)
        let purpose = PurposeID(service: service.id, name: "aide-logement")
        let policy = try #require(
            readPolicy(
                try bytes("policies/cnaf/aide-logement/policy.json"), of: purpose,
                catalogue: catalogue, service: service
            ).value)
        let dataset = try #require(catalogue.fields.datasets[DatasetID(checked: "revenu_fiscal")])
        let holder = HolderService(
            holder: HolderID(checked: "dgfip"), dataset: dataset.id, mode: .identite,
            fields: Set(dataset.fields.map(\.path)), neededIdentifier: nil,
            introspectsToken: false, receivesIdentity: true, returnsIdentity: true)
        return PolicySet(
            generation: "essai", catalogue: catalogue, services: [service], policies: [policy],
            holders: [holder])
    }
}

/// A journal in memory, which writes or does not.
final class MemoryJournal: JournalPort, JournalPlace {
    private let state = Mutex(Sequencer(after: nil))
    private let ledger = Mutex(CounterLedger())
    private let isBroken: Bool

    init(isBroken: Bool = false) { self.isBroken = isBroken }

    var count: Int64 { state.withLock { $0.nextIndex } }

    func reserve() throws(Problem) -> any JournalPlace {
        if isBroken { throw Problem(.journalIndisponible) }
        return self
    }

    func append(_ draft: Draft) async throws(Problem) -> Receipt {
        let receipts = state.withLock { sequencer in
            sequencer.prepare(
                [draft], salts: [UInt8](repeating: 7, count: 32), now: GatewayStub.now
            ).committed(advancing: &sequencer)
        }
        guard let receipt = receipts.first else { throw Problem(.journalIndisponible) }
        return receipt
    }

    func claim(_ draft: Draft) async throws(Problem) -> Claimed {
        let found = ledger.withLock { ledger in
            let found = draft.counting.map { ledger.take($0, at: GatewayStub.now) { _ in 0 } } ?? []
            ledger.commit()
            return found
        }
        if found.contains(where: \.isExceeded) { return .exceeded(found) }
        return .recorded(try await append(draft.finding(found)), found)
    }

    func values(_ counters: [CounterKey]) async -> [Int64]? {
        ledger.withLock { ledger in counters.map { ledger.value($0) { _ in 0 } } }
    }
}

/// FranceConnect and the holders, as this suite needs them: nobody answers.
struct SilentWorld: FranceConnectPort, HolderPort {
    func introspect(
        _ token: Sensitive<String>, for holder: HolderID, until deadline: ContinuousClock.Instant
    ) async throws(Problem) -> Introspection {
        throw Problem(.franceConnectIndisponible)
    }

    func ask(
        _ ask: HolderAsk, recorded receipt: Receipt, until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        HolderReply(
            status: .indisponible, missing: .detenteurIndisponible, retryAfterSeconds: 30)
    }
}

/// The API over those parts.
struct GatewayStub {
    static let now = Timestamp(milliseconds: 1_795_219_467_123)
    static let key = APIKey.text([UInt8](repeating: 3, count: 32), for: .sandbox)

    let journal: MemoryJournal
    let api: GatewayAPI

    init(
        journal: MemoryJournal = MemoryJournal(), isStopping: Bool = false, desk: Desk? = nil
    ) throws {
        let clocks = Clocks(wall: { Self.now }, monotonic: { ContinuousClock.now })
        let policies = try Shipped.policies()
        let year = YearKey(year: 2026, secret: [UInt8](repeating: 1, count: 32))
        let world = SilentWorld()
        let generation = Generation(
            policies: policies,
            known: KnownNames(
                catalogue: policies.catalogue.fields, purposes: Set(policies.policies.map(\.id)),
                recipients: []),
            keyring: Keyring(pseudonyms: [year], counters: [year]), holders: world)
        let desk = try desk ?? Desk()
        self.journal = journal
        api = GatewayAPI(
            GatewayParts(
                carrier: ExchangeCarrier(
                    journal: journal, franceConnect: world, clocks: clocks,
                    demandsBoundCredential: desk.environment == .production),
                generation: { generation },
                authentication: desk.authentication,
                readiness: {
                    Readiness(
                        hasPolicies: true, canWriteJournal: true, hasKeys: true,
                        isStopping: isStopping)
                },
                publicKeys: { Array("{\"keys\":[]}".utf8) },
                newExchange: {
                    ExchangeID(time: Self.now, random: [UInt8](repeating: 9, count: 10))
                },
                clocks: clocks,
                limits: RequestLimits(bytes: 4096, fields: 10),
                exchangeTimeout: .seconds(10),
                schemas: policySchemas))
    }

    /// Sends one request; gives its response and the document in it.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: String = "",
        headers: [(String, String)] = [
            ("Authorization", "Bearer \(key)"), ("Content-Type", "application/json"),
        ],
        certificate: [UInt8]? = nil
    ) async throws -> (response: HTTPResponse, document: JSONNode) {
        let bytes = Array(body.utf8)
        let head = HTTPRequestHead(
            method: method, target: path,
            segments: path.split(separator: "/").map(String.init),
            headers: HTTPHeaders(headers))
        let response = await api.respond(
            to: head, certificate: certificate
        ) { limit throws(HTTPFailure) in
            guard bytes.count <= limit else { throw HTTPFailure(.bodyTooLarge) }
            return bytes
        }
        guard case .bytes(let document) = response.body else {
            throw HTTPFailure(.bodyIncomplete)
        }
        return (response, try parseJSON(document))
    }
}

extension JSONNode {
    /// The value of a member, however deep: `refus[0].motif` is `["refus", "0", "motif"]`.
    subscript(_ steps: String...) -> JSONNode? {
        steps.reduce(Optional(self)) { node, step in
            switch node?.value {
            case .object(let members): members.first { $0.name == step }?.node
            case .array(let elements):
                Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: nil
            }
        }
    }

    var string: String? {
        guard case .string(let text) = value else { return nil }
        return text
    }

    var memberNames: [String] {
        guard case .object(let members) = value else { return [] }
        return members.map(\.name)
    }
}
