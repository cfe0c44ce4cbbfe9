import JSONText
import Policies
import Vocabulary

extension PurposeDescription {
    /// The purpose as a document.
    package var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// `GET /v1/finalites/{service}/{nom}`: the purpose, for programs.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeIdentity(to: &writer)
            writeRights(to: &writer)
            writer.member(
                "champs",
                array: { writer in
                    for offer in offers { write(offer, to: &writer) }
                })
            writer.member(
                "champs_composes",
                array: { writer in
                    for mode in modes {
                        for path in composites[mode] ?? [] {
                            writer.object { writer in
                                writer.member("champ", path.text)
                                writer.member("mode", mode.rawValue)
                            }
                        }
                    }
                })
            writer.member("champs_interdits", policy.forbidden.map(\.text))
            writer.member("periodes", object: writePeriods)
            writer.member(
                "conservation",
                object: { writer in
                    writer.member("jours_max", policy.retentionDays)
                    writer.member("motif", policy.retentionReason)
                })
            writer.member("bornes", policy.bounds.inWords)
            writer.member("obligations", policy.obligations.map(\.rawValue))
            writer.member("categories_dpv", policy.dpvCategories)
            writer.member("contact", policy.contact)
            writer.member("relecteur", policy.reviewer)
            writer.member("liens", object: writeLinks)
        }
    }

    private func writeIdentity(to writer: inout JSONWriter) {
        writer.member("finalite", policy.id.text)
        writer.member("version", policy.version)
        writer.member("regle", policy.ruleText)
        writer.member("empreinte", policy.hash)
        writer.member("etat", policy.state.rawValue)
        writer.member("intitule", policy.title)
        writer.member("demarche", policy.demarche)
        writer.member("etape", policy.step.rawValue)
        writer.member("type", policy.kind.rawValue)
        writer.member(
            "service",
            object: { writer in
                writer.member("id", policy.id.service.text)
                writer.member("nom", ifPresent: service?.name)
                writer.member("siret", ifPresent: service?.siret.text)
            })
        writer.member("rgpd", policy.rgpdArticle.rawValue)
        writer.member(
            "bases_legales",
            array: { writer in
                for basis in policy.legalBases {
                    writer.object { writer in
                        writer.member("texte", basis.text)
                        writer.member("url", ifPresent: basis.url)
                        if basis.isToConfirm { writer.member("a_confirmer", true) }
                    }
                }
            })
    }

    private func writeRights(to writer: inout JSONWriter) {
        writer.member(
            "habilitations",
            array: { writer in
                for habilitation in policy.habilitations {
                    writer.object { writer in
                        writer.member("numero", habilitation.number)
                        writer.member("destinataire", habilitation.recipient.text)
                        writer.member("nom", name(of: habilitation))
                        writer.member("delegataire", ifPresent: habilitation.delegate?.text)
                        writer.member("du", habilitation.from.text)
                        writer.member("au", habilitation.to.text)
                    }
                }
            })
        writer.member(
            "modes",
            object: { writer in
                for mode in modes {
                    writer.member(mode.rawValue, object: { write(mode, to: &$0) })
                }
            })
        writer.member(
            "roles", DossierRole.allCases.filter { policy.roles.contains($0) }.map(\.rawValue))
    }

    private func write(_ mode: Mode, to writer: inout JSONWriter) {
        let rule = policy.modes[mode]
        writer.member("niveau_minimum", ifPresent: rule?.minimumLevel?.text)
        if mode == .franceconnect {
            writer.member("clients", (rule?.clients ?? []).map(\.symbol))
        } else {
            writer.member("identifiants", (rule?.identifiers ?? []).map(\.rawValue).sorted())
            writer.member(
                "identifiants_necessaires", neededIdentifiers(in: mode).map(\.rawValue))
        }
        writer.member("initiateurs", initiators(in: mode).map(\.rawValue))
    }

    private func write(_ offer: FieldOffer, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("champ", offer.request.text)
            writer.member("libelle", offer.contract.label)
            writer.member("type", offer.contract.type.rawValue)
            writer.member("forme", offer.form.key.text)
            writer.member("recu", offer.form.definition.received(of: offer.contract))
            writer.member("motif_de_la_forme", ifPresent: offer.form.reason)
            writer.member("justification", offer.rule.justification)
            writer.member(
                "modes",
                object: { writer in
                    for mode in modes {
                        let served = offer.grants[mode].map(\.holder.text)
                        let refused = offer.refusals[mode]?.rawValue
                        writer.member(
                            mode.rawValue,
                            object: { writer in
                                writer.member("detenteur", ifPresent: served)
                                writer.member("motif", ifPresent: refused)
                            })
                    }
                })
            let scopes = scopes(of: offer)
            if !scopes.isEmpty { writer.member("portees", scopes) }
            writer.member("repli", ifPresent: fallback(of: offer)?.rawValue)
            writer.member("categorie_dpv", offer.contract.dpvCategory)
            writer.member("sensibilite", offer.contract.sensitivity)
        }
    }

    private func writePeriods(to writer: inout JSONWriter) {
        for part in parts {
            writer.member(
                part.contract.id.text,
                object: { writer in
                    part.periods.write(to: &writer)
                    writer.member("regle", part.periods.boundsInWords)
                })
        }
    }

    private func writeLinks(to writer: inout JSONWriter) {
        for document in PublishedDocument.ofPurpose(policy.id) {
            writer.member(document.relation, document.path)
        }
        writer.member("registre", PublishedDocument.register(.json).path)
    }
}

extension PeriodRule {
    /// The rule's figures, with the members of a policy's `periodes`.
    func write(to writer: inout JSONWriter) {
        for (name, back) in [("annee", year), ("mois", month)] {
            guard let back else { continue }
            writer.member(
                name,
                object: { writer in
                    writer.member("recul_defaut", back.usual)
                    writer.member("recul_min", back.least)
                    writer.member("recul_max", back.most)
                })
        }
        if let date {
            writer.member(
                "date",
                object: { writer in
                    writer.member("jours_avant", date.before)
                    writer.member("jours_apres", date.after)
                })
        }
        if let months {
            writer.member(
                "intervalle",
                object: { writer in
                    writer.member("mois_defaut", months.usualLength)
                    writer.member("mois_max", months.greatestLength)
                    writer.member("anteriorite_max", months.oldest)
                })
        }
    }
}
