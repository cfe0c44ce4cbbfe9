import Connectors
import Foundation
import JSONText
import Platform
import Policies
import Registrations
import Registry
import Testing
import Vocabulary

/// Debian's python3-jsonschema, written by others: whether documents follow their schemas.
private struct Validator {
    static let isInstalled =
        (try? run("import jsonschema", input: []))?.status == 0

    private static let script = """
        import json, sys
        from jsonschema import Draft202012Validator as Validator
        schemas = {}
        for line in sys.stdin:
            name, text = json.loads(line)
            if name.startswith("schema "):
                schema = json.loads(text)
                Validator.check_schema(schema)
                schemas[name[7:]] = Validator(schema)
            else:
                print("oui" if schemas[name].is_valid(json.loads(text)) else "non")
        """

    /// For each document, whether it follows the schema of that name.
    static func verdicts(
        _ documents: [(schema: String, text: String)], schemas: [PublishedSchema]
    ) throws -> [Bool] {
        let lines =
            schemas.map { line("schema \($0.name)", $0.text) }
            + documents.map { line($0.schema, $0.text) }
        let result = try run(script, input: lines.flatMap { $0 + [0x0A] })
        #expect(result.status == 0, "\(result.output)")
        let verdicts = result.output.split(separator: "\n").map { $0 == "oui" }
        try #require(verdicts.count == documents.count)
        return verdicts
    }

    private static func line(_ name: String, _ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            writer.value(name)
            writer.value(text)
        }
        return writer.bytes
    }

    private static func run(
        _ script: String, input: [UInt8]
    ) throws -> (status: Int32, output: String) {
        let folder = try Files.temporaryDirectory(prefix: "schemas")
        defer { try? Files.removeTree(folder) }
        for (name, bytes) in [("entree", input), ("sortie", [])] {
            try Files.writeAtomically("\(folder)/\(name)", bytes)
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-I", "-c", script]
        process.standardInput = FileHandle(forReadingAtPath: "\(folder)/entree")
        process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/sortie")
        process.standardError = FileHandle(forWritingAtPath: "\(folder)/sortie")
        try process.run()
        process.waitUntilExit()
        let output = try Files.read("\(folder)/sortie", maxBytes: 64 << 20)
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}

/// A document that ships, with the reader that judges it.
private struct Subject {
    let path: String
    let schema: String
    /// The mistakes that the reader finds in a text put in its place.
    let mistakes: (String) -> [JSONMistake]

    func bytes() throws -> [UInt8] {
        try Files.read(
            Program.repository.appending(path: path).path(), maxBytes: 1 << 20)
    }
}

/// The readers of every kind of document, over the shipped ones.
private struct Subjects {
    let all: [Subject]

    init() throws {
        let root = Program.repository
        let reading = loadRegistry(
            connectors: root.appending(path: "connectors").path(),
            policies: root.appending(path: "policies").path())
        let policies = try #require(reading.registry).policies
        let folders = ["connectors", "policies"]
        let paths = try folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(
                atPath: root.appending(path: folder).path()
            ).map { "\(folder)/\($0)" }
        }
        all = paths.sorted().filter { $0.hasSuffix(".json") }.compactMap {
            Subject($0, policies)
        }
    }
}

extension Subject {
    fileprivate init?(_ path: String, _ policies: PolicySet) {
        let names = path.split(separator: "/").map(String.init)
        let catalogue = policies.catalogue
        self.path = path
        switch (names[0], names.count, names.last ?? "") {
        case ("policies", 3, _):
            schema = "service"
            mistakes = { readService(Array($0.utf8), named: names[1]).mistakes }
        case ("policies", 4, _):
            guard let purpose = PurposeID("\(names[1])/\(names[2])") else { return nil }
            schema = "politique"
            mistakes = { text in
                readPolicy(
                    Array(text.utf8), of: purpose, catalogue: catalogue,
                    service: policies.services[purpose.service]
                ).mistakes
            }
        case ("policies", 5, _):
            guard let purpose = PurposeID("\(names[1])/\(names[2])") else { return nil }
            schema = "cas"
            mistakes = { readCase(Array($0.utf8), of: purpose).mistakes }
        case ("connectors", 3, "holder.json"):
            guard let holder = HolderID(names[1]) else { return nil }
            schema = "detenteur"
            mistakes = { readHolder(Array($0.utf8), named: holder).mistakes }
        case ("connectors", 3, let file):
            schema = "jeu-de-donnees"
            mistakes = { readDataset(Array($0.utf8), named: String(file.dropLast(5))).mistakes }
        case ("connectors", 4, _):
            schema = "connecteur"
            mistakes = { ConnectorDocument(Array($0.utf8), catalogue: catalogue.fields).mistakes }
        default:
            guard let dataset = DatasetID(names[2]) else { return nil }
            schema = "exemple-de-connecteur"
            mistakes = { text in
                ConnectorExampleDocument(Array(text.utf8), dataset: dataset).mistakes
            }
        }
    }
}

