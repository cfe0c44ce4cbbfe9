import Connectors
import JSONText
import Registrations
import Testing
import Vocabulary

@Suite struct `What a holder owes` {
    private static func holder(_ text: String) -> HolderDocumentReading {
        readHolder(Array(text.utf8), named: Given.holder)
    }

    private static func asked(_ date: String) throws -> HolderDocument {
        let reading = holder(
            #"{"format": "dlnuf/detenteur/v1", "libelle": "DGFiP", "#
                + #""saisines": {"statut_etudiant": {"date": "\#(date)"}}}"#)
        return try #require(reading.holder)
    }

    private static func day(_ text: String) throws -> CalendarDate {
        try #require(CalendarDate(text))
    }

    @Test(
        arguments: [
            ("2024-01-15", "2024-07-15"), ("2024-08-31", "2025-02-28"),
            ("2023-08-31", "2024-02-29"), ("2025-12-31", "2026-06-30"),
        ])
    func `is due six months after DINUM asked`(_ date: String, _ deadline: String) throws {
        let request = try Self.asked(date).requests.values.first
        #expect(request?.deadline.text == deadline)
    }

    @Test(
        arguments: [
            ("2026-01-10", "2026-07-10", ModeState.attendue),
            ("2026-01-10", "2026-07-11", .enRetard),
        ])
    func `is awaited until the last day, and late the day after`(
        _ date: String, _ today: String, _ state: ModeState
    ) throws {
        let all = standings(of: [try Self.asked(date)], [], on: try Self.day(today))
        #expect(all.map(\.mode) == Mode.allCases)
        #expect(all.allSatisfy { $0.state == state && !$0.isDescribed })
    }

    @Test(
        arguments: [
            (nil, nil, ModeState.ouverte), ("2026-01-01", "2026-02-01", .ouverte),
            ("2026-01-01", "2026-03-02", .bacASable), ("2026-01-01", nil, .bacASable),
            ("2026-03-02", "2026-04-01", .attendue),
        ])
    func `is open where production answers, in its bac à sable before`(
        _ sandbox: String?, _ production: String?, _ state: ModeState
    ) throws {
        let dates = [("bac_a_sable", sandbox), ("production", production)].compactMap {
            name, date in date.map { "\"\(name)\": \"\($0)\"" }
        }
        let member =
            dates.isEmpty ? "" : "\"disponibilite\": {\(dates.joined(separator: ", "))}, "
        let connector = try Given.connector(identityMode: member)
        let today = try Self.day("2026-03-01")
        let asked = try Self.asked("2025-12-01")
        let row = standings(of: [asked], [connector], on: today).first { $0.mode == .identite }
        #expect(row?.state == state)
        // Six months later what is not open is late.
        let later = standings(of: [asked], [connector], on: try Self.day("2026-06-02"))
            .first { $0.mode == .identite }
        let isOpenByThen = production.map { $0 <= "2026-06-02" } ?? (sandbox == nil)
        #expect(later?.state == (isOpenByThen ? .ouverte : .enRetard))
    }

    @Test(
        arguments: [
            (#"{"format": "dlnuf/detenteur/v1"}"#, "libelle", "Ajoutez-le"),
            (#"{"format": "autre", "libelle": "x"}"#, "format", "dlnuf/detenteur/v1"),
            (#"{"format": "dlnuf/detenteur/v1", "libele": "x"}"#, "libele", "libelle"),
            (
                #"{"format": "dlnuf/detenteur/v1", "libelle": "x", "siret": "1"}"#, "siret",
                "14 chiffres"
            ),
            (
                #"{"format": "dlnuf/detenteur/v1", "libelle": "x", "saisines": "#
                    + #"{"a": {"date": "hier"}}}"#, "saisines.a.date", "AAAA-MM-JJ"
            ),
            ("{", "", "Fermez"),
        ])
    func `is read with every mistake told`(
        _ text: String, _ path: String, _ remedy: String
    ) throws {
        let reading = Self.holder(text)
        #expect(reading.holder == nil)
        let told = reading.mistakes.contains { mistake in
            (mistake.path == path || mistake.message.contains(path))
                && (mistake.remedy.contains(remedy) || path.isEmpty)
        }
        #expect(told, "\(reading.mistakes)")
    }
}
