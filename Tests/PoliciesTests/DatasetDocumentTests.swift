import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `A data set's contract` {
    @Test(arguments: [
        ("revenu_fiscal", 18, PeriodKind.annee), ("quotient_familial", 23, .mois),
        ("statut_etudiant", 8, .date), ("demandeur_emploi", 19, .dateEtIntervalle),
        ("salaires", 12, .intervalle),
    ])
    func `describes each leaf with its label, scope and category`(
        name: String, leaves: Int, kind: PeriodKind
    ) throws {
        let id = try #require(DatasetID(name))
        let contract = try #require(try Shipped.catalogue().fields.datasets[id])
        #expect(contract.fields.count == leaves)
        #expect(contract.periodKind == kind)
        #expect(contract.fields.allSatisfy { !$0.scopes.isEmpty && $0.decreeRow != nil })
        #expect(Set(contract.fields.map(\.label)).count == leaves)
    }

    @Test func `marks the one that is ours`() throws {
        let own = try Shipped.catalogue().fields.datasets.values.filter(\.isOwnContract)
        #expect(own.map(\.id.text) == ["salaires"])
        #expect(own.flatMap(\.fields).allSatisfy { $0.scopes == ["dlnuf_gip_mds_salaires"] })
    }

    @Test func `names both spellings of the establishment's scope`() throws {
        let path = try #require(FieldPath("statut_etudiant.inscriptions[].etablissement.uai"))
        let field = try #require(try Shipped.catalogue().fields[path])
        #expect(
            field.scopes.starts(with: [
                "mesri_admission_etablissement_etude", "mesri_admission_etablissement_etudes",
            ]))
    }

    @Test func `closes its intervals`() throws {
        let fields = try Shipped.catalogue().fields.allFields.filter { $0.intervalEnd != nil }
        #expect(
            fields.map(\.path.text).sorted() == [
                "demandeur_emploi.date_inscription", "salaires.contrats[].date_debut",
                "statut_etudiant.inscriptions[].date_debut",
            ])
    }

    @Test func `never offers the usager's identity or an identifier`() throws {
        let names = try Shipped.catalogue().fields.allFields.map(\.path.localText)
        let banned = ["nir", "spi", "numero_fiscal", "ine", "identifiant", "destinataire"]
        #expect(names.allSatisfy { name in !banned.contains { name == $0 } })
        #expect(names.allSatisfy { !$0.hasPrefix("declarant") && !$0.hasPrefix("identite") })
    }

    @Test(arguments: [
        ("\"jeu\": \"salaires\"", "\"jeu\": \"salaire\"", "ne porte pas le nom du fichier"),
        ("\"type\": \"mois\"", "\"type\": \"enumeration\"", "« valeurs » va avec le type"),
        (
            "\"fin_intervalle\": \"contrats[].date_fin\"",
            "\"fin_intervalle\": \"contrats[].fin\"", "la fin d'intervalle"
        ),
        ("\"champ\": \"contrats[].nature\"", "\"champ\": \"contrats[].date_fin\"", "deux fois"),
        ("\"champ\": \"contrats[].nature\"", "\"champ\": \"contrats[]\"", "le nom d'une feuille"),
        ("\"champ\": \"contrats[].nature\"", "\"champ\": \"contrats.nature\"", "ensemble"),
        ("\"nature\": \"intervalle\"", "\"nature\": \"annee\"", "ne convient pas à la période"),
        ("\"mois_defaut\": 12", "\"mois_defaut\": 40", "hors de ses propres bornes"),
        ("\"sensibilite\"", "\"sensible\"", "n'existe pas"),
    ])
    func `is refused with a reason`(old: String, new: String, message: String) throws {
        let bytes = try Shipped.bytes("connectors/datasets/salaires.json")
        let text = String(decoding: bytes, as: UTF8.self)
        let broken = text.replacing(old, with: new)
        #expect(broken != text)
        let reading = readDataset(Array(broken.utf8), named: "salaires")
        #expect(reading.value == nil)
        #expect(
            reading.mistakes.contains { $0.message.lowercased().contains(message) },
            "\(reading.mistakes.map(\.message))")
    }
}
