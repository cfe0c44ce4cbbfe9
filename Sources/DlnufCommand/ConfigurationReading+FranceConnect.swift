import Identification
import JOSE
import JSONText
import Vocabulary

extension ConfigurationReader {
    /// Reads what FranceConnect and the gateway have agreed on.
    mutating func franceConnect(_ place: JSONPlace?) -> GatewayConfiguration.FranceConnect? {
        guard let object = mistakes.object(place, ConfigurationMembers.franceConnect) else {
            return nil
        }
        let issuer = mistakes.required(object, "emetteur", issuerURL)
        let clients = clientIDs(mistakes.required(object, "clients", whole))
        let registrations = ownRegistrations(mistakes.required(object, "enregistrements", whole))
        let encryption = mistakes.required(object, "chiffrement") {
            place throws(JSONMistake) in
            try Self.algorithm(place, among: IntrospectionExpectations.encryptions)
        }
        let signature = mistakes.required(object, "signature") {
            place throws(JSONMistake) in
            try Self.algorithm(place, among: IntrospectionExpectations.signatures)
        }
        let keys = places(object, "cles_dechiffrement").compactMap { place in
            mistakes.attempt { [self] () throws(JSONMistake) in try secret(place) }
        }
        guard let issuer, let encryption, let signature else { return nil }
        return GatewayConfiguration.FranceConnect(
            issuer: issuer, clients: clients, registrations: registrations,
            encryption: encryption, signature: signature, decryptionKeys: keys)
    }

    private func issuerURL(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 2048)
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.hasSuffix("/") else {
            throw place.mistake(
                "Ce n'est pas une URL de base.",
                remedy: "Écrivez « https://hote[:port] », sans barre finale.")
        }
        if isProduction, !text.hasPrefix("https://") {
            throw place.mistake(
                "En production, FranceConnect s'appelle en https.",
                remedy: "Donnez une URL en « https:// ».")
        }
        return text
    }

    private mutating func clientIDs(_ place: JSONPlace?) -> [FranceConnectClient: String] {
        var clients: [FranceConnectClient: String] = [:]
        guard let place, let object = anyObject(place) else { return clients }
        for (symbol, member) in object.members {
            clients[FranceConnectClient(symbol: symbol)] = mistakes.attempt {
                () throws(JSONMistake) in try member.string()
            }
        }
        if Set(clients.values).count < clients.count {
            mistakes.add(
                place.mistake(
                    "Deux clients FranceConnect ont le même identifiant.",
                    remedy: "Donnez à chacun le sien."))
        }
        return clients
    }

    private mutating func ownRegistrations(
        _ place: JSONPlace?
    ) -> [HolderID: GatewayConfiguration.Registration] {
        var registrations: [HolderID: GatewayConfiguration.Registration] = [:]
        guard let place, let object = anyObject(place) else { return registrations }
        for (name, member) in object.members {
            guard let holder = self.holder(name, member),
                let own = mistakes.object(member, ConfigurationMembers.registration)
            else { continue }
            let clientID = mistakes.required(own, "client_id") { (place) throws(JSONMistake) in
                try place.string()
            }
            let secret = mistakes.required(own, "secret", self.secret)
            if let clientID, let secret {
                registrations[holder] = GatewayConfiguration.Registration(
                    clientID: clientID, secret: secret)
            }
        }
        return registrations
    }

    private static func algorithm<Algorithm: RawRepresentable<String>>(
        _ place: JSONPlace, among known: [Algorithm]
    ) throws(JSONMistake) -> Algorithm {
        let text = try place.string()
        guard let algorithm = known.first(where: { $0.rawValue == text }) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            throw place.mistake(
                "Cet algorithme n'est pas admis.", remedy: "Choisissez parmi : \(names).")
        }
        return algorithm
    }

    /// An object whose member names are data, or nil with the mistake kept.
    mutating func anyObject(_ place: JSONPlace) -> JSONObjectPlace? {
        mistakes.attempt { () throws(JSONMistake) in try place.anyObject() }
    }

    /// The holder that a member is named after.
    mutating func holder(_ name: String, _ place: JSONPlace) -> HolderID? {
        guard let holder = HolderID(name) else {
            mistakes.add(
                place.mistake(
                    "Ce n'est pas un détenteur.",
                    remedy: "Donnez le nom d'un dossier de connecteurs."))
            return nil
        }
        return holder
    }
}
