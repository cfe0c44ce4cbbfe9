/// A fictitious person of the sandbox.
package struct Person: Sendable {
    /// A readable key, such as `maelle-kerouanton`.
    package let id: String
    /// What the person is there to show, in French.
    package let trap: String
    let identity: CivilIdentity
    let taxNumber: String?
    let jobSeekerNumber: String?
    let studentNumber: String?
    /// Whether FranceConnect can log the person in.
    package let usesFranceConnect: Bool

    init(
        _ id: String, _ trap: String, _ identity: CivilIdentity, tax: String? = nil,
        jobSeeker: String? = nil, student: String? = nil, usesFranceConnect: Bool = true
    ) {
        self.id = id
        self.trap = trap
        self.identity = identity
        taxNumber = tax.map(Sandbox.taxNumber)
        jobSeekerNumber = jobSeeker
        studentNumber = student
        self.usesFranceConnect = usesFranceConnect
    }
}

/// All that the sandbox's holders know, and about whom.
struct Town: Sendable {
    /// Everyone, in the order in which they are listed.
    let people: [Person]
    let households: [TaxHousehold]
    let families: [FamilyFile]
    /// Who is refused by the counter, and how; those in no family file are unknown to it.
    let counterRefusals: [String: CounterRefusal]
    let students: [StudentRecord]
    let jobSeekers: [JobSeekerRecord]
    let pay: [PayRecord]

    private let places: [String: Int]
    /// The people by birth name, as the holders compare it.
    private let namesakes: [String: [Person]]
    /// The people by any identifier of theirs.
    private let owners: [String: Person]

    init(
        people: [Person], households: [TaxHousehold], families: [FamilyFile],
        counterRefusals: [String: CounterRefusal], students: [StudentRecord],
        jobSeekers: [JobSeekerRecord], pay: [PayRecord]
    ) {
        self.people = people
        self.households = households
        self.families = families
        self.counterRefusals = counterRefusals
        self.students = students
        self.jobSeekers = jobSeekers
        self.pay = pay
        places = Dictionary(
            people.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        namesakes = Dictionary(grouping: people) { folded($0.identity.birthName) }
        owners = Dictionary(
            people.flatMap { person in
                [person.taxNumber, person.jobSeekerNumber, person.studentNumber]
                    .compactMap { $0 }.map { ($0, person) }
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// Those whose birth name, folded, is this one.
    func people(named name: String) -> [Person] { namesakes[name] ?? [] }

    /// The one whose tax, job-seeker's or student's number this is.
    func owner(of identifier: String) -> Person? { owners[identifier] }

    /// The person of an id.
    func person(_ id: String) -> Person? {
        places[id].map { people[$0] }
    }

    /// The fictitious people and records that the sandbox is delivered with.
    static let standard = Town(
        people: ordinaryPeople + namedPeople + distantPeople + recordedPeople,
        households: taxHouseholds, families: familyFiles, counterRefusals: refusedByTheCounter,
        students: studentRecords, jobSeekers: jobSeekerRecords, pay: payRecords)
}
