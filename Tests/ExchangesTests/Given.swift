import Exchanges
import Journal
import Policies
import Testing
import Vocabulary

/// Invented requests, introspections and replies.
enum Given {
    static let pivot = PivotIdentity(
        birthName: "Kervadelis", usageName: nil, givenNames: ["Gwenaelle", "Soazig"],
        birthDate: .year(1990), mayBePresumed: false, sex: .feminin, birthCountry: "99100",
        birthCommune: "29019")
    static let token = "jeton-de-Kervadelis"
    static let identifier = "8174635K"
    static let dossier = "D-2026-0012345"

    static let income = ["revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference"]
    static let wages = ["salaires.mensuels[].mois", "salaires.mensuels[].montant_net_social"]

    static func generation(_ policies: PolicySet, holders: any HolderPort) -> Generation {
        let year = YearKey(year: 2026, secret: [UInt8](repeating: 1, count: 32))
        return Generation(
            policies: policies,
            known: KnownNames(
                catalogue: policies.catalogue.fields, purposes: Set(policies.policies.map(\.id)),
                recipients: Set(policies.policies.flatMap(\.habilitations).map(\.recipient)),
                clients: policies.clients),
            keyring: Keyring(pseudonyms: [year], counters: [year]), holders: holders)
    }

    static func request(
        _ purpose: String, _ fields: [String], mode: Mode = .identite,
        recipient: String = "99900101900010",
        identifiers: [IdentifierKind: Sensitive<String>] = [:],
        pivot: PivotIdentity = pivot, dossier: String? = dossier
    ) throws -> ExchangeRequest {
        let purpose = try #require(PurposeID(purpose))
        let question = ExchangeQuestion(
            service: purpose.service, recipient: try #require(Siret(recipient)), purpose: purpose,
            fields: fields, periods: [:], mode: mode, initiator: Initiator(), role: nil,
            now: World.now)
        let claim: UsagerClaim =
            switch mode {
            case .franceconnect:
                .franceConnect(token: Sensitive(token), identifiers: identifiers)
            case .identite:
                .identity(pivot: Sensitive(pivot), identifiers: identifiers)
            }
        return ExchangeRequest(
            id: ExchangeID(time: World.now, random: Array(0..<10)),
            caller: Caller(service: purpose.service, credential: "essai-2026"),
            question: question, usager: claim, dossier: dossier.map { Sensitive($0) })
    }

    static func introspection(
        client: String? = "fc:cnaf", level: AssuranceLevel = .eidas1,
        scopes: Set<String> = ["dlnuf_gip_mds_salaires", "mesri_admissions"],
        endingIn seconds: Int64 = 60, pivot: PivotIdentity = pivot
    ) -> Introspection {
        Introspection(
            client: client.map { FranceConnectClient(symbol: $0) }, level: level, scopes: scopes,
            expiresAt: World.now.adding(seconds: seconds), pivot: Sensitive(pivot))
    }

    /// A value for each leaf that was asked, in two elements of each array.
    static func reply(to ask: HolderAsk) -> HolderReply {
        var reading = HolderReading()
        for path in ask.read {
            for indices in path.arrayDepth == 0 ? [[]] : [[0], [1]] {
                reading.leaves[LeafInstance(path: path, indices: indices)] =
                    .value(Sensitive(.integer(1)))
            }
            guard let array = array(of: path) else { continue }
            let extent = HolderReading.Extent(path: array, indices: [], count: 2)
            if !reading.extents.contains(extent) { reading.extents.append(extent) }
        }
        return HolderReply(status: .obtenu, reading: reading)
    }

    /// The array that a leaf lies in, where it lies in one.
    static func array(of path: FieldPath) -> FieldPath? {
        let steps = path.steps.prefix { !$0.isArray }
        guard steps.count < path.steps.count else { return nil }
        let names = path.steps.prefix(steps.count + 1).map(\.name).joined(separator: ".")
        return FieldPath("\(path.dataset.text).\(names)[]")
    }

    static func problem(_ body: () async throws -> Answer) async throws -> Problem {
        do {
            _ = try await body()
        } catch let problem as Problem {
            return problem
        }
        throw Unexpected.answer
    }

    enum Unexpected: Error { case answer }
}
