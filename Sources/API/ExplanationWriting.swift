import JSONText
import Policies
import Publications
import Vocabulary

extension Explanation {
    /// The document of `POST /v1/echanges/explication`.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("permis", decision.isPermitted)
            writePurpose(to: &writer)
            if let credential {
                writer.member("titre", object: { credential.write(to: &$0) })
            }
            writer.member("champs") { writer in
                for verdict in policies.verdicts(of: decision) { verdict.write(to: &writer) }
            }
            writer.member("detenteurs") { writer in
                for ask in policies.foresee(decision) { ask.write(to: &writer) }
            }
            writer.member(
                "periodes",
                object: { writer in
                    for (dataset, period) in decision.periods.sorted(by: { $0.key < $1.key }) {
                        writer.key(dataset.text)
                        period.write(to: &writer)
                    }
                })
            writer.member("refus") { writer in
                for refusal in decision.refusals { refusal.write(to: &writer) }
            }
            if let correction = policies.correction(of: decision) {
                writer.member("corrigee", object: { correction.write(to: &$0) })
            }
            writeDuties(to: &writer)
            writer.quotas(quotas)
        }
        return writer.bytes
    }

    /// For what, for whom, how, and what it takes.
    private func writePurpose(to writer: inout JSONWriter) {
        writer.member("finalite", question.purpose.text)
        writer.member("intitule", ifPresent: policy?.title)
        writer.member("demarche", ifPresent: policy?.demarche)
        writer.member("regle", ifPresent: decision.rule?.text)
        writer.member("destinataire", question.recipient.text)
        writer.member("mode", question.mode.rawValue)
        writer.member("niveau_requis", ifPresent: decision.requiredLevel?.text)
        if let rule, question.mode == .franceconnect {
            writer.member("clients_franceconnect", rule.clients.map(\.symbol).sorted())
        }
        writer.member(
            "identifiants_necessaires", decision.neededIdentifiers.map(\.rawValue).sorted())
        writer.member(
            "identifiants_admis", rule?.identifiers.map(\.rawValue).sorted() ?? [])
    }

    /// What the service owes once it has the data.
    private func writeDuties(to writer: inout JSONWriter) {
        if let days = decision.retentionDays {
            writer.member("conservation", object: { $0.member("jours_max", days) })
        }
        if let policy {
            writer.member("obligations", policy.obligations.map(\.rawValue))
        }
        writer.member("information_usager", ifPresent: notice?.text)
    }
}

extension FieldVerdict {
    /// The field as it was asked, made safe to show.
    var shownField: String { FieldRequest(field) == nil ? shownName(field) : field }

    /// `permis` for a field that nothing stands against; `non_examine` where no policy looked.
    var word: String {
        refusals.isEmpty ? (leaves.isEmpty ? "non_examine" : "permis") : "refuse"
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("champ", shownField)
            writer.member("verdict", word)
            refusals.first?.writeReason(to: &writer)
            writer.member("feuilles") { writer in
                for leaf in leaves { leaf.write(to: &writer) }
            }
        }
    }
}

extension GrantedLeaf {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("champ", request.text)
            writer.member("libelle", contract.label)
            writer.member("forme", request.form.text)
            writer.member("recu", form.received(of: contract))
            writer.member("limite", ifPresent: form.limit)
            writer.member("detenteur", holder.text)
            if !scopes.isEmpty { writer.member("portees", scopes) }
            writer.member("repli", fallback.rawValue)
        }
    }
}

extension ForeseenAsk {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("detenteur", service.holder.text)
            writer.member("jeu", service.dataset.text)
            writer.member("champs", leaves.map(\.request.text))
            writer.member("lus", read.map(\.text))
            if let period {
                writer.key("periode")
                period.write(to: &writer)
            }
            writer.member("portees", Set(leaves.flatMap(\.scopes)).sorted())
            writer.member("identifiant_necessaire", ifPresent: service.neededIdentifier?.rawValue)
            writer.member("recoit_identite", service.receivesIdentity)
            writer.member(
                "recoit_jeton", service.mode == .franceconnect && service.introspectsToken)
        }
    }
}

extension Correction {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("permis", decision.isPermitted)
        writer.member("changements", changes)
        writer.member("demande", object: { question.writeBody(to: &$0) })
        if !decision.refusals.isEmpty {
            writer.member("refus") { writer in
                for refusal in decision.refusals { refusal.write(to: &writer) }
            }
        }
    }
}

extension ExchangeQuestion {
    /// The members of the request's body, without any person.
    func writeBody(to writer: inout JSONWriter) {
        writer.member("finalite", purpose.text)
        writer.member("destinataire", recipient.text)
        // What is no name of a field was never repeated, and a corrected request holds none.
        writer.member("champs", fields.filter { FieldRequest($0) != nil })
        if !periods.isEmpty {
            writer.member(
                "periodes",
                object: { writer in
                    for (dataset, period) in periods.sorted(by: { $0.key < $1.key }) {
                        writer.member(dataset.text, object: { period.write(to: &$0) })
                    }
                })
        }
        writer.member("mode", mode.rawValue)
        if initiator != Initiator() {
            writer.member(
                "initiateur",
                object: { writer in
                    writer.member("qualite", initiator.quality.rawValue)
                    // The reference is the service's own, and is never repeated.
                    if initiator.agent != nil {
                        writer.member("agent", "reference-de-l-agent")
                    }
                })
        }
        writer.member("role", ifPresent: role?.rawValue)
    }
}

extension RequestedPeriod {
    fileprivate func write(to writer: inout JSONWriter) {
        if let year { writer.member("annee", year) }
        writer.member("mois", ifPresent: month?.text)
        writer.member("date", ifPresent: date?.text)
        writer.member("du", ifPresent: from?.text)
        writer.member("au", ifPresent: to?.text)
    }
}

extension Explanation.Credential {
    /// The member `titre`.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("presente", kind.rawValue)
        writer.member("suffit", isEnough)
        guard !isEnough else { return }
        let entry = ProblemCode.titreNonLie.entry
        writer.member("action", entry.action.rawValue)
        writer.member("explication", "\(entry.title) \(entry.remedy)")
    }
}
