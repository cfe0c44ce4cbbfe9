/// An address as the holders keep it; each shows it in its own way.
struct PostalAddress: Sendable, Hashable {
    let complement: String?
    let placeDetail: String?
    let street: String
    let hamlet: String?
    let postcode: String
    let town: String
    let townCode: String

    init(
        _ street: String, _ postcode: String, _ town: String, code: String,
        complement: String? = nil, placeDetail: String? = nil, hamlet: String? = nil
    ) {
        self.street = street
        self.postcode = postcode
        self.town = town
        townCode = code
        self.complement = complement
        self.placeDetail = placeDetail
        self.hamlet = hamlet
    }
}

// MARK: - DGFIP

/// A tax household: one or two declarants and their assessments.
struct TaxHousehold: Sendable {
    /// The ids of the first declarant and, in a joint household, of the second.
    let declarants: [String]
    let address: PostalAddress
    let assessments: [Assessment]
}

/// What the tax administration holds about one year of income.
struct Assessment: Sendable {
    /// How many years before the current one the income was earned.
    let yearsBack: Int
    let reference: Int
    /// The number of parts, such as `2.5`.
    let parts: String
    /// `M`, `C`, `D`, `V` or `O`.
    let situation: String
    let dependants: Int
    /// Set where the year is cut by a marriage, a separation or a death.
    let partial: String?
    /// Whether the second declarant is on this assessment.
    let joint: Bool

    /// Three years of income, the earlier ones a little lower.
    static func threeYears(
        _ reference: Int, parts: String, _ situation: String, dependants: Int = 0,
        joint: Bool = false
    ) -> [Assessment] {
        (1...3).map { back in
            Assessment(
                yearsBack: back, reference: max(0, reference - (back - 1) * 613), parts: parts,
                situation: situation, dependants: dependants, partial: nil, joint: joint)
        }
    }
}

// MARK: - CNAF and MSA

/// The fund that keeps a family's file.
enum FamilyFund: String, Sendable {
    case cnaf = "CNAF"
    case msa = "MSA"

    /// The value of `X-APISECU-FD` when this fund has answered.
    var counterCode: String { self == .cnaf ? "00810011" : "00171001" }
}

/// A family's file at its fund.
struct FamilyFile: Sendable {
    let fund: FamilyFund
    /// One or two people of the table.
    let allocataires: [String]
    let children: [CivilIdentity]
    let address: PostalAddress
    /// The family quotient of this year, or `nil` where the fund could not compute it.
    let quotient: Int?
}

/// What the social security counter answers for people without a family file.
enum CounterRefusal: Sendable {
    /// The national register of identities does not know the person.
    case unknownIdentity
    /// No fund is attached to the person: `40406` or `40412`.
    case noFund(code: Int)
    /// A fund is attached, and has no file.
    case noFile(FamilyFund)
}

// MARK: - MESRI

/// One student's enrolments.
struct StudentRecord: Sendable {
    let person: String
    let enrolments: [Enrolment]
}

/// One enrolment or admission, in an academic year counted back from the current one.
struct Enrolment: Sendable {
    let yearsBack: Int
    let enrolled: Bool
    let regime: String
    let townCode: String
    let uai: String
    let school: String
}

// MARK: - France Travail

/// One registration as a job-seeker.
struct JobSeekerRecord: Sendable {
    let person: String
    let registered: String
    let closed: String?
    let category: Int
    let email: String
    let telephone: String
    let address: PostalAddress
    let certification: String
    /// What is paid each month, in cents; `nil` where nothing is.
    let benefit: Benefit?
}

/// A month's benefits, in cents.
struct Benefit: Sendable {
    let allocations: Int
    let aids: Int
    let others: Int
}

// MARK: - GIP-MDS

/// What one person's employers declared.
struct PayRecord: Sendable {
    let person: String
    let jobs: [Job]
}

/// One contract with one employer.
struct Job: Sendable {
    let siren: String
    let siret: String
    let company: String
    let number: String
    let start: String
    let end: String?
    /// The DSN's nature of contract: `01` open-ended, `02` fixed-term.
    let nature: String
    /// The usual month's net taxable pay, in cents.
    let monthly: Int

    init(
        _ company: String, siren: String, site: String, contract: String, from start: String,
        until end: String? = nil, nature: String = "01", monthly: Int
    ) {
        let siren = withLuhnKey(siren)
        self.siren = siren
        siret = withLuhnKey(siren + site)
        self.company = company
        number = contract
        self.start = start
        self.end = end
        self.nature = nature
        self.monthly = monthly
    }
}

/// The digits followed by the key that makes the Luhn sum a multiple of ten.
func withLuhnKey(_ digits: String) -> String {
    var sum = 0
    for (index, byte) in digits.utf8.reversed().enumerated() {
        let digit = Int(byte) - Int(UInt8(ascii: "0"))
        let weighted = index % 2 == 0 ? digit * 2 : digit
        sum += weighted > 9 ? weighted - 9 : weighted
    }
    return digits + String((10 - sum % 10) % 10)
}

/// A fictitious tax number of thirteen digits: ten, and their remainder by 511.
func taxNumber(_ ten: String) -> String {
    let key = String((Int(ten) ?? 0) % 511)
    return ten + String(repeating: "0", count: 3 - key.utf8.count) + key
}
