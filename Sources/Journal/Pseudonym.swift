import Cryptography
package import Vocabulary

/// A key of one year: 32 random bytes that are destroyed 36 months after their last record.
package struct YearKey: Sendable, Hashable {
    /// The legal year (Europe/Paris) in which it is used.
    package let year: Int
    /// The key.
    package let secret: Sensitive<[UInt8]>

    /// Takes 32 random bytes.
    package init(year: Int, secret: [UInt8]) {
        precondition(secret.count == 32, "a key of 32 bytes")
        self.year = year
        self.secret = Sensitive(secret)
    }
}

/// The keys under which people, dossiers and counters are named.
package struct Keyring: Sendable {
    private let pseudonyms: [Int: YearKey]
    private let counters: [Int: YearKey]

    /// Takes the keys of every year that still has records.
    package init(pseudonyms: [YearKey], counters: [YearKey]) {
        self.pseudonyms = Dictionary(pseudonyms.map { ($0.year, $0) }) { first, _ in first }
        self.counters = Dictionary(counters.map { ($0.year, $0) }) { first, _ in first }
    }

    /// Whether the keys of the year of a moment are there.
    package func covers(_ time: Timestamp) -> Bool {
        let year = time.parisDate.year
        return pseudonyms[year] != nil && counters[year] != nil
    }

    /// How a record of this moment names a person; nil without that year's key.
    package func person(_ pivot: PivotIdentity, at time: Timestamp) -> PersonMark? {
        pseudonyms[time.parisDate.year].map { mark(pivot, under: $0) }
    }

    /// How records name a person under each key that is left, the latest first.
    package func everyName(of pivot: PivotIdentity) -> [PersonMark] {
        pseudonyms.values.sorted { $0.year > $1.year }.map { mark(pivot, under: $0) }
    }

    /// How counters of this moment name a person, and whoever shares their birth name and birth
    /// date; nil without that year's key.
    package func counterKeys(
        of pivot: PivotIdentity, at time: Timestamp
    ) -> (person: KeyedDigest, namesakes: KeyedDigest)? {
        counters[time.parisDate.year].map { key in
            let parts = PersonParts(pivot)
            func digest(_ domain: String, _ components: [String]) -> KeyedDigest {
                KeyedDigest(
                    key: Keyring.counterKeyName(key.year),
                    digest: hmacSHA256(
                        key: key.secret.reveal(), message(domain, components)))
            }
            return (
                digest("dlnuf/compteur/v1", parts.components(givenNames: parts.firstGivenName)),
                digest("dlnuf/variantes/v1", [parts.birthName, parts.birthDate])
            )
        }
    }

    /// How a record of this moment names a service's dossier; nil without that year's key.
    ///
    /// The service is part of what is hashed: the same number at two services joins nothing.
    package func dossier(
        _ dossier: String,
        of service: ServiceID,
        at time: Timestamp
    ) -> KeyedDigest? {
        counters[time.parisDate.year].map { key in
            KeyedDigest(
                key: Keyring.counterKeyName(key.year),
                digest: hmacSHA256(
                    key: key.secret.reveal(),
                    message("dlnuf/dossier/v1", [service.text, dossier])
                )
            )
        }
    }

    private func mark(_ pivot: PivotIdentity, under key: YearKey) -> PersonMark {
        let parts = PersonParts(pivot)
        func pseudonym(_ givenNames: String) -> [UInt8] {
            hmacSHA256(
                key: key.secret.reveal(),
                message("dlnuf/pseudonyme/v1", parts.components(givenNames: givenNames)))
        }
        return PersonMark(
            key: Keyring.pseudonymKeyName(key.year),
            pseudonym: pseudonym(parts.firstGivenName),
            // A single given name may be all that was typed: then nothing separates homonyms.
            fullPseudonym: parts.allGivenNames.map(pseudonym)
        )
    }

    /// The name of the key under which a year's people are named.
    package static func pseudonymKeyName(_ year: Int) -> String { "pseudonymes-\(year)" }

    /// The name of the key under which a year's counters and dossiers are named.
    package static func counterKeyName(_ year: Int) -> String { "compteurs-\(year)" }
}

/// What tells one person from another, folded once.
private struct PersonParts {
    let birthName: String
    let firstGivenName: String
    /// Nil where there is only one.
    let allGivenNames: String?
    let birthDate: String
    let birthplace: String

    init(_ pivot: PivotIdentity) {
        let givenNames = pivot.givenNames.map(foldedToCapitals)
        birthName = foldedToCapitals(pivot.birthName)
        firstGivenName = givenNames.first ?? ""
        allGivenNames = givenNames.count > 1 ? givenNames.joined(separator: " ") : nil
        birthDate = pivot.birthDate.earliest?.text ?? pivot.birthDate.text
        birthplace = (pivot.isBornInFrance ? pivot.birthCommune : nil) ?? pivot.birthCountry
    }

    /// The components in the order that is hashed.
    func components(givenNames: String) -> [String] {
        [birthName, givenNames, birthDate, birthplace]
    }
}

/// A domain, then each component preceded by its length in 4 bytes, big-endian.
private func message(_ domain: String, _ components: [String]) -> [UInt8] {
    var bytes = Array(domain.utf8)
    for component in components {
        let utf8 = component.utf8
        let length = UInt32(utf8.count)
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        bytes += utf8
    }
    return bytes
}
