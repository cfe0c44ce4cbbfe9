import JSONText
package import Policies
package import Vocabulary

/// A request that a purpose allows, made from its policy: what a developer copies first.
///
/// It asks for everything, each leaf once, in its first form, for the usual periods. The person
/// is invented, and known to the demonstration.
package struct ExampleRequest: Sendable {
    package let mode: Mode
    package let fields: [String]
    package let recipient: Siret
    package let initiator: InitiatorQuality
    /// The identifiers that some holder cannot do without.
    package let identifiers: [IdentifierKind]
    private let purpose: PurposeID
    private let periods: [DatasetID: RequestedPeriod]

    /// The example of a mode, or nil where nobody may ask anything in it on that day.
    package init?(of description: PurposeDescription, in mode: Mode) {
        let initiators = description.initiators(in: mode)
        guard let recipient = description.recipients.first,
            let initiator = initiators.first(where: { $0 == .usager }) ?? initiators.first
        else {
            return nil
        }
        var leaves: Set<FieldPath> = []
        fields = description.offers(in: mode)
            .filter { leaves.insert($0.contract.path).inserted }.map(\.request.text)
        guard !fields.isEmpty else {
            return nil
        }
        self.mode = mode
        self.recipient = recipient
        self.initiator = initiator
        identifiers = description.neededIdentifiers(in: mode)
        purpose = description.policy.id
        periods = [:]
    }

    private init(
        _ other: ExampleRequest, fields: [String]? = nil, mode: Mode? = nil,
        recipient: Siret? = nil, initiator: InitiatorQuality? = nil,
        periods: [DatasetID: RequestedPeriod] = [:]
    ) {
        purpose = other.purpose
        self.fields = fields ?? other.fields
        self.mode = mode ?? other.mode
        self.recipient = recipient ?? other.recipient
        self.initiator = initiator ?? other.initiator
        identifiers = other.identifiers
        self.periods = periods
    }

    /// The same request with something else in it.
    func changed(
        fields: [String]? = nil, mode: Mode? = nil, recipient: Siret? = nil,
        initiator: InitiatorQuality? = nil, periods: [DatasetID: RequestedPeriod] = [:]
    ) -> ExampleRequest {
        ExampleRequest(
            self, fields: fields, mode: mode, recipient: recipient, initiator: initiator,
            periods: periods)
    }

    /// What a decision is asked.
    package func question(at now: Timestamp, namesAgent: Bool = true) -> ExchangeQuestion {
        let agent = initiator == .agent && namesAgent ? Sensitive(Self.agent) : nil
        return ExchangeQuestion(
            service: purpose.service, recipient: recipient, purpose: purpose, fields: fields,
            periods: periods, mode: mode, initiator: Initiator(quality: initiator, agent: agent),
            role: nil, now: now)
    }

    /// The body of `POST /v1/echanges`; the token may be what stands for one.
    package func exchangeBody(token: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writeQuestion(to: &writer)
            writer.member(
                "usager",
                object: { writer in
                    switch mode {
                    case .franceconnect:
                        writer.member("franceconnect", object: { $0.member("jeton", token) })
                    case .identite:
                        writer.key("identite")
                        writer.raw(Self.identity)
                        guard !identifiers.isEmpty else { return }
                        writer.member(
                            "identifiants",
                            object: { writer in
                                for kind in identifiers {
                                    writer.member(kind.rawValue, Self.identifier(kind))
                                }
                            })
                    }
                })
        }
        return writer.bytes
    }

    /// The body of `POST /v1/echanges/explication`, which names nobody.
    package var explanationBody: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writeQuestion(to: &writer)
            writer.member("mode", mode.rawValue)
        }
        return writer.bytes
    }

    private func writeQuestion(to writer: inout JSONWriter) {
        writer.member("finalite", purpose.text)
        writer.member("destinataire", recipient.text)
        writer.member("champs", fields)
        guard initiator != .usager else { return }
        writer.member(
            "initiateur",
            object: { writer in
                writer.member("qualite", initiator.rawValue)
                if initiator == .agent { writer.member("agent", Self.agent) }
            })
    }

    // MARK: - An invented person, whom the demonstration's holders know

    private static let agent = "agent-0042"

    /// The identity pivot of the invented person.
    package static let identity: [UInt8] = Array(
        """
        {"nom_naissance":"KÉROUANTON","prenoms":["Maëlle","Soizic"],\
        "date_naissance":"1988-03-14","sexe":"F","code_pays_naissance":"99100",\
        "code_commune_naissance":"29019"}
        """.utf8)

    /// An identifier of the invented person.
    package static func identifier(_ kind: IdentifierKind) -> String {
        switch kind {
        case .numeroFiscal: "3091837462280"
        case .identifiantFranceTravail: "8174635K"
        case .ine: "2817364509K"
        }
    }
}
