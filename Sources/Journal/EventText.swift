import JSONText
import Vocabulary

// What an event looks like: as the bytes of a record, and to whoever reads the journal.

extension EventRecord {
    /// The record's bytes after the place and time that the writer gives it.
    func writeBody(to writer: inout JSONWriter) {
        writer.member(RecordMember.kind, RecordKind.event.rawValue)
        writer.member(RecordMember.exchange, id.text)
        writer.member(RecordMember.instant, instant.milliseconds)
        writer.member(RecordMember.generation, generation)
        writer.member("acte", act.kind.rawValue)
        switch act {
        case .generationInForce(let mark):
            mark.write(to: &writer)
        case .generationRefused(let mistakes):
            writer.member("erreurs", mistakes)
        case .accessSuspended(let access, let found):
            access.write(to: &writer)
            writer.member("borne", found.counter)
            writer.member("trouve", found.found)
            writer.member("limite", found.limit)
        case .accessRestored(let access, let motive):
            access.write(to: &writer)
            writer.member("motif_operateur", motive.text)
        case .revision(let step, let mark):
            mark.write(step, to: &writer)
        }
    }

    /// Reads an event back.
    init(_ top: JSONObjectPlace) throws {
        let kind: EventKind = try top.required("acte").choice()
        let act: EventAct
        switch kind {
        case .generationInForce: act = .generationInForce(try GenerationMark(top))
        case .generationRefused:
            act = .generationRefused(mistakes: try top.required("erreurs").count())
        case .accessSuspended:
            let found = FoundCount(
                counter: try top.required("borne").string(),
                found: try top.required("trouve").count(),
                limit: try top.required("limite").count())
            act = .accessSuspended(try AccessMark(top), found: found)
        case .accessRestored:
            let motive = try top.required("motif_operateur").parsed { OperatorText($0) }
            act = .accessRestored(try AccessMark(top), motive: motive)
        case .revisionProposed, .revisionApproved, .revisionInForce, .revisionRefused,
            .revisionReverted:
            act = .revision(try RevisionStep(kind, top), try RevisionMark(top))
        }
        self.init(
            id: try top.required(RecordMember.exchange).parsed { ExchangeID($0) },
            instant: try top.required(RecordMember.instant).timestamp(),
            generation: try top.required(RecordMember.generation).string(),
            act: act)
    }
}

extension GenerationMark {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("origine", cause.rawValue)
        writer.member("inventaire", inventory)
        if let environment { writer.member("environnement", environment.rawValue) }
        guard let manifest else { return }
        writer.member(
            "manifeste",
            object: { object in
                object.member("empreinte", manifest.hash)
                object.member("serie", manifest.serial)
                object.member(
                    "signataires",
                    array: { list in
                        for signer in manifest.signers {
                            list.object { entry in
                                entry.member("nom", signer.name.text)
                                entry.member("role", signer.role.rawValue)
                            }
                        }
                    })
            })
    }

    fileprivate init(_ top: JSONObjectPlace) throws {
        self.init(
            cause: try top.required("origine").choice(),
            inventory: try top.required("inventaire").parsed { hexDigest($0) },
            manifest: try top.optional("manifeste").map { place in
                let object = try place.object(["empreinte", "serie", "signataires"])
                return ManifestMark(
                    hash: try object.required("empreinte").parsed { hexDigest($0) },
                    serial: try object.required("serie").int(in: 0...Int64.max),
                    signers: try object.required("signataires").array(max: 16).map { place in
                        let entry = try place.object(["nom", "role"])
                        return SignerMark(
                            name: try entry.required("nom").parsed { OperatorText($0) },
                            role: try entry.required("role").choice())
                    })
            },
            environment: try top.optional("environnement").map { try $0.choice() })
    }
}

extension AccessMark {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member(RecordMember.service, service.text)
        writer.member("acces", credential)
        writer.member(RecordMember.purpose, purpose.text)
        writer.member(RecordMember.mode, mode.rawValue)
    }

    fileprivate init(_ top: JSONObjectPlace) throws {
        self.init(
            service: try top.required(RecordMember.service).parsed { ServiceID($0) },
            credential: try top.required("acces").string(),
            purpose: try top.required(RecordMember.purpose).parsed { PurposeID($0) },
            mode: try top.required(RecordMember.mode).choice())
    }
}

// MARK: - For a reader

extension EventAct {
    /// How a reader sees it.
    package var label: String {
        switch kind {
        case .generationInForce: "documents en vigueur"
        case .generationRefused: "documents refusés"
        case .accessSuspended: "accès suspendu"
        case .accessRestored: "accès rétabli"
        case .revisionProposed: "connecteur proposé"
        case .revisionApproved: "connecteur approuvé"
        case .revisionInForce: "connecteur en vigueur"
        case .revisionRefused: "connecteur refusé"
        case .revisionReverted: "connecteur retiré"
        }
    }
}

extension EventRecord {
    /// What an auditor reads below the title.
    var auditLines: [String] {
        ["événement \(id.text)"] + actLines + ["génération \(generation)"]
    }

    private var actLines: [String] {
        switch act {
        case .generationInForce(let mark):
            return mark.auditLines
        case .generationRefused(let mistakes):
            return ["\(mistakes) erreur(s) ; les documents précédents restent en vigueur"]
        case .accessSuspended(let access, let found):
            return [
                access.auditLine,
                "borne \(found.counter) : \(found.found) sur \(found.limit)",
            ]
        case .accessRestored(let access, let motive):
            return [access.auditLine, "motif de l'opérateur : \(motive.text)"]
        case .revision(let step, let mark):
            return mark.auditLines(step)
        }
    }
}

extension GenerationMark {
    fileprivate var auditLines: [String] {
        var lines = [cause.label]
        if let manifest {
            lines.append("manifeste série \(manifest.serial) (\(manifest.hash.prefix(12))…)")
            lines += manifest.signers.map { "signé par \($0.name.text) (\($0.role.rawValue))" }
        } else {
            lines.append("sans manifeste signé")
        }
        return lines + ["inventaire \(inventory)"]
    }
}

extension GenerationMark.Cause {
    fileprivate var label: String {
        switch self {
        case .start: "au démarrage"
        case .reload: "par rechargement"
        case .revision: "par un connecteur approuvé ou retiré"
        }
    }
}

extension AccessMark {
    fileprivate var auditLine: String {
        "accès \(credential), service \(service.text), finalité \(purpose.text), "
            + "mode \(mode.rawValue)"
    }
}
