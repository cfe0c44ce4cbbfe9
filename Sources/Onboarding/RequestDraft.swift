import JSONText
import Vocabulary

/// The request of a first connector.
struct RequestDraft {
    let order: ScaffoldOrder
    private(set) var request = JSONValue.null
    private(set) var accounts: [(String, JSONValue)] = []
    /// The addresses that the holder announces, by environment.
    private(set) var environments: [(String, JSONValue)] = []
    private(set) var modes: [String] = []
    /// The identifier without which nothing can be asked.
    private(set) var identifier: String?
    private(set) var remaining: [Scaffold.Remaining] = []
    /// The parts of the period that the request takes, as templates name them.
    private(set) var periodVariables: Set<String> = []
    private var templates: [String] = []

    init(order: ScaffoldOrder) {
        self.order = order
    }

    private static let way = "requetes.appel"

    mutating func draw() {
        let operation = order.operation
        if !["GET", "POST"].contains(operation.method) {
            doubt("methode", "un connecteur n'emploie que GET et POST, pas \(operation.method)")
        }
        let path = self.path()
        var members: [(String, JSONValue)] = [
            ("origine", .string(order.holder.text)),
            ("methode", .string(operation.method == "POST" ? "POST" : "GET")),
            ("chemin", .string(path)),
        ]
        let urlStart = templates.count
        let query = values("query", "parametres")
        let urlTemplates = Array(templates[..<urlStart]) + templates[urlStart...]
        if urlTemplates.contains(where: isAboutPerson) {
            members.append(("personne_dans_url", .bool(true)))
        }
        if !query.isEmpty { members.append(("parametres", .members(query))) }
        let headers = values("header", "entetes")
        if !headers.isEmpty { members.append(("entetes", .members(headers))) }
        if let body = body() { members.append(("corps", body)) }
        members.append(("authentification", authentication()))
        request = .members(members)
        chooseModes()
        noteServers()
        if templates.contains(where: { $0.contains("nom_") || $0.contains("prenom") }) {
            doubt(
                "",
                "dites si les noms se transmettent tels quels, sans accents (|ascii) "
                    + "ou en capitales (|ascii|majuscules)")
        }
        for parameter in operation.parameters where parameter.location == "cookie" {
            doubt("entetes", "le cookie « \(brief(parameter.name)) » ne peut pas être envoyé")
        }
    }

    private mutating func doubt(_ member: String, _ what: String) {
        remaining.append(
            Scaffold.Remaining(
                path: member.isEmpty ? Self.way : "\(Self.way).\(member)", what: what + "."))
    }

    private func isAboutPerson(_ template: String) -> Bool {
        template.contains("{identite.") || template.contains("{identifiant.")
    }

    // MARK: - Parameters

    private mutating func path() -> String {
        var path = order.operation.path
        for parameter in order.operation.parameters where parameter.location == "path" {
            let value = template(parameter, "chemin")
            path = path.replacing("{\(parameter.name)}", with: value ?? "a-completer")
        }
        // What no parameter describes cannot be asked either.
        while let open = path.firstIndex(of: "{"),
            let close = path[open...].firstIndex(of: "}"),
            !path[open...close].contains(".")
        {
            doubt("chemin", "« \(brief(String(path[open...close]))) » n'est pas décrit")
            path.replaceSubrange(open...close, with: "a-completer")
        }
        return path
    }

    private static let writtenByGateway: Set<String> = [
        "authorization", "accept", "content-type", "host", "content-length", "cookie",
        "accept-encoding",
    ]

    private mutating func values(
        _ location: String, _ member: String
    ) -> [(String, JSONValue)] {
        order.operation.parameters.filter { parameter in
            parameter.location == location
                && !(location == "header"
                    && Self.writtenByGateway.contains(parameter.name.lowercased()))
        }.compactMap { parameter in
            template(parameter, member).map { (parameter.name, value($0, parameter)) }
        }
    }

