package import Vocabulary

/// Finds the exchanges about one person, under every key that is left.
///
/// Only decisions name a person; the outcomes of the same exchanges follow from their identifiers.
package struct PersonSearch: Sendable {
    /// How a record names the person who is looked for.
    package enum Match: Sendable, Hashable {
        /// All given names agree.
        case person
        /// The first given name agrees, and the others are unknown or were not given.
        case possibleHomonym
        /// The record is about somebody else, or about nobody.
        case none
    }

    private let names: [String: PersonMark]
    private var exchanges: [ExchangeID: Match] = [:]

    /// Looks for the person that a pivot names.
    package init(_ pivot: PivotIdentity, keyring: Keyring) {
        names = Dictionary(keyring.everyName(of: pivot).map { ($0.key, $0) }) { first, _ in first }
    }

    /// Judges a record; records come in the order of the journal.
    package mutating func match(_ record: JournalRecord) -> Match {
        let exchange = record.id
        guard case .decision = record else { return exchanges[exchange] ?? .none }
        let match = match(record.person)
        if match != .none { exchanges[exchange] = match }
        return match
    }

    private func match(_ person: PersonMark?) -> Match {
        guard let person, let name = names[person.key], name.pseudonym == person.pseudonym else {
            return .none
        }
        guard let full = person.fullPseudonym, let ours = name.fullPseudonym else {
            // Two people with one given name each, and that name alike, agree in all that is known.
            let isAlike = person.fullPseudonym == nil && name.fullPseudonym == nil
            return isAlike ? .person : .possibleHomonym
        }
        return full == ours ? .person : .none
    }
}
