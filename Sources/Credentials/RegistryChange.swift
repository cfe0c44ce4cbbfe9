import JSONText
package import Vocabulary

/// Why the registry does not take a change: what is wrong, then what to do.
package struct RegistryRefusal: Error, Sendable, Equatable {
    package let message: String
    package let remedy: String

    init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}

// Every change gives a new registry, or says why there is none.
extension ServiceRegistry {
    /// The registry with one more client.
    package func adding(_ client: ServiceClient) throws(RegistryRefusal) -> ServiceRegistry {
        guard self.client(client.id) == nil else {
            throw RegistryRefusal(
                "Le client « \(client.id) » existe déjà.",
                remedy: "Choisissez un autre nom avec --client, ou ajoutez-lui un titre avec "
                    + "« dlnuf services key ».")
        }
        return ServiceRegistry(checked: clients + [client])
    }

    /// The registry with one more credential of a client.
    package func adding(
        _ credential: ClientCredential, to id: String
    ) throws(RegistryRefusal) -> ServiceRegistry {
        guard let index = clients.firstIndex(where: { $0.id == id }) else {
            throw unknown(id)
        }
        let all = clients.flatMap { client in client.credentials.map { (client, $0) } }
        if all.contains(where: { $0.1.name == credential.name }) {
            throw RegistryRefusal(
                "Un titre s'appelle déjà « \(credential.name) ».",
                remedy: "Choisissez un autre nom avec --nom.")
        }
        if let (owner, same) = all.first(where: { $0.1.fingerprint == credential.fingerprint }) {
            throw RegistryRefusal(
                "Ce titre est déjà celui du client « \(owner.id) », sous le nom « \(same.name) ».",
                remedy: "Un titre n'a qu'un service et qu'un environnement : faites-en un autre.")
        }
        guard clients[index].credentials.count < ServiceRegistry.maximumCredentials else {
            throw RegistryRefusal(
                "Ce client a trop de titres.", remedy: "Faites un autre client pour ce service.")
        }
        var clients = clients
        clients[index].credentials.append(credential)
        return ServiceRegistry(checked: clients)
    }

    /// The registry with a credential revoked, or with all those of a client.
    ///
    /// What was revoked stays in it, so that nobody enters it again and the list tells when.
    package func revoking(
        _ name: String, at now: Timestamp
    ) throws(RegistryRefusal) -> (registry: ServiceRegistry, revoked: [String]) {
        var clients = clients
        var revoked: [String] = []
        var isKnown = false
        for client in clients.indices {
            for own in clients[client].credentials.indices {
                let credential = clients[client].credentials[own]
                guard credential.name == name || clients[client].id == name else { continue }
                isKnown = true
                guard credential.revokedAt == nil else { continue }
                clients[client].credentials[own].revokedAt = now
                revoked.append(credential.name)
            }
        }
        guard isKnown else { throw unknown(name) }
        return (ServiceRegistry(checked: clients), revoked)
    }

    private func unknown(_ name: String) -> RegistryRefusal {
        let names = clients.map(\.id) + clients.flatMap { $0.credentials.map(\.name) }
        let near = nearestName(to: name, among: names)
        return RegistryRefusal(
            "Rien ne s'appelle ainsi dans le registre des titres.",
            remedy: near.map { "Vouliez-vous dire « \($0) » ?" }
                ?? "Lisez « dlnuf services list ».")
    }
}
