import Connectors
import Foundation
import JSONText
import Policies
import Testing
import Vocabulary

@testable import Onboarding

/// The three APIs that nobody planned for, and what is drawn of each.
let unplanned: [(file: String, operation: String, holder: String, dataset: String)] = [
    ("r2p", "retrouverSpi", "dgfip-r2p", "immatriculation_fiscale"),
    (
        "quotient-familial-v2", "GET /api/v2/composition-familiale-v2", "api-particulier",
        "quotient_familial"
    ),
    ("service-civique", "contratsGenerique", "gip-mds", "service_civique"),
]

/// A first connector drawn from one of the descriptions kept with the tests.
func scaffold(
    _ file: String, operation id: String, holder: String, dataset: String
) throws -> Scaffold {
    let url = connectorsFolder.deletingLastPathComponent()
        .appendingPathComponent("Tests/Corpus/openapi/\(file).json")
    let reading = OpenAPIReading([UInt8](try Data(contentsOf: url)), file: file)
    guard let document = reading.document,
        let operation = document.operations.first(where: { $0.id == id }),
        let holder = HolderID(holder), let dataset = DatasetID(dataset)
    else { throw TestFailure("\(file): \(reading.mistakes)") }
    return Scaffold(
        ScaffoldOrder(
            document: document, operation: operation, holder: holder, dataset: dataset,
            catalogue: try catalogue()))
}

extension Scaffold {
    func text(_ suffix: String) throws -> String {
        guard let file = files.first(where: { $0.path.hasSuffix(suffix) }) else {
            throw TestFailure("no \(suffix)")
        }
        return file.text
    }

    /// The document as it is once every line of `a_completer` was seen to.
    func completed(_ suffix: String) throws -> [UInt8] {
        let root = try parseJSON(Array(try text(suffix).utf8))
        var writer = JSONWriter()
        writer.object { writer in
            for member in root.members ?? [] where member.name != "a_completer" {
                writer.key(member.name)
                writer.value(member.node)
            }
        }
        return writer.bytes
    }
}

@Suite struct `A first connector drawn from OpenAPI` {
    @Test(arguments: unplanned.indices)
    func `is refused line by line until what was not guessed is said`(index: Int) throws {
        let (file, operation, holder, dataset) = unplanned[index]
        let scaffold = try scaffold(file, operation: operation, holder: holder, dataset: dataset)
        let text = try scaffold.text("connector.json")
        let mistakes = ConnectorDocument(Array(text.utf8)).mistakes
        #expect(mistakes.count == scaffold.remaining.count)
        #expect(mistakes.allSatisfy { $0.path.hasPrefix("a_completer[") })
        for (mistake, remaining) in zip(mistakes, scaffold.remaining) {
            #expect(mistake.message.contains(remaining.path))
            #expect(mistake.position.line > 1)
        }
    }

