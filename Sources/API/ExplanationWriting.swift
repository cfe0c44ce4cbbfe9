import JSONText
import Policies
import Vocabulary

extension Decision {
    /// The document of `POST /v1/echanges/explication`: the first decision, said in full.
    func explanation() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("permis", isPermitted)
            writer.member("finalite", question.purpose.text)
            if let rule { writer.member("regle", rule.text) }
            writer.member("mode", question.mode.rawValue)
            if let requiredLevel { writer.member("niveau_requis", requiredLevel.text) }
            writer.member("identifiants_necessaires", neededIdentifiers.map(\.rawValue).sorted())
            writer.member("champs") { writer in
                for leaf in granted { leaf.write(to: &writer) }
            }
            writer.key("periodes")
            writer.object { writer in
                for (dataset, period) in periods.sorted(by: { $0.key < $1.key }) {
                    writer.key(dataset.text)
                    period.write(to: &writer)
                }
            }
            writer.member("refus") { writer in
                for refusal in refusals { refusal.write(to: &writer) }
            }
            if let retentionDays {
                writer.key("conservation")
                writer.object { $0.member("jours_max", retentionDays) }
            }
        }
        return writer.bytes
    }
}

extension GrantedLeaf {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("champ", request.text)
            writer.member("libelle", contract.label)
            writer.member("forme", request.form.text)
            writer.member("detenteur", holder.text)
            if !scopes.isEmpty { writer.member("portees", scopes) }
        }
    }
}
