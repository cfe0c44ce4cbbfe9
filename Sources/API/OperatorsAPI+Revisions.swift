import HTTPMessages
import JSONText
import Journal
import Registrations
import Vocabulary

// Connectors that holders propose, and operators approve.
extension OperatorsAPI {
    /// A data set of a holder, as a path names it.
    private struct Place {
        let holder: HolderID
        let dataset: DatasetID
    }

    /// The place that a path names; what is another holder's is as if it did not exist.
    private func place(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) throws(Problem) -> Place {
        guard let holder = HolderID(parameters["detenteur"] ?? ""),
            let dataset = DatasetID(parameters["jeu"] ?? "")
        else { throw Problem(.ressourceInconnue) }
        if case .holder(let own, _) = party, own != holder { throw Problem(.ressourceInconnue) }
        return Place(holder: holder, dataset: dataset)
    }

    private func entry(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) throws(Problem) -> RevisionEntry {
        let place = try place(parameters, party)
        return try parts.desk.ledger.entry(
            parameters["empreinte"] ?? "", of: place.holder, place.dataset)
    }

    // MARK: - Acts

    func propose(
        _ parameters: RouteParameters, _ party: OperatorsParty, _ head: HTTPRequestHead,
        _ body: BodyReading
    ) async throws(Problem) -> HTTPResponse {
        let place = try place(parameters, party)
        guard case .holder(_, let credential) = party else {
            throw Problem(.droitManquant, detail: "Seul le détenteur propose ses connecteurs.")
        }
        let bytes = try await head.readJSON(body, limit: ProposalMembers.maximumBytes)
        let reading = try await parts.desk.read(bytes, from: place.holder, place.dataset)
        guard let revision = reading.revision else {
            throw Problem(.revisionRefusee, mistakes: reading.documentMistakes)
        }
        let entry = try await parts.desk.propose(revision, bytes, by: credential)
        var response = json(await document(of: entry), status: 201)
        response.headers.add("Location", "\(head.path)/\(entry.mark.hash)")
        return response
    }

    func approve(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) async throws(Problem) -> HTTPResponse {
        let entry = try entry(parameters, party)
        let name = try party.requiredPerson()
        return json(await document(of: try await parts.desk.approve(entry, by: name)))
    }

    func withdraw(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) async throws(Problem) -> HTTPResponse {
        let entry = try entry(parameters, party)
        let name = try party.requiredPerson()
        return json(await document(of: try await parts.desk.withdraw(entry, by: name)))
    }

    // MARK: - Reading

    /// The proposal itself, byte for byte: what an approver reads.
    func revision(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) async throws(Problem) -> HTTPResponse {
        json(try await parts.desk.bytes(of: try entry(parameters, party).mark))
    }

    func revisions(
        _ parameters: RouteParameters, _ party: OperatorsParty
    ) async throws(Problem) -> HTTPResponse {
        let place = try place(parameters, party)
        let ledger = parts.desk.ledger
        let entries = ledger.entries(of: place.holder, place.dataset)
        var writer = JSONWriter()
        writer.list(await documents(of: entries)) { writer in
            writer.member("detenteur", place.holder.text)
            writer.member("jeu", place.dataset.text)
            let serving = entries.first { ledger.state(of: $0) == .enVigueur }
            if let serving { writer.member("en_vigueur", serving.mark.hash) }
        }
        return json(writer.bytes)
    }

    /// Every proposal that waits for an approval.
    func waitingRevisions(_ party: OperatorsParty) async throws(Problem) -> HTTPResponse {
        _ = try party.requiredPerson()
        let entries = parts.desk.ledger.waiting
        var writer = JSONWriter()
        writer.list(await documents(of: entries)) { _ in }
        return json(writer.bytes)
    }

    private func documents(of entries: [RevisionEntry]) async -> [[UInt8]] {
        var documents: [[UInt8]] = []
        for entry in entries { documents.append(await document(of: entry)) }
        return documents
    }

    /// What is said of a proposal; what it changes is said as long as somebody may approve it.
    private func document(of entry: RevisionEntry) async -> [UInt8] {
        let state = parts.desk.ledger.state(of: entry)
        let differences =
            state == .proposee ? await parts.desk.differences(of: entry.mark) : nil
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("detenteur", entry.mark.holder.text)
            writer.member("jeu", entry.mark.dataset.text)
            writer.member("empreinte", entry.mark.hash)
            writer.member("connecteur", entry.mark.connector)
            writer.member("etat", state.rawValue)
            writer.member("proposee_par", entry.proposal.by.text)
            writer.member("proposee_le", entry.proposal.at.rfc3339)
            writer.member("approbations") { writer in
                for approval in entry.approvals {
                    writer.object { writer in
                        writer.member("operateur", approval.by.text)
                        writer.member("le", approval.at.rfc3339)
                    }
                }
            }
            if state == .proposee {
                writer.member(
                    "approbations_manquantes",
                    RevisionLedger.approvalsNeeded - entry.approvals.count)
            }
            if let time = entry.approvedAt { writer.member("approuvee_le", time.rfc3339) }
            if let refusal = entry.refusal {
                writer.member("refusee_le", refusal.at.rfc3339)
            }
            if let withdrawal = entry.withdrawal {
                writer.member("retiree_par", withdrawal.by.text)
                writer.member("retiree_le", withdrawal.at.rfc3339)
            }
            if let differences { writer.member("differences", differences) }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func list(
        _ documents: [[UInt8]], _ head: (inout JSONWriter) -> Void
    ) {
        object { writer in
            head(&writer)
            writer.member("revisions") { writer in
                for document in documents { writer.raw(document) }
            }
        }
    }
}

extension RevisionReading {
    /// The mistakes as a problem tells them, the first hundred.
    fileprivate var documentMistakes: [DocumentMistake] {
        mistakes.prefix(100).map { entry in
            DocumentMistake(
                file: entry.file, line: entry.mistake.position.line,
                column: entry.mistake.position.column, member: entry.mistake.path,
                message: entry.mistake.message, remedy: entry.mistake.remedy)
        }
    }
}

extension HTTPRequestHead {
    /// The whole body of a request that must be JSON, as it was sent.
    func readJSON(
        _ body: (Int) async throws(HTTPFailure) -> [UInt8], limit: Int
    ) async throws(Problem) -> [UInt8] {
        let type = headers.all("Content-Type")
        guard type.count == 1, let type = MediaType(type[0]), type.isJSON else {
            throw Problem(.typeDeContenuRefuse)
        }
        guard headers.all("Content-Encoding").allSatisfy({ $0.lowercased() == "identity" })
        else {
            throw Problem(.typeDeContenuRefuse)
        }
        do throws(HTTPFailure) {
            return try await body(limit)
        } catch {
            throw Problem(error)
        }
    }
}
