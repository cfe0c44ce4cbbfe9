import JSONText
package import Vocabulary

/// Traits of an identity that a holder may return.
enum Trait: String, CaseIterable, Sendable {
    case birthName = "nom_naissance"
    case usageName = "nom_usage"
    case givenNames = "prenoms"
    case birthDate = "date_naissance"
    case sex = "sexe"
    case birthCountry = "pays_naissance"
    case birthCommune = "commune_naissance"

    /// Those without which an identity agrees with nobody, where its connector names them.
    static let required: [Trait] = [.birthName, .givenNames, .birthDate]

    var fieldType: FieldType {
        switch self {
        case .birthDate: .date
        case .sex: .enumeration
        default: .texte
        }
    }
}

/// Where a trait stands in the answer.
enum TraitSource: Sendable, Hashable {
    case pointer(Int, Conversion)
    /// A date in three scalars.
    case dateParts(day: Int, month: Int, year: Int)

    var pointers: [Int] {
        switch self {
        case .pointer(let pointer, _): [pointer]
        case .dateParts(let day, let month, let year): [day, month, year]
        }
    }
}

/// One person, or one list of persons, whom an answer names and who may be the usager.
struct PersonPlan: Sendable {
    /// The pointer of the list's elements; nil for one person.
    let list: Int?
    let traits: [Trait: TraitSource]
}

/// How the identity of an answer is told.
struct AgreementPlan: Sendable {
    let persons: [PersonPlan]
    let tolerances: ReturnedIdentity.Tolerances

    var pointers: [Int] {
        persons.flatMap { $0.traits.values.flatMap(\.pointers) }
    }
}

/// An array of the contract, and the elements of the answer that it is made of.
struct ListPlan: Sendable {
    /// The path of the array's own step: `salaires.versements[]`.
    let path: FieldPath
    /// The pointer of the elements.
    let pointer: Int
    /// The node of the outermost array on the way: where it was met, the list is known.
    let outermost: Int
    /// Where an element says its month, so that those outside the period are left.
    let bound: (pointer: Int, format: DateFormat)?
    /// Where an element says its month, so that a month's elements make one.
    let grouping: (pointer: Int, format: DateFormat)?

    var pointers: [Int] { [bound?.pointer, grouping?.pointer].compactMap { $0 } }
}

/// An interval and what else must hold for it to count.
struct InForcePlan: Sendable {
    let list: Int?
    let begin: (pointer: Int, format: DateFormat)
    let end: (pointer: Int, format: DateFormat)?
    /// A scalar and the texts of which it must be one.
    let condition: (pointer: Int, texts: Set<String>)?

    var pointers: [Int] {
        [begin.pointer, end?.pointer, condition?.pointer].compactMap { $0 }
    }
}

/// What a leaf is made of.
enum LeafSource: Sendable {
    case pointer(Int, Conversion)
    case dateParts(TraitSource)
    /// A header of the answer.
    case header(String, Conversion)
    /// A trait of the person whom the answer names beside the usager.
    case other(Trait)
    /// Whether a scalar is there and not blank.
    case presence(Int)
    /// How many elements a list of the answer has.
    case count(pointer: Int, outermost: Int)
    /// Whether an interval covers the period's date.
    case inForce(InForcePlan, outermost: Int?)
    /// In a grouped list: the month of the group.
    case groupMonth
    /// In a grouped list: the sum of a scalar over the group.
    case sum(Int, Conversion)

    var pointers: [Int] {
        switch self {
        case .pointer(let pointer, _), .sum(let pointer, _), .presence(let pointer): [pointer]
        case .dateParts(let source): source.pointers
        case .inForce(let plan, _): plan.pointers
        case .other, .count, .groupMonth, .header: []
        }
    }

    /// Those of its pointers that are the field as the holder sends it, rather than what it is made
    /// of.
    var sentPointers: [Int] {
        switch self {
        case .pointer, .dateParts, .presence: pointers
        case .header, .other, .count, .inForce, .groupMonth, .sum: []
        }
    }
}

/// A field of the contract as one reading gives it.
final class LeafPlan: Sendable {
    let path: FieldPath
    /// The list that it belongs to, by its index in the reading.
    let list: Int?
    let source: LeafSource
    let type: FieldType
    /// The pointers that it is made of.
    let pointers: [Int]
    /// Those among them that are the field as the holder sends it.
    let sentPointers: [Int]

    init(path: FieldPath, list: Int?, source: LeafSource, type: FieldType) {
        self.path = path
        self.list = list
        self.source = source
        self.type = type
        pointers = source.pointers
        sentPointers = source.sentPointers
    }
}

/// What an answer means.
package enum CallOutcome: Hashable, Sendable {
    case obtained
    case ended(MissingReason)
}

/// What a scalar of the answer must be for a rule to hold.
struct BodyCondition: Sendable {
    let pointer: Int
    /// The texts of which it is one, whether the holder writes a number or a text.
    let texts: Set<String>
    /// The texts of which it holds one.
    let contained: [String]

    func holds(_ scalar: RawScalar) -> Bool {
        guard let text = scalar.known else { return false }
        return texts.contains(text) || contained.contains { text.contains($0) }
    }
}

/// One rule on what an answer means.
struct OutcomeRule: Sendable {
    let statuses: [ClosedRange<Int>]
    /// A header and the values of which it must have one; none means that it must be there.
    let header: (name: String, values: Set<String>)?
    let body: BodyCondition?
    let outcome: CallOutcome
    let retryAfterSeconds: Int?
}

/// How one answer of a holder is read.
final class ReadingPlan: Sendable {
    let name: String
    let selection: Selection
    let mediaTypes: [String]
    let limits: JSONLimits
    let rules: [OutcomeRule]
    let agreement: AgreementPlan?
    let lists: [ListPlan]
    let leaves: [LeafPlan]
    /// Where the answer says its year, which must be the one that was asked.
    let yearCheck: Int?
    /// What is kept for a later step's request.
    let kept: [String: Int]
    /// The fields that the reading can give.
    let fields: Set<FieldPath>
    /// By pointer: whether it is taken whatever is asked, to judge the answer and then be dropped.
    private let controlled: [Bool]

    init(
        name: String, selection: Selection, mediaTypes: [String], limits: JSONLimits,
        rules: [OutcomeRule], agreement: AgreementPlan?, lists: [ListPlan], leaves: [LeafPlan],
        yearCheck: Int?, kept: [String: Int]
    ) {
        self.name = name
        self.selection = selection
        self.mediaTypes = mediaTypes
        self.limits = limits
        self.rules = rules
        self.agreement = agreement
        self.lists = lists
        self.leaves = leaves
        self.yearCheck = yearCheck
        self.kept = kept
        fields = Set(leaves.map(\.path))
        var controlled = Array(repeating: false, count: selection.pointers.count)
        let pointers =
            rules.compactMap { $0.body?.pointer } + (agreement?.pointers ?? []) + kept.values
            + [yearCheck].compactMap { $0 }
        for pointer in pointers { controlled[pointer] = true }
        self.controlled = controlled
    }

    /// By leaf: whether it is among those that are asked.
    func asked(_ fields: Set<FieldPath>) -> [Bool] {
        leaves.map { fields.contains($0.path) }
    }

    /// By pointer: whether it may be taken when these leaves are read.
    func wanted(for asked: [Bool]) -> [Bool] {
        var wanted = controlled
        for (leaf, isAsked) in zip(leaves, asked) where isAsked {
            for pointer in leaf.pointers { wanted[pointer] = true }
            if let list = leaf.list {
                for pointer in lists[list].pointers { wanted[pointer] = true }
            }
        }
        return wanted
    }
}