@Suite(.enabled(if: Validator.isInstalled, "apt-get install python3-jsonschema"))
struct `The check and the schemas` {
    private let schemas = policySchemas + connectorSchemas + registrationSchemas

    @Test func `both accept every shipped document`() throws {
        let subjects = try Subjects().all
        let texts = try subjects.map { String(decoding: try $0.bytes(), as: UTF8.self) }
        let verdicts = try Validator.verdicts(
            zip(subjects, texts).map { ($0.schema, $1) }, schemas: schemas)
        for (subject, (text, isValid)) in zip(subjects, zip(texts, verdicts)) {
            #expect(isValid, "\(subject.path)")
            #expect(subject.mistakes(text).isEmpty, "\(subject.path)")
        }
        #expect(subjects.count > 90)
        #expect(Set(subjects.map(\.schema)).count == schemas.count)
    }

    /// What no schema says, by a part of the message with which the reader says it.
    private static let onlyTheCheckSees = [
        // It needs the catalogue, or the other documents.
        "n'existe dans aucun jeu de données", "ne porte pas le nom", "Ce jeu de données n'existe",
        "ne convient pas au champ", "Un champ composé n'a que", "dépassent celles du jeu",
        "ne convient pas à la période du jeu", "Ni le destinataire ni le délégataire",
        "que la finalité n'habilite pas", "est déjà permis par une autre règle",
        "n'a pas de contrat", "Le contrat du jeu n'a pas ce champ", "Le contrat veut le type",
        "n'est pas de l'énumération du contrat", "Ce libellé ne nomme aucun champ",
        // It compares several places of one document.
        "se chevauchent", "finit avant de commencer", "Les tranches ne se suivent pas",
        "est décrite deux fois", "est décrit deux fois", "hors de ses propres bornes",
        "La borne d'une seconde dépasse", "Ces bornes ne servent à rien",
        "Une finalité proactive", "Seul l'usager agit avec un jeton",
        "Ce champ et «", "La fin d'intervalle", "« valeurs » va avec le type enumeration",
        "deux fois", "Cette lecture n'est pas décrite", "La liste de ce champ n'est pas décrite",
        "Ce compte n'est pas décrit", "contredit un autre", "qu'aucune étape précédente",
        "Cette requête n'est pas décrite", "Aucune étape ne fait cette requête",
        "n'emploie l'origine", "ne va pas avec l'envoi", "Selon les champs demandés",
        "une seule à la fois", "ne met pas fin à l'appel", "ne va qu'avec « liste »",
        "Un en-tête n'est écrit qu'une fois", "n'ont de sens que dans un corps JSON",
        "Une correspondance va avec", "n'est pas celle des valeurs de la variable",
        "La longueur la plus petite", "n'a jamais de « periode",
        "personne_dans_url", "Ce calcul n'a de sens", "Aucune personne de « concordance »",
        "ne dit pas ce que la valeur doit être", "Une étape ne juge pas le corps",
        "Le type manque", "Une énumération dit ce que devient", "traverse une",
        "Un en-tête ne peut pas donner", "Une lecture compare une identité",
        "L'URL porte l'identité", "Il manque le membre « lectures.",
        "plus que l'appel entier", "plus que ce qui la contient", "permet moins d'appels",
        "commence et finit à la même heure",
        // It computes on a text.
        "n'est pas une date avec son heure", "n'est pas un nom d'en-tête",
        "n'est pas un SIRET", "n'est pas une date du calendrier", "n'est pas un nom de champ",
        "n'est pas le nom d'une feuille", "Ce n'est pas un type de média",
        "Ce n'est pas un pointeur JSON", "ne désigne pas les éléments", "Ce n'est pas un chemin",
        "Ce nom n'est pas celui d'un champ", "Le nom de cette liste", "n'est pas permis ici",
        "Corrigez l'exemple", "ne peut pas s'écrire", "Cette variable", "Ce filtre",
        "Ce modèle ne donne pas",
        "Ce n'est pas l'adresse d'une origine", "la passerelle écrit elle-même",
        "Une clé ne peut pas être dans", "Le préfixe de la clé", "Le verdict et les refus",
    ]

