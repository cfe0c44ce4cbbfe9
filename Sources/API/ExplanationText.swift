import JSONText
import Policies
import Publications
import Vocabulary

extension Explanation {
    /// The explanation for a reader at a terminal.
    package var text: String {
        var lines = [headline, ""] + purposeLines
        lines += ["", "Champ par champ"]
        for verdict in policies.verdicts(of: decision) { lines += verdict.lines }
        let asks = policies.foresee(decision)
        if !asks.isEmpty {
            lines += ["", "Ce qui serait demandé à chaque détenteur"]
            for ask in asks { lines += ask.lines }
        }
        lines += refusalLines
        if let correction = policies.correction(of: decision) { lines += correction.lines }
        lines += boundLines
        lines += dutyLines
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        guard !decision.isPermitted else { return "Cette demande serait permise." }
        let count = decision.refusals.count
        return "Cette demande serait refusée : \(count) motif\(count > 1 ? "s" : "")."
    }

    private var purposeLines: [String] {
        var lines = ["Finalité      \(question.purpose.text)"]
        if let policy { lines.append("Démarche      \(policy.demarche) — \(policy.title)") }
        if let rule = decision.rule { lines.append("Règle         \(rule.text)") }
        lines.append("Destinataire  \(recipient)")
        lines.append("Mode          \(question.mode.rawValue)\(level)")
        if let rule, !rule.clients.isEmpty {
            let clients = rule.clients.map(\.symbol).sorted().joined(separator: ", ")
            lines.append("Clients       \(clients)")
        }
        if !decision.neededIdentifiers.isEmpty {
            let needed = decision.neededIdentifiers.map(\.rawValue).sorted()
            lines.append("À joindre     \(needed.joined(separator: ", "))")
        }
        return lines
    }

    private var recipient: String {
        let own = policy?.habilitations.first { $0.recipient == question.recipient }
        return question.recipient.text + (own?.name.map { " (\($0))" } ?? "")
    }

    private var level: String {
        decision.requiredLevel.map { ", niveau \($0.text) au moins" } ?? ""
    }

    /// The refusals of the request as a whole; those of fields are told with their fields.
    private var refusalLines: [String] {
        let others = decision.refusals.filter { refusal in
            !question.fields.contains { refusal.concerns($0) }
        }
        guard !others.isEmpty else { return [] }
        return ["", "Ce qui refuse la demande entière"]
            + others.flatMap { refusal in
                [
                    "  ✗ " + (refusal.field.map { "\(shownName($0)) : " } ?? "")
                        + refusal.reason.rawValue
                ] + refusal.lines
            }
    }

    private var dutyLines: [String] {
        var lines: [String] = []
        if let days = decision.retentionDays {
            lines += ["", "Conservation  \(days) jours au plus"]
        }
        if let policy, !policy.obligations.isEmpty {
            let names = policy.obligations.map(\.rawValue).joined(separator: ", ")
            lines.append("Obligations   \(names)")
        }
        if let notice {
            lines += ["", "Ce qu'il faut dire à l'usager", ""]
            lines += notice.text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.isEmpty ? "" : "  \($0)" }
        }
        return lines
    }
}

extension FieldVerdict {
    fileprivate var lines: [String] {
        guard let refusal = refusals.first else {
            return ["  \(leaves.isEmpty ? "·" : "✓") \(shownField)"] + leaves.flatMap(\.lines)
        }
        return ["  ✗ \(shownField) : \(refusal.reason.rawValue)"] + refusal.lines
    }
}

extension Refusal {
    fileprivate var lines: [String] {
        [
            "      \(reason.sentence)", alternative.map { "      Permis : \($0)" },
            contact.map { "      Contact : \($0)" },
        ].compactMap { $0 }
    }
}

extension GrantedLeaf {
    fileprivate var lines: [String] {
        var lines = ["      \(contract.label) (\(request.text)), de \(holder.text)"]
        lines.append("      vous recevrez \(form.received(of: contract))")
        if let limit = form.limit { lines.append("      \(limit)") }
        if !scopes.isEmpty {
            lines.append("      portée à demander : \(scopes.joined(separator: " ou "))")
        }
        return lines
    }
}

extension ForeseenAsk {
    fileprivate var lines: [String] {
        let handed = [
            service.receivesIdentity ? "l'identité" : nil,
            service.mode == .franceconnect && service.introspectsToken ? "le jeton" : nil,
            service.neededIdentifier.map { "l'identifiant \($0.rawValue)" },
        ].compactMap { $0 }
        return [
            "  \(service.holder.text), \(service.dataset.text)",
            "      lu : \(read.map(\.localText).joined(separator: ", "))",
            period.map { "      période : \($0.requestText)" },
            handed.isEmpty ? nil : "      reçoit : \(handed.joined(separator: ", "))",
        ].compactMap { $0 }
    }
}

extension Correction {
    fileprivate var lines: [String] {
        var lines = [
            "",
            decision.isPermitted
                ? "La demande la plus proche qui passerait"
                : "La demande la plus proche, encore refusée",
        ]
        lines += changes.map { "  - \($0)" }
        if !decision.isPermitted {
            let reasons = Set(decision.refusals.map(\.reason.rawValue)).sorted()
            lines.append("  Reste : \(reasons.joined(separator: ", ")).")
        }
        var writer = JSONWriter()
        writer.object { question.writeBody(to: &$0) }
        return lines + ["", writer.text]
    }
}
