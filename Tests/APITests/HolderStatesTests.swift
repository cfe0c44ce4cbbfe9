import Foundation
import JSONText
import Journal
import Policies
import Resilience
import Testing
import Vocabulary

@testable import API

private let start = ContinuousClock.now
private let noon = Timestamp(milliseconds: 1_767_614_400_000)

/// A counter of two funds, after so many calls.
private func state(
    _ ends: [CallReport], change: (inout ResilienceSettings) -> Void = { _ in },
    later: Duration = .seconds(70)
) -> HolderState {
    var settings = ResilienceSettings()
    settings.funds = FundHeader(name: "X", funds: ["1": "CNAF", "2": "MSA"])
    change(&settings)
    var lane = Lane(settings, at: start)
    for report in ends {
        guard case .go(let ticket) = lane.enter(at: start, noon) else { continue }
        _ = lane.finish(ticket, report, at: start.advanced(by: .milliseconds(30)), noon)
    }
    return HolderState(
        holder: HolderID(checked: "cnav"), label: "API-SECU",
        datasets: [DatasetID(checked: "quotient_familial")], modes: [.identite],
        funds: ["CNAF", "MSA"], snapshot: lane.snapshot(at: start.advanced(by: later), noon))
}

private func document(_ state: HolderState) throws -> JSONNode {
    let root = try parseJSON(holderStatesDocument([state], at: noon))
    return try #require(root["detenteurs"]?.elements?.first)
}

@Suite struct `The state of the holders` {
    @Test func `says what is worth knowing, and nothing exact`() throws {
        let calls = Array(
            repeating: CallReport(.answered, mode: .identite, fund: "MSA"), count: 137)
        let holder = try document(state(calls))
        #expect(holder["etat"]?.string == "disponible")
        #expect(holder["activite"]?["appels_environ"]?.integer == 100)
        #expect(holder["activite"]?["reponses_pour_cent"]?.integer == 100)
        #expect(holder["activite"]?["moitie_sous_ms"]?.integer == 50)
        #expect(holder["modes"]?.elements?.count == 1)
        #expect(holder["reessayer_apres_s"] == nil)
    }

