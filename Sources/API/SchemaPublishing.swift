import HTTPMessages
import JSONText
import Vocabulary

// The documents' own schemas, for editors and for whoever checks a document without the program.
extension GatewayParts {
    /// The list of the schemas, each with its address.
    func schemaList() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.array("schemas") { writer in
                for schema in schemas {
                    writer.object { writer in
                        writer.member("nom", schema.name)
                        writer.member("titre", schema.title)
                        writer.member("adresse", "\(GatewayAPI.schemasPath)/\(schema.name)")
                    }
                }
            }
        }
        return writer.bytes
    }

    /// One schema; a name that none has is no resource.
    func schema(named name: String) -> HTTPResponse {
        guard let schema = schemas.first(where: { $0.name == name }) else {
            return Problem(.ressourceInconnue).response()
        }
        var response = HTTPResponse(
            status: 200, contentType: "application/schema+json", body: Array(schema.text.utf8))
        response.headers.add("Cache-Control", "public, max-age=3600")
        return response
    }
}
