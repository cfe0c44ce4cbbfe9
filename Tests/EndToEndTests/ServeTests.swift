import Foundation
import Glibc
import HTTPMessages
import Platform
import Testing

/// `dlnuf serve` as an operator meets it: what it refuses, how it ends, how it is reached.
@Suite(.serialized) struct `A gateway under serve` {
    /// One sandbox and one configuration for the tests that only read them.
    private static let shared = Result { try Deployment() }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let what: String
        let text: String
        let replacement: String
        let status: Int32
        /// What the refusal says, the place and the remedy among it.
        let says: [String]

        init(
            _ what: String, _ text: String, _ replacement: String, _ status: Int32,
            _ says: [String]
        ) {
            self.what = what
            self.text = text
            self.replacement = replacement
            self.status = status
            self.says = says
        }

        var testDescription: String { what }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            "an unknown member", "\"environnement\":", "\"environement\":", 78,
            ["essai.json:1:2", "environement", "environnement"]),
        Mistake(
            "no journal", "journal.sqlite", "ailleurs.sqlite", 65,
            ["ailleurs.sqlite", "journal create"]),
        Mistake(
            "plain http in production", "bac_a_sable", "production", 78,
            ["essai.json", "https"]),
        Mistake(
            "a client of FranceConnect without identifier", "\"fc:dss\":", "\"fc:autre\":", 78,
            ["fc:dss", "franceconnect.clients"]),
        Mistake(
            "a secret that is not there", "secrets/dgfip-client-id", "secrets/absent", 78,
            ["essai.json:1:", "detenteurs.dgfip.secrets.dgfip-client-id", "droits"]),
        Mistake(
            "a holder without address", "\"dgfip\":{\"adresses\"", "\"dgfipp\":{\"adresses\"", 78,
            ["dgfip/revenu_fiscal", "detenteurs.dgfip.origines"]),
        Mistake(
            "a connector's secret without value", "\"dgfip-client-id\":", "\"dgfip-client\":", 78,
            ["dgfip-client-id", "detenteurs.dgfip.secrets"]),
        Mistake(
            "a holder that may not be told what its connector tells",
            "\"identifiant.numero_fiscal\"", "\"identite\"", 78,
            [
                "dgfip/revenu_fiscal", "identifiant.numero_fiscal", "detenteurs.dgfip.recoit",
                "convention",
            ]),
        Mistake(
            "a relayed thing that does not exist", "\"identifiant.numero_fiscal\"", "\"nir\"", 78,
            ["essai.json:1:", "detenteurs.dgfip.recoit[", "identifiant.ine"]),
        Mistake(
            "a holder whose neighbour of a like name has all", "\"dgfip\":{\"origines\"",
            "\"dgfip-bis\":{\"origines\"", 78,
            [
                "detenteurs.dgfip.origines", "« dgfip-client-id »", "detenteurs.dgfip.secrets",
                "detenteurs.dgfip.recoit",
            ]),
        Mistake(
            "a client certificate that is not there", "\"dgfip\":{\"adresses\"",
            "\"dgfip\":{\"certificat\":{\"chaine\":\"/nulle\",\"cle\":\"/part\"},\"adresses\"", 78,
            ["detenteurs.dgfip.origines.dgfip.certificat.chaine", "droits"]),
        Mistake(
            "the members of before", "\"detenteurs\":{", "\"origines\":{},\"detenteurs\":{", 78,
            ["« origines » n'existe plus", "adresses"]),
        Mistake(
            "a network that is none", "\"dgfip\":{\"adresses\"",
            "\"dgfip\":{\"reseaux\":[\"10.0.0.0\"],\"adresses\"", 78,
            ["detenteurs.dgfip.origines.dgfip.reseaux[0]", "10.20.0.0/16"]),
        Mistake(
            "authorities that are not there", "\"dgfip\":{\"adresses\"",
            "\"dgfip\":{\"autorites\":\"/nulle/part\",\"adresses\"", 78,
            ["detenteurs.dgfip.origines.dgfip.autorites", "droits"]),
        Mistake(
            "a maintenance that makes no sense", "\"maintenances\":[]",
            "\"maintenances\":[{\"jours\":[\"lundi\"],\"de\":\"23:00\",\"a\":\"23:00\"}]", 78,
            ["detenteurs.cnav.maintenances[0]", "à la même heure"]),
        Mistake(
            "a bound that nobody can bear", "\"maintenances\":[]",
            "\"resilience\":{\"simultanes\":0}", 78,
            ["detenteurs.cnav.resilience.simultanes", "de 1 à 1000"]),
        Mistake(
            "a decryption key that is none", "secrets/dechiffrement", "secrets/dgfip-client-id",
            78, ["cles_dechiffrement", "PEM"]),
        Mistake(
            "the keys of before", "\"titres\":", "\"services\":[],\"titres\":", 78,
            ["« services » n'existe plus", "dlnuf services"]),
        Mistake(
            "a registry that is not there", "titres.json", "absent.json", 78,
            ["absent.json", "dlnuf services new"]),
        Mistake(
            "a public name with a path", "\"emetteur\":\"http://127.0.0.1:",
            "\"emetteur\":\"http://a/b:", 78, ["titres.emetteur", "sans chemin"]),
        Mistake(
            "a port that is none", "\"port\":0", "\"port\":70000", 78, ["ecoute[0].port", "65"]),
        Mistake(
            "an address that is none", "\"adresse\":\"127.0.0.1\"", "\"adresse\":\"hote\"", 78,
            ["hote", "127.0.0.1"]),
        Mistake(
            "a certificate that is not there", "\"port\":",
            "\"tls\":{\"certificat\":\"/nulle/part\",\"cle\":\"/nulle/part\"},\"port\":", 78,
            ["/nulle/part", "ecoute"]),
        Mistake("broken JSON", "\"ecoute\":", "ecoute:", 78, ["essai.json", "ligne 1"]),
    ]

    @Test(arguments: mistakes)
    func `refuses a configuration, naming place and remedy`(_ mistake: Mistake) throws {
        let deployment = try Self.shared.get()
        // Any free port: another test may have taken the configured one meanwhile.
        let text = try deployment.text.replacing(/"port":[0-9]+/, with: "\"port\":0")
        try #require(text.contains(mistake.text))
        let refusal = try deployment.refusal(
            of: text.replacing(mistake.text, with: mistake.replacement, maxReplacements: 1))
        #expect(refusal.status == mistake.status, "\(refusal.errors)")
        #expect(refusal.errors.hasPrefix("dlnuf : "))
        for words in mistake.says {
            #expect(refusal.errors.contains(words), "\(refusal.errors)")
        }
        #expect(refusal.output.isEmpty)
    }

    @Test func `refuses a key that others can read, and one that is not its certificate's`()
        throws
    {
        let deployment = try Deployment()
        for name in ["un", "deux"] {
            let made = try Self.run(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-keyout", "\(deployment.folder)/\(name).key", "-out",
                    "\(deployment.folder)/\(name).pem", "-days", "1", "-subj", "/CN=\(name)",
                ])
            try #require(made.status == 0)
        }
        func refusal(key: String) throws -> Program.Outcome {
            let files = """
                "certificat":{"chaine":"\(deployment.folder)/un.pem",\
                "cle":"\(deployment.folder)/\(key).key"},
                """
            return try deployment.refusal(
                of: try deployment.text.replacing(
                    "\"dgfip\":{\"adresses\"", with: "\"dgfip\":{\(files)\"adresses\""))
        }
        let other = try refusal(key: "deux")
        #expect(other.status == 78)
        #expect(other.errors.contains("ne vont pas ensemble"), "\(other.errors)")
        try #require(chmod("\(deployment.folder)/un.key", 0o640) == 0)
        let open = try refusal(key: "un")
        #expect(open.status == 78)
        #expect(open.errors.contains("D'autres que son propriétaire"), "\(open.errors)")
        #expect(open.errors.contains("chmod 600 \(deployment.folder)/un.key"))
        try #require(chmod("\(deployment.folder)/un.key", 0o600) == 0)
    }

    @Test func `takes a key of several lines as a secret, and no other text of several lines`()
        throws
    {
        let deployment = try Deployment()
        // The shipped connectors use none: what is given beyond their needs is only read.
        func refusal(_ text: String) throws -> Program.Outcome {
            try Files.writeAtomically("\(deployment.folder)/secrets/essai", Array(text.utf8))
            return try deployment.refusal(
                of: try deployment.text.replacing(
                    "\"dgfip-client-id\":",
                    with: "\"essai\":{\"fichier\":\"\(deployment.folder)/secrets/essai\"},"
                        + "\"dgfip-client\":"))
        }
        let key = try refusal("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        #expect(!key.errors.contains("essai ") && key.errors.contains("dgfip-client-id"))
        let lines = try refusal("un\ndeux")
        #expect(lines.errors.contains("detenteurs.dgfip.secrets.essai"), "\(lines.errors)")
    }

    @Test func `says every mistake of a configuration at once, in the order of the file`() throws {
        let deployment = try Self.shared.get()
        let text = try deployment.text.replacing(/"port":[0-9]+/, with: "\"port\":70000")
            .replacing("bac_a_sable", with: "production")
            .replacing("\"identifiant.numero_fiscal\"", with: "\"nir\"")
            .replacing("secrets/cnav-client-id", with: "secrets/absent")
        let refusal = try deployment.refusal(of: text)
        #expect(refusal.status == 78)
        let lines = refusal.errors.split(separator: "\n")
        #expect(lines[0].hasPrefix("dlnuf : ") && lines[0].hasSuffix(" erreurs."))
        let places = lines.dropFirst().compactMap { line in
            line.firstMatch(of: /essai\.json:1:([0-9]+) :/).flatMap { Int($0.1) }
        }
        #expect(places.count == lines.count - 1 && places == places.sorted())
        // Five holders without https, FranceConnect, the port, the signers, the two others.
        for words in [
            "ecoute[0].port", "signataires", "franceconnect.emetteur",
            "detenteurs.cnav.origines.cnav.adresses[0]", "detenteurs.cnav.secrets.cnav-client-id",
            "detenteurs.mesri.origines.mesri.adresses[0]", "detenteurs.dgfip.recoit[",
        ] {
            #expect(refusal.errors.contains(words), "\(words) : \(refusal.errors)")
        }
    }

    @Test func `refuses a configuration that is not there`() throws {
        let refusal = try Program.run(["serve", "--config", "/nulle/part.json"])
        #expect(refusal.status == 78)
        #expect(refusal.errors.contains("/nulle/part.json"), "\(refusal.errors)")
    }

    @Test func `leaves a taken port to the gateway that has it`() async throws {
        let deployment = try Deployment()
        let first = try deployment.serve()
        let second = try deployment.refusal(of: try deployment.text)
        #expect(second.status == 71)
        let port = try #require(deployment.demo.gateway.split(separator: ":").last)
        #expect(second.errors.contains("127.0.0.1:\(port)"), "\(second.errors)")
        #expect(second.errors.contains("déjà"), "\(second.errors)")
        #expect(try await deployment.demo.readiness() == 200)
        first.signal(SIGTERM)
        #expect(first.end() == 0)
    }

    @Test func `leaves a journal to the gateway that writes it`() throws {
        let deployment = try Deployment()
        let first = try deployment.serve()
        let port = try #require(deployment.demo.gateway.split(separator: ":").last)
        let second = try deployment.refusal(
            of: try deployment.text.replacing(":\(port)", with: ":\(try Ports.free())"))
        #expect(second.status == 65)
        #expect(second.errors.contains("Un autre processus écrit"), "\(second.errors)")
        first.signal(SIGTERM)
        #expect(first.end() == 0)
    }

    @Test func `answers what hangs before it ends`() async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        let example = try demo.example("demande-complete-identite")
        try await demo.withFault("muet", on: "gip-mds") {
            async let pending = demo.send(example, headers: [("Prefer", "wait=3")])
            try await demo.awaitCall(to: "gip-mds", of: "/token")
            serving.signal(SIGTERM)
            let reply = try await pending
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.member("statut") == "partiel", "\(reply.text)")
            #expect(serving.end() == 0)
            #expect(serving.log.contains("passerelle_arretee"), "\(serving.log)")
            let entries = try deployment.records()
            #expect(entries.map(\.kind) == ["evenement", "decision", "issue"])
            #expect(entries.last?.leaf == reply.member("recu.empreinte"))
        }
    }

    @Test func `is reached over TLS by those who know its authority`() throws {
        let deployment = try Deployment()
        let (certificate, key) = ("\(deployment.folder)/tls.pem", "\(deployment.folder)/tls.key")
        let made = try Self.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=passerelle",
                "-addext", "subjectAltName=IP:127.0.0.1",
            ])
        try #require(made.status == 0)
        let port = try #require(deployment.demo.gateway.split(separator: ":").last)
        try deployment.change(
            "\"port\":\(port)",
            to: "\"port\":\(port),\"tls\":{\"certificat\":\"\(certificate)\",\"cle\":\"\(key)\"}")
        let serving = try deployment.serve()
        let url = "https://127.0.0.1:\(port)"
        let ready = try Self.run(
            "/usr/bin/curl", ["--silent", "--cacert", certificate, "\(url)/readyz"])
        #expect(ready.status == 0)
        #expect(ready.output.contains("\"pret\""), "\(ready.output)")
        let example = try deployment.demo.example("revenu-fiscal-identite")
        let answered = try Self.run(
            "/usr/bin/curl",
            [
                "--silent", "--cacert", certificate, "\(url)/v1/echanges", "-H",
                "Authorization: Bearer \(try deployment.demo.key(of: example.service))", "-H",
                "Content-Type: application/json", "--data-binary",
                String(decoding: example.body, as: UTF8.self),
            ])
        #expect(answered.output.contains("\"statut\":\"complet\""), "\(answered.output)")
        // Who does not know the authority is told by the certificate, and plain http gets no page.
        #expect(try Self.run("/usr/bin/curl", ["--silent", "\(url)/readyz"]).status == 60)
        let plain = try Self.run(
            "/usr/bin/curl", ["--silent", "http://127.0.0.1:\(port)/readyz"])
        #expect(plain.status != 0)
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    private static func run(
        _ path: String, _ arguments: [String]
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// The command line itself.
struct `The command line` {
    @Test(
        arguments: [
            [], ["serve"], ["demo"], ["sandbox"], ["check"], ["journal"], ["journal", "create"],
            ["audit"], ["audit", "list"], ["audit", "champs"], ["audit", "personne"],
            ["policies", "sign"], ["policies", "verify"], ["policies", "generations"],
            ["policies", "restore"], ["services"], ["services", "new"], ["services", "key"],
            ["services", "revoke"], ["services", "list"],
        ])
    func `has help for every command`(_ command: [String]) throws {
        let help = try Program.run(command + ["--help"])
        #expect(help.status == 0, "\(help.errors)")
        #expect(help.output.contains("dlnuf \(command.joined(separator: " "))"))
        #expect(help.errors.isEmpty)
    }

    @Test(
        arguments: [
            (["serve", "--confg", "x"], "--config"), (["serv"], "dlnuf serve"),
            (["audit", "lst"], "dlnuf audit list"),
            (["audit", "champs", "--fromat", "csv"], "--format"),
            (["sandbox", "--gateway-prot", "1"], "--gateway-port"),
        ])
    func `suggests what is near to what it does not know`(
        _ words: [String], _ suggestion: String
    ) throws {
        let refusal = try Program.run(words)
        #expect(refusal.status == 64)
        #expect(
            refusal.errors.contains("Vouliez-vous dire") && refusal.errors.contains(suggestion),
            "\(refusal.errors)")
    }

    @Test(
        arguments: [
            (["serve"], "--config"), (["audit", "list"], "--journal"),
            (["sandbox"], "--data"), (["journal", "create"], "CHEMIN"),
            (["serve", "--config"], "attend une valeur"),
            (["serve", "--config", "a", "--config", "b"], "deux fois"),
            (["check", "trop"], "de trop"),
            (["demo", "--port", "soixante"], "65535"),
            (["audit", "list", "--journal", "x", "--json=oui"], "ne prend pas de valeur"),
        ])
    func `says what is missing or too much`(_ words: [String], _ text: String) throws {
        let refusal = try Program.run(words)
        #expect(refusal.status == 64)
        #expect(refusal.errors.contains(text), "\(refusal.errors)")
    }
}

extension Deployment {
    /// The configuration, as it is.
    var text: String {
        get throws {
            String(decoding: try Files.read(configuration, maxBytes: 1 << 20), as: UTF8.self)
        }
    }

    /// Serves another configuration, which must be refused within half a minute.
    func refusal(of text: String) throws -> Program.Outcome {
        let path = "\(folder)/essai.json"
        try Files.writeAtomically(path, Array(text.utf8), mode: 0o600)
        return try Program.run(["serve", "--config", path], within: 30)
    }
}