    /// One document of each kind, and those of the longest policies, changed at every place.
    @Test func `judge changed documents alike, but for what only the check can see`() throws {
        let chosen = [
            "policies/cnaf/service.json", "policies/commune-demo/tarification-cantine/policy.json",
            "policies/dss/simulation-droits/policy.json",
            "policies/cnaf/rsa/cases/refuse-un-agent-anonyme.json",
            "policies/dhup/logement-social/cases/refuse-une-portee-oubliee.json",
            "connectors/datasets/statut_etudiant.json",
            "connectors/france-travail/demandeur_emploi/connector.json",
            "connectors/mesri/statut_etudiant/examples/admis-par-ine.json",
        ]
        let subjects = try Subjects().all.filter { chosen.contains($0.path) }
        #expect(subjects.count == chosen.count)
        let changed = try subjects.flatMap { subject in
            mutations(of: try parseJSON(try subject.bytes())).map { (subject, $0) }
        }
        let verdicts = try Validator.verdicts(
            changed.map { ($0.schema, $1.text) }, schemas: schemas)
        var tooStrict: [String] = []
        var tooLax: [String] = []
        for ((subject, mutation), isValid) in zip(changed, verdicts) {
            let mistakes = subject.mistakes(mutation.text)
            let name = "\(subject.path) \(mutation.name)"
            if mistakes.isEmpty, !isValid { tooStrict.append(name) }
            let isListed = mistakes.contains { mistake in
                Self.onlyTheCheckSees.contains {
                    mistake.message.contains($0) || mistake.remedy.contains($0)
                }
            }
            if !mistakes.isEmpty, isValid, !isListed {
                tooLax.append("\(name) : \(mistakes[0].message)")
            }
            // An example's values and its holder's answers may hold anything.
            let isData = subject.schema == "exemple-de-connecteur"
            if mutation.name.hasSuffix("membre inconnu"), mistakes.isEmpty, !isData {
                tooLax.append(name)
            }
        }
        #expect(tooStrict.prefix(20) == [], "\(tooStrict.count): schemas refuse, readers accept")
        #expect(tooLax.prefix(40) == [], "\(tooLax.count): readers refuse, schemas accept")
        #expect(changed.count > 4000)
    }

    /// Which of the sets broken by hand a schema can refuse, and which only the check.
    @Test(arguments: [
        ("base-absente", "policy.json", true), ("champ-inconnu", "policy.json", true),
        ("type-faux", "policy.json", true), ("finalite-d-un-autre-dossier", "policy.json", true),
        // Two dates are compared.
        ("dates-qui-se-chevauchent", "policy.json", false),
        // The last of two members wins in every JSON library but ours.
        ("membres-en-double", "policy.json", false),
        // The case must be played.
        ("cas-qui-echoue", "cases/permet-la-tranche.json", false),
    ])
    func `agree on the sets broken by hand`(
        name: String, file: String, isExpressible: Bool
    ) throws {
        let path = "Tests/Corpus/finalites/\(name)/ville/cantine/\(file)"
        let bytes = try Files.read(
            Program.repository.appending(path: path).path(), maxBytes: 1 << 20)
        let schema = file == "policy.json" ? "politique" : "cas"
        let verdicts = try Validator.verdicts(
            [(schema, String(decoding: bytes, as: UTF8.self))], schemas: schemas)
        #expect(verdicts == [!isExpressible])
    }

    @Test func `are those that the program writes, the configuration's among them`() throws {
        let folder = try Files.temporaryDirectory(prefix: "schemas")
        defer { try? Files.removeTree(folder) }
        let outcome = try Program.run(["schemas", "--vers", folder])
        #expect(outcome.status == 0)
        let names = try Files.list(folder)
        let published = try names.map { file in
            let text = String(
                decoding: try Files.read("\(folder)/\(file)", maxBytes: 1 << 20), as: UTF8.self)
            return (name: String(file.dropLast(".schema.json".count)), text: text)
        }
        #expect(published.count == schemas.count + 1)
        for schema in schemas {
            let written = try #require(published.first { $0.name == schema.name })
            #expect(try parseJSON(Array(written.text.utf8)).compact == schema.text)
        }
        let configuration = try #require(published.first { $0.name == "configuration" })
        // A member that the reader knows and the schema does not describe is an empty schema.
        #expect(!configuration.text.contains("{}"))
        let deployment = try Deployment()
        let text = String(
            decoding: try Files.read(deployment.configuration, maxBytes: 1 << 20), as: UTF8.self)
        let documents =
            [text]
            + mutations(of: try parseJSON(Array(text.utf8)))
            .filter { $0.name.hasSuffix("membre inconnu") }.map(\.text)
        let verdicts = try Validator.verdicts(
            documents.map { ("configuration", $0) },
            schemas: [PublishedSchema(name: "configuration", written: configuration.text)])
        #expect(verdicts.first == true)
        // Names of secrets, origins and clients are data: there a stranger is refused as a value.
        #expect(verdicts.dropFirst().allSatisfy { !$0 })
    }
}

extension JSONNode {
    fileprivate var compact: String {
        var writer = JSONWriter()
        writer.value(self)
        return writer.text
    }
}

extension PublishedSchema {
    /// A schema as the program wrote it.
    fileprivate init(name: String, written text: String) {
        self.init(name: name, title: "", text: text)
    }
}
