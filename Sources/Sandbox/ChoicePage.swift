/// The page on which somebody chooses a fictitious person, and reads what will be handed over.
struct ChoicePage {
    let interaction: String
    let service: String
    let scopes: [String]
    let people: [Person]

    var reply: DoubleReply {
        var body = """
            <p>Vous allez vous connecter à <strong>\(escaped(service))</strong>. Toutes ces \
            personnes sont fictives.</p>
            <details><summary>Données transmises</summary>\(disclosed)</details>
            <form method="post" action="/api/v2/interaction/\(interaction)"><fieldset>
            <legend>Choisissez une personne</legend>
            """
        for person in people {
            body += """
                <p><button name="personne" value="\(escaped(person.id))">\(name(of: person))\
                </button> <span>\(escaped(person.trap))</span></p>
                """
        }
        body += """
            </fieldset></form>
            <form method="post" action="/api/v2/interaction/\(interaction)">
            <p><button name="annuler" value="oui">Revenir au service sans se connecter</button></p>
            </form>
            """
        return Self.page(200, title: "Se connecter avec FranceConnect (bac à sable)", body: body)
    }

    /// The page of an error that cannot be told to the client.
    static func error(code: String, message: String) -> DoubleReply {
        page(
            400, title: "Une erreur s'est produite",
            body: "<p>Erreur \(escaped(code))</p><p>\(escaped(message))</p>")
    }

    static func page(_ status: Int, title: String, body: String) -> DoubleReply {
        let text = """
            <!doctype html>
            <html lang="fr"><head><meta charset="utf-8"><title>\(escaped(title))</title>
            <meta name="viewport" content="width=device-width">
            <style>body{font-family:sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
            button{min-width:18rem;text-align:left;padding:.4rem}span{color:#555}</style></head>
            <body><h1>\(escaped(title))</h1>\(body)</body></html>
            """
        return DoubleReply(
            status, Array(text.utf8),
            headers: [
                (name: "Content-Type", value: "text/html; charset=utf-8"),
                (name: "Cache-Control", value: "no-store"),
                (
                    name: "Content-Security-Policy",
                    value: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
                ),
            ])
    }

    private func name(of person: Person) -> String {
        let identity = person.identity
        let given = identity.givenNames.joined(separator: " ")
        return escaped("\(identity.birthName) \(given), \(identity.birth.text)")
    }

    /// The data scopes, by the provider that holds the data.
    private var disclosed: String {
        let groups = Dictionary(grouping: scopes.filter { $0 != "openid" }, by: Self.provider)
        guard !groups.isEmpty else {
            return "<p>Vous allez vous connecter de façon anonyme.</p>"
        }
        return groups.sorted { $0.key < $1.key }.map { provider, scopes in
            let items = scopes.map { "<li>\(escaped($0))</li>" }.joined()
            return "<p>Informations récupérées depuis \(escaped(provider))</p><ul>\(items)</ul>"
        }.joined()
    }

    private static func provider(of scope: String) -> String {
        let prefixes = [
            ("dgfip_", "Direction générale des Finances publiques"),
            ("cnaf_", "Caisse nationale des allocations familiales & Mutualité sociale agricole"),
            ("mesri_", "Ministère de l'Enseignement supérieur et de la Recherche"),
            ("api_fc-", "France Travail"),
            ("dlnuf_", "GIP-MDS (contrat fictif)"),
        ]
        return prefixes.first { scope.hasPrefix($0.0) }?.1 ?? "FranceConnect"
    }
}

/// A text safe inside HTML.
func escaped(_ text: String) -> String {
    var output = ""
    for character in text {
        switch character {
        case "&": output += "&amp;"
        case "<": output += "&lt;"
        case ">": output += "&gt;"
        case "\"": output += "&quot;"
        case "'": output += "&#39;"
        default: output.append(character)
        }
    }
    return output
}
