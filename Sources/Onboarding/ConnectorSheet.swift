package import Connectors
package import JSONText
import Policies
package import Vocabulary

/// A connector in words that a jurist can read: who is asked, what of the identity is sent and
/// where, what comes back, what every answer means.
///
/// It is drawn from the document itself, which must have passed its check.
package struct ConnectorSheet: Sendable {
    /// One part of the page.
    enum Block: Sendable, Equatable {
        case heading(String, level: Int)
        case paragraph(String)
        case list([String])
        case table(caption: String, heads: [String], rows: [[String]])
    }

    let title: String
    private(set) var blocks: [Block] = []
    private let root: JSONNode
    private let contract: DatasetContract?
    private let connector: Connector

    /// Draws the page.
    ///
    /// - Parameters:
    ///   - bytes: the connector's document.
    ///   - connector: what was read of it.
    ///   - contract: the data set's contract.
    ///   - examples: the documents of its examples.
    /// - Throws: why the document is no JSON, which one that passed its check is.
    package init(
        _ bytes: [UInt8], connector: Connector, contract: DatasetContract?, examples: [[UInt8]]
    ) throws(JSONError) {
        root = try parseJSON(bytes)
        self.connector = connector
        self.contract = contract
        title = "\(connector.label)"
        addHolder()
        for service in connector.services { addMode(service) }
        addReadings()
        addLacking()
        addExamples(examples)
    }

    // MARK: - Who is asked

    private mutating func addHolder() {
        let data = contract.map { "« \($0.label) »" } ?? "« \(connector.dataset) »"
        blocks.append(
            .paragraph(
                "Le détenteur « \(connector.holder) » est interrogé pour le jeu de données \(data) "
                    + "(\(connector.dataset)). Cette page décrit l'appel tel que la passerelle le "
                    + "fait ; rien d'autre n'est envoyé, et rien d'autre n'est lu."))
        if connector.isOwnContract {
            blocks.append(
                .paragraph("Aucune API publique n'existe : ce contrat est celui du projet."))
        }
        if let coverage = root["couverture"]?.string {
            blocks.append(.paragraph("Ce que le détenteur couvre : \(coverage)"))
        }
        let notes = (root["couverture_selon_issue"]?.members ?? []).compactMap { member in
            member.node.string.map { "\(member.name) : \($0)" }
        }
        if !notes.isEmpty { blocks.append(.list(notes)) }
        if let freshness = root["fraicheur"] {
            blocks.append(.paragraph("Fraîcheur des données : \(facts(of: freshness))."))
        }
    }

    /// The members of a small object, in one line.
    private func facts(of node: JSONNode) -> String {
        (node.members ?? []).map { member in
            "\(member.name) \(plainText(scalarText(member.node.value)))"
        }.joined(separator: ", ")
    }

    // MARK: - What is sent

    private mutating func addMode(_ service: HolderService) {
        let words =
            service.mode == .franceconnect
            ? "L'usager connecté par FranceConnect" : "L'usager désigné par son état civil"
        blocks.append(.heading(words, level: 2))
        var facts: [String] = []
        if let identifier = service.neededIdentifier {
            facts.append("Le détenteur a besoin de l'identifiant « \(identifier.rawValue) ».")
        }
        if let level = service.minimumLevel {
            facts.append("Le détenteur demande au moins le niveau \(level.text).")
        }
        if service.introspectsToken {
            facts.append("Le détenteur reçoit le jeton FranceConnect et le juge lui-même.")
        }
        facts.append(
            service.receivesIdentity
                ? "Le détenteur reçoit des traits de l'état civil, dits ci-dessous."
                : "Le détenteur ne reçoit aucun trait de l'état civil.")
        facts.append(
            service.returnsIdentity
                ? "Le détenteur rend une identité, qui est comparée à celle de l'usager puis "
                    + "abandonnée ; si elle diffère, rien n'est gardé."
                : "Le détenteur ne rend pas d'identité à comparer : la finalité doit l'accepter.")
        let mode = root["modes"]?[service.mode.rawValue]
        if mode?["date_presumee"]?.string == "reessayer" {
            facts.append(
                "Une personne inconnue est redemandée une fois sous une date de naissance dont le "
                    + "jour ou le mois est inconnu, si la sienne peut être présumée.")
        }
        blocks.append(.list(facts))
        for step in mode?["etapes"]?.elements ?? [] { addStep(step) }
    }

    private mutating func addStep(_ step: JSONNode) {
        let name = step["nom"]?.string ?? ""
        blocks.append(.heading("Étape « \(plainText(name)) »", level: 3))
        guard let request = request(of: step) else { return }
        var facts = [
            "Appel : \(request["methode"]?.string ?? "") vers l'origine "
                + "« \(request["origine"]?.string ?? "") », dont l'adresse est celle que le "
                + "déploiement a accordée.",
            authentication(request["authentification"]),
            "Délai : \(step["delai_ms"]?.integer ?? 5000) ms au plus.",
        ]
        if let kind = step["si_identifiant"]?.string {
            facts.append("Seulement si l'usager a donné « \(kind) ».")
        }
        if let kind = step["sauf_identifiant"]?.string {
            facts.append("Seulement si l'usager n'a pas donné « \(kind) ».")
        }
        if step["toujours"]?.bool == true {
            facts.append("L'appel est fait quels que soient les champs demandés.")
        }
        if request["personne_dans_url"]?.bool == true {
            facts.append("Ce qui désigne la personne figure dans l'URL, que rien n'écrit ailleurs.")
        }
        blocks.append(.list(facts))
        blocks.append(
            .table(
                caption: "Ce qui est envoyé à l'étape « \(plainText(name)) »",
                heads: ["Quoi", "Où", "Sous quel nom"], rows: sent(in: request)))
        let rules = rows(of: step["issues"])
        if !rules.isEmpty {
            blocks.append(
                .table(
                    caption: "Ce que cette étape juge d'abord", heads: Self.outcomeHeads,
                    rows: rules))
        }
    }

    /// A step's request, its own or one that several steps share.
    private func request(of step: JSONNode) -> JSONNode? {
        guard let name = step["requete"]?.string else { return step["requete"] }
        return root["requetes"]?[name]
    }

    private func authentication(_ node: JSONNode?) -> String {
        switch node?.string {
        case "aucune": return "La passerelle ne s'authentifie pas."
        case "jeton_franceconnect":
            return "La passerelle s'authentifie par le jeton FranceConnect de l'usager."
        default: break
        }
        if let key = node?["cle"] {
            let header = key["entete"]?.string ?? ""
            return "La passerelle s'authentifie par une clé, dans l'en-tête « \(header) »."
        }
        if node?["basic"] != nil {
            return "La passerelle s'authentifie par un identifiant et un mot de passe."
        }
        return "La passerelle s'authentifie par un jeton d'accès à elle (compte "
            + "« \(node?["compte"]?.string ?? "") »)."
    }

    private func sent(in request: JSONNode) -> [[String]] {
        var rows: [[String]] = []
        let paths = request["chemin"]?.elements ?? [request["chemin"]].compactMap { $0 }
        for path in paths {
            let text = path.string ?? path["valeur"]?.string ?? ""
            for variable in variables(in: text) {
                rows.append([wordsOf(variable), "chemin de l'URL", text])
            }
        }
        let places = [
            ("parametres", "paramètre de l'URL"), ("entetes", "en-tête"),
        ]
        for (member, place) in places {
            for value in request[member]?.members ?? [] {
                rows += row(value.name, value.node, place)
            }
        }
        for kind in ["json", "formulaire"] {
            rows += bodyRows(request["corps"]?[kind], under: "")
        }
        if let text = request["corps"]?["texte"]?.string {
            rows += variables(in: text).map { [wordsOf($0), "corps", ""] }
        }
        return rows.isEmpty ? [["rien de la personne ni de la demande", "", ""]] : rows
    }

    private func bodyRows(_ node: JSONNode?, under way: String) -> [[String]] {
        guard let node else { return [] }
        if node.string != nil || node["valeur"] != nil || node["liste"]?.string != nil {
            return row(way, node, "corps")
        }
        let members =
            node.members?.map { (name: $0.name, node: $0.node) }
            ?? (node.elements ?? []).map { (name: "[]", node: $0) }
        return members.flatMap { member in
            bodyRows(member.node, under: way.isEmpty ? member.name : "\(way).\(member.name)")
        }
    }

    private func row(_ name: String, _ node: JSONNode, _ place: String) -> [[String]] {
        let text = node.string ?? node["valeur"]?.string ?? node["liste"]?.string ?? ""
        let names = variables(in: text)
        let isOptional = node["facultatif"]?.bool == true
        let what =
            names.isEmpty
            ? "la valeur fixe « \(plainText(text)) »" : names.map(wordsOf).joined(separator: ", ")
        return [[what + (isOptional ? " (si elle est connue)" : ""), place, plainText(name)]]
    }

    // MARK: - What comes back

    private mutating func addReadings() {
        for member in root["lectures"]?.members ?? [] { addReading(member.name, member.node) }
    }

    private mutating func addReading(_ name: String, _ reading: JSONNode) {
        blocks.append(.heading("Ce qui est lu : « \(plainText(name)) »", level: 2))
        let types = (reading["types"]?.elements ?? []).compactMap(\.string)
        blocks.append(
            .paragraph(
                "Une réponse est lue si elle est de type \(types.joined(separator: " ou ")) et pèse "
                    + "au plus \(reading["taille_max"]?.integer ?? 1_048_576) octets. Un champ n'est "
                    + "pris que s'il est demandé ; tout le reste est passé sans être gardé."))
        let fields = (reading["champs"]?.members ?? []).map { member in
            [member.name, label(member.name), source(member.node)]
        }
        if !fields.isEmpty {
            blocks.append(
                .table(
                    caption: "Les champs qui peuvent en être tirés",
                    heads: ["Champ", "Ce que c'est", "D'où il vient"], rows: fields))
        }
        addAgreement(reading)
        blocks.append(
            .table(
                caption: "Ce que chaque réponse veut dire", heads: Self.outcomeHeads,
                rows: rows(of: reading["issues"]) + Self.usualOutcomes))
    }

    private func label(_ local: String) -> String {
        contract?.fields.first { $0.path.localText == local }?.label ?? ""
    }

    private func source(_ field: JSONNode) -> String {
        if let pointer = field["pointeur"]?.string, field["calcul"] == nil { return pointer }
        if let header = field["entete"]?.string { return "en-tête \(plainText(header))" }
        if let trait = field["autre_personne"]?.string {
            return "« \(trait) » de l'autre personne que la réponse nomme"
        }
        if let calculation = field["calcul"]?.string {
            let over = field["pointeur"]?.string ?? field["liste"]?.string
            return "calculé : \(calculation)" + (over.map { " de \($0)" } ?? "")
        }
        let parts = (field["parties"]?.members ?? []).compactMap(\.node.string)
        return parts.isEmpty ? "selon le document" : parts.joined(separator: ", ")
    }

    private mutating func addAgreement(_ reading: JSONNode) {
        if let why = reading["sans_concordance"]?.string {
            blocks.append(.paragraph("Aucune identité n'est comparée : \(why)"))
            return
        }
        let persons = reading["concordance"]?["personnes"]?.elements ?? []
        let rows = persons.enumerated().flatMap { index, person in
            (person.members ?? []).filter { $0.name != "liste" }.map { trait in
                ["personne \(index + 1)", trait.name, trait.node.string ?? source(trait.node)]
            }
        }
        blocks.append(
            .paragraph(
                "Une seule des personnes que la réponse nomme doit être l'usager ; sinon, rien "
                    + "n'est gardé. Ces traits sont comparés, puis abandonnés."))
        blocks.append(
            .table(
                caption: "L'identité comparée", heads: ["Personne", "Trait", "Où dans la réponse"],
                rows: rows))
        let tolerances = (reading["concordance"]?["tolerances"]?.members ?? []).map { member in
            "\(member.name) : \(plainText(scalarText(member.node.value)))"
        }
        if !tolerances.isEmpty {
            blocks.append(.paragraph("Tolérances admises :"))
            blocks.append(.list(tolerances))
        }
    }

    /// The fields of the contract that this holder cannot give.
    private mutating func addLacking() {
        guard let contract else { return }
        let given = connector.services.reduce(into: Set<FieldPath>()) { $0.formUnion($1.fields) }
        let lacking = contract.fields.filter { !given.contains($0.path) }
        guard !lacking.isEmpty else { return }
        blocks.append(.heading("Ce que ce détenteur ne donne pas", level: 2))
        blocks.append(.list(lacking.map { "\($0.path.localText) : \($0.label)" }))
    }

    private mutating func addExamples(_ examples: [[UInt8]]) {
        let read = examples.compactMap {
            ConnectorExampleDocument($0, dataset: connector.dataset).example
        }
        guard !read.isEmpty else { return }
        blocks.append(.heading("Les exemples joués", level: 2))
        blocks.append(
            .table(
                caption: "Des personnes inventées, et ce que le connecteur en lit",
                heads: ["Exemple", "Issue"],
                rows: read.map { [plainText($0.description), $0.outcome.text] }))
    }

    // MARK: - Outcomes

    private static let outcomeHeads = ["Quand", "Issue", "Ce que cela veut dire"]

    private static let usualOutcomes = [
        ["statut 200, sans autre règle", "obtenu", "La réponse est lue."],
        usual("statut 401", .passerelleEnDefaut), usual("statut 429", .detenteurQuota),
        usual("statut 503 avec Retry-After", .detenteurMaintenance),
        usual("statut 500 à 599", .detenteurIndisponible),
        usual("toute autre réponse", .reponseIrrecevable),
        usual("aucune réponse dans le délai", .detenteurTropLent),
    ]

    private static func usual(_ condition: String, _ reason: MissingReason) -> [String] {
        [condition, reason.rawValue, reason.sentence]
    }

    private func rows(of rules: JSONNode?) -> [[String]] {
        (rules?.elements ?? []).map { rule in
            let outcome = rule["issue"]?.string ?? ""
            let reason = MissingReason(rawValue: outcome)
            let retry = rule["reessayer_apres_s"]?.integer.map { " À redemander après \($0) s." }
            return [
                condition(of: rule), outcome,
                (reason?.sentence ?? "La réponse est lue.") + (retry ?? ""),
            ]
        }
    }

    private func condition(of rule: JSONNode) -> String {
        var parts: [String] = []
        let statuses = (rule["statut"]?.elements ?? []).map { scalarText($0.value) }
        if !statuses.isEmpty { parts.append("statut \(statuses.joined(separator: ", "))") }
        if let header = rule["entete"] {
            let values = (header["valeurs"]?.elements ?? []).compactMap(\.string)
            let name = plainText(header["nom"]?.string ?? "")
            parts.append(
                values.isEmpty
                    ? "l'en-tête \(name) est là"
                    : "l'en-tête \(name) vaut \(values.joined(separator: " ou "))")
        }
        if let body = rule["corps"] { parts.append(bodyCondition(body)) }
        return parts.joined(separator: ", et ")
    }

    private func bodyCondition(_ body: JSONNode) -> String {
        let pointer = body["pointeur"]?.string ?? ""
        let words = [("valeurs", "vaut"), ("contient", "contient")].compactMap { member, verb in
            let texts = (body[member]?.elements ?? []).map { plainText(scalarText($0.value)) }
            return texts.isEmpty ? nil : "\(verb) \(texts.joined(separator: " ou "))"
        }
        return
            "\(pointer) \(words.isEmpty ? "remplit la condition" : words.joined(separator: " ou "))"
    }

    // MARK: - Words

    /// The names of the variables of a template.
    private func variables(in template: String) -> [String] {
        template.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap {
            part in
            part.split(separator: "}").first.map(String.init)
        }
    }

    private func wordsOf(_ variable: String) -> String {
        let parts = variable.split(separator: "|").map(String.init)
        let name = parts.first ?? ""
        let filters = parts.dropFirst().map { Self.filters[$0] ?? $0 }
        return (Self.words[name] ?? "« \(plainText(name)) »")
            + (filters.isEmpty ? "" : " (\(filters.joined(separator: ", ")))")
    }

    private static let filters = ["ascii": "sans accents", "majuscules": "en capitales"]

    private static let words = [
        "identite.nom_naissance": "le nom de naissance", "identite.nom_usage": "le nom d'usage",
        "identite.premier_prenom": "le premier prénom", "identite.prenoms": "tous les prénoms",
        "identite.date_naissance": "la date de naissance",
        "identite.date_naissance_completee": "la date de naissance, complétée",
        "identite.date_naissance_jjmmaaaa": "la date de naissance",
        "identite.date_naissance_barres": "la date de naissance, en ce qu'elle est connue",
        "identite.annee_naissance": "l'année de naissance",
        "identite.mois_naissance": "le mois de naissance",
        "identite.jour_naissance": "le jour de naissance", "identite.sexe": "le sexe",
        "identite.sexe_chiffre": "le sexe, en chiffre",
        "identite.sexe_etat_civil": "le sexe de l'état civil",
        "identite.pays_naissance": "le code du pays de naissance",
        "identite.commune_naissance": "le code de la commune de naissance",
        "identite.departement_naissance": "le département de naissance",
        "identite.departement_naissance_court": "le département de naissance",
        "identite.commune_naissance_locale": "la commune de naissance, dans son département",
        "identite.commune_naissance_fin": "la fin du code de la commune de naissance",
        "identifiant.numero_fiscal": "le numéro fiscal", "identifiant.ine": "l'INE",
        "identifiant.identifiant_france_travail": "l'identifiant France Travail",
        "periode.annee": "l'année demandée", "periode.mois": "le mois demandé",
        "periode.date": "le jour demandé", "periode.du": "le premier mois demandé",
        "periode.au": "le dernier mois demandé",
        "periode.annee_debut": "l'année du premier mois demandé",
        "periode.mois_debut": "le premier mois demandé",
        "periode.annee_fin": "l'année du dernier mois demandé",
        "periode.mois_fin": "le dernier mois demandé",
        "periode.premier_jour": "le premier jour demandé",
        "periode.dernier_jour": "le dernier jour demandé", "jour": "le jour de la demande",
        "destinataire": "le SIRET du destinataire",
        "destinataire.siren": "le SIREN du destinataire", "echange": "l'identifiant de l'échange",
        "finalite": "la finalité", "jeton_franceconnect": "le jeton FranceConnect",
    ]
}
