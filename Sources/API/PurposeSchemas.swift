import JSONText
import Policies
import Publications
import Vocabulary

// The schemas of one purpose: what it may ask and will get, and nothing else. What a request
// may say in words (periods counted back from today) stands in descriptions, so that a schema that
// was kept stays true from one month to the next.

extension PurposeDescription {
    /// Writes the schemas of the purpose's requests, exchange and dry run.
    func writeRequestSchemas(to writer: inout JSONWriter, withExplanation: Bool) {
        writer.alternatives("Demande", "Ce que la finalité peut demander.", modes.map(requestName))
        if withExplanation {
            writer.alternatives(
                "DemandeDExplication", "La même demande, sans personne.",
                modes.map(explanationName))
        }
        for mode in modes {
            writeRequest(mode, to: &writer)
            if withExplanation { writeExplanationRequest(mode, to: &writer) }
            writer.object("Champs\(mode.suffix)") { writeFields(mode, to: &$0) }
            writer.object("Initiateur\(mode.suffix)") { writeInitiator(mode, to: &$0) }
        }
        writePeriods(to: &writer)
        if modes.contains(.franceconnect) { writer.franceConnectSchema() }
        if modes.contains(.identite) { writer.identitySchema() }
    }

    private func requestName(_ mode: Mode) -> String { "Demande\(mode.suffix)" }
    private func explanationName(_ mode: Mode) -> String { "DemandeDExplication\(mode.suffix)" }

    private func writeRequest(_ mode: Mode, to writer: inout JSONWriter) {
        let required = requiredMembers(in: mode) + ["usager"]
        writer.record(requestName(mode), "La demande \(mode.inWords).", required: required) {
            writer in
            writeQuestion(mode, to: &writer)
            writer.object("usager") { writeUsager(mode, to: &$0) }
            writer.property(
                "dossier", "string",
                "La référence du dossier, qui relie plusieurs échanges ; jamais un numéro de "
                    + "personne.", pattern: "^[A-Za-z0-9._-]{1,64}$")
        }
    }

    private func writeExplanationRequest(_ mode: Mode, to writer: inout JSONWriter) {
        let required = requiredMembers(in: mode) + ["mode"]
        writer.record(
            explanationName(mode), "L'explication d'une demande \(mode.inWords).",
            required: required
        ) { writer in
            writeQuestion(mode, to: &writer)
            writer.object("mode") { $0.member("const", mode.rawValue) }
            writeRole(to: &writer)
        }
    }

    /// The initiator is the usager unless a request says otherwise, so that it must be said where
    /// the usager may not begin.
    private func requiredMembers(in mode: Mode) -> [String] {
        ["finalite", "destinataire", "champs"]
            + (initiators(in: mode).contains(.usager) ? [] : ["initiateur"])
    }

    private func writeQuestion(_ mode: Mode, to writer: inout JSONWriter) {
        writer.object("finalite") { $0.member("const", policy.id.text) }
        writer.word(
            "destinataire", "Le SIRET d'un destinataire habilité.", among: recipients.map(\.text))
        writer.property("champs", "Champs\(mode.suffix)")
        writer.property("periodes", "Periodes")
        writer.property("initiateur", "Initiateur\(mode.suffix)")
    }

    private func writeRole(to writer: inout JSONWriter) {
        let roles = DossierRole.allCases.filter { policy.roles.contains($0) }.map(\.rawValue)
        guard !roles.isEmpty else { return }
        writer.choice("role", "La place de l'usager dans le dossier.", roles)
    }

    private func writeUsager(_ mode: Mode, to writer: inout JSONWriter) {
        switch mode {
        case .franceconnect:
            writer.closedObject(required: ["franceconnect"]) { writer in
                writer.property("franceconnect", "FranceConnect")
                writeRole(to: &writer)
            }
        case .identite:
            writer.closedObject(required: ["identite"]) { writer in
                writer.property("identite", "Identite")
                writeIdentifiers(to: &writer)
                writeRole(to: &writer)
            }
        }
    }

    private func writeIdentifiers(to writer: inout JSONWriter) {
        let allowed = policy.modes[.identite]?.identifiers ?? []
        let needed = neededIdentifiers(in: .identite)
        guard !allowed.isEmpty else { return }
        writer.object("identifiants") { writer in
            writer.closedObject(required: []) { writer in
                for kind in IdentifierKind.allCases where allowed.contains(kind) {
                    let why =
                        needed.contains(kind)
                        ? " Un détenteur de la finalité ne peut être interrogé sans lui." : ""
                    writer.property(kind.rawValue, "string", kind.described + why)
                }
            }
        }
    }

