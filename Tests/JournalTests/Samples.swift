import Cryptography
import TestSupport
import Testing
import Vocabulary

@testable import Journal

/// Invented names that every test of records may use.
enum Sample {
    static let catalogue = FieldCatalogue([
        contract("revenu_fiscal", ["revenu_fiscal_reference", "nombre_parts", "annee_revenus"]),
        contract("quotient_familial", ["valeur", "enfants[].prenoms", "enfants[].sexe"]),
    ])

    static let names = KnownNames(
        catalogue: catalogue,
        purposes: Set([PurposeID("cnaf/aide-logement")].compactMap { $0 }),
        recipients: Set([Siret("13002526500013")].compactMap { $0 }),
        formNames: ["plus"],
        clients: [FranceConnectClient(symbol: "fc:cnaf")]
    )

    static let pivot = PivotIdentity(
        birthName: "Éluard-Cœur",
        usageName: nil,
        givenNames: ["Anaïs", "Zoé"],
        birthDate: .year(1990),
        mayBePresumed: true,
        sex: .feminin,
        birthCountry: PivotIdentity.france,
        birthCommune: "2A004"
    )

    static let keyring = Keyring(
        pseudonyms: [YearKey(year: 2026, secret: [UInt8](0..<32))],
        counters: [YearKey(year: 2026, secret: [UInt8](32..<64))]
    )

    static let instant = Timestamp(milliseconds: 1_795_219_467_123)

    static func facts(_ seed: Int = 0) throws -> ExchangeFacts {
        var random = Seeded(seed)
        return ExchangeFacts(
            exchange: ExchangeID(time: instant, random: random.bytes(10)),
            instant: instant,
            service: try #require(ServiceID("cnaf")),
            recipient: .known(try #require(Siret("13002526500013"))),
            purpose: .known(try #require(PurposeID("cnaf/aide-logement"))),
            policy: PolicyMark(hash: Hex.encode(sha256([1])), version: 3),
            generation: Hex.encode(sha256([2])),
            mode: .franceconnect
        )
    }

    static func decision(_ seed: Int = 0) throws -> DecisionRecord {
        var record = DecisionRecord(
            facts: try facts(seed),
            verdict: .permitted,
            requested: RecordedFields(
                ["revenu_fiscal.revenu_fiscal_reference@seuil.plus", "revenu_fiscal.nombre_parts"],
                known: names
            ),
            credential: "cnaf-2026"
        )
        record.client = .known(FranceConnectClient(symbol: "fc:cnaf"))
        record.level = .eidas1
        record.requestedPeriods = [try #require(DatasetID("revenu_fiscal")): RequestedPeriod()]
        record.periods = [try #require(DatasetID("revenu_fiscal")): .year(2024)]
        record.scopes = [try #require(HolderID("dgfip")): ["dgfip_rfr"]]
        record.identifiers = [.numeroFiscal]
        record.counts = [FoundCount(counter: "personne-jour", found: 2, limit: 20)]
        record.dossier = keyring.dossier("D-1", of: record.facts.service, at: instant)
        record.person = keyring.person(pivot, at: instant)
        return record
    }

    static func outcome(_ seed: Int = 0, decision: Int64 = 0) throws -> OutcomeRecord {
        var record = OutcomeRecord(facts: try facts(seed), decision: decision, outcome: .partial)
        let dataset = try #require(DatasetID("revenu_fiscal"))
        let holder = try #require(HolderID("dgfip"))
        record.sources = [
            RecordedSource(dataset: dataset, holder: holder, status: .obtenu, reason: nil),
            RecordedSource(
                dataset: dataset,
                holder: holder,
                status: .indisponible,
                reason: .detenteurTropLent
            ),
        ]
        record.released = ["revenu_fiscal.nombre_parts"]
        record.withheld = [
            WithheldField(
                field: try #require(
                    FieldRequest("revenu_fiscal.revenu_fiscal_reference@seuil.plus")
                ),
                reason: .nonDetenu
            )
        ]
        record.dropped = [try #require(FieldPath("revenu_fiscal.annee_revenus"))]
        record.hasDroppedUnknown = true
        return record
    }

    private static func contract(_ dataset: String, _ fields: [String]) -> DatasetContract {
        DatasetContract(
            id: DatasetID(checked: dataset),
            label: dataset,
            periodKind: .annee,
            monthsBack: nil,
            isOwnContract: false,
            fields: fields.compactMap { FieldPath("\(dataset).\($0)") }.map { path in
                FieldContract(
                    path: path,
                    type: .texte,
                    label: path.text,
                    sensitivity: "personnelle",
                    scopes: ["dgfip_rfr"],
                    dpvCategory: "dpv"
                )
            },
            fallback: .saisie
        )
    }
}
