import HTTPMessages
import JSONText
import Testing
import Vocabulary

@testable import API

@Suite struct `What is left of a bound` {
    private func headers(_ bounds: [(Bound, CountingPeriod, Int)], at time: Timestamp) -> [String?]
    {
        var response = HTTPResponse(status: 200, contentType: "application/json", body: [])
        response.addRateLimits(
            bounds.map { bound, period, found in
                Quota(bound: bound, limit: 20, found: found, window: period.window(around: time))
            }, at: time)
        return [response.headers["RateLimit-Policy"], response.headers["RateLimit"]]
    }

    /// The legal days of a year on which the hour changes, a quarter of an hour after noon in
    /// summer, winter, and on those days.
    @Test(arguments: [
        ("2026-07-14", 86_400, 43_200), ("2026-12-25", 86_400, 43_200),
        ("2026-03-29", 82_800, 43_200), ("2026-10-25", 90_000, 43_200),
    ])
    func `is told in seconds of the legal day`(day: String, length: Int, left: Int) throws {
        let next = try #require(CalendarDate(day)).daysSinceEpoch + 1
        let end = CalendarDate(daysSinceEpoch: next).parisMidnight
        let time = end.adding(seconds: -Int64(left))
        #expect(
            headers([(.parJour, .jour, 1)], at: time)
                == ["\"par_jour\";q=20;w=\(length)", "\"par_jour\";r=19;t=\(left)"])
    }

    @Test func `is told of several bounds in one list`() {
        let time = Timestamp(milliseconds: 1_795_219_467_123)
        let values = headers([(.parJour, .jour, 25), (.parSeconde, .seconde, 20)], at: time)
        #expect(values[0] == "\"par_jour\";q=20;w=86400, \"par_seconde\";q=20;w=1")
        let end = "\"par_seconde\";r=0;t=1"
        #expect(values[1]?.hasPrefix("\"par_jour\";r=0;t=") == true)
        #expect(values[1]?.hasSuffix(", \(end)") == true)
    }

    @Test func `is not told where nothing is bounded`() {
        #expect(headers([], at: Timestamp(milliseconds: 0)) == [nil, nil])
    }

    @Test func `is in the answer, in its headers and in the explanation, the same`() async throws {
        let gateway = try GatewayStub()
        let exchange = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["revenu_fiscal.annee_revenus"],
             "usager": {"identite": {"nom_naissance": "ÉLUARD", "prenoms": ["Zoé"],
               "date_naissance": "1990-05-17", "sexe": "F", "code_pays_naissance": "99100",
               "code_commune_naissance": "29019"}}}
            """
        let explanation = """
            {"finalite": "cnaf/aide-logement", "destinataire": "99900101900010",
             "champs": ["revenu_fiscal.annee_revenus"], "mode": "identite"}
            """
        for left in [1_999_999, 1_999_998] {
            let (response, document) = try await gateway.send(.post, "/v1/echanges", exchange)
            #expect(document["quotas", "0", "reste"]?.integer == Int64(left))
            #expect(response.headers["RateLimit"]?.hasPrefix("\"par_jour\";r=\(left);t=") == true)
            for _ in 0..<2 {
                let (_, dryRun) = try await gateway.send(
                    .post, "/v1/echanges/explication", explanation)
                for member in ["borne", "remise_a_zero_le"] {
                    let told = dryRun["quotas", "0", member]?.string
                    #expect(told == document["quotas", "0", member]?.string && told != nil)
                }
                #expect(dryRun["quotas", "0", "reste"]?.integer == Int64(left))
            }
        }
    }
}
