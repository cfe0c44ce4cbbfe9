import JSONText
import Policies
import Vocabulary

/// A purpose as an ODRL 2.2 agreement in JSON-LD, for systems that exchange policies.
///
/// One permission for each field and form, from its holder to the recipients, under the purpose as
/// a constraint; what the service must do as duties; what nobody may do as prohibitions. It is an
/// export: the gateway itself never decides by it.
package struct UsageAgreement: Sendable {
    private let description: PurposeDescription

    package init(_ description: PurposeDescription) {
        self.description = description
    }

    private var policy: Policy { description.policy }
    private var home: String { PublishedDocument.description(policy.id).path }

    /// The document.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writeContext(to: &writer)
            writer.member("@type", "Agreement")
            writer.member("uid", "\(home)#accord-v\(policy.version)")
            writer.member("dcterms:title", policy.title)
            writer.member("dcterms:identifier", policy.ruleText)
            writer.member("dcterms:hasVersion", "sha256:\(policy.hash)")
            writer.member("conflict", "prohibit")
            writer.member(
                "permission",
                array: { writer in
                    for offer in description.offers { writePermission(offer, to: &writer) }
                })
            writer.member("prohibition", array: writeProhibitions)
            writer.member("obligation", array: writeObligations)
        }
        return writer.bytes
    }

    private func writeContext(to writer: inout JSONWriter) {
        writer.member(
            "@context",
            array: { writer in
                writer.value("http://www.w3.org/ns/odrl.jsonld")
                writer.object { writer in
                    writer.member("dcterms", "http://purl.org/dc/terms/")
                    writer.member("xsd", "http://www.w3.org/2001/XMLSchema#")
                    writer.member(
                        "membres",
                        object: { $0.member("@reverse", "http://www.w3.org/ns/odrl/2/partOf") })
                }
            })
    }

    // MARK: - Permissions

    private func writePermission(_ offer: FieldOffer, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("target", object: { writeAsset(offer, to: &$0) })
            writer.member("action", "use")
            writer.member("assigner", object: { writeHolder(offer, to: &$0) })
            writer.member("assignee", object: writeRecipients)
            writer.member("constraint", array: writePurposeConstraints)
            let informs = policy.obligations.contains(.informerUsager)
            guard informs else { return }
            writer.member(
                "duty",
                array: { writer in
                    writer.object { writer in
                        writer.member("action", "inform")
                        writer.member("target", PublishedDocument.notice(policy.id).path)
                        writer.member("informedParty", "\(home)#usager")
                    }
                })
        }
    }

    private func writeAsset(_ offer: FieldOffer, to writer: inout JSONWriter) {
        writer.member("@type", "Asset")
        writer.member("uid", assetID(offer.request.text))
        let limit = offer.form.definition.limit.map { " : \($0)" } ?? ""
        writer.member("dcterms:title", offer.contract.label + limit)
        writer.member("dcterms:description", offer.rule.justification)
        writer.member(
            "dcterms:subject",
            object: { $0.member("@id", UsageAgreement.iri(offer.contract.dpvCategory)) })
    }

    /// A field under a form; brackets are not for addresses.
    private func assetID(_ text: String) -> String {
        let name = text.replacing("[]", with: "*").replacing("@", with: ":")
        return "\(home)#champ-\(name)"
    }

    private func writeHolder(_ offer: FieldOffer, to writer: inout JSONWriter) {
        let part = description.parts.first { $0.contract.id == offer.dataset }
        writer.member("@type", "Party")
        writer.member("uid", "\(home)#detenteur-\(offer.dataset.text)")
        writer.member("dcterms:title", part?.holderName ?? offer.dataset.text)
    }

    private func writeRecipients(to writer: inout JSONWriter) {
        let habilitations = description.habilitations
        if habilitations.count == 1, let only = habilitations.first {
            writeParty(only, to: &writer)
            return
        }
        writer.member("@type", "PartyCollection")
        writer.member("uid", "\(home)#destinataires")
        writer.member(
            "membres",
            array: { writer in
                for habilitation in habilitations {
                    writer.object { writeParty(habilitation, to: &$0) }
                }
            })
    }

    private func writeParty(_ habilitation: Habilitation, to writer: inout JSONWriter) {
        writer.member("@type", "Party")
        writer.member("uid", UsageAgreement.establishment + habilitation.recipient.text)
        writer.member("dcterms:title", description.name(of: habilitation))
        writer.member(
            "dcterms:valid", "start=\(habilitation.from.text); end=\(habilitation.to.text)")
    }

    private func writePurposeConstraints(to writer: inout JSONWriter) {
        writer.constraint("purpose", "eq") { $0.member("@id", home) }
        for category in policy.dpvCategories where category.hasPrefix("dpv:") {
            writer.constraint("purpose", "isA") { $0.member("@id", UsageAgreement.iri(category)) }
        }
    }

    // MARK: - Prohibitions and obligations

    private func writeProhibitions(to writer: inout JSONWriter) {
        for path in policy.forbidden {
            writer.object { writer in
                writer.member("target", assetID(path.text))
                writer.member("action", "use")
            }
        }
        guard policy.obligations.contains(.pasDeReutilisation) else { return }
        for (comparison, value) in [("neq", home), ("isA", UsageAgreement.fraudDetection)] {
            writer.object { writer in
                writer.member("target", "\(home)#donnees")
                writer.member("action", "use")
                writer.member(
                    "constraint",
                    array: { $0.constraint("purpose", comparison) { $0.member("@id", value) } })
            }
        }
    }

    private func writeObligations(to writer: inout JSONWriter) {
        writeDeletion(to: &writer) { writer in
            writer.constraint("elapsedTime", "lteq") { writer in
                writer.member("@value", "P\(policy.retentionDays)D")
                writer.member("@type", "xsd:duration")
            }
        }
        if policy.obligations.contains(.detruireApresUsage) {
            writeDeletion(to: &writer) { writer in
                writer.constraint("event", "gt") { writer in
                    writer.member("@id", "http://www.w3.org/ns/odrl/2/policyUsage")
                }
            }
        }
        if policy.obligations.contains(.accepterOpposition) {
            writeDeletion(to: &writer) { writer in
                writer.constraint("event", "eq") { $0.member("@id", "\(home)#opposition") }
            }
        }
    }

    private func writeDeletion(
        to writer: inout JSONWriter, when constraint: (inout JSONWriter) -> Void
    ) {
        writer.object { writer in
            writer.member("action", "delete")
            writer.member("target", "\(home)#donnees")
            writer.member("assignee", object: writeRecipients)
            writer.member("constraint", array: constraint)
        }
    }

    // MARK: - Names of elsewhere

    private static let establishment = "https://annuaire-entreprises.data.gouv.fr/etablissement/"
    private static let fraudDetection =
        "https://w3id.org/dpv/sector/publicservices#PublicServiceFraudPreventionDetection"

    /// The whole name of a term of the Data Privacy Vocabulary.
    private static func iri(_ category: String) -> String {
        let parts = category.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return category }
        return parts[0] == "pd"
            ? "https://w3id.org/dpv/pd#\(parts[1])" : "https://w3id.org/dpv#\(parts[1])"
    }
}

extension JSONWriter {
    fileprivate mutating func constraint(
        _ left: String, _ comparison: String, _ right: (inout JSONWriter) -> Void
    ) {
        object { writer in
            writer.member("leftOperand", left)
            writer.member("operator", comparison)
            writer.member("rightOperand", object: right)
        }
    }
}
