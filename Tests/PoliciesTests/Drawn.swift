import Vocabulary

@testable import Policies

// What a decision depends on, drawn at random, as plain values: the reference evaluator reads
// them, and their documents go through the real readers.

/// Contracts, holders, services and purposes.
struct DrawnWorld {
    var datasets: [DrawnDataset]
    var holders: [HolderService]
    var services: [DrawnService]
    var purposes: [DrawnPurpose]
}

struct DrawnDataset {
    var name: String
    var kind: PeriodKind
    var rule: DrawnPeriods
    var fallback: Fallback
    var leaves: [DrawnLeaf]
}

struct DrawnLeaf {
    /// The whole path: `paie.versements[].montant`.
    var path: String
    var type: FieldType
    var scopes: [String]
    /// The whole path of the date that ends the interval.
    var intervalEnd: String?
}

/// The members of a rule of periods, of which a data set takes its own.
struct DrawnPeriods {
    /// Years back: usual, least, most.
    var years: [Int]?
    /// Months back: usual, least, most.
    var monthsBack: [Int]?
    /// Days before and after today.
    var days: [Int]?
    /// Months together: usual length, greatest length, and how far back.
    var stretch: [Int]?
}

struct DrawnService {
    var name: String
    var siret: String
    var contacts: [String]
}

struct DrawnPurpose {
    var service: String
    var name: String
    var version: Int
    var state: String
    var contact: String
    var retention: Int
    var habilitations: [DrawnHabilitation]
    /// Nil where the purpose does not admit FranceConnect.
    var franceConnect: DrawnFranceConnect?
    /// The identifiers that may stand beside a pivot; nil where the mode is not admitted.
    var identity: [IdentifierKind]?
    var initiators: [DrawnInitiator]
    var roles: [DossierRole]
    var fields: [DrawnField]
    var forbidden: [String]
    var periods: [String: DrawnPeriods]
    var withoutIdentity: [String]

    var id: String { "\(service)/\(name)" }
}

struct DrawnFranceConnect {
    var level: AssuranceLevel
    var clients: [String]
}

struct DrawnHabilitation {
    var recipient: String
    var delegate: String?
    var from: CalendarDate
    var to: CalendarDate
}

struct DrawnInitiator {
    var quality: InitiatorQuality
    /// Empty where the document names no mode.
    var modes: [Mode]
}

struct DrawnField {
    var path: String
    var forms: [DrawnForm]
    var fallback: Fallback?
}

struct DrawnForm: Equatable {
    var kind: FormKind
    var name: String?
    var comparison: String?
    var bound: ExactDecimal?
    var brackets: [DrawnBracket] = []
    var years: Int?

    /// As a request writes it after `@`.
    var text: String { name.map { "\(kind.rawValue).\($0)" } ?? kind.rawValue }
}

struct DrawnBracket: Equatable {
    var label: String
    var from: ExactDecimal?
}

/// What a service asks.
struct DrawnRequest {
    var service: String
    var recipient: String
    var purpose: String
    var fields: [String]
    var periods: [String: RequestedPeriod]
    var mode: Mode
    var quality: InitiatorQuality
    var agent: String?
    var role: DossierRole?
    var now: Timestamp
}

/// What identifying the usager showed.
struct DrawnPerson {
    /// The mode in which it was identified, nearly always the request's.
    var mode: Mode
    var client: String?
    var level: AssuranceLevel
    /// Scopes by holder.
    var scopes: [String: Set<String>]
    var identifiers: [IdentifierKind]
}
