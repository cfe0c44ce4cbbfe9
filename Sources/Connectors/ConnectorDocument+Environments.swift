import JSONText
package import Vocabulary

extension Connector {
    /// Where a holder announces that an origin is; the deployment alone says where it is.
    package func announcedAddress(
        of origin: OriginName, in environment: HolderEnvironment
    ) -> String? {
        environments[environment]?[origin]
    }

    /// What differs between the addresses that the holder announces and those that the deployment
    /// gives, in French sentences.
    package func announcementWarnings(
        against addresses: [OriginName: [String]], in environment: HolderEnvironment
    ) -> [String] {
        let announced = (environments[environment] ?? [:]).sorted { $0.key < $1.key }
        return announced.compactMap { origin, address in
            guard let given = addresses[origin], !given.contains(address) else { return nil }
            return "Le détenteur \(holder) annonce une autre adresse pour l'origine "
                + "« \(origin.text) » (\(environment.rawValue)) que celle du déploiement ; "
                + "vérifiez laquelle est la bonne avec lui."
        }
    }
}

extension ConnectorDocumentReader {
    /// The addresses that the holder announces: they document, and grant nothing.
    mutating func environments(
        _ object: JSONObjectPlace
    ) -> [HolderEnvironment: [OriginName: String]] {
        let names = HolderEnvironment.allCases.map(\.rawValue)
        guard let place = object.optional("environnements"),
            let environments = mistakes.object(place, names)
        else { return [:] }
        var read: [HolderEnvironment: [OriginName: String]] = [:]
        for environment in HolderEnvironment.allCases {
            guard let place = environments.optional(environment.rawValue),
                let object = mistakes.object(place, ConnectorMembers.environment)
            else { continue }
            read[environment] = mistakes.required(object, "origines", addresses)
        }
        return read
    }

    private func addresses(_ place: JSONPlace) throws(JSONMistake) -> [OriginName: String] {
        var addresses: [OriginName: String] = [:]
        for (name, place) in try place.anyObject().members {
            guard isCatalogueName(name) else {
                throw place.mistake(
                    "Ce nom n'a pas la forme d'un nom d'origine.",
                    remedy: "Reprenez le nom que les requêtes emploient.")
            }
            let text = try place.string(maxBytes: 300)
            guard isAnnounced(text) else {
                throw place.mistake(
                    "Ce n'est pas l'adresse d'une origine.",
                    remedy: "Écrivez https://hôte, au besoin avec un préfixe, sans « / » à la fin.")
            }
            addresses[OriginName(text: name)] = text
        }
        return addresses
    }

    private func isAnnounced(_ text: String) -> Bool {
        let scheme = "https://"
        guard text.hasPrefix(scheme) else { return false }
        let rest = text.dropFirst(scheme.count)
        return !rest.isEmpty && !rest.hasPrefix("/") && !rest.hasSuffix("/")
            && rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !rest.contains { "@?#\\{}".contains($0) }
    }

    /// What is announced, or asks for a certificate, must be an origin that a request names.
    mutating func checkOrigins(of connector: Connector, _ object: JSONObjectPlace) {
        let known = connector.origins
        let announced = connector.environments.values.flatMap(\.keys)
        for (member, names) in [
            ("environnements", Set(announced)), ("certificats", connector.certificateOrigins),
        ] {
            guard let place = object.optional(member) else { continue }
            for name in names.subtracting(known).sorted() {
                mistakes.add(
                    place.mistake(
                        "Aucune requête n'emploie l'origine « \(name.text) ».",
                        remedy: "Retirez-la, ou corrigez son nom."))
            }
        }
    }

    /// The origins to which the gateway shows a certificate.
    func certificates(_ place: JSONPlace) throws(JSONMistake) -> Set<OriginName> {
        var origins: Set<OriginName> = []
        for place in try place.array(max: 10) { origins.insert(try origin(place)) }
        return origins
    }
}
