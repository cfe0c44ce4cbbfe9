import Cryptography
import Journal
import Testing
import Vocabulary

@testable import API

@Suite struct `The operators' credentials` {
    private static let now = Timestamp(milliseconds: 1_795_219_467_123)

    private static func credential(
        _ party: OperatorsParty, key: String? = nil, certificate: UInt8? = nil,
        end: Int64? = nil
    ) -> OperatorsCredential {
        OperatorsCredential(
            party: party, key: key.map { sha256(Array($0.utf8)) },
            certificate: certificate.map { [UInt8](repeating: $0, count: 32) },
            expiresAt: end.map { Timestamp(milliseconds: now.milliseconds + $0) })
    }

    private static func person(_ name: String) throws -> OperatorsParty {
        .person(try #require(OperatorText(name)))
    }

    private static func holder(_ name: String) throws -> OperatorsParty {
        .holder(try #require(HolderID(name)), credential: try #require(OperatorText("\(name)-1")))
    }

    private static func registry() throws -> OperatorsCredentials {
        var all = OperatorsCredentials()
        for one in [
            credential(try person("Aude"), key: "aude", certificate: 1),
            credential(try person("Noé"), key: "noe", end: 0),
            credential(try holder("dgfip"), key: "dgfip", certificate: 2),
        ] {
            let isNew = all.add(one)
            #expect(isNew)
        }
        return all
    }

    private static func name(
        _ authorization: [String], certificate: UInt8? = nil, isLocal: Bool = true
    ) throws -> String? {
        let shown = ShownCredentials(
            authorization: authorization,
            certificate: certificate.map { [UInt8](repeating: $0, count: 32) },
            isLocal: isLocal)
        let registry = try registry()
        do throws(Problem) {
            return try registry.party(shown, at: now).name.text
        } catch {
            #expect(error.code == .operateurNonAuthentifie)
            return nil
        }
    }

    @Test func `name an operator by key on the socket, by certificate over the network`() throws {
        #expect(try Self.name(["Bearer aude"]) == "Aude")
        #expect(try Self.name(["bearer aude"], isLocal: false) == nil)
        #expect(try Self.name([], certificate: 1, isLocal: false) == "Aude")
        #expect(try Self.name(["Bearer aude"], certificate: 1, isLocal: false) == "Aude")
        #expect(try Self.name(["Bearer aude"], certificate: 9, isLocal: false) == nil)
    }

    @Test func `name a holder by key or by certificate, never by both of two`() throws {
        #expect(try Self.name(["Bearer dgfip"], isLocal: false) == "dgfip-1")
        #expect(try Self.name([], certificate: 2, isLocal: false) == "dgfip-1")
        #expect(try Self.name(["Bearer aude"], certificate: 2, isLocal: false) == nil)
        #expect(try Self.name(["Bearer dgfip"], certificate: 1, isLocal: false) == nil)
    }

    @Test(
        arguments: [
            [], ["Bearer"], ["Bearer "], ["Basic aude"], ["aude"], ["Bearer aude", "Bearer aude"],
            ["Bearer noe"], ["Bearer Aude"],
        ])
    func `name nobody otherwise`(_ authorization: [String]) throws {
        #expect(try Self.name(authorization) == nil)
    }

    @Test func `are each one party's`() throws {
        for other in [
            Self.credential(try Self.person("Aude"), key: "autre"),
            Self.credential(try Self.person("Autre"), key: "aude"),
            Self.credential(try Self.holder("cnav"), certificate: 1),
        ] {
            var all = try Self.registry()
            let isNew = all.add(other)
            #expect(!isNew)
        }
    }
}

@Suite struct `The metrics' text` {
    @Test func `escapes what it quotes`() {
        let family = MetricFamily(
            "dlnuf_essai", .gauge, help: "Une ligne\nou deux.",
            samples: [
                MetricFamily.Sample(1, labels: [("nom", "a\"b\\c"), ("jeu", "x")]),
                MetricFamily.Sample(0.5),
            ])
        #expect(
            [family].text == """
                # HELP dlnuf_essai Une ligne\\nou deux.
                # TYPE dlnuf_essai gauge
                dlnuf_essai{nom="a\\"b\\\\c",jeu="x"} 1
                dlnuf_essai 0.5

                """)
    }
}
