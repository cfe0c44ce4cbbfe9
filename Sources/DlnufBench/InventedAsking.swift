import Exchanges
import Journal
import Policies
import Vocabulary

/// Requests of invented persons, four in five of which a purpose permits.
struct InventedAsking {
    private let policies: PolicySet
    private let all: [Policy]
    private let scopes: Set<String>
    private var random = FixedRandom(seed: 11)
    private var count: Int64 = 0

    init(_ policies: PolicySet) {
        self.policies = policies
        all = policies.policies.filter { $0.state == .active }
        scopes = Set(policies.catalogue.fields.allFields.flatMap(\.scopes))
    }

    mutating func request(at now: Timestamp) -> ExchangeRequest {
        count += 1
        let policy = all[Int(random.next() % UInt64(all.count))]
        let modes = policy.modes.keys.sorted { $0.rawValue < $1.rawValue }
        let mode = modes[Int(random.next() % UInt64(modes.count))]
        let needed = policy.modes[mode]?.identifiers ?? []
        let identifiers = Dictionary(
            uniqueKeysWithValues: needed.map { ($0, Sensitive("invente")) })
        let recipients = policy.habilitations.map(\.recipient)
        let question = ExchangeQuestion(
            service: policy.id.service,
            recipient: recipients[Int(random.next() % UInt64(recipients.count))],
            purpose: policy.id, fields: fields(of: policy), periods: [:], mode: mode,
            initiator: initiator(of: policy, in: mode), role: policy.roles.first, now: now)
        return ExchangeRequest(
            id: ExchangeID(time: now, random: (0..<10).map { _ in UInt8(random.next() & 255) }),
            caller: Caller(service: policy.id.service, credential: "banc-2026"),
            question: question,
            usager: mode == .identite
                ? .identity(pivot: Sensitive(pivot(of: count)), identifiers: identifiers)
                : .franceConnect(
                    token: Sensitive("\(policy.id.text) \(count)"), identifiers: [:]),
            dossier: Sensitive("D-\(count / 3)"))
    }

    private func initiator(of policy: Policy, in mode: Mode) -> Initiator {
        let own = policy.initiators.first { $0.modes.contains(mode) }?.quality ?? .usager
        return Initiator(quality: own, agent: own == .agent ? Sensitive("A-1") : nil)
    }

    private mutating func fields(of policy: Policy) -> [String] {
        var fields = policy.fields.compactMap { rule in
            random.next().isMultiple(of: 3)
                ? nil : FieldRequest(path: rule.path, form: rule.forms[0].key).text
        }
        if random.next().isMultiple(of: 8) {
            let others = policies.catalogue.fields.allFields
            fields.append(others[Int(random.next() % UInt64(others.count))].path.text)
        }
        if random.next().isMultiple(of: 40) { fields.append("champ.inconnu\(random.next() % 9)") }
        if fields.isEmpty {
            fields = [
                FieldRequest(path: policy.fields[0].path, form: policy.fields[0].forms[0].key)
                    .text
            ]
        }
        return Set(fields).sorted()
    }

    private func pivot(of number: Int64) -> PivotIdentity {
        PivotIdentity(
            birthName: "Invente\(number % 800_000)", usageName: nil,
            givenNames: ["Camille", "Dominique"],
            birthDate: .year(1940 + Int(number % 65)), mayBePresumed: false,
            sex: .feminin, birthCountry: "99100", birthCommune: "29019")
    }

    /// What FranceConnect says; the token holds the purpose that it was made for, and the person's
    /// number, so that all holders are told of one identity.
    mutating func introspection(of token: String, at now: Timestamp) -> Introspection {
        let parts = token.split(separator: " ").map(String.init)
        let policy = parts.first.flatMap { PurposeID($0) }.flatMap { policies[$0] }
        return Introspection(
            client: policy?.modes[.franceconnect]?.clients.first, level: .eidas3,
            scopes: random.next().isMultiple(of: 25) ? [] : scopes,
            expiresAt: now.adding(seconds: 3600),
            pivot: Sensitive(pivot(of: parts.last.flatMap { Int64($0) } ?? 0)))
    }
}

extension PolicySet {
    /// The names that records of these policies may write.
    var namesOfRecords: KnownNames {
        KnownNames(
            catalogue: catalogue.fields, purposes: Set(policies.map(\.id)),
            recipients: Set(policies.flatMap { $0.habilitations.map(\.recipient) }),
            formNames: Set(policies.flatMap(\.fields).flatMap(\.forms).compactMap(\.key.name)),
            clients: clients)
    }
}
