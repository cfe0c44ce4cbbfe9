import JSONText

/// One request of the demonstration, ready to be sent.
struct DemoExample: Sendable {
    /// Where the token of a FranceConnected example goes.
    static let tokenPlaceholder = "JETON"

    let name: String
    let dataset: String
    /// `franceconnect` or `identite`.
    let mode: String
    let service: String
    let person: String
    let purpose: String
    let recipient: String
    let fields: [String]
    let periods: [(dataset: String, members: [(String, PeriodMember)])]
    /// Identifiers of the person that the request carries, by their names in `demo.json`.
    let identifiers: [String]
    let status: Int

    /// A member of a period.
    enum PeriodMember: Sendable {
        case number(Int)
        case text(String)
    }

    init(
        _ name: String,
        dataset: String,
        mode: String,
        service: String,
        person: String,
        purpose: String,
        recipient: String,
        fields: [String],
        periods: [(dataset: String, members: [(String, PeriodMember)])] = [],
        identifiers: [String] = [],
        status: Int = 200
    ) {
        self.name = name
        self.dataset = dataset
        self.mode = mode
        self.service = service
        self.person = person
        self.purpose = purpose
        self.recipient = recipient
        self.fields = fields
        self.periods = periods
        self.identifiers = identifiers
        self.status = status
    }

    /// The body of `POST /v1/echanges`.
    ///
    /// The person is as the sandbox exports it; the token may be what stands for one.
    func body(person: JSONPlace?, token: String = tokenPlaceholder) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("finalite", purpose)
            writer.member("destinataire", recipient)
            writer.member("champs", fields)
            if !periods.isEmpty { writePeriods(to: &writer) }
            writer.key("usager")
            writer.object { writer in
                if mode == "franceconnect" {
                    writer.key("franceconnect")
                    writer.object { $0.member("jeton", token) }
                } else if let person {
                    writeIdentity(of: person, to: &writer)
                }
            }
        }
        return writer.bytes
    }

    private func writePeriods(to writer: inout JSONWriter) {
        writer.key("periodes")
        writer.object { writer in
            for (dataset, members) in periods {
                writer.key(dataset)
                writer.object { writer in
                    for (name, member) in members {
                        switch member {
                        case .number(let number): writer.member(name, number)
                        case .text(let text): writer.member(name, text)
                        }
                    }
                }
            }
        }
    }

    private func writeIdentity(of person: JSONPlace, to writer: inout JSONWriter) {
        guard let members = try? person.anyObject() else { return }
        if let identity = members.optional("identite") {
            writer.key("identite")
            writer.value(identity.node)
        }
        guard !identifiers.isEmpty,
            let known = try? members.optional("identifiants")?.anyObject()
        else { return }
        writer.key("identifiants")
        writer.object { writer in
            for (name, place) in known.members where identifiers.contains(name) {
                writer.key(name)
                writer.value(place.node)
            }
        }
    }
}
