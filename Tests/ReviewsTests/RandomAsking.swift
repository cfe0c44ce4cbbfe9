import Exchanges
import Policies
import Testing
import Vocabulary

/// A small generator whose seed names a failing case.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = 0
        // Seeds that follow each other must not give one sequence, shifted.
        state = mixed(seed &* 0xD6E8_FEB8_6659_FD93 &+ 1)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    private func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element], else other: Element) -> Element {
        elements.randomElement(using: &self) ?? other
    }

    /// Once in so many times.
    mutating func once(in times: Int) -> Bool {
        Int.random(in: 0..<times, using: &self) == 0
    }
}

/// Requests as services make them, good and bad ones.
struct RandomAsking {
    let policies: PolicySet
    var random: SeededGenerator

    static let pivot = PivotIdentity(
        birthName: "Kervadelis", usageName: nil, givenNames: ["Gwenaelle", "Soazig"],
        birthDate: .year(1990), mayBePresumed: false, sex: .feminin, birthCountry: "99100",
        birthCommune: "29019")

    mutating func request(of only: PurposeID? = nil) -> ExchangeRequest {
        let question = random.once(in: 2) ? honestQuestion(of: only) : question(of: only)
        let kinds = IdentifierKind.allCases.filter { _ in random.once(in: 3) }
        let identifiers = Dictionary(uniqueKeysWithValues: kinds.map { ($0, Sensitive("x")) })
        let claim: UsagerClaim =
            question.mode == .identite
            ? .identity(pivot: Sensitive(Self.pivot), identifiers: identifiers)
            : .franceConnect(token: Sensitive("jeton"), identifiers: identifiers)
        return ExchangeRequest(
            id: ExchangeID(
                time: question.now,
                random: (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) }),
            caller: Caller(service: question.service, credential: "essai-2026"),
            question: question, usager: claim,
            dossier: random.once(in: 2) ? Sensitive("D-2026-1") : nil)
    }

    /// What a service asks that has read the purpose's page.
    private mutating func honestQuestion(of only: PurposeID?) -> ExchangeQuestion {
        let own = only.flatMap { policies[$0] }.map { [$0] } ?? policies.policies
        let policy = random.pick(own, else: policies.policies[0])
        let fields = policy.fields.map { rule in
            FieldRequest(path: rule.path, form: rule.forms[0].key).text
        }
        let day = Int64.random(in: 20_600...20_800, using: &random)
        return ExchangeQuestion(
            service: policy.id.service,
            recipient: random.pick(policy.habilitations.map(\.recipient), else: .nobody),
            purpose: policy.id,
            fields: fields.shuffled(using: &random).prefix(3).sorted(),
            periods: [:],
            mode: random.pick(
                Array(policy.modes.keys).sorted { $0.rawValue < $1.rawValue },
                else: .identite),
            initiator: Initiator(), role: nil,
            now: Timestamp(milliseconds: day * 86_400_000 + 43_200_000))
    }

    mutating func question(of only: PurposeID? = nil) -> ExchangeQuestion {
        let own = only.flatMap { policies[$0] }.map { [$0] } ?? policies.policies
        let policy = random.pick(own, else: policies.policies[0])
        let isElsewhere = only == nil && random.once(in: 25)
        let purpose =
            isElsewhere ? PurposeID(service: policy.id.service, name: "nouvelle") : policy.id
        let service = random.once(in: 40) ? ServiceID(checked: "dss") : policy.id.service
        let quality =
            random.once(in: 4) ? random.pick(InitiatorQuality.allCases, else: .usager) : .usager
        let isNamed = quality == .agent ? !random.once(in: 3) : false
        let day = Int64.random(in: 20_200...20_900, using: &random)
        return ExchangeQuestion(
            service: service,
            recipient: random.once(in: 12)
                ? .nobody : random.pick(policy.habilitations.map(\.recipient), else: .nobody),
            purpose: purpose,
            fields: fields(of: policy),
            periods: periods(),
            mode: random.pick(Mode.allCases, else: .identite),
            initiator: Initiator(quality: quality, agent: isNamed ? Sensitive("A-1") : nil),
            role: random.once(in: 2) ? nil : random.pick(DossierRole.allCases, else: .demandeur),
            now: Timestamp(
                milliseconds: day * 86_400_000
                    + Int64.random(in: 0..<86_400_000, using: &random)))
    }

    private mutating func fields(of policy: Policy) -> [String] {
        let own = policy.fields.flatMap { rule in
            rule.forms.map { FieldRequest(path: rule.path, form: $0.key).text }
        }
        let leaves = policies.catalogue.fields.allFields.map(\.path.text)
        let strange = [
            "x", "revenu_fiscal", "a.b@c", "quotient_familial.enfants[]", "é.è",
            "quotient_familial.adresse", "revenu_fiscal.conjoint", "autre.chose",
        ]
        let count = Int.random(in: 1...6, using: &random)
        let fields = (0..<count).map { _ -> String in
            switch Int.random(in: 0..<12, using: &random) {
            case 0: random.pick(strange, else: "x")
            case 1: random.pick(leaves, else: "x") + "@seuil.invente"
            case 2: random.pick(leaves, else: "x") + "@bizarre"
            case 3: random.pick(leaves, else: "x") + "@presence@nombre"
            case 4: random.pick(own, else: "x") + "@somme"
            case 5, 6: random.pick(leaves, else: "x")
            default: random.pick(own, else: "x")
            }
        }
        return Set(fields).sorted().shuffled(using: &random)
    }

    private mutating func periods() -> [DatasetID: RequestedPeriod] {
        var periods: [DatasetID: RequestedPeriod] = [:]
        for (id, contract) in policies.catalogue.fields.datasets.sorted(by: { $0.key < $1.key })
        where random.once(in: 6) {
            var period = RequestedPeriod()
            let year = Int.random(in: 2022...2027, using: &random)
            let month = YearMonth(year: year, month: Int.random(in: 1...12, using: &random))
            switch contract.periodKind {
            case .annee: period.year = year
            case .mois: period.month = month
            case .date: period.date = CalendarDate(year: year, month: 5, day: 17)
            case .intervalle: (period.from, period.to) = (month, month?.adding(months: 2))
            case .dateEtIntervalle:
                period.date = CalendarDate(year: year, month: 5, day: 17)
                if random.once(in: 2) { period.from = month }
            }
            periods[id] = period
        }
        return periods
    }

    /// What FranceConnect will say, the same for every holder but for the scopes.
    mutating func introspection(
        at now: Timestamp, of policy: Policy?
    ) -> @Sendable (HolderID) -> Introspection? {
        if random.once(in: 10) { return { _ in nil } }
        let clients = policy?.modes[.franceconnect]?.clients ?? []
        let client =
            random.once(in: 8)
            ? random.pick([nil, FranceConnectClient(symbol: "fc:personne")], else: nil)
            : clients.first
        let level = random.pick(AssuranceLevel.allCases, else: .eidas1)
        let scopes = policies.catalogue.fields.allFields.flatMap(\.scopes)
        let announced = random.once(in: 3) ? Set(scopes.prefix(scopes.count / 2)) : Set(scopes)
        return { _ in
            Introspection(
                client: client, level: level, scopes: announced.union(["openid"]),
                expiresAt: now.adding(seconds: 60), pivot: Sensitive(RandomAsking.pivot))
        }
    }
}
