import Foundation
import Platform
import Testing

@Suite struct `An API that nobody planned for` {
    private static let apis: [(file: String, operation: String, name: String)] = [
        ("r2p", "retrouverSpi", "dgfip-r2p/immatriculation_fiscale"),
        (
            "quotient-familial-v2", "GET /api/v2/composition-familiale-v2",
            "api-particulier/quotient_familial"
        ),
        ("service-civique", "contratsGenerique", "gip-mds/service_civique"),
    ]

    /// Scaffold, be told line by line what to complete, complete as data, check, ask over HTTP.
    @Test(arguments: apis.indices)
    func `is asked and read right without a line of code`(index: Int) throws {
        let (file, operation, name) = Self.apis[index]
        let names = name.split(separator: "/").map(String.init)
        let deployment = try UnplannedDeployment()
        let first = "\(deployment.folder)/premier"
        let description =
            Program.repository.appending(path: "Tests/Corpus/openapi/\(file).json").path()
        let drawn = try Program.run([
            "connectors", "new", "--from-openapi", description, "--operation", operation,
            "--detenteur", names[0], "--jeu", names[1], "--vers", first,
        ])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(drawn.output.contains("Écrit : \(first)/\(name)/connector.json"))
        #expect(drawn.output.contains("Reste à compléter"))
        let unfinished = try Program.run(["connectors", "check", "\(first)/\(name)"])
        #expect(unfinished.status == 65)
        #expect(unfinished.errors.contains("(a_completer[0])"))

        let checked = try Program.run([
            "connectors", "check", "\(deployment.connectors)/\(name)",
        ])
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(checked.output.contains("\(name) : tout est en ordre."))

        let asked = try Program.run([
            "connectors", "test", "\(deployment.connectors)/\(name)", "--config",
            deployment.configuration,
        ])
        #expect(asked.status == 0, "\(asked.output)\(asked.errors)")
        let verdicts = Self.verdicts(asked.output)
        for shown in ["trouve", "inconnu", "ambigu", "identite-discordante"] {
            #expect(verdicts[shown] == "conforme", "\(asked.output)")
        }
        #expect(!verdicts.values.contains("écart"))
        // Who was asked about is not on the page, whatever the holder answered.
        for word in ["GOFF", "1990", "ANAIS", "AJACCIO", "742", "13000548101010", "30130"] {
            #expect(!asked.output.contains(word), "\(word)")
        }
    }

    /// By example: the verdict that was printed.
    private static func verdicts(_ output: String) -> [String: String] {
        var verdicts: [String: String] = [:]
        var name = ""
        for line in output.split(separator: "\n") {
            if !line.hasPrefix(" "), let end = line.firstRange(of: " : ") {
                name = String(line[..<end.lowerBound])
            }
            if line.hasPrefix("  verdict : ") {
                verdicts[name] = String(line.dropFirst("  verdict : ".count))
            }
        }
        return verdicts
    }

    @Test func `shows values and the whole request when it is told to`() throws {
        let deployment = try UnplannedDeployment()
        let asked = try Program.run([
            "connectors", "test", "gip-mds/service_civique", "--connectors",
            deployment.connectors, "--config", deployment.configuration, "--exemple", "trouve",
            "--montrer",
        ])
        #expect(asked.status == 0)
        #expect(asked.output.contains("nom=LE%20GOFF&prenom=ANAIS&dateNaissance=17051990"))
        #expect(asked.output.contains("service_civique.est_volontaire : true"))
        #expect(
            asked.output.contains(
                "laissé de côté : service_civique.contrats[].date_fin_prevue"))
    }

    @Test func `is not asked where its connector says more than was granted`() throws {
        let deployment = try UnplannedDeployment()
        let bytes = try Files.read(deployment.configuration, maxBytes: 1 << 20)
        let narrower = String(decoding: bytes, as: UTF8.self)
            .replacing(#"["identite"]"#, with: #"["identite.nom_naissance"]"#)
        let file = "\(deployment.folder)/etroit.json"
        try Files.writeAtomically(file, Array(narrower.utf8), mode: 0o600)
        let asked = try Program.run([
            "connectors", "test", "gip-mds/service_civique", "--connectors",
            deployment.connectors, "--config", file,
        ])
        #expect(asked.status == 78)
        #expect(asked.errors.contains("identite.date_naissance"))
    }

    @Test(arguments: [
        (["connectors", "new"], 64, "--from-openapi manque"),
        (["connectors", "new", "--from-openapi", "nulle-part.json"], 65, "ne se lit pas"),
        (["connectors", "check", "dgfip/revenu_fiscale"], 64, "dgfip/revenu_fiscal »"),
        (["connectors", "test", "cnav/quotient_familial"], 78, "detenteurs.cnav.origines"),
        (
            ["connectors", "test", "cnav/quotient_familial", "--environnement", "production"],
            64, "bac_a_sable"
        ),
        (["connectors", "test", "cnav/quotient_familial", "--exemple", "x"], 64, "trouve"),
        (["connectors", "doc"], 64, "Le nom du connecteur manque"),
        (["connectors", "doc", "cnav/quotient_familial", "--format", "pdf"], 64, "--format html"),
    ])
    func `gets an error that says what to do`(
        words: [String], status: Int32, text: String
    ) throws {
        let outcome = try Program.run(words)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }

    @Test func `is never written over without saying so`() throws {
        let folder = try Files.temporaryDirectory(prefix: "premier")
        defer { try? Files.removeTree(folder) }
        let description =
            Program.repository.appending(path: "Tests/Corpus/openapi/service-civique.json").path()
        let command = [
            "connectors", "new", "--from-openapi", description, "--detenteur", "gip-mds", "--jeu",
            "service_civique", "--vers", folder, "--connectors", folder,
        ]
        #expect(try Program.run(command).status == 0)
        let path = "\(folder)/gip-mds/service_civique/connector.json"
        try Files.writeAtomically(path, Array("{}".utf8))
        // The contract that the first run proposed is not complete either.
        let second = try Program.run(command)
        #expect(second.status == 65)
        #expect(second.errors.contains("Il reste à compléter « libelle »"))
        let third = try Program.run(command + ["--remplacer"])
        #expect(third.status == 0)
        #expect(third.output.contains("Remplacé : \(path)"))
    }
}
