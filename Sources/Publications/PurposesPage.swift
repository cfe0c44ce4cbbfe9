import JSONText
package import Policies
import Vocabulary

/// Every purpose that the public may read of, by name.
package struct PublicPurposes: Sendable {
    private let policies: PolicySet
    private let readable: [Policy]

    package init(_ policies: PolicySet) {
        self.policies = policies
        readable = policies.policies.filter(\.isPublic)
    }

    /// `GET /v1/finalites`.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("generation", policies.generation)
            writer.member(
                "finalites",
                array: { writer in
                    for policy in readable { write(policy, to: &writer) }
                })
            writer.member(
                "registre",
                object: { writer in
                    for format in PublishedDocument.Format.allCases {
                        writer.member(format.rawValue, PublishedDocument.register(format).path)
                    }
                })
        }
        return writer.bytes
    }

    private func write(_ policy: Policy, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("finalite", policy.id.text)
            writer.member("version", policy.version)
            writer.member("etat", policy.state.rawValue)
            writer.member("intitule", policy.title)
            writer.member("demarche", policy.demarche)
            writer.member("service", serviceName(policy))
            writer.member("description", PublishedDocument.description(policy.id).path)
            writer.member("page", PublishedDocument.purposePage(policy.id).path)
        }
    }

    /// `GET /finalites`.
    package func page(_ links: PublishedLinks) -> String {
        let origin = PublishedDocument.purposesPage
        return publishedPage("Les finalités") { writer in
            writer.element(
                "p",
                typeset(
                    "Une finalité dit ce qu'un service peut demander à la passerelle, pourquoi, "
                        + "sous quelles formes et pour qui. La passerelle refuse tout le reste."))
            writer.element("p") { writer in
                writer.escaped(typeset("Qui échange quoi, sur quelle base légale : "))
                writer.link("le registre public", to: .register(.html), from: origin, links)
                writer.escaped(".")
            }
            writer.element("ul") { writer in
                for policy in readable {
                    writer.element("li") { writer in
                        writer.link(
                            policy.title, to: .purposePage(policy.id), from: origin, links)
                        let state = policy.state == .active ? "" : " (\(policy.state.inWords))"
                        writer.element(
                            "p",
                            typeset("\(policy.demarche), \(serviceName(policy))\(state)"))
                        writer.element("code", policy.id.text)
                    }
                }
            }
        }
    }

    private func serviceName(_ policy: Policy) -> String {
        policies.services[policy.id.service]?.name ?? policy.id.service.text
    }
}
