import Credentials
import JOSE
import JSONText
import Vocabulary

extension ServiceRegistry {
    /// The registry for somebody at a terminal.
    func table(at now: Timestamp) -> String {
        guard !clients.isEmpty else { return "Aucun client n'est inscrit.\n" }
        return clients.map { client in
            let head =
                "\(client.id)  service \(client.service), \(client.environment.rawValue)\n"
            let lines = client.credentials.map { credential in
                "    \(credential.name)  \(credential.label), \(credential.state(at: now)), fin "
                    + "\(credential.expiresAt.parisDate.text), changé \(credential.changedAt.rfc3339)\n"
            }
            return head + (lines.isEmpty ? "    aucun titre\n" : lines.joined())
        }.joined()
    }

    /// The registry for a program: one object a line.
    func lines(at now: Timestamp) -> String {
        clients.flatMap { client in
            client.credentials.map { credential in
                var writer = JSONWriter()
                writer.object { writer in
                    writer.member("client", client.id)
                    writer.member("service", client.service.text)
                    writer.member("environnement", client.environment.rawValue)
                    writer.member("titre", credential.name)
                    writer.member("type", credential.label)
                    writer.member("etat", credential.state(at: now))
                    writer.member("fin", credential.expiresAt.rfc3339)
                    writer.member("change", credential.changedAt.rfc3339)
                }
                return writer.text + "\n"
            }
        }.joined()
    }
}

extension ClientCredential {
    /// What kind of credential it is, in words.
    fileprivate var label: String {
        switch kind {
        case .apiKey: "clé d'API"
        case .publicKey(let algorithm, _): "clé publique \(algorithm.rawValue)"
        case .certificate: "certificat"
        }
    }

    /// Whether it opens anything now.
    fileprivate func state(at now: Timestamp) -> String {
        if let revokedAt { return "révoqué le \(revokedAt.rfc3339)" }
        return expiresAt <= now ? "fini" : "valable"
    }
}