    @Test(arguments: unplanned.indices)
    func `is a connector that plays its own examples once it is completed`(index: Int) throws {
        let (file, operation, holder, dataset) = unplanned[index]
        let scaffold = try scaffold(file, operation: operation, holder: holder, dataset: dataset)
        var contracts = Array(try catalogue().datasets.values)
        if scaffold.files.contains(where: { $0.path.hasPrefix("datasets/") }) {
            let contract = readDataset(
                try scaffold.completed("datasets/\(dataset).json"), named: dataset)
            #expect(contract.mistakes == [])
            contracts.append(try #require(contract.value?.contract))
        }
        let document = ConnectorDocument(
            try scaffold.completed("connector.json"), catalogue: FieldCatalogue(contracts))
        #expect(document.mistakes == [])
        let connector = try #require(document.connector)
        let examples = scaffold.files.filter { $0.path.contains("/examples/") }
        #expect(examples.count >= 4)
        var outcomes: Set<String> = []
        for example in examples {
            let bytes = Array(example.text.utf8)
            #expect(examine(bytes, with: connector) == [], "\(example.path)")
            let read = ConnectorExampleDocument(bytes, dataset: connector.dataset).example
            if let outcome = read?.outcome.text { outcomes.insert(outcome) }
        }
        #expect(outcomes.contains("obtenu"))
        #expect(outcomes.contains("personne_inconnue"))
    }

    @Test func `matches parameters, dates and sexes by name, example and description`() throws {
        let r2p = try scaffold(
            "r2p", operation: "retrouverSpi", holder: "r2p", dataset: "immatriculation"
        ).text("connector.json")
        for line in [
            #""nom": "{identite.nom_naissance}""#, #""prenom": "{identite.premier_prenom}""#,
            #""sexe": "{identite.sexe_chiffre}""#,
            #""naisDate": "{identite.date_naissance_barres}""#,
            #""naisCodePays": "{identite.pays_naissance}""#,
            #""X-Correlation-ID": "{echange}""#, #""chemin": "/token""#,
            #""portee": "RessourceR2P""#, #""format": "jj/mm/aaaa""#,
            "{identite.departement_naissance}", "{identite.commune_naissance_locale}",
        ] { #expect(r2p.contains(line), "\(line)") }
        let civic = try scaffold(
            "service-civique", operation: "contratsGenerique", holder: "gip-mds",
            dataset: "service_civique"
        ).text("connector.json")
        for line in [
            #""dateNaissance": "{identite.date_naissance_jjmmaaaa}""#,
            #""listeCodeNature": "89""#, #""comparaisonCertifiee": "1""#,
            #""format": "jjmmaaaa""#, #""valeurs": ["NOT_FOUND_CONTRAT"]"#,
        ] { #expect(civic.contains(line), "\(line)") }
    }

    @Test func `finds the fields of a contract that exists`() throws {
        let text = try scaffold(
            "quotient-familial-v2", operation: "GET /api/v2/composition-familiale-v2",
            holder: "api-particulier", dataset: "quotient_familial"
        ).text("connector.json")
        for line in [
            #""valeur": {"pointeur": "/quotientFamilial", "type": "entier"}"#,
            #""liste": "/allocataires/*""#, #""nom_usage": "/allocataires/*/nomUsuel""#,
            #""annee": "/allocataires/*/anneeDateDeNaissance""#,
            #""nombre_enfants": {"calcul": "nombre", "liste": "/enfants/*"}"#,
            #""conjoint.prenoms": {"autre_personne": "prenoms"}"#, #""partie": "code_postal""#,
            #""cle": {"entete": "X-Api-Key", "secret": "api-particulier-cle"}"#,
            #""prenoms[]": {"liste": "{identite.prenoms}"}"#,
            #""bac_a_sable": {"origines": {"api-particulier": "https://staging.particulier.test"}}"#,
            #""production": {"origines": {"api-particulier": "https://particulier.exemple"}}"#,
        ] { #expect(text.contains(line), "\(line)") }
    }

    @Test func `says what it could not guess of a hard one, and sends nothing of it`() throws {
        let text = """
            {"openapi": "3.0.1", "info": {"title": "Difficile"}, "servers": [],
             "paths": {"/dossier/{cle}": {"put": {
              "parameters": [
               {"name": "cle", "in": "path", "required": true, "schema": {"type": "string"}},
               {"name": "zone", "in": "query", "required": true, "schema": {"type": "string"}},
               {"name": "session", "in": "cookie", "schema": {"type": "string"}}],
              "security": [{"secret": []}],
              "responses": {"200": {"content": {"application/json": {"schema": {"oneOf": [
               {"properties": {"montant": {"type": "number"}}},
               {"properties": {"valeurs": {"type": "array", "items": {"type": "string"}}}}]}}}},
              "default": {"description": "autre"}}}}},
             "components": {"securitySchemes": {
              "secret": {"type": "apiKey", "in": "query", "name": "k"}}}}
            """
        let document = try #require(OpenAPIReading(Array(text.utf8), file: "x").document)
        let scaffold = Scaffold(
            ScaffoldOrder(
                document: document, operation: document.operations[0],
                holder: try #require(HolderID("h")),
                dataset: try #require(DatasetID("statut_etudiant")),
                catalogue: try catalogue()))
        let said = scaffold.remaining.map { "\($0.path) : \($0.what)" }.joined(separator: "\n")
        for word in [
            "methode : un connecteur n'emploie que GET et POST, pas PUT", "« cle »", "« zone »",
            "cookie « session »", "une clé hors d'un en-tête", "aucune adresse",
            "rien ne dit au détenteur", "oneOf ou anyOf", "sans_concordance", "« default »",
        ] { #expect(said.contains(word), "\(word)") }
        #expect(try scaffold.text("connector.json").contains("/dossier/a-completer"))
    }

    @Test(arguments: [
        ("404", "Aucun dossier", "non_detenu"), ("404", "Individu inconnu", "personne_inconnue"),
        ("403", "Trop de réponses", "personne_ambigue"),
        ("403", "Interdit", "passerelle_en_defaut"),
        ("403", "Scope manquant", "portee_refusee"), ("429", "", "detenteur_quota"),
        ("503", "Maintenance", "detenteur_maintenance"), ("500", "", "detenteur_indisponible"),
        ("302", "", "reponse_irrecevable"), ("204", "", "personne_inconnue"),
    ])
    func `guesses what a status means, to be confirmed`(
        status: String, text: String, outcome: String
    ) {
        #expect(guessedOutcome(status: status, text: text).rawValue == outcome)
    }
}
