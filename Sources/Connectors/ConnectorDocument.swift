package import JSONText
package import Vocabulary

/// A connector's document, read from its bytes: the connector, or every mistake at once.
package struct ConnectorDocument: Sendable {
    /// The connector, where the document has no mistake.
    package let connector: Connector?
    /// Every mistake, with its path, its position and its remedy.
    package let mistakes: [JSONMistake]

    /// The value of the member `format`.
    package static let format = "dlnuf/connecteur/v1"

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the document.
    ///   - catalogue: the contracts, against which the fields are checked; nil leaves that check
    ///     out.
    package init(_ bytes: [UInt8], catalogue: FieldCatalogue? = nil) {
        do throws(JSONError) {
            let root = try parseJSON(bytes)
            var reader = ConnectorDocumentReader(catalogue: catalogue)
            let connector = reader.connector(JSONPlace(root: root))
            self.connector = reader.mistakes.isEmpty ? connector : nil
            mistakes = reader.mistakes.all
        } catch {
            connector = nil
            mistakes = [
                JSONMistake(
                    path: error.path, position: error.position,
                    message: "Le document ne se lit pas : \(error.code.explanation)",
                    remedy: error.code.remedy)
            ]
        }
    }
}

/// Reads a document from the top down, gathering mistakes.
struct ConnectorDocumentReader {
    let catalogue: FieldCatalogue?
    var mistakes = JSONMistakes()
    var accounts: [String: ClientCredentials] = [:]
    var readings: [String: ReadingPlan] = [:]
    /// The names of all readings, those with mistakes included.
    var knownReadings: [String] = []
    /// The requests that have a name, without those that have mistakes.
    var requests: [String: RequestPlan] = [:]
    var knownRequests: [String] = []
    var usedRequests: Set<String> = []
    private(set) var dataset = DatasetID(checked: "inconnu")

    init(catalogue: FieldCatalogue?) {
        self.catalogue = catalogue
    }

    mutating func connector(_ place: JSONPlace) -> Connector? {
        guard let object = mistakes.object(place, ConnectorMembers.document) else { return nil }
        _ = mistakes.required(object, "format") { place throws(JSONMistake) in
            guard try place.string() == ConnectorDocument.format else {
                throw place.mistake(
                    "Ce format de document n'est pas connu.",
                    remedy: "Écrivez « \(ConnectorDocument.format) ».")
            }
        }
        let holder = name(object, "detenteur") { HolderID($0) }
        let dataset = name(object, "jeu") { DatasetID($0) }
        if let dataset { self.dataset = dataset }
        if let dataset, let catalogue, catalogue.datasets[dataset] == nil,
            let place = object.optional("jeu")
        {
            mistakes.add(
                place.mistake(
                    "Ce jeu de données n'a pas de contrat.",
                    remedy: "Écrivez son contrat dans connectors/datasets, ou corrigez le nom."))
        }
        let label = mistakes.required(object, "libelle", sentence)
        let isOwn = mistakes.optional(object, "contrat_fictif") { place throws(JSONMistake) in
            try place.bool()
        }
        let coverage = self.coverage(object)
        readAccounts(object.optional("comptes"))
        readReadings(object)
        readRequests(object.optional("requetes"))
        let modes = modes(object)
        let resilience = resilience(object)
        checkRequestsAreUsed(object.optional("requetes"))
        let environments = environments(object)
        let certificates = mistakes.optional(object, "certificats", certificates)
        mistakes.remaining(object)
        guard let holder, let dataset, let label, mistakes.isEmpty else { return nil }
        let connector = Connector(
            holder: holder, dataset: dataset, label: label, coverage: coverage,
            isOwnContract: isOwn ?? false, environments: environments,
            certificateOrigins: certificates ?? [], modes: modes, resilience: resilience)
        checkOrigins(of: connector, object)
        return connector
    }

    // MARK: - Parts

    /// A sentence for people.
    func sentence(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 500)
        guard !text.trimmingSpaces.isEmpty else {
            throw place.mistake("Ce texte est vide.", remedy: "Écrivez une phrase.")
        }
        return text
    }

    mutating func name<Name>(
        _ object: JSONObjectPlace, _ member: String, _ make: (String) -> Name?
    ) -> Name? {
        mistakes.required(object, member) { place throws(JSONMistake) in
            guard let name = make(try place.string(maxBytes: 64)) else {
                throw place.mistake(
                    "Ce nom n'a pas la forme d'un nom du catalogue.",
                    remedy: "Employez des minuscules sans accent, des chiffres, « _ » ou « - ».")
            }
            return name
        }
    }

    func secret(_ place: JSONPlace) throws(JSONMistake) -> SecretName {
        let object = try place.object(["secret"])
        let name = try object.required("secret").string(maxBytes: 64)
        guard isCatalogueName(name) else {
            throw place.mistake(
                "Un secret se désigne par son nom, jamais par sa valeur.",
                remedy: "Écrivez {\"secret\": \"nom-du-secret\"}.")
        }
        return SecretName(text: name)
    }

    func origin(_ place: JSONPlace) throws(JSONMistake) -> OriginName {
        let name = try place.string(maxBytes: 64)
        guard isCatalogueName(name) else {
            throw place.mistake(
                "Une origine se désigne par un nom, que le déploiement lie à une adresse.",
                remedy: "Écrivez par exemple « dgfip » ; l'adresse n'a pas sa place ici.")
        }
        return OriginName(text: name)
    }

    func template(_ place: JSONPlace) throws(JSONMistake) -> Template {
        let text = try place.string(maxBytes: 500)
        do throws(Template.Malformed) {
            return try Template(text)
        } catch {
            throw place.mistake(error.message, remedy: error.remedy)
        }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ place: JSONPlace, of type: Choice.Type
    ) throws(JSONMistake) -> Choice {
        if let choice = Choice(rawValue: try place.string(maxBytes: 64)) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw place.mistake(
            "Cette valeur n'est pas permise ici.", remedy: "Choisissez parmi : \(known).")
    }

    /// Whether a text may stand after an origin: ASCII, no space, no authority, no fragment, no
    /// climbing.
    func isTarget(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("#")
            && !text.contains("\\")
            && !text.split(separator: "/").contains { $0 == "." || $0 == ".." }
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
