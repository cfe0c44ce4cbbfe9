import Glibc
import JSONText
import Platform
import Vocabulary

/// Purposes by the thousand, written as the documents that an administration would write.
struct GeneratedPurposes {
    /// One purpose, and what a request to it may name.
    struct Purpose {
        let id: PurposeID
        let recipient: Siret
        /// The texts of its fields, each under the form that the purpose allows.
        let requests: [String]
        /// A field that the purpose does not allow.
        let foreign: String
    }

    let purposes: [Purpose]
    /// How many bytes all documents are together.
    let bytes: Int

    private static let services = 20

    /// Writes the documents below a folder that holds none yet.
    static func write(
        _ count: Int, fields: Int, of catalogue: FieldCatalogue, served: Set<FieldPath>,
        to folder: String
    ) throws -> GeneratedPurposes {
        var random = FixedRandom(seed: 3)
        let leaves = catalogue.allFields.filter { served.contains($0.path) }
        guard leaves.count > fields else {
            throw BenchFailure(
                "Les contrats n'ont pas plus de \(fields) champs servis.",
                remedy: "Lancez la mesure depuis le dossier du projet.")
        }
        var purposes: [Purpose] = []
        var bytes = 0
        func save(_ document: JSONWriter, _ path: String) throws {
            try write(document.bytes, to: "\(folder)/\(path)")
            bytes += document.bytes.count
        }
        for number in 0..<count {
            let name = "service-\(number % services)"
            let siret = try siret(number % services)
            if number < services {
                try Files.createDirectory("\(folder)/\(name)")
                try save(service(name, siret), "\(name)/service.json")
            }
            guard let id = PurposeID("\(name)/finalite-\(number)") else { continue }
            let chosen = Array(leaves.shuffled(using: &random).prefix(fields + 1))
            let rules = chosen.dropLast().map { FieldForm($0, &random) }
            try Files.createDirectory("\(folder)/\(id.text)/cases")
            try save(policy(id, siret, rules), "\(id.text)/policy.json")
            let requests = rules.map(\.request)
            for isPermitted in [true, false] {
                let asked = isPermitted ? requests[0] : chosen[fields].path.text
                try save(
                    policyCase(asked, siret, isPermitted),
                    "\(id.text)/cases/\(isPermitted ? "permet" : "refuse").json")
            }
            purposes.append(
                Purpose(
                    id: id, recipient: siret, requests: requests,
                    foreign: chosen[fields].path.text))
        }
        return GeneratedPurposes(purposes: purposes, bytes: bytes)
    }

