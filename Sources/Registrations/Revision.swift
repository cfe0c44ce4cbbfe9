package import Connectors
import Cryptography
package import JSONText
package import Journal
package import Vocabulary

/// A connector as its holder proposes it, with the examples that show it: read and checked.
package struct Revision: Sendable {
    /// SHA-256 of the bytes that were sent, by which it is known.
    package let hash: String
    package let connector: Connector
    /// The connector's document first, then its examples, byte for byte as they were sent.
    package let files: [ProposedFile]

    /// What the journal says of it.
    package var mark: RevisionMark {
        RevisionMark(
            holder: connector.holder, dataset: connector.dataset, hash: hash,
            connector: files.first.map { Hex.encode(sha256($0.bytes)) } ?? "")
    }
}

/// One document of a proposal, at the place that it takes in a set.
package struct ProposedFile: Sendable {
    /// Where it lies in a set: `connectors/dgfip/revenu_fiscal/connector.json`.
    package let path: String
    package let bytes: [UInt8]

    /// Puts a document at its place.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// A mistake of a proposal, with the document that it lies in.
package struct ProposalMistake: Error, Sendable, Equatable {
    /// The document, as the holder's own folder names it: `connector.json`, `examples/trouve.json`.
    package let file: String
    package let mistake: JSONMistake

    package init(file: String, _ mistake: JSONMistake) {
        self.file = file
        self.mistake = mistake
    }
}

/// What reading a proposal gave: the revision, or every mistake.
package struct RevisionReading: Sendable {
    package let revision: Revision?
    package let mistakes: [ProposalMistake]
}

/// Everything that reading a proposal depends on.
package struct ProposalContext: Sendable {
    package let holder: HolderID
    package let dataset: DatasetID
    /// The contracts in force.
    package let catalogue: FieldCatalogue
    /// Plays an example without a network, and says in what it is wrong.
    package let play: @Sendable ([UInt8], Connector) -> [JSONMistake]

    package init(
        holder: HolderID, dataset: DatasetID, catalogue: FieldCatalogue,
        play: @escaping @Sendable ([UInt8], Connector) -> [JSONMistake]
    ) {
        self.holder = holder
        self.dataset = dataset
        self.catalogue = catalogue
        self.play = play
    }
}

/// The members of a proposal.
package enum ProposalMembers {
    package static let document = ["connecteur", "exemples"]
    /// The most examples that one proposal may hold.
    package static let maximumExamples = 200
    /// The longest proposal, in bytes.
    package static let maximumBytes = 1 << 20
}

/// Reads a proposal and plays its examples, every mistake at once.
///
/// The lines of a mistake are those of the document itself, as its author has it in a file.
package func readRevision(_ bytes: [UInt8], _ context: ProposalContext) -> RevisionReading {
    var reader = RevisionReader(bytes: bytes, context: context)
    let revision = reader.revision()
    return RevisionReading(
        revision: reader.mistakes.isEmpty ? revision : nil, mistakes: reader.mistakes)
}

/// The documents of a proposal that was read before; nil where it is none.
package func proposedFiles(in bytes: [UInt8], of mark: RevisionMark) -> [ProposedFile]? {
    guard let root = try? parseJSON(bytes, limits: proposalLimits),
        let object = try? JSONPlace(root: root).object(ProposalMembers.document),
        let connector = object.optional("connecteur"),
        let examples = try? object.optional("exemples")?.anyObject()
    else { return nil }
    let folder = "connectors/\(mark.holder)/\(mark.dataset)"
    return [
        ProposedFile(
            path: "\(folder)/connector.json", bytes: connector.node.bytes(in: bytes))
    ]
        + examples.members.map { name, place in
            ProposedFile(
                path: "\(folder)/examples/\(name).json", bytes: place.node.bytes(in: bytes))
        }
}

private let proposalLimits = JSONLimits(bytes: ProposalMembers.maximumBytes, depth: 40)

private struct RevisionReader {
    let bytes: [UInt8]
    let context: ProposalContext
    var mistakes: [ProposalMistake] = []

    private static let envelope = "proposition"
    private static let document = "connector.json"

    mutating func revision() -> Revision? {
        guard let object = envelope() else { return nil }
        guard let place = required(object, "connecteur"), let examples = examples(object) else {
            return nil
        }
        let text = place.node.bytes(in: bytes)
        let folder = "connectors/\(context.holder)/\(context.dataset)"
        let document = ConnectorDocument(text, catalogue: context.catalogue)
        mistakes += document.mistakes.map { ProposalMistake(file: Self.document, $0) }
        var files = [ProposedFile(path: "\(folder)/\(Self.document)", bytes: text)]
        for (name, place) in examples {
            files.append(
                ProposedFile(
                    path: "\(folder)/examples/\(name).json", bytes: place.node.bytes(in: bytes)))
        }
        guard let connector = document.connector, isOwn(connector, text) else { return nil }
        for (file, example) in zip(files.dropFirst(), examples) {
            mistakes += context.play(file.bytes, connector).map {
                ProposalMistake(file: "examples/\(example.name).json", $0)
            }
        }
        return Revision(hash: Hex.encode(sha256(bytes)), connector: connector, files: files)
    }

    private mutating func envelope() -> JSONObjectPlace? {
        do throws(JSONError) {
            let root = JSONPlace(root: try parseJSON(bytes, limits: proposalLimits))
            var found = JSONMistakes()
            let object = found.object(root, ProposalMembers.document)
            add(found.all)
            return object
        } catch {
            add([
                JSONMistake(
                    path: error.path, position: error.position,
                    message: "La proposition ne se lit pas : \(error.code.explanation)",
                    remedy: error.code.remedy)
            ])
            return nil
        }
    }

    private mutating func required(_ object: JSONObjectPlace, _ name: String) -> JSONPlace? {
        var found = JSONMistakes()
        let place = found.attempt { () throws(JSONMistake) in
            let place = try object.required(name)
            _ = try place.anyObject()
            return place
        }
        add(found.all)
        return place
    }

    private mutating func examples(
        _ object: JSONObjectPlace
    ) -> [(name: String, place: JSONPlace)]? {
        guard let place = required(object, "exemples"), let all = try? place.anyObject() else {
            return nil
        }
        if !(1...ProposalMembers.maximumExamples).contains(all.members.count) {
            add([
                place.mistake(
                    "La proposition a \(all.members.count) exemple(s).",
                    remedy: "Donnez-en de 1 à \(ProposalMembers.maximumExamples), par nom : "
                        + "{\"trouve\": {…}, \"inconnu\": {…}}.")
            ])
        }
        for (name, example) in all.members where !isCatalogueName(name) {
            add([
                example.mistake(
                    "Ce nom d'exemple n'est pas admis.",
                    remedy: "Employez des minuscules sans accent, des chiffres, « _ » ou « - ».")
            ])
        }
        return all.members.filter { isCatalogueName($0.name) }
    }

    /// Whether the connector is of the holder and data set that the address names.
    private mutating func isOwn(_ connector: Connector, _ text: [UInt8]) -> Bool {
        guard let root = try? parseJSON(text),
            let object = try? JSONPlace(root: root).anyObject()
        else { return false }
        let expected = [
            ("detenteur", connector.holder.text, context.holder.text),
            ("jeu", connector.dataset.text, context.dataset.text),
        ]
        for (member, written, address) in expected where written != address {
            guard let place = object.optional(member) else { continue }
            mistakes.append(
                ProposalMistake(
                    file: Self.document,
                    place.mistake(
                        "Le connecteur dit « \(written) », et l'adresse « \(address) ».",
                        remedy: "Écrivez « \(address) », ou proposez à l'autre adresse.")))
        }
        return connector.holder == context.holder && connector.dataset == context.dataset
    }

    private mutating func add(_ found: [JSONMistake]) {
        mistakes += found.map { ProposalMistake(file: Self.envelope, $0) }
    }
}

extension JSONNode {
    /// The value's own bytes in a document that was read without a mistake, where it is an object.
    fileprivate func bytes(in document: [UInt8]) -> [UInt8] {
        var depth = 0
        var isInText = false
        var isEscaped = false
        for index in position.offset..<document.count {
            let byte = document[index]
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return Array(document[position.offset...index]) }
            default: break
            }
        }
        return Array(document[position.offset...])
    }
}
