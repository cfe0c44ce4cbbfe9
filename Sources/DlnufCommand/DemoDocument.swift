import API
import JSONText
import Sandbox
import Vocabulary

/// `demo.json`: all that a program needs to drive a sandbox and its gateway.
func demoDocument(
    gateway: String, sandbox: SandboxServers, keys: DemoKeys, operators: DemoOperators,
    journal: String
) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("passerelle", gateway)
        writer.member(
            "oauth2",
            object: { writer in
                writer.member("emetteur", gateway)
                writer.member("jetons", gateway + GatewayAPI.tokenPath)
            })
        writer.member("franceconnect", sandbox.issuer)
        writer.member("bac_a_sable", sandbox.urls["bac_a_sable"] ?? "")
        writer.member(
            "detenteurs",
            object: { writer in
                for holder in SandboxConfiguration.holderIDs {
                    writer.member(holder, sandbox.urls[holder] ?? "")
                }
            })
        writer.member(
            "services",
            array: { writer in
                for service in keys.services { write(service, to: &writer) }
            })
        writer.member(
            "personnes",
            array: { writer in
                for person in sandbox.people { writer.raw(person.exported.bytes) }
            })
        writer.member(
            "exemples",
            array: { writer in
                let people = sandbox.peopleByID
                for example in DemoExample.all { write(example, people, to: &writer) }
            })
        writer.member("journal", journal)
        writer.member("operateurs", object: operators.write)
    }
    return writer.bytes
}

private func write(_ service: DemoKeys.ServiceKey, to writer: inout JSONWriter) {
    writer.object { writer in
        writer.member("id", service.service.text)
        writer.member("cle", service.key)
        writer.member("client", object: { service.writeClient(to: &$0) })
        writer.member("client_id_fc", service.clientID ?? "")
        writer.member("finalites", service.purposes.map(\.text))
    }
}

private func write(
    _ example: DemoExample, _ people: [String: JSONPlace], to writer: inout JSONWriter
) {
    writer.object { writer in
        writer.member("nom", example.name)
        writer.member("jeu", example.dataset)
        writer.member("mode", example.mode)
        writer.member("service", example.service)
        writer.member("personne", example.person)
        writer.key("corps")
        writer.raw(example.body(person: people[example.person]))
        writer.member("statut", example.status)
    }
}

extension SandboxServers {
    /// The people by id, as they are exported.
    var peopleByID: [String: JSONPlace] {
        var people: [String: JSONPlace] = [:]
        for person in self.people {
            people[person.id] = (try? parseJSON(person.exported.bytes)).map(JSONPlace.init)
        }
        return people
    }
}
