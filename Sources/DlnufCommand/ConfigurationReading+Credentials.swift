import JSONText

extension ConfigurationMembers {
    static let credentials = ["registre", "emetteur"]

    static let credentialsSchema = JSONSchema.object(
        "Ce qui distingue les services des inconnus.", credentials, required: credentials,
        [
            "registre": .reference(
                "chemin",
                "Le registre des titres, que « dlnuf services » écrit ; relu dès qu'il change."),
            "emetteur": .text(
                "Le nom public de la passerelle : « aud » des assertions, début de « htu » des "
                    + "preuves.", max: 2048, pattern: "^https?://[^/?#@]+$"),
        ])
}

extension ConfigurationReader {
    /// Reads where the registry of credentials is, and under which name the gateway is known.
    mutating func credentials(
        _ place: JSONPlace?
    ) -> GatewayConfiguration.CredentialSettings? {
        guard let object = mistakes.object(place, ConfigurationMembers.credentials) else {
            return nil
        }
        let registry = mistakes.required(object, "registre", path)
        let issuer = mistakes.required(object, "emetteur", publicName)
        guard let registry, let issuer else { return nil }
        return GatewayConfiguration.CredentialSettings(registry: registry, issuer: issuer)
    }

    private func publicName(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 2048)
        let schemes = ["https://", "http://"]
        guard let scheme = schemes.first(where: { text.hasPrefix($0) }),
            text.utf8.count > scheme.utf8.count,
            !text.dropFirst(scheme.count).contains(where: { "/?#@ ".contains($0) })
        else {
            throw place.mistake(
                "Ce n'est pas le nom public d'une passerelle.",
                remedy: "Écrivez « https://hote[:port] », sans chemin ni barre finale.")
        }
        if isProduction, scheme != "https://" {
            throw place.mistake(
                "En production, la passerelle s'appelle en https.",
                remedy: "Donnez une URL en « https:// ».")
        }
        return text
    }
}