    /// Writes a file that need not outlive the run, hence without waiting for the disk.
    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else {
            throw SystemError(code: errno, operation: "open \(path)")
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw SystemError(code: errno, operation: "write \(path)")
        }
    }

    /// A field with the form under which a purpose allows it.
    private struct FieldForm {
        let path: FieldPath
        let form: FormKind
        let bound: Int

        /// Amounts leave as thresholds of the purpose's own half of the time.
        init(_ contract: FieldContract, _ random: inout FixedRandom) {
            let isNumber = contract.type == .entier || contract.type == .decimal
            path = contract.path
            form = isNumber && Bool.random(using: &random) ? .seuil : .valeur
            bound = Int.random(in: 1...400, using: &random) * 50
        }

        var request: String {
            FieldRequest(path: path, form: FormKey(kind: form)).text
        }
    }

    // MARK: - Documents

    private static func service(_ name: String, _ siret: Siret) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.member("service", name)
            json.member("nom", "Service \(name), pour la mesure")
            json.member("siret", siret.text)
            json.member("nature", "administration")
            json.member("contacts", ["\(name)@dlnuf.example"])
        }
        return json
    }

    private static func policy(
        _ id: PurposeID, _ siret: Siret, _ rules: [FieldForm]
    ) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.member("finalite", id.text)
            json.key("version")
            json.value(1)
            json.member("etat", "active")
            json.member("intitule", "Mesurer la décision sur une finalité parmi d'autres")
            json.member("demarche", "Démarche \(id.name)")
            json.member("etape", "instruction")
            json.member("type", "demande")
            json.member("rgpd", "6-1-e")
            json.key("bases_legales")
            json.array { json in
                json.object { json in
                    json.member("texte", "CRPA, article L114-8, I")
                    json.member("url", "https://www.legifrance.gouv.fr/")
                }
            }
            access(id, siret, &json)
            json.key("champs")
            json.array { json in
                for rule in rules { field(rule, &json) }
            }
            json.key("sans_concordance")
            json.array { json in
                for dataset in Set(rules.map(\.path.dataset)).sorted() {
                    json.object { json in
                        json.member("jeu", dataset.text)
                        json.member("motif", "La mesure ne porte sur personne.")
                    }
                }
            }
            json.key("conservation")
            json.object { json in
                json.key("jours")
                json.value(365)
                json.member("motif", "Le temps d'une mesure.")
            }
            json.member("obligations", ["informer_usager"])
            json.member("categories_dpv", ["dpv:ServiceProvision"])
            json.member("contact", "finalites@dlnuf.example")
            json.member("relecteur", "Personne : finalité de mesure")
        }
        return json
    }

    private static func access(_ id: PurposeID, _ siret: Siret, _ json: inout JSONWriter) {
        json.key("habilitations")
        json.array { json in
            json.object { json in
                json.member("numero", "MESURE-\(id.name)")
                json.member("destinataire", siret.text)
                json.member("du", "2026-01-01")
                json.member("au", "2028-12-31")
            }
        }
        json.key("modes")
        json.object { json in
            json.key("franceconnect")
            json.object { json in
                json.member("niveau_minimum", "eidas1")
                json.member("clients", ["fc:\(id.service.text)"])
            }
            json.key("identite")
            json.object { json in
                json.member("identifiants", ["identifiant_france_travail", "ine"])
            }
        }
        json.key("initiateurs")
        json.array { json in
            for quality in ["usager", "agent"] {
                json.object { json in json.member("qualite", quality) }
            }
        }
        json.member("roles", ["demandeur", "conjoint"])
    }

    private static func field(_ rule: FieldForm, _ json: inout JSONWriter) {
        json.object { json in
            json.member("champ", rule.path.text)
            json.member(
                "justification",
                "La règle de calcul de la démarche a besoin de « \(rule.path.localText) ».")
            json.key("formes")
            json.array { json in
                json.object { json in
                    json.member("forme", rule.form.rawValue)
                    guard rule.form == .seuil else { return }
                    json.member("comparaison", "au_moins")
                    json.key("borne")
                    json.value(rule.bound)
                }
            }
        }
    }

    private static func policyCase(
        _ field: String, _ siret: Siret, _ isPermitted: Bool
    ) -> JSONWriter {
        var json = JSONWriter()
        json.object { json in
            json.member("cas", isPermitted ? "Un champ permis." : "Un champ de trop.")
            json.key("question")
            json.object { json in
                json.member("destinataire", siret.text)
                json.member("champs", [field])
                json.member("mode", "identite")
                json.member("le", "2026-11-20")
            }
            json.key("attendu")
            json.object { json in
                json.member("verdict", isPermitted ? "permis" : "refuse")
                guard !isPermitted else { return }
                json.key("refus")
                json.array { json in
                    json.object { json in
                        json.member("champ", field)
                        json.member("motif", "champ_hors_finalite")
                    }
                }
            }
        }
        return json
    }

    /// A SIRET of which nothing is true but its key.
    private static func siret(_ number: Int) throws -> Siret {
        let body = "9990090" + String(100_000 + number)
        for key in 0...9 {
            if let siret = Siret("\(body)\(key)") { return siret }
        }
        throw BenchFailure("Aucun SIRET d'essai ne convient.", remedy: "Signalez cette erreur.")
    }
}

/// Numbers that follow from a seed (SplitMix64), so that each run measures the same documents.
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
