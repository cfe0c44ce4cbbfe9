import Exchanges
import Journal
import Policies
import Testing
import Vocabulary

@Suite struct `What an exchange lets out` {
    let policies: PolicySet
    let fields = [
        "revenu_fiscal.annee_revenus", "revenu_fiscal.situation_familiale",
        "quotient_familial.adresse", "quotient_familial.enfants[].prenoms",
        "quotient_familial.enfants[].date_naissance",
        "salaires.mensuels[].remuneration_nette_fiscale@somme",
    ]

    init() throws { policies = try Shipped.policies() }

    private func carry(_ world: World) async throws -> Answer {
        try await world.carry(
            Given.request("dhup/logement-social", fields, recipient: "99900103500016"),
            under: policies)
    }

    /// Invariants 1 and 9, whatever a holder's answer is like.
    @Test(arguments: 0..<200)
    func `is each leaf that was asked once, as a value or as a reason`(seed: UInt64) async throws {
        let world = World.answering { ask, _ in Chance(seed: seed).reply(to: ask) }
        let answer = try await carry(world)
        let granted = policies.decide(
            try Given.request(
                "dhup/logement-social", fields, recipient: "99900103500016"
            ).question
        ).granted.map(\.request)
        let leaving = answer.releases.flatMap(\.leaves).map {
            Place(instance: $0.instance, form: $0.form)
        }
        let missing = answer.releases.flatMap(\.missing).map {
            Place(instance: $0.instance, form: $0.form)
        }
        let all = leaving + missing
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { granted.contains($0.request) })
        for request in granted {
            let own = all.filter { $0.request == request }
            guard let array = Given.array(of: request.path), request.form == .value else {
                #expect(own.count == 1)
                continue
            }
            let extent = answer.releases.flatMap(\.extents).first { $0.path == array }
            if own.contains(where: { $0.instance.indices.isEmpty }) {
                #expect(own.count == 1)
            } else {
                #expect(own.count == extent?.count)
            }
        }
        let record = try #require(world.outcomes.first)
        #expect(
            Set(record.released).union(record.withheld.map(\.field))
                == Set(granted.map(\.text)))
    }

    /// Invariant 6: nothing that carries the exchange prints what it carries.
    @Test(arguments: Mode.allCases)
    func `is in no description and in no record`(mode: Mode) async throws {
        let value = "Saint-Kervadelis-des-Bois"
        let world = World.answering { ask, _ in
            var reading = HolderReading()
            for path in ask.read {
                reading.leaves[LeafInstance(path: path)] = .value(Sensitive(.text(value)))
            }
            return HolderReply(status: .obtenu, reading: reading)
        }
        let request = try Given.request(
            "cnaf/aide-logement", Given.income, mode: mode,
            identifiers: mode == .identite ? [.numeroFiscal: Sensitive("3091837462280")] : [:])
        let answer = try await world.carry(request, under: policies)
        #expect(answer.releases.flatMap(\.leaves).count == 2)
        var texts = [world.recordedText]
        for carried in [request as Any, request.usager, answer, answer.releases] {
            var dumped = ""
            dump(carried, to: &dumped)
            texts += [String(describing: carried), String(reflecting: carried), dumped]
        }
        let secrets = [
            value, Given.token, "Kervadelis", "Gwenaelle", "Soazig", "3091837462280", "29019",
            Given.dossier,
        ]
        for secret in secrets {
            #expect(texts.allSatisfy { !$0.lowercased().contains(secret.lowercased()) })
        }
    }
}

/// Where one leaf stands in an answer.
private struct Place: Hashable {
    let instance: LeafInstance
    let form: FormKey

    var request: FieldRequest { FieldRequest(path: instance.path, form: form) }
}

/// Replies made from a seed: values, reasons, holes, arrays unread or empty, and leaves too many.
private struct Chance {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    func reply(to ask: HolderAsk) -> HolderReply {
        var chance = self
        return chance.made(ask)
    }

    private mutating func made(_ ask: HolderAsk) -> HolderReply {
        if below(6) == 0 {
            return HolderReply(status: .sansResultat, missing: .personneInconnue)
        }
        var reading = HolderReading()
        let paths = Array(ask.read).sorted() + [stranger].compactMap(\.self)
        let arrays = Set(paths.compactMap { Given.array(of: $0) }).sorted()
        for array in arrays where below(5) > 0 {
            reading.extents.append(.init(path: array, indices: [], count: below(4)))
        }
        for path in paths {
            let extent = reading.extents.first { $0.path == Given.array(of: path) }
            let places =
                Given.array(of: path) == nil ? [[]] : (0..<(extent?.count ?? 0)).map { [$0] }
            for indices in places where below(4) > 0 {
                reading.leaves[LeafInstance(path: path, indices: indices)] =
                    below(4) == 0 ? .missing(.sansValeur) : .value(Sensitive(.integer(1)))
            }
        }
        return HolderReply(status: .obtenu, reading: reading)
    }

    /// A leaf that nobody asked for.
    private var stranger: FieldPath? { FieldPath("quotient_familial.valeur") }
}