    /// A value that the holder can do without, or that a person may lack, is left out then.
    private func value(
        _ template: String, _ parameter: OpenAPIOperation.Parameter
    ) -> JSONValue {
        let mayLack = [
            "{identite.nom_usage}", "{identite.commune_naissance}", "{identite.sexe}",
            "{identite.departement_naissance}", "{identite.commune_naissance_locale}",
        ]
        if parameter.isList, template == "{identite.prenoms}" {
            return .members([("liste", .string(template))])
        }
        guard !parameter.isRequired, mayLack.contains(template) else { return .string(template) }
        return .members([("valeur", .string(template)), ("facultatif", .bool(true))])
    }

    /// The template of a parameter, its doubts noted; nil where it is left out.
    private mutating func template(
        _ parameter: OpenAPIOperation.Parameter, _ member: String
    ) -> String? {
        let name = brief(parameter.name)
        let place = member == "chemin" ? member : "\(member).\(name)"
        let described =
            parameter.leaf.description.isEmpty
            ? "" : " (« \(brief(parameter.leaf.description)) »)"
        guard let guess = parameter.guess(among: order.operation.parameters.map(\.name)) else {
            doubt(
                place,
                parameter.isRequired
                    ? "dites ce que vaut « \(name) », que le détenteur exige\(described)"
                    : "« \(name) », facultatif, n'est pas envoyé\(described) ; ajoutez-le au besoin"
            )
            return nil
        }
        if let doubt = guess.doubt { self.doubt(place, doubt + described) }
        note(guess.template)
        return guess.template
    }

    private mutating func note(_ template: String) {
        templates.append(template)
        if template.hasPrefix("{periode.") {
            periodVariables.insert(String(template.dropFirst(9).dropLast()))
        }
        if template.hasPrefix("{identifiant.") {
            identifier = String(template.dropFirst(13).dropLast())
        }
    }

    private mutating func body() -> JSONValue? {
        guard let body = order.operation.body else { return nil }
        for name in body.nested {
            doubt("corps.json", "l'objet « \(brief(name)) » du corps reste à écrire")
        }
        let isForm = body.mediaType == "application/x-www-form-urlencoded"
        guard isForm || body.mediaType.contains("json") else {
            doubt("corps", "le corps « \(brief(body.mediaType)) » reste à écrire")
            return nil
        }
        let member = isForm ? "formulaire" : "json"
        let values = body.members.compactMap { parameter in
            template(parameter, "corps.\(member)").map { (parameter.name, value($0, parameter)) }
        }
        return .members([(member, .members(values))])
    }

    // MARK: - Modes

    /// A holder that is given a pivot can be asked in both modes; one that takes an identifier or a
    /// token, in one.
    private mutating func chooseModes() {
        let relaysToken =
            templates.contains("{jeton_franceconnect}")
            || request.member("authentification") == .string("jeton_franceconnect")
        if relaysToken {
            modes = ["franceconnect"]
            if identifier != nil {
                doubt("", "un jeton FranceConnect et un identifiant ne vont pas ensemble")
            }
        } else if identifier != nil {
            modes = ["identite"]
        } else {
            modes = ["franceconnect", "identite"]
            if !templates.contains(where: isAboutPerson) {
                doubt("", "rien ne dit au détenteur de quelle personne il s'agit")
            }
        }
    }

    /// The addresses that the description announces: the first of each kind.
    private mutating func noteServers() {
        if order.document.servers.isEmpty {
            doubt("origine", "la description ne donne aucune adresse")
        }
        var announced: [String: String] = [:]
        for server in order.document.servers {
            var url = server.url
            while url.hasSuffix("/") { url.removeLast() }
            guard url.hasPrefix("https://") else {
                doubt("origine", "l'adresse « \(brief(server.url)) » n'est pas en https")
                continue
            }
            let words = " \(server.description) \(url) ".lowercased()
            let isSandbox = Self.sandboxWords.contains { words.contains($0) }
            let environment = isSandbox ? "bac_a_sable" : "production"
            if announced[environment] == nil { announced[environment] = url }
        }
        environments = announced.sorted { $0.key < $1.key }.map { name, url in
            (
                name,
                .members([("origines", .members([(order.holder.text, .string(url))]))])
            )
        }
        if announced.count == 1, let only = announced.keys.first {
            remaining.append(
                Scaffold.Remaining(
                    path: "environnements",
                    what: "seule l'adresse de « \(only) » est annoncée ; confirmez-la."))
        }
    }

