import Connectors
import Foundation
import HTTPServing
import HolderClients
import Identification
import JSONText
import Testing
import Vocabulary

/// How a case ended, and what was read of it.
private struct Ending {
    let outcome: String
    let values: [String: String]

    static let refused = Ending(outcome: "refusé avant tout appel", values: [:])
}

/// One case, put as a service would put it.
private struct Putting {
    let operation: Operation
    let index: Int
    let published: PublishedCase
    /// Whom the API answers about, where the case itself names nobody.
    let person: JSONNode?
    let today = CalendarDate("2026-04-20")

    init(_ operation: Operation, _ index: Int, of api: PublishedAPI) throws {
        let published = try #require(api.cases[operation]?[index])
        let number = published.text("identifiant")
        let status = api.cases[.status]?.first { $0.text("identifiant") == number }
        let invented = """
            {"nom_naissance": "ESSAI", "prenom": "CAMILLE", "date_naissance": "1990-05-17"}
            """
        self.operation = operation
        self.index = index
        self.published = published
        person =
            try [.studentByNumber, .status, .payments].contains(operation)
            ? published.payload("data.identite") ?? status?.payload("data.identite")
                ?? parseJSON(Array(invented.utf8)) : nil
    }

    /// The identity that the case gives, or that the usager whom it answers about would give.
    func identity(completed: Bool) -> JSONNode? {
        guard completed, let person else { return published.typedIdentity }
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("nom_naissance", ifPresent: person["nom_naissance"]?.string)
            writer.member("prenoms", [person["prenom"]?.string ?? ""])
            writer.member("date_naissance", ifPresent: person["date_naissance"]?.string)
            writer.member("sexe", person["sexe"]?.string == "Masculin" ? "M" : "F")
            writer.member("code_pays_naissance", "99100")
            writer.member("code_commune_naissance", "75056")
        }
        return try? parseJSON(writer.bytes)
    }

    var dataset: String {
        switch operation {
        case .quotient, .quotientByToken: "quotient_familial"
        case .student, .studentByToken, .studentByNumber: "statut_etudiant"
        case .status, .payments: "demandeur_emploi"
        }
    }

    var fields: [String] {
        switch operation {
        case .quotient, .quotientByToken:
            [
                "valeur", "annee", "mois", "fournisseur", "nombre_enfants", "enfants[].prenoms",
                "enfants[].date_naissance", "adresse.commune",
            ]
        case .student, .studentByToken, .studentByNumber:
            [
                "est_inscrit", "inscriptions[].date_fin", "inscriptions[].est_inscrit",
                "inscriptions[].etablissement.uai",
            ]
        case .status: ["est_inscrit", "date_inscription", "categorie", "contact.telephone"]
        case .payments: ["indemnites[].date_versement", "indemnites[].montant_total"]
        }
    }

    /// The period that the case answers about.
    var period: Period? {
        switch operation {
        case .quotient, .quotientByToken:
            let told = published.payload("data.quotient_familial")
            let year = told?["annee"]?.integer ?? 2026
            return YearMonth(year: Int(year), month: Int(told?["mois"]?.integer ?? 4))
                .map { .month($0) }
        case .student, .studentByToken, .studentByNumber:
            return CalendarDate("2025-10-01").map { .date($0) }
        case .status, .payments:
            guard let date = CalendarDate("2025-10-01"), let from = YearMonth("2021-01"),
                let to = YearMonth("2021-12")
            else { return nil }
            return .dateAndMonths(date, from: from, to: to)
        }
    }

    /// The question, or nil where the gateway asks nobody without a whole identity.
    func question(completed: Bool) throws -> HolderQuestion? {
        let isByToken = operation == .quotientByToken || operation == .studentByToken
        guard let today, let node = identity(completed: completed),
            let pivot = try? readIdentity(JSONPlace(root: node), today: today),
            let dataset = DatasetID(dataset), let siret = Siret("13002526500013"),
            let purpose = PurposeID("cnaf/aide-logement")
        else { return nil }
        var identifiers: [IdentifierKind: Sensitive<String>] = [:]
        if let number = published.text("ine") { identifiers[.ine] = Sensitive(number) }
        if let number = published.text("identifiant") {
            identifiers[.identifiantFranceTravail] = Sensitive(number)
        }
        return HolderQuestion(
            dataset: dataset, mode: isByToken ? .franceconnect : .identite,
            leaves: Set(fields.compactMap { FieldPath("\(dataset.text).\($0)") }), period: period,
            today: today, pivot: pivot, identifiers: identifiers,
            token: isByToken ? Sensitive(PublishedAPI.token(index)) : nil, recipient: siret,
            purpose: purpose,
            exchange: ExchangeID(
                time: Timestamp(milliseconds: 1_790_000_000_000),
                random: Array(repeating: 7, count: 10)))
    }
}