    private func writeInitiator(_ mode: Mode, to writer: inout JSONWriter) {
        let qualities = initiators(in: mode)
        writer.member("description", "Qui est à l'initiative ; absent, c'est l'usager.")
        writer.closedObject(required: ["qualite"]) { writer in
            writer.choice("qualite", "En quelle qualité.", qualities.map(\.rawValue))
            writer.property(
                "agent", "string", "La référence opaque de l'agent, propre au service.",
                bytes: 1...128)
        }
        guard qualities.contains(.agent) else { return }
        writer.object("if") { writer in
            writer.object("properties") { writer in
                writer.object("qualite") { $0.member("const", InitiatorQuality.agent.rawValue) }
            }
        }
        writer.object("then") { $0.member("required", ["agent"]) }
    }

    private func writeFields(_ mode: Mode, to writer: inout JSONWriter) {
        writer.member("description", "Chaque champ sous une seule forme.")
        writer.member("type", "array")
        writer.member("minItems", 1)
        writer.member("uniqueItems", true)
        writer.object("items") { $0.member("enum", requestTexts(in: mode)) }
        let pairs = rivalForms(in: mode)
        guard !pairs.isEmpty else { return }
        writer.array("allOf") { writer in
            for pair in pairs {
                writer.object { writer in
                    writer.object("not") { writer in
                        writer.array("allOf") { writer in
                            for text in pair { writer.object { $0.contains(text) } }
                        }
                    }
                }
            }
        }
    }

    /// Texts that no request holds together: two forms of one leaf, or a form and the composite
    /// field that has its value.
    private func rivalForms(in mode: Mode) -> [[String]] {
        let offers = offers(in: mode)
        var pairs: [[String]] = []
        for (index, offer) in offers.enumerated() {
            for other in offers[(index + 1)...]
            where other.contract.path == offer.contract.path {
                pairs.append([offer.request.text, other.request.text])
            }
            guard offer.request.form != .value else { continue }
            for composite in composites[mode] ?? [] where offer.contract.path.isWithin(composite) {
                pairs.append([offer.request.text, composite.text])
            }
        }
        return pairs
    }

    private func writePeriods(to writer: inout JSONWriter) {
        writer.record(
            "Periodes", "La période de chaque jeu demandé ; absente, celle de la finalité vaut.",
            required: []
        ) { writer in
            for part in parts {
                writer.object(part.contract.id.text) { writer in
                    writer.member(
                        "description", "\(part.contract.label). \(part.periods.boundsInWords).")
                    writer.closedObject(required: []) { $0.periodProperties(part.periodMembers) }
                }
            }
        }
    }

    // MARK: - Answers

    /// Writes the schemas of the purpose's answers.
    func writeAnswerSchemas(to writer: inout JSONWriter) {
        let scope = AnswerScope(
            datasets: parts.map(\.contract.id.text),
            holders: Set(modes.flatMap { holders(in: $0) }).sorted().map(\.text),
            fields: Set(modes.flatMap { offers(in: $0) }.map(\.request.text)).sorted()
                + unserved,
            retentionDays: policy.retentionDays)
        API.writeAnswerSchemas(to: &writer, scope) { writer in
            writer.dataSchema(
                parts.map { part in
                    let leaves = part.offers.map { FieldTree.Leaf($0.contract, $0.form) }
                    return (part.contract, FieldTree(leaves, admitsForms: false))
                })
        }
    }

    /// Leaves that only come with a composite field, and are then said to be missing.
    private var unserved: [String] {
        offers.filter { $0.grants.isEmpty }.map(\.request.text)
    }
}

extension PurposeDescription.Part {
    /// The members that a request's period may have.
    fileprivate var periodMembers: [String] {
        contract.periodKind.members.filter { name in
            takesMonths || contract.periodKind != .dateEtIntervalle || name == "date"
        }
    }
}

extension Mode {
    /// What the names of a mode's schemas end in.
    fileprivate var suffix: String {
        switch self {
        case .franceconnect: "AvecFranceConnect"
        case .identite: "ParLIdentite"
        }
    }
}

extension JSONWriter {
    /// Writes a schema that is one of others, or the only one.
    fileprivate mutating func alternatives(
        _ name: String, _ description: String, _ schemas: [String]
    ) {
        object(name) { writer in
            writer.member("description", description)
            writer.array("oneOf") { writer in
                for schema in schemas { writer.object { $0.reference(schema) } }
            }
        }
    }

    fileprivate mutating func contains(_ text: String) {
        object("contains") { $0.member("const", text) }
    }
}
