import Connectors
import Foundation
import JSONText
import Resilience
import Testing
import Vocabulary

/// The shipped connector of a holder, with members changed or added.
private func document(_ old: String, _ new: String) throws -> ConnectorDocument {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    let file = root.appending(path: "connectors/mesri/statut_etudiant/connector.json")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    try #require(text.contains(old))
    return ConnectorDocument(Array(text.replacingOccurrences(of: old, with: new).utf8))
}

/// The connector with members beside `detenteur`.
private func document(with members: String) throws -> ConnectorDocument {
    try document(#""detenteur": "mesri","#, #""detenteur": "mesri", \#(members),"#)
}

@Suite struct `What a connector says of what its holder bears` {
    @Test func `is prudent where it says nothing`() throws {
        let settings = try #require(try document(#""mesri","#, #""mesri","#).connector).resilience
        #expect(settings == ResilienceSettings())
    }

    @Test func `is taken over the defaults`() throws {
        let read = try document(
            with: #"""
                "resilience": {"simultanes": 7, "file": 9, "par_seconde": 5, "par_jour": 1000,
                  "disjoncteur": {"sondes": 3, "ouverture_s": 60}, "repetition": {"nombre": 0}},
                "maintenances": [{"jours": ["dimanche", "lundi"], "de": "23:00", "a": "24:00"},
                  {"du": "2026-12-24T18:00", "au": "2026-12-26T08:00"}],
                "sante": {"entete": "X-Caisse", "caisses": {"1": "Une", "2": "Deux"}}
                """#)
        #expect(read.mistakes == [])
        let settings = try #require(read.connector).resilience
        #expect(settings.simultaneous == 7)
        #expect(settings.queue == 9)
        #expect(
            settings.rates == [
                Rate(calls: 5, span: .seconds(1)), Rate(calls: 1000, span: .seconds(86_400)),
            ])
        #expect(settings.breaker.probes == 3)
        #expect(settings.breaker.consecutiveFailures == BreakerSettings().consecutiveFailures)
        #expect(settings.retries.most == 0)
        #expect(settings.maintenance.weekly.map(\.weekday) == [7, 1])
        #expect(settings.maintenance.dated.count == 1)
        #expect(settings.funds?.funds["2"] == "Deux")
    }

    @Test func `bounds a connection within a step whose time is short`() throws {
        let read = try document(
            #""repetable": true,"#, #""repetable": true, "delai_ms": 500,"#)
        #expect(read.mistakes == [])
    }

    @Test(arguments: [
        (#""resilience": {"simultanes": 0}"#, "resilience.simultanes", "hors des bornes"),
        (#""resilience": {"sondes": 2}"#, "resilience.sondes", "n'existe pas"),
        (
            #""resilience": {"par_seconde": 10, "par_minute": 5}"#, "resilience",
            "moins d'appels que la borne d'une durée plus courte"
        ),
        (
            #""maintenances": [{"jours": ["dimanche"], "de": "23:00", "a": "23:00"}]"#,
            "maintenances[0]", "commence et finit à la même heure"
        ),
        (
            #""maintenances": [{"jours": ["sunday"], "de": "23:00", "a": "23:45"}]"#,
            "maintenances[0].jours[0]", "pas un jour de la semaine"
        ),
        (
            #""maintenances": [{"jours": ["lundi"], "de": "25:00", "a": "23:45"}]"#,
            "maintenances[0].de", "pas une heure"
        ),
        (
            #""maintenances": [{"de": "22:00", "a": "23:45"}]"#, "maintenances[0]",
            "Des heures sans jours"
        ),
        (
            #""maintenances": [{"du": "2026-12-26T08:00", "au": "2026-12-24T18:00"}]"#,
            "maintenances[0]", "finit avant de commencer"
        ),
        (
            #""maintenances": [{"du": "2026-02-30T08:00", "au": "2026-12-24T18:00"}]"#,
            "maintenances[0].du", "pas une date avec son heure"
        ),
        (#""sante": {"entete": "X Y", "caisses": {"1": "Une"}}"#, "sante.entete", "en-tête"),
        (#""sante": {"entete": "X", "caisses": {}}"#, "sante.caisses", "de une à vingt"),
    ])
    func `is refused with a remedy where it makes no sense`(
        members: String, path: String, message: String
    ) throws {
        let read = try document(with: members)
        #expect(read.connector == nil)
        let mistake = try #require(read.mistakes.first)
        #expect(mistake.path == path)
        #expect(mistake.message.contains(message), "\(mistake.message)")
        #expect(!mistake.remedy.isEmpty)
    }

    @Test(arguments: [
        (#""delai_ms": 1000, "delais": {"premier_octet_ms": 2000}"#, "plus que l'appel entier"),
        (#""delais": {"connexion_ms": 6000}"#, "plus que ce qui la contient"),
        (
            #""delais": {"connexion_ms": 900, "premier_octet_ms": 800}"#,
            "plus que ce qui la contient"
        ),
    ])
    func `cannot make a part longer than the whole`(member: String, message: String) throws {
        let read = try document(#""repetable": true,"#, #""repetable": true, \#(member),"#)
        #expect(read.mistakes.contains { $0.message.contains(message) }, "\(read.mistakes)")
    }

    @Test func `is the stricter of what two connectors of one holder say`() {
        var one = ResilienceSettings()
        one.simultaneous = 5
        one.rates = [Rate(calls: 5, span: .seconds(1))]
        var other = ResilienceSettings()
        other.breaker.openTime = .seconds(60)
        other.rates = [Rate(calls: 100, span: .seconds(60))]
        let both = one.merged(with: other)
        #expect(both == other.merged(with: one).reordered(like: both))
        #expect(both.simultaneous == 5)
        #expect(both.breaker.openTime == .seconds(60))
        #expect(both.rates.count == 2)
    }
}

extension ResilienceSettings {
    /// The same rates in the order of another's.
    fileprivate func reordered(like other: ResilienceSettings) -> ResilienceSettings {
        var copy = self
        copy.rates = other.rates.filter { rates.contains($0) }
        return copy
    }
}
