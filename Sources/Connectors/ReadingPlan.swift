import JSONText
import Vocabulary

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

/// A date in several scalars; the day and the month may be nowhere.
struct DateParts: Sendable, Hashable {
    let day: ScalarSource?
    let month: ScalarSource?
    let year: ScalarSource

    var pointers: [Int] { [day, month, year].compactMap { $0 }.flatMap(\.pointers) }
}

/// Where a trait stands in the answer.
enum TraitSource: Sendable, Hashable {
    case pointer(ScalarSource, Conversion)
    case dateParts(DateParts)

    var pointers: [Int] {
        switch self {
        case .pointer(let source, _): source.pointers
        case .dateParts(let parts): parts.pointers
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

/// What the answer repeats of the question, and must repeat truly.
struct EchoPlan: Sendable {
    let variable: Variable
    let pointer: Int
}

/// A date of the answer, and how it is written.
struct DatedSource: Sendable {
    let source: ScalarSource
    let format: DateFormat

    /// The date, the outer nil where what stands there is no date, the inner where none is known.
    func date(_ captures: Captures, at place: ArrayPlace) -> PartialDate?? {
        guard let scalar = captures.scalar(source, at: place) else { return .some(nil) }
        guard scalar != .composite else { return nil }
        guard let text = scalar.known else { return .some(nil) }
        return format.date(text, isNumber: scalar.isNumber)
    }
}

/// A scalar and the texts of which it must be one.
struct Condition: Sendable {
    let source: ScalarSource
    let texts: Set<String>

    /// Whether it holds for an element; nil where the answer does not say.
    func holds(_ captures: Captures, at place: ArrayPlace) -> Bool? {
        (captures.scalar(source, at: place)?.known).map { texts.contains($0) }
    }
}

/// Elements of the answer, and which of them count.
struct ElementsPlan: Sendable {
    /// The pointer of the elements.
    let pointer: Int
    /// The node of the outermost array on the way: where it was met, the list is known.
    let outermost: Int
    /// Where an element says its month, so that those outside the period are left.
    let bound: DatedSource?
    let condition: Condition?

    /// What is read to tell which elements count.
    var judged: [Int] {
        (bound?.source.pointers ?? []) + (condition?.source.pointers ?? [])
    }
}

/// An array of the contract, and the elements of the answer that it is made of.
struct ListPlan: Sendable {
    /// The path of the array's own step: `salaires.versements[]`.
    let path: FieldPath
    let elements: ElementsPlan
    /// Where an element says its month, so that a month's elements make one.
    let grouping: DatedSource?

    var pointer: Int { elements.pointer }
    var pointers: [Int] { elements.judged + (grouping?.source.pointers ?? []) }
}

/// An interval and what else must hold for it to count.
struct InForcePlan: Sendable {
    let elements: ElementsPlan?
    let begin: DatedSource
    let end: DatedSource?
    let condition: Condition?

    var pointers: [Int] {
        begin.source.pointers + (end?.source.pointers ?? [])
            + (condition?.source.pointers ?? [])
    }
}

/// What a leaf is made of.
enum LeafSource: Sendable {
    case pointer(ScalarSource, Conversion)
    case dateParts(DateParts, FieldType)
    /// A header of the answer.
    case header(String, Conversion)
    /// What the connector itself says of every answer.
    case constant(FieldValue)
    /// A trait of the person whom the answer names beside the usager.
    case other(Trait)
    /// Whether a scalar is there and not blank.
    case presence(ScalarSource)
    /// How many elements of a list count.
    case count(ElementsPlan)
    /// The sum or the mean of a scalar over the elements of a list that count.
    case total(ElementsPlan, ScalarSource, Conversion, isMean: Bool)
    /// Whether an interval covers the period's date.
    case inForce(InForcePlan)
    /// In a grouped list: the month of the group.
    case groupMonth
    /// In a grouped list: the sum of a scalar over the group.
    case sum(ScalarSource, Conversion)

    var pointers: [Int] {
        switch self {
        case .pointer(let source, _), .sum(let source, _), .presence(let source): source.pointers
        case .dateParts(let parts, _): parts.pointers
        case .inForce(let plan): plan.pointers
        case .count(let elements): elements.judged
        case .total(let elements, let source, _, _): elements.judged + source.pointers
        case .other, .groupMonth, .header, .constant: []
        }
    }

    /// Those of its pointers that are the field as the holder sends it, rather than what it is made
    /// of.
    var sentPointers: [Int] {
        switch self {
        case .pointer, .dateParts, .presence: pointers
        case .header, .other, .count, .inForce, .groupMonth, .sum, .total, .constant: []
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
    /// What the answer repeats of the question, and must repeat truly.
    let echoes: [EchoPlan]
    /// What is kept for a later step's request.
    let kept: [String: KeptPlan]
    /// The fields that the reading can give.
    let fields: Set<FieldPath>
    private let indices: [FieldPath: Int]
    /// By pointer: whether it is taken whatever is asked, to judge the answer and then be dropped.
    private let controlled: [Bool]

    init(
        name: String, selection: Selection, mediaTypes: [String], limits: JSONLimits,
        rules: [OutcomeRule], agreement: AgreementPlan?, lists: [ListPlan], leaves: [LeafPlan],
        echoes: [EchoPlan], kept: [String: KeptPlan]
    ) {
        self.name = name
        self.selection = selection
        self.mediaTypes = mediaTypes
        self.limits = limits
        self.rules = rules
        self.agreement = agreement
        self.lists = lists
        self.leaves = leaves
        self.echoes = echoes
        self.kept = kept
        fields = Set(leaves.map(\.path))
        indices = Dictionary(
            leaves.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
        var controlled = Array(repeating: false, count: selection.pointers.count)
        let pointers =
            rules.flatMap(\.pointers) + (agreement?.pointers ?? [])
            + kept.values.map(\.pointer)
            + echoes.map(\.pointer)
        for pointer in pointers { controlled[pointer] = true }
        self.controlled = controlled
    }

    /// By leaf: whether it is among those that are asked.
    func asked(_ fields: Set<FieldPath>) -> [Bool] {
        var asked = Array(repeating: false, count: leaves.count)
        for field in fields {
            if let index = indices[field] { asked[index] = true }
        }
        return asked
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