extension Ending {
    /// How a reply ended, its values by the field's name within its data set.
    init(_ reply: HolderReply) {
        var values: [String: String] = [:]
        for (instance, leaf) in reply.reading.leaves {
            let name = instance.text.split(separator: ".", maxSplits: 1).last.map(String.init) ?? ""
            switch leaf {
            case .missing(let reason): values[name] = reason.rawValue
            case .value(let value): values[name] = text(of: value.reveal())
            }
        }
        self.init(outcome: reply.missing?.rawValue ?? "obtenu", values: values)
    }
}

private func text(of value: FieldValue) -> String {
    switch value {
    case .integer(let integer): String(integer)
    case .decimal(let decimal): decimal.text
    case .boolean(let boolean): String(boolean)
    case .text(let text): text
    case .date(let date): date.text
    case .month(let month): month.text
    }
}

@Suite(.enabled(if: PublishedPayloads.folder != nil, "les cas publiés manquent"))
struct `The published payloads` {
    /// Puts every case, and gives how each ended beside it.
    private func run(
        completed: Bool, only operations: [Operation] = Operation.allCases
    ) async throws -> [(Putting, Ending)] {
        let api = try PublishedAPI()
        let holder = try PublishedHolder { api.respond(to: $0) }
        var endings: [(Putting, Ending)] = []
        for operation in operations {
            for index in (api.cases[operation] ?? []).indices {
                let putting = try Putting(operation, index, of: api)
                let before = holder.double.all.count
                guard let question = try putting.question(completed: completed) else {
                    #expect(holder.double.all.count == before)
                    endings.append((putting, .refused))
                    continue
                }
                endings.append((putting, Ending(try await holder.ask(question))))
                #expect(holder.double.all.count > before)
            }
        }
        await holder.stop()
        return endings
    }

    @Test func `are each read as they must be, partial and impossible dates too`() async throws {
        let endings = try await run(completed: true)
        #expect(endings.count >= 139)
        for (putting, ending) in endings {
            let expected = try PublishedExpectation(
                putting.operation, putting.published,
                isWhole: putting.question(completed: true) != nil)
            let name = "\(putting.operation.rawValue) \(putting.published.name)"
            #expect(ending.outcome == expected.outcome, "\(name)")
            for (field, value) in expected.values {
                #expect(ending.values[field] == value, "\(name) \(field)")
            }
            if ending.outcome != "obtenu" { #expect(ending.values.isEmpty, "\(name)") }
        }
        show(endings)
    }

    @Test func `without a whole identity are refused before any call`() async throws {
        let operations = [Operation.studentByNumber, .status, .payments]
        let endings = try await run(completed: false, only: operations)
        #expect(!endings.isEmpty)
        #expect(endings.allSatisfy { $0.1.outcome == Ending.refused.outcome })
    }

    @Test func `under another's number give nothing`() async throws {
        let api = try PublishedAPI()
        let holder = try PublishedHolder { api.respond(to: $0) }
        let index = try #require(api.cases[.student]?.firstIndex { $0.status == 200 })
        let stranger = try #require(
            try Putting(.student, index, of: api).question(completed: false))
        for operation in [Operation.studentByNumber, .status, .payments] {
            for (index, published) in (api.cases[operation] ?? []).enumerated()
            where published.status == 200 {
                let own = try #require(
                    try Putting(operation, index, of: api).question(completed: true))
                let reply = try await holder.ask(
                    HolderQuestion(
                        dataset: own.dataset, mode: own.mode, leaves: own.leaves,
                        period: own.period, today: own.today, pivot: stranger.pivot,
                        identifiers: own.identifiers, recipient: own.recipient,
                        purpose: own.purpose, exchange: own.exchange))
                #expect(reply.missing == .identiteDiscordante, "\(published.name)")
                #expect(reply.reading == HolderReading())
            }
        }
        await holder.stop()
    }

    /// Shows how many cases of each operation ended in each way.
    private func show(_ endings: [(Putting, Ending)]) {
        var counts: [String: [String: Int]] = [:]
        for (putting, ending) in endings {
            counts[putting.operation.rawValue, default: [:]][ending.outcome, default: 0] += 1
            counts["total", default: [:]][ending.outcome, default: 0] += 1
        }
        for (operation, outcomes) in counts.sorted(by: { $0.key < $1.key }) {
            let cells = outcomes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            print("\(operation): \(cells.joined(separator: ", "))")
        }
    }
}
