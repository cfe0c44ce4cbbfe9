import JSONText
import Testing
import Vocabulary

@testable import Connectors

@Suite struct `The shipped connectors` {
    @Test(arguments: shipped)
    func `have no mistake against the contracts`(path: String) throws {
        let document = ConnectorDocument(
            try bytes("\(path)/connector.json"), catalogue: try catalogue())
        #expect(document.mistakes.map { "\($0.path): \($0.message) \($0.remedy)" } == [])
        let connector = try #require(document.connector)
        #expect("\(connector.holder)/\(connector.dataset)" == path)
    }

    @Test(arguments: shipped)
    func `serve both modes and compare an identity`(path: String) throws {
        let services = try connector(path).services
        #expect(services.map(\.mode) == [.franceconnect, .identite])
        #expect(services.allSatisfy { $0.returnsIdentity && !$0.fields.isEmpty })
    }

    @Test func `hand the token only to DGFIP and France Travail`() throws {
        let handed = try shipped.filter { path in
            try connector(path).services.contains { $0.introspectsToken }
        }
        #expect(handed == ["dgfip/revenu_fiscal", "france-travail/demandeur_emploi"])
    }

    @Test func `say which identifier they cannot do without`() throws {
        let needed = try shipped.map { try connector($0).services.last?.neededIdentifier }
        #expect(needed == [nil, nil, nil, .identifiantFranceTravail, nil])
    }

    @Test(arguments: [
        ("2026-11-21", "2026-10-31"), ("2026-11-06", "2026-10-31"), ("2026-11-05", "2026-09-30"),
        ("2024-03-31", "2024-02-29"), ("2026-01-05", "2025-11-30"),
    ])
    func `say until when salaries are complete, whoever is asked about`(
        today: String, day: String
    ) throws {
        let today = try #require(CalendarDate(today))
        #expect(try connector("gip-mds/salaires").upToDate(on: today)?.text == day)
        #expect(try connector("dgfip/revenu_fiscal").upToDate(on: today) == nil)
    }
}
