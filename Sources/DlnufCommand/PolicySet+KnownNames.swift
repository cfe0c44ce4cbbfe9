import Journal
import Policies
import Vocabulary

extension PolicySet {
    /// The names of this generation that may enter a record.
    var knownNames: KnownNames {
        KnownNames(
            catalogue: catalogue.fields,
            purposes: Set(policies.map(\.id)),
            recipients: Set(policies.flatMap { $0.habilitations.map(\.recipient) }),
            formNames: Set(policies.flatMap(\.fields).flatMap(\.forms).compactMap(\.key.name)),
            clients: clients
        )
    }
}
