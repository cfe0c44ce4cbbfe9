import JSONText
import TestSupport
import Testing
import Vocabulary

@testable import Journal

@Suite struct `A record` {
    @Test func `has exactly these bytes for a decision`() throws {
        let text = try text(of: Draft(Sample.decision()))
        #expect(
            text == #"""
                {"version":1,"indice":42,"horodatage_ms":1795219467123,"nature":"decision",\#
                "echange":"01a1fb6b-2b73-7ff4-8fec-9beae13cc3a6","instant_ms":1795219467123,\#
                "service":"cnaf","destinataire":"13002526500013",\#
                "finalite":"cnaf/aide-logement",\#
                "politique":{"empreinte":\#
                "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",\#
                "version":3},\#
                "generation":"dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986",\#
                "mode":"franceconnect","verdict":"permise",\#
                "demandes":["revenu_fiscal.nombre_parts",\#
                "revenu_fiscal.revenu_fiscal_reference@seuil.plus"],"demandes_inconnues":0,\#
                "demandes_non_listees":0,"refus":[],\#
                "periodes_demandees":{"revenu_fiscal":{}},\#
                "periodes":{"revenu_fiscal":{"annee":2024}},"acces":"cnaf-2026",\#
                "client_franceconnect":"fc:cnaf","niveau":"eidas1",\#
                "portees":{"dgfip":["dgfip_rfr"]},"initiateur":"usager","agent_nomme":false,\#
                "identifiants":["numero_fiscal"],"comptes":[{"compteur":"personne-jour",\#
                "trouve":2,"limite":20}],"dossier":{"cle":"compteurs-2026",\#
                "empreinte":"9f475fe382e5e5991740827cca7c32e30f47ff311a716a732816e0b5f7bb99f0"},\#
                "personne":{"cle":"pseudonymes-2026",\#
                "pseudonyme":"baf30891bf1f83b5f5310901d6ac73c159c874b475304b9b1e53c8f3e8f0f683",\#
                "pseudonyme_complet":\#
                "24aedd5eefaf45bd42dbd634a6d40977568b50945babb669bcf8c77c95070c11"}}
                """#
        )
    }

    @Test func `has exactly these bytes for an outcome`() throws {
        let text = try text(of: Draft(Sample.outcome(decision: 41)))
        #expect(
            text == #"""
                {"version":1,"indice":42,"horodatage_ms":1795219467123,"nature":"issue",\#
                "echange":"01a1fb6b-2b73-7ff4-8fec-9beae13cc3a6","instant_ms":1795219467123,\#
                "service":"cnaf","destinataire":"13002526500013",\#
                "finalite":"cnaf/aide-logement",\#
                "politique":{"empreinte":\#
                "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",\#
                "version":3},\#
                "generation":"dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986",\#
                "mode":"franceconnect","decision":41,"issue":"partiel",\#
                "sources":[{"jeu":"revenu_fiscal","detenteur":"dgfip",\#
                "statut":"indisponible","motif":"detenteur_trop_lent"},\#
                {"jeu":"revenu_fiscal","detenteur":"dgfip","statut":"repondu"}],\#
                "remis":["revenu_fiscal.nombre_parts"],\#
                "manquants":[{"champ":"revenu_fiscal.revenu_fiscal_reference@seuil.plus",\#
                "motif":"propre_a_la_personne"}],"ecartes":["revenu_fiscal.annee_revenus"],\#
                "ecartes_inconnus":true}
                """#
        )
    }

    @Test func `reads back into what was written`() throws {
        let decision = try Sample.decision(1)
        let outcome = try Sample.outcome(2, decision: 7)
        let time = Timestamp(milliseconds: 9)
        let first = try PlacedRecord(Draft(decision).record(index: 7, time: time))
        let second = try PlacedRecord(Draft(outcome).record(index: .max, time: time))
        #expect(first.index == 7 && first.time == time && first.record == .decision(decision))
        #expect(second.index == .max && second.record == .outcome(outcome))
        #expect(first.record.columns == Draft(decision).columns)
    }

    @Test(arguments: 0..<60)
    func `reads back whatever it may hold`(seed: Int) throws {
        var random = Seeded(seed)
        let decision = try randomDecision(&random)
        let outcome = try randomOutcome(&random)
        let bytes = Draft(decision).record(index: 3, time: Sample.instant)
        #expect(try PlacedRecord(bytes).record == .decision(decision))
        #expect(Draft(decision).record(index: 3, time: Sample.instant) == bytes)
        let other = Draft(outcome).record(index: 4, time: Sample.instant)
        #expect(try PlacedRecord(other).record == .outcome(outcome))
    }

    @Test func `counts the names of no catalogue, and repeats none of them`() throws {
        let asked =
            (0..<2000).map { "jean.dupont\($0)" }
            + ["jean.dupont0", "revenu_fiscal.nombre_parts", "revenu_fiscal.nombre_parts"]
            + ["revenu_fiscal.annee_revenus@seuil.dupont", "quotient_familial.enfants[]"]
        let fields = RecordedFields(asked, known: Sample.names)
        #expect(
            fields.listed == [
                "quotient_familial.enfants[]", "revenu_fiscal.annee_revenus@inconnu",
                "revenu_fiscal.nombre_parts",
            ]
        )
        #expect(fields.unknownCount == 2000)
        var record = try Sample.decision()
        record.requested = fields
        record.verdict = .refused
        record.refused = RefusedField.recorded(
            asked.map { Refusal(field: $0, reason: .champInconnu) },
            known: Sample.names
        )
        let text = try text(of: Draft(record))
        #expect(!text.contains("dupont"))
        #expect(text.utf8.count < 4096)
        #expect(record.refused.count == 4)
    }

    @Test func `lists no more fields than its bound, and counts the rest`() throws {
        let asked = (1...400).map { "revenu_fiscal.nombre_parts@seuil.forme\($0)" }
        let names = KnownNames(
            catalogue: Sample.catalogue,
            purposes: [],
            recipients: [],
            formNames: Set((1...400).map { "forme\($0)" })
        )
        let fields = RecordedFields(asked, known: names)
        #expect(fields.listed.count == RecordedFields.maximumListed)
        #expect(fields.unlistedCount == 400 - RecordedFields.maximumListed)
    }

    @Test func `says nothing of who is known to a holder`() throws {
        let dataset = try #require(DatasetID("revenu_fiscal"))
        let holder = try #require(HolderID("dgfip"))
        let known = RecordedSource(
            dataset: dataset,
            holder: holder,
            status: .obtenu,
            reason: nil
        )
        for reason in MissingReason.allCases where reason.concernsPerson {
            guard reason != .identiteDiscordante else { continue }
            let unknown = RecordedSource(
                dataset: dataset,
                holder: holder,
                status: .sansResultat,
                reason: reason
            )
            #expect(unknown == known)
            #expect(RecordedReason(reason).text == "propre_a_la_personne")
        }
        #expect(RecordedReason(.identiteDiscordante).text == "identite_discordante")
    }

    @Test func `is refused when it is of a later version or damaged`() throws {
        let bytes = try Draft(Sample.decision()).record(index: 1, time: Sample.instant)
        let text = String(decoding: bytes, as: UTF8.self)
        let later = text.replacing("{\"version\":1", with: "{\"version\":2")
        #expect(throws: RecordMistake.version(2)) { try PlacedRecord(Array(later.utf8)) }
        #expect(throws: RecordMistake.self) { try PlacedRecord(Array(bytes.dropLast())) }
        let other = text.replacing("\"permise\"", with: "\"peut-être\"")
        #expect(throws: RecordMistake.self) { try PlacedRecord(Array(other.utf8)) }
    }

    private func text(of draft: Draft) throws -> String {
        String(decoding: draft.record(index: 42, time: Sample.instant), as: UTF8.self)
    }
}

private func randomDecision(_ random: inout Seeded) throws -> DecisionRecord {
    var record = try Sample.decision(Int.random(in: 0...1000, using: &random))
    record.verdict = Bool.random(using: &random) ? .permitted : .refused
    record.problem =
        Bool.random(using: &random) ? ProblemCode.allCases.randomElement(using: &random) : nil
    record.role =
        Bool.random(using: &random) ? DossierRole.allCases.randomElement(using: &random) : nil
    record.level = Bool.random(using: &random) ? .eidas3 : nil
    record.client = Bool.random(using: &random) ? .unknown : nil
    record.isAgentNamed = Bool.random(using: &random)
    record.identifiers = IdentifierKind.allCases.filter { _ in Bool.random(using: &random) }
    if Bool.random(using: &random) { record.person = nil }
    if Bool.random(using: &random) { record.dossier = nil }
    record.refused = RefusalReason.allCases.filter { _ in Bool.random(using: &random) }.map {
        let fields: [Recorded<String>?] = [nil, .unknown, .known("revenu_fiscal.nombre_parts")]
        return RefusedField(field: fields.randomElement(using: &random) ?? nil, reason: $0)
    }
    let salaries = try #require(DatasetID("salaires"))
    let month = try #require(
        YearMonth(year: 2026, month: 1 + Int.random(in: 0..<12, using: &random))
    )
    let day = try #require(CalendarDate(year: 2026, month: 2, day: 28))
    let periods: [Period] = [
        .year(2024), .month(month), .date(day), .months(from: month, to: month),
        .dateAndMonths(day, from: month, to: month),
    ]
    record.periods[salaries] = periods.randomElement(using: &random)
    record.requestedPeriods[salaries] = RequestedPeriod(from: month)
    return record
}

private func randomOutcome(_ random: inout Seeded) throws -> OutcomeRecord {
    var record = try Sample.outcome(
        Int.random(in: 0...1000, using: &random),
        decision: Int64.random(in: 0...Int64.max, using: &random)
    )
    record.outcome = try #require(OutcomeRecord.Outcome.allCases.randomElement(using: &random))
    record.withheld = MissingReason.allCases.filter { _ in Bool.random(using: &random) }.map {
        WithheldField(field: "revenu_fiscal.nombre_parts", reason: RecordedReason($0))
    }
    record.hasDroppedUnknown = Bool.random(using: &random)
    if Bool.random(using: &random) { record.sources = [] }
    if Bool.random(using: &random) { record.dropped = [] }
    return record
}
