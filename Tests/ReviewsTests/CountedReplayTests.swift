import Exchanges
import Journal
import Policies
import Reviews
import Testing
import Vocabulary

/// Decisions that counts made, taken again.
@Suite struct `A replay of counted decisions` {
    private let policies: PolicySet
    private let purpose: PurposeID
    private let past = Past()

    init() throws {
        policies = try Shipped.policies()
        purpose = try #require(PurposeID("dhup/logement-social"))
    }

    /// One person asked about fourteen times, then eight given names on one name and birth date.
    private func carryAll() async throws {
        for turn in 0..<14 { try await carry("Gwenaelle", turn: turn) }
        for (turn, name) in ["Ana", "Bea", "Cora", "Dora", "Eva", "Fany"].enumerated() {
            try await carry(name, turn: 20 + turn)
        }
    }

    private func carry(_ givenName: String, turn: Int) async throws {
        let now = Timestamp(milliseconds: 1_795_219_467_123 + Int64(turn) * 1000)
        let question = ExchangeQuestion(
            service: purpose.service, recipient: try #require(Siret("99900103500016")),
            purpose: purpose, fields: ["revenu_fiscal.annee_revenus"], periods: [:],
            mode: .identite, initiator: Initiator(), role: .conjoint, now: now)
        let pivot = PivotIdentity(
            birthName: "Kervadelis", usageName: nil, givenNames: [givenName],
            birthDate: .year(1990), mayBePresumed: false, sex: .feminin, birthCountry: "99100",
            birthCommune: "29019")
        await past.carry(
            ExchangeRequest(
                id: ExchangeID(time: now, random: (0..<10).map { UInt8($0 + turn) }),
                caller: Caller(service: purpose.service, credential: "essai-2026"),
                question: question,
                usager: .identity(
                    pivot: Sensitive(pivot), identifiers: [.numeroFiscal: Sensitive("x")]),
                dossier: Sensitive("D-1")),
            under: policies.asGeneration(holders: past), introspection: { _ in nil })
    }

    private func verdicts(_ replayer: Replayer) throws -> [ReplayVerdict] {
        var reader = DecisionReader()
        return try past.decisions.map { row in
            replayer.replay(try #require(try reader.read(row.bytes)))
        }
    }

    @Test func `gives each verdict again, and follows other bounds`() async throws {
        try await carryAll()
        let reasons = try past.decisions.map { row -> [RefusalReason] in
            guard case .decision(let record) = try PlacedRecord(row.bytes).record else { return [] }
            return record.refused.map(\.reason)
        }
        let expected: [RefusalReason?] =
            Array(repeating: nil, count: 12)
            + [.borneParPersonneAtteinte, .borneParPersonneAtteinte, nil, nil, nil, nil]
            + [.sondagePresume, .sondagePresume]
        #expect(reasons == expected.map { $0.map { [$0] } ?? [] })
        let same = Replayer(policies: policies, past: policies, known: policies.names)
        #expect(try verdicts(same) == expected.map { _ in .same })

        var document = try Shipped.document(purpose.text)
        document["bornes"] = [
            "par_personne_et_dossier": ["appels": 13, "par": "mois"],
            "par_jour": 50_000, "par_seconde": 50, "sondage": ["personnes_par_jour": 5000],
        ]
        let candidate = try #require(try policies.replacing(purpose, by: document))
        let wider = Replayer(policies: candidate, past: policies, known: policies.names)
        let kinds = try verdicts(wider).map { verdict -> Flip.Kind? in
            guard case .flip(let flip) = verdict else { return nil }
            return flip.kind
        }
        // What was refused was not counted: thirteen were found both times.
        #expect(kinds == expected.map { $0 == .borneParPersonneAtteinte ? .opens : nil })
    }
}
