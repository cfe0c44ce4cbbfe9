import Cryptography
import JSONText
import Vocabulary

/// The version that today's records name first.
package let recordVersion = 1

/// The names of a record's members, in the order in which they are written.
///
/// Neither a name nor the order ever changes: what is added later goes at the end of its object,
/// and another version says anything else.
enum RecordMember {
    static let version = "version"
    static let index = "indice"
    static let time = "horodatage_ms"
    static let kind = "nature"
    static let exchange = "echange"
    static let instant = "instant_ms"
    static let service = "service"
    static let recipient = "destinataire"
    static let purpose = "finalite"
    static let policy = "politique"
    static let generation = "generation"
    static let mode = "mode"
}

extension DecisionRecord {
    /// The record's bytes after the place and time that the writer gives it; `countsOffset` becomes
    /// the place of counts that are not known yet.
    func writeBody(to writer: inout JSONWriter, countsOffset: inout Int) {
        writer.member(RecordMember.kind, RecordKind.decision.rawValue)
        facts.write(to: &writer)
        writer.member("verdict", verdict.rawValue)
        writer.member("motif", ifPresent: problem?.rawValue)
        writer.member("demandes", requested.listed)
        writer.member("demandes_inconnues", requested.unknownCount)
        writer.member("demandes_non_listees", requested.unlistedCount)
        writer.member(
            "refus",
            array: { list in
                for refusal in refused {
                    list.object { entry in
                        entry.member("champ", ifPresent: refusal.text)
                        entry.member("motif", refusal.reason.rawValue)
                    }
                }
            }
        )
        writePeriods(to: &writer)
        writeAccess(to: &writer)
        writer.member(
            "comptes",
            array: { list in
                countsOffset = list.bytes.count
                for count in counts { count.write(to: &list) }
            }
        )
        writePerson(to: &writer)
    }

    private func writePeriods(to writer: inout JSONWriter) {
        writer.member(
            "periodes_demandees",
            object: { map in
                for (dataset, period) in requestedPeriods.sorted(by: { $0.key < $1.key }) {
                    map.member(dataset.text, object: { period.write(to: &$0) })
                }
            }
        )
        writer.member(
            "periodes",
            object: { map in
                for (dataset, period) in periods.sorted(by: { $0.key < $1.key }) {
                    map.member(dataset.text, object: { period.requested.write(to: &$0) })
                }
            }
        )
    }

    private func writeAccess(to writer: inout JSONWriter) {
        writer.member("acces", credential)
        writer.member("titre", ifPresent: credentialKind?.rawValue)
        if let client {
            writer.member("client_franceconnect", client.name?.symbol ?? unknownName)
        }
        writer.member("niveau", ifPresent: level?.text)
        writer.member(
            "portees",
            object: { map in
                for (holder, scopes) in scopes.sorted(by: { $0.key < $1.key }) {
                    map.member(holder.text, scopes)
                }
            }
        )
        writer.member("initiateur", initiator.rawValue)
        writer.member("agent_nomme", isAgentNamed)
        writer.member("role", ifPresent: role?.rawValue)
        writer.member("identifiants", identifiers.map(\.rawValue))
    }

    private func writePerson(to writer: inout JSONWriter) {
        if let dossier {
            writer.member(
                "dossier",
                object: { object in
                    object.member("cle", dossier.key)
                    object.member("empreinte", Hex.encode(dossier.digest))
                }
            )
        }
        if let person {
            writer.member(
                "personne",
                object: { object in
                    object.member("cle", person.key)
                    object.member("pseudonyme", Hex.encode(person.pseudonym))
                    object.member(
                        "pseudonyme_complet",
                        ifPresent: person.fullPseudonym.map(Hex.encode)
                    )
                }
            )
        }
    }
}

extension FoundCount {
    /// One entry of `comptes`.
    func write(to writer: inout JSONWriter) {
        writer.object { entry in
            entry.member("compteur", counter)
            entry.member("trouve", found)
            entry.member("limite", limit)
        }
    }
}

extension OutcomeRecord {
    /// The record's bytes after the place and time that the writer gives it.
    func writeBody(to writer: inout JSONWriter) {
        writer.member(RecordMember.kind, RecordKind.outcome.rawValue)
        facts.write(to: &writer)
        writer.member("decision", decision)
        writer.member("issue", outcome.rawValue)
        writer.member("motif", ifPresent: problem?.rawValue)
        writer.member(
            "sources",
            array: { list in
                for source in sources {
                    list.object { entry in
                        entry.member("jeu", source.dataset.text)
                        entry.member("detenteur", source.holder.text)
                        entry.member("statut", source.status.rawValue)
                        entry.member("motif", ifPresent: source.reason?.text)
                    }
                }
            }
        )
        writer.member("remis", released)
        writer.member(
            "manquants",
            array: { list in
                for field in withheld {
                    list.object { entry in
                        entry.member("champ", field.field)
                        entry.member("motif", field.reason.text)
                    }
                }
            }
        )
        writer.member("ecartes", dropped.map(\.text))
        writer.member("ecartes_inconnus", hasDroppedUnknown)
    }
}

extension ExchangeFacts {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member(RecordMember.exchange, exchange.text)
        writer.member(RecordMember.instant, instant.milliseconds)
        writer.member(RecordMember.service, service.text)
        writer.member(RecordMember.recipient, recipient.name?.text ?? unknownName)
        writer.member(RecordMember.purpose, purpose.name?.text ?? unknownName)
        if let policy {
            writer.member(
                RecordMember.policy,
                object: { object in
                    object.member("empreinte", policy.hash)
                    object.member("version", policy.version)
                }
            )
        }
        writer.member(RecordMember.generation, generation)
        writer.member(RecordMember.mode, mode.rawValue)
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

extension Period {
    /// The period as a request would write it.
    var requested: RequestedPeriod {
        switch self {
        case .year(let year): RequestedPeriod(year: year)
        case .month(let month): RequestedPeriod(month: month)
        case .date(let date): RequestedPeriod(date: date)
        case .months(let from, let to): RequestedPeriod(from: from, to: to)
        case .dateAndMonths(let date, let from, let to):
            RequestedPeriod(date: date, from: from, to: to)
        }
    }

    /// The period that a record wrote.
    init?(_ period: RequestedPeriod) {
        switch (period.year, period.month, period.date, period.from, period.to) {
        case (let year?, nil, nil, nil, nil): self = .year(year)
        case (nil, let month?, nil, nil, nil): self = .month(month)
        case (nil, nil, let date?, nil, nil): self = .date(date)
        case (nil, nil, nil, let from?, let to?): self = .months(from: from, to: to)
        case (nil, nil, let date?, let from?, let to?):
            self = .dateAndMonths(date, from: from, to: to)
        default: return nil
        }
    }
}