    private static let sandboxWords = [
        "sandbox", "bac à sable", "bac a sable", "test", "recette", "staging", "mock", "preprod",
        "préprod", "essai",
    ]

    // MARK: - Authentication

    private mutating func authentication() -> JSONValue {
        let alternatives = order.operation.security.filter { !$0.isEmpty }
        guard let chosen = alternatives.first else {
            doubt(
                "authentification", "la description ne dit pas comment la passerelle s'authentifie")
            return .string("aucune")
        }
        if alternatives.count > 1 {
            doubt(
                "authentification", "plusieurs façons de s'authentifier sont admises ; choisissez")
        }
        var result: JSONValue?
        for (name, scopes) in chosen {
            guard let scheme = order.document.securitySchemes[name] else {
                doubt("authentification", "« \(brief(name)) » n'est pas décrit")
                continue
            }
            let own = authentication(scheme, scopes)
            if result == nil { result = own }
        }
        return result ?? .string("aucune")
    }

    private mutating func authentication(
        _ scheme: SecurityScheme, _ scopes: [String]
    ) -> JSONValue? {
        let holder = order.holder.text
        switch scheme.kind {
        case .key(let header):
            // A token that FranceConnect gave is the usager's, not a secret of the gateway's.
            if header.lowercased().contains("franceconnect") { return nil }
            return .members([
                (
                    "cle",
                    .members([
                        ("entete", .string(header)), ("secret", .string("\(holder)-cle")),
                    ])
                )
            ])
        case .bearer where scheme.description.lowercased().contains("franceconnect"):
            return .string("jeton_franceconnect")
        case .bearer:
            return .members([
                (
                    "cle",
                    .members([
                        ("entete", .string("Authorization")), ("prefixe", .string("Bearer ")),
                        ("secret", .string("\(holder)-jeton")),
                    ])
                )
            ])
        case .basic:
            return .members([
                (
                    "basic",
                    .members([
                        ("utilisateur", .members([("secret", .string("\(holder)-utilisateur"))])),
                        (
                            "mot_de_passe",
                            .members([("secret", .string("\(holder)-mot-de-passe"))])
                        ),
                    ])
                )
            ])
        case .client(let tokenURL):
            addAccount(tokenURL, scopes)
            return .members([("compte", .string("client"))])
        case .mutualTLS:
            doubt(
                "authentification",
                "le détenteur demande un certificat : le déploiement le lie à l'origine « \(holder) »"
            )
            return nil
        case .unsupported(let what):
            doubt("authentification", "\(what) n'est pas connu du langage des connecteurs")
            return nil
        }
    }

    private mutating func addAccount(_ tokenURL: String, _ scopes: [String]) {
        let holder = order.holder.text
        let server = order.document.servers.first { tokenURL.hasPrefix($0.url + "/") }?.url
        var origin = holder
        var path = server.map { String(tokenURL.dropFirst($0.count)) } ?? tokenURL
        if server == nil, let address = Address(tokenURL) {
            origin = "\(holder)-jetons"
            path = address.path
        }
        if !path.hasPrefix("/") { path = "/a-completer" }
        var members: [(String, JSONValue)] = [
            ("origine", .string(origin)), ("chemin", .string(path)),
            ("client_id", .members([("secret", .string("\(holder)-client-id"))])),
            ("client_secret", .members([("secret", .string("\(holder)-client-secret"))])),
            ("envoi", .string("basic")),
        ]
        if !scopes.isEmpty {
            members.append(("portee", .string(scopes.joined(separator: " "))))
        }
        accounts = [("client", .members(members))]
        remaining.append(
            Scaffold.Remaining(
                path: "comptes.client.envoi",
                what: "OpenAPI ne dit pas où va le secret : « basic » (RFC 6749) ou « corps »."))
    }
}

/// An absolute address in its origin and its path.
struct Address {
    let origin: String
    let path: String

    init?(_ url: String) {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard slash > rest.startIndex else { return nil }
        origin = String(url[..<slash])
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
    }
}

extension JSONValue {
    /// The member of that name, if this is an object that has one.
    func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.node.value
    }
}