    /// One exchange more or less about a person must not show which fund they belong to.
    @Test(arguments: [0, 1, 19, 20, 21, 50])
    func `does not tell a fund without calls from one that answers`(count: Int) throws {
        let one = state(
            Array(repeating: CallReport(.answered, mode: .identite, fund: "CNAF"), count: count))
        let other = state(
            Array(repeating: CallReport(.answered, mode: .identite, fund: "MSA"), count: count))
        #expect(
            holderStatesDocument([one], at: noon) == holderStatesDocument([other], at: noon))
    }

    @Test func `says of one fund that it fails, while the counter answers`() throws {
        let calls =
            Array(repeating: CallReport(.failed, mode: .identite, fund: "MSA"), count: 25)
            + Array(repeating: CallReport(.answered, mode: .identite, fund: "CNAF"), count: 25)
        let holder = try document(state(calls))
        #expect(holder["etat"]?.string == "disponible")
        #expect(
            holder["caisses"]?.elements?.map { $0["etat"]?.string } == ["disponible", "degrade"])
    }

    @Test func `says when a holder that is left alone will be asked again`() throws {
        let calls = Array(repeating: CallReport(.failed, mode: .identite), count: 10)
        let holder = try document(state(calls, later: .seconds(1)))
        #expect(holder["etat"]?.string == "suspendu")
        #expect(holder["reessayer_apres_s"]?.integer == 5)
        #expect(try document(state(calls))["etat"]?.string == "a_l_essai")
        let away = try document(
            state([]) {
                $0.maintenance = MaintenanceCalendar(
                    dated: [.init(start: noon, end: noon.adding(seconds: 60))])
            })
        #expect(away["etat"]?.string == "maintenance")
        #expect(away["maintenance"]?["fin"]?.string == "2026-01-05T12:01:00Z")
        #expect(away["reessayer_apres_s"]?.integer == 60)
    }

    @Test func `has no member that its description lacks`() throws {
        let names = KnownNames(catalogue: FieldCatalogue([]), purposes: [], recipients: [])
        let root = try parseJSON(openAPIDocument(names))
        let schemas = try #require(root["components"]?["schemas"])
        func members(_ name: String) -> Set<String> {
            guard case .object(let members)? = schemas[name]?["properties"]?.value else {
                return []
            }
            return Set(members.map(\.name))
        }
        var state = state(
            Array(repeating: CallReport(.answered, mode: .identite), count: 30)
        ) {
            $0.maintenance = MaintenanceCalendar(
                dated: [
                    .init(start: noon, end: noon.adding(seconds: 60)),
                    .init(start: noon.adding(seconds: 90), end: noon.adding(seconds: 99)),
                ])
        }
        var opening = ModeOpening(
            dataset: DatasetID(checked: "a"), mode: .identite, state: "ouverte")
        opening.requested = CalendarDate("2026-06-01")
        opening.due = CalendarDate("2026-12-01")
        opening.sandbox = CalendarDate("2026-07-01")
        opening.production = CalendarDate("2026-08-01")
        state.openings = [opening]
        let holder = try document(state)
        for (place, name) in [
            (holder, "Detenteur"), (holder["activite"], "Activite"),
            (holder["maintenance"], "Intervalle"),
            (holder["modes"]?.elements?[0], "ModeDeDetenteur"),
            (holder["caisses"]?.elements?[0], "Caisse"),
            (holder["ouvertures"]?.elements?[0], "Ouverture"),
        ] {
            guard case .object(let own)? = place?.value else { continue }
            #expect(Set(own.map(\.name)).isSubset(of: members(name)), "\(name)")
            #expect(!own.isEmpty)
        }
    }
}

@Suite struct `A holder without a connector` {
    @Test func `is told with what it owes, and has no metric`() throws {
        var state = HolderState(
            holder: HolderID(checked: "cnous"), label: "Cnous", datasets: [], modes: [],
            funds: [], snapshot: nil)
        var opening = ModeOpening(
            dataset: DatasetID(checked: "bourse"), mode: .identite, state: "en_retard")
        opening.due = CalendarDate("2026-01-01")
        state.openings = [opening]
        let holder = try document(state)
        #expect(holder["etat"]?.string == "sans_connecteur")
        #expect(holder["ouvertures"]?.elements?.first?["echeance"]?.string == "2026-01-01")
        #expect(!holderMetrics([state]).text.contains("cnous"))
    }
}

@Suite struct `The metrics of the holders` {
    @Test func `are text that Prometheus reads, and name no fund`() {
        let calls =
            Array(repeating: CallReport(.answered, mode: .identite, fund: "MSA"), count: 3)
            + Array(repeating: CallReport(.failed, mode: .identite), count: 10)
        let text = holderMetrics([state(calls, later: .seconds(1))]).text
        let seconds = "http_client_request_duration_seconds"
        for line in [
            "# TYPE http_client_request_duration_seconds histogram",
            seconds + #"_bucket{detenteur="cnav",resultat="repondu",le="0.025"} 0"#,
            seconds + #"_bucket{detenteur="cnav",resultat="repondu",le="0.05"} 3"#,
            seconds + #"_bucket{detenteur="cnav",resultat="repondu",le="+Inf"} 3"#,
            seconds + #"_count{detenteur="cnav",resultat="echoue"} 10"#,
            #"gw_breaker_state{detenteur="cnav"} 2"#,
            #"gw_breaker_openings_total{detenteur="cnav"} 1"#,
            #"gw_holder_calls_refused_total{detenteur="cnav",cause="disjoncteur"} 0"#,
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        #expect(!text.contains("MSA"))
        #expect(!text.contains("CNAF"))
    }
}
