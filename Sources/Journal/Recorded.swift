package import Vocabulary

/// A name as a record keeps it: one of a catalogue, or only the fact that it was in none.
///
/// What a caller invents may be a person's name; a record never repeats it.
package enum Recorded<Name: Hashable & Sendable>: Hashable, Sendable {
    /// A name that the gateway's own catalogues hold.
    case known(Name)
    /// A name that no catalogue holds, written `inconnu`.
    case unknown

    /// The name, where it is known.
    package var name: Name? {
        guard case .known(let name) = self else { return nil }
        return name
    }
}

/// How a name in no catalogue is written.
package let unknownName = "inconnu"

/// The names that the catalogues of a generation hold: only these may enter a record.
package final class KnownNames: Sendable {
    /// The contracts' fields.
    package let catalogue: FieldCatalogue
    /// The purposes of every service.
    package let purposes: Set<PurposeID>
    /// The recipients that some habilitation names.
    package let recipients: Set<Siret>
    /// The names that policies give to forms: `plus` of `seuil.plus`.
    package let formNames: Set<String>
    /// The FranceConnect clients that policies name.
    package let clients: Set<FranceConnectClient>
    /// The FranceConnect scopes that contracts name.
    package let scopes: Set<String>
    /// The contracts' leaves by name, which nearly every request is made of.
    private let leaves: [String: FieldPath]

    /// Gathers the names of one generation.
    package init(
        catalogue: FieldCatalogue,
        purposes: Set<PurposeID>,
        recipients: Set<Siret>,
        formNames: Set<String> = [],
        clients: Set<FranceConnectClient> = []
    ) {
        self.catalogue = catalogue
        self.purposes = purposes
        self.recipients = recipients
        self.formNames = formNames
        self.clients = clients
        let fields = catalogue.allFields
        scopes = Set(fields.flatMap(\.scopes))
        leaves = Dictionary(fields.map { ($0.path.text, $0.path) }) { first, _ in first }
    }

    /// A purpose as a record keeps it.
    package func recorded(_ purpose: PurposeID?) -> Recorded<PurposeID> {
        guard let purpose, purposes.contains(purpose) else { return .unknown }
        return .known(purpose)
    }

    /// A recipient as a record keeps it.
    package func recorded(_ recipient: Siret?) -> Recorded<Siret> {
        guard let recipient, recipients.contains(recipient) else { return .unknown }
        return .known(recipient)
    }

    /// A FranceConnect client as a record keeps it.
    package func recorded(_ client: FranceConnectClient) -> Recorded<FranceConnectClient> {
        clients.contains(client) ? .known(client) : .unknown
    }

    /// The scopes as a record keeps them: those of the catalogue, sorted.
    package func recorded(scopes: [HolderID: Set<String>]) -> [HolderID: [String]] {
        scopes.mapValues { $0.intersection(self.scopes).sorted() }
    }

    /// The leaf of that name, found rather than read; nil where no contract has it.
    package func leaf(_ name: String) -> FieldPath? {
        leaves[name]
    }

    /// A requested field as a record keeps it: nil where the field is in no contract; `@inconnu`
    /// where the field is known and the form is not.
    package func recorded(field text: String) -> String? {
        if leaves[text] != nil { return text }
        let parts = text.split(
            separator: "@",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard let path = parts.first.flatMap({ FieldPath(String($0)) }),
            !catalogue.leaves(of: path).isEmpty
        else { return nil }
        guard parts.count == 2 else { return path.text }
        guard let form = FormKey(String(parts[1])), isKnown(form) else {
            return "\(path.text)@\(unknownName)"
        }
        return FieldRequest(path: path, form: form).text
    }

    private func isKnown(_ form: FormKey) -> Bool {
        guard let name = form.name else { return true }
        return formNames.contains(name)
    }
}

/// The fields of a request, as a record keeps them: bounded, whatever a caller sends.
package struct RecordedFields: Hashable, Sendable {
    /// Requests of known fields (`champ`, `champ@forme`), each once, sorted.
    package let listed: [String]
    /// How many distinct requests named a field of no contract.
    package let unknownCount: Int
    /// How many more distinct requests of known fields there were.
    package let unlistedCount: Int

    /// How many fields a record lists.
    package static let maximumListed = 256

    /// Keeps what the catalogues know of what was asked, and counts the rest.
    package init(_ asked: [String], known: KnownNames) {
        var listed: Set<String> = []
        var unknown: Set<String> = []
        for text in asked {
            if let field = known.recorded(field: text) {
                listed.insert(field)
            } else {
                unknown.insert(text)
            }
        }
        let sorted = listed.sorted()
        self.init(
            listed: Array(sorted.prefix(RecordedFields.maximumListed)),
            unknownCount: unknown.count,
            unlistedCount: max(0, sorted.count - RecordedFields.maximumListed)
        )
    }

    init(listed: [String], unknownCount: Int, unlistedCount: Int) {
        self.listed = listed
        self.unknownCount = unknownCount
        self.unlistedCount = unlistedCount
    }
}
