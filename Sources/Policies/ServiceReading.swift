import JSONText
import Vocabulary

/// Reads `policies/<service>/service.json`; the folder's name must be the service's.
package func readService(
    _ bytes: [UInt8], named name: String
) -> DocumentReading<ServiceDescription> {
    var mistakes = JSONMistakes(schema: ServiceMembers.schema)
    let limits = JSONLimits(bytes: 1 << 16, depth: 6, nodes: 1000)
    guard let root = readRoot(bytes, limits: limits, &mistakes),
        let object = mistakes.object(root, ServiceMembers.all)
    else {
        return DocumentReading(value: nil, mistakes: mistakes.all, warnings: [])
    }
    let id = mistakes.required(object, "service") { place throws(JSONMistake) in
        guard try place.string(maxBytes: 64) == name, let id = ServiceID(name) else {
            throw place.mistake(
                "« service » ne porte pas le nom de son dossier.",
                remedy: "Écrivez le même nom des deux côtés, en minuscules."
            )
        }
        return id
    }
    let label = mistakes.text(object, "nom")
    let siret = mistakes.siret(object, "siret")
    let kind = mistakes.choice(object, "nature", ServiceDescription.Kind.self)
    let contacts = mistakes.texts(object, "contacts", max: 10)
    let dataProtection = mistakes.optional(object, "delegue_protection_donnees") {
        place throws(JSONMistake) in
        try place.string(maxBytes: 200)
    }
    let holds = mistakes.list(object, "detient", max: 10).compactMap { place in
        mistakes.attempt { () throws(JSONMistake) in try place.datasetID() }
    }
    mistakes.note(object)
    guard mistakes.isEmpty, let id, let label, let siret, let kind else {
        return DocumentReading(value: nil, mistakes: mistakes.all, warnings: [])
    }
    let service = ServiceDescription(
        id: id, name: label, siret: siret, kind: kind, contacts: contacts,
        dataProtection: dataProtection, holds: holds)
    return DocumentReading(value: service, mistakes: [], warnings: [])
}
