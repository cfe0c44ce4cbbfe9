import Connectors
import JSONText
import Policies
package import Vocabulary

/// What a first connector is drawn from.
package struct ScaffoldOrder: Sendable {
    package let document: OpenAPIDocument
    package let operation: OpenAPIOperation
    package let holder: HolderID
    package let dataset: DatasetID
    /// The contracts that exist; one is scaffolded where the data set has none.
    package let catalogue: FieldCatalogue

    package init(
        document: OpenAPIDocument, operation: OpenAPIOperation, holder: HolderID,
        dataset: DatasetID, catalogue: FieldCatalogue
    ) {
        self.document = document
        self.operation = operation
        self.holder = holder
        self.dataset = dataset
        self.catalogue = catalogue
    }
}

/// A first connector: its documents, and what a person must still say.
///
/// Nothing is guessed in silence: whatever is not certain is a line of `a_completer`, and a
/// document with such a line is refused.
package struct Scaffold: Sendable {
    /// One document, by its path below the folder of connectors.
    package struct File: Sendable {
        package let path: String
        package let text: String
    }

    /// One thing that a person must still say.
    package struct Remaining: Sendable, Equatable {
        /// The member: `lectures.reponse.champs.valeur`.
        package let path: String
        /// What to say, in French.
        package let what: String
    }

    package let files: [File]
    /// What the connector's document lists.
    package let remaining: [Remaining]
    /// What the new contract's document lists; empty where the contract exists.
    package let remainingOfContract: [Remaining]
    /// What the holder sends and the connector does not read, by pointer.
    package let unread: [String]

    package init(_ order: ScaffoldOrder) {
        var request = RequestDraft(order: order)
        request.draw()
        var answer = AnswerDraft(order: order)
        let contract = order.catalogue.datasets[order.dataset]
        var made: ContractDraft?
        if let contract {
            answer.draw(contract)
        } else {
            var draft = ContractDraft(order: order, periodVariables: request.periodVariables)
            draft.draw(answer.mainLeaves, answer.mainArrays, besides: answer.usagerPointers)
            answer.draw(draft)
            made = draft
        }
        var remaining = request.remaining + answer.remaining
        let folder = "\(order.holder)/\(order.dataset)"
        let parts = ConnectorParts(order: order, request: request, answer: answer)
        let contractText = made?.text()
        let catalogue = order.catalogue.adding(contractText, named: order.dataset.text)
        // What was drawn is read as any connector is: what is wrong with it is said, not shipped.
        let document = ConnectorDocument(parts.bytes(remaining: []), catalogue: catalogue)
        remaining += document.mistakes.map { mistake in
            Remaining(path: mistake.path, what: "\(mistake.message) \(mistake.remedy)")
        }
        var files = [
            File(path: "\(folder)/connector.json", text: parts.text(remaining: remaining))
        ]
        if let connector = document.connector {
            files += ExampleDraft(order: order, connector: connector, answer: answer).files().map {
                File(path: "\(folder)/examples/\($0.name).json", text: $0.text)
            }
        }
        if let made {
            files.append(
                File(
                    path: "datasets/\(order.dataset).json",
                    text: made.text(remaining: made.remaining)))
        }
        self.files = files
        self.remaining = remaining
        remainingOfContract = made?.remaining ?? []
        unread = answer.unread
    }
}

extension FieldCatalogue {
    /// The catalogue with a contract more, where its document reads.
    fileprivate func adding(_ text: String?, named name: String) -> FieldCatalogue {
        guard let text, let new = readDataset(Array(text.utf8), named: name).value?.contract
        else { return self }
        return FieldCatalogue(Array(datasets.values) + [new])
    }
}

/// The connector's document, member by member.
struct ConnectorParts {
    let order: ScaffoldOrder
    let request: RequestDraft
    let answer: AnswerDraft

    func text(remaining: [Scaffold.Remaining]) -> String {
        document(remaining).laidOut
    }

    func bytes(remaining: [Scaffold.Remaining]) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(document(remaining).node)
        return writer.bytes
    }

    private func document(_ remaining: [Scaffold.Remaining]) -> JSONValue {
        let title = order.document.title.isEmpty ? "API à nommer" : order.document.title
        var members: [(String, JSONValue)] = [
            ("format", .string(ConnectorDocument.format)),
            ("detenteur", .string(order.holder.text)),
            ("jeu", .string(order.dataset.text)),
            ("libelle", .string(brief(title))),
        ]
        if !request.environments.isEmpty {
            members.append(("environnements", .members(request.environments)))
        }
        if !request.accounts.isEmpty { members.append(("comptes", .members(request.accounts))) }
        members.append(("requetes", .members([("appel", request.request)])))
        members.append(("modes", .members(request.modes.map { ($0, mode()) })))
        members.append(("lectures", .members([("reponse", answer.reading)])))
        if !remaining.isEmpty { members.append((JSONRemaining.member, remaining.json)) }
        return .members(members)
    }

    private func mode() -> JSONValue {
        var members: [(String, JSONValue)] = []
        if let identifier = request.identifier {
            members.append(("identifiant", .string(identifier)))
        }
        members.append(
            (
                "etapes",
                .list([
                    .members([
                        ("nom", .string("appel")), ("requete", .string("appel")),
                        ("lecture", .string("reponse")),
                    ])
                ])
            ))
        return .members(members)
    }
}

extension [Scaffold.Remaining] {
    /// The list as documents write it.
    var json: JSONValue {
        .list(map { .members([("ou", .string($0.path)), ("quoi", .string($0.what))]) })
    }
}

extension JSONValue {
    /// The value as a node of no document.
    var node: JSONNode {
        JSONNode(value: self, position: JSONPosition(line: 1, column: 1, offset: 0))
    }
}
