import JSONText
import Testing

@testable import Policies

@Suite struct `The schemas of the policies' documents` {
    @Test(arguments: policySchemas.map(\.name))
    func `describe every member that the reader knows`(name: String) throws {
        let schema = try #require(policySchemas.first { $0.name == name })
        let root = try parseJSON(Array(schema.text.utf8))
        #expect(
            undescribed(root, at: "#") == [], "add them to the schema, beside the reader's list")
    }

    @Test func `know the closed lists of the enumerations`() throws {
        let schema = try #require(policySchemas.first { $0.name == "politique" })
        for state in Policy.State.allCases {
            #expect(schema.text.contains("\"\(state.rawValue)\""))
        }
        for kind in RGPDArticle.allCases { #expect(schema.text.contains("\"\(kind.rawValue)\"")) }
        for duty in Policy.Obligation.allCases {
            #expect(schema.text.contains("\"\(duty.rawValue)\""))
        }
    }

    @Test func `are the same from one making to the next`() {
        #expect(policySchemas.map(\.text) == policySchemas.map(\.text))
        #expect(Set(policySchemas.map(\.name)).count == policySchemas.count)
        for schema in policySchemas {
            #expect(schema.text.contains("\"$id\":\"urn:dlnuf:schema:v1:\(schema.name)\""))
        }
    }

    /// The properties without a description, a reference or a type of their own.
    private func undescribed(_ node: JSONNode, at path: String) -> [String] {
        switch node.value {
        case .object(let members):
            members.flatMap { member -> [String] in
                let inner = "\(path)/\(member.name)"
                guard member.name == "properties", case .object(let properties) = member.node.value
                else { return undescribed(member.node, at: inner) }
                return properties.flatMap { property -> [String] in
                    let own = "\(inner)/\(property.name)"
                    if case .object(let keywords) = property.node.value, keywords.isEmpty {
                        return [own]
                    }
                    return undescribed(property.node, at: own)
                }
            }
        case .array(let elements):
            elements.flatMap { undescribed($0, at: path) }
        default: []
        }
    }
}
