/// The type of a field's value.
package enum FieldType: String, CaseIterable, Sendable {
    case entier
    case decimal
    case booleen
    case texte
    case date
    case mois
    case enumeration
}

/// What the catalogue says of one field.
package struct FieldContract: Sendable, Hashable {
    package let path: FieldPath
    package let type: FieldType
    /// The values of an enumeration, empty for another type.
    package let values: [String]
    /// The French name that forms and notices show.
    package let label: String
    /// `courante`, `personnelle` or `hautement_personnelle`.
    package let sensitivity: String
    /// FranceConnect scopes, of which any one announces the field; empty where none exists.
    package let scopes: [String]
    /// W3C Data Privacy Vocabulary category.
    package let dpvCategory: String
    /// The row of CRPA D114-9-1.
    package let decreeRow: String?
    /// Whether that row was not read again.
    package let isDecreeRowToConfirm: Bool
    /// Whether the connector computes the field from what the holder gives.
    package let isDerived: Bool
    /// For a beginning: the local path of the date that ends the interval.
    package let intervalEnd: FieldPath?

    package init(
        path: FieldPath,
        type: FieldType,
        values: [String] = [],
        label: String,
        sensitivity: String,
        scopes: [String] = [],
        dpvCategory: String,
        decreeRow: String? = nil,
        isDecreeRowToConfirm: Bool = true,
        isDerived: Bool = false,
        intervalEnd: FieldPath? = nil
    ) {
        self.path = path
        self.type = type
        self.values = values
        self.label = label
        self.sensitivity = sensitivity
        self.scopes = scopes
        self.dpvCategory = dpvCategory
        self.decreeRow = decreeRow
        self.isDecreeRowToConfirm = isDecreeRowToConfirm
        self.isDerived = isDerived
        self.intervalEnd = intervalEnd
    }
}

/// What the catalogue says of one data set.
package struct DatasetContract: Sendable, Hashable {
    package let id: DatasetID
    package let label: String
    package let periodKind: PeriodKind
    /// How far back a period may reach, in months; nil where the policy alone decides.
    package let monthsBack: Int?
    /// Whether the contract is the project's own because no public one exists.
    package let isOwnContract: Bool
    /// The fields, in the order of the document.
    package let fields: [FieldContract]
    /// What the form does when the data set is missing.
    package let fallback: Fallback

    package init(
        id: DatasetID,
        label: String,
        periodKind: PeriodKind,
        monthsBack: Int?,
        isOwnContract: Bool,
        fields: [FieldContract],
        fallback: Fallback
    ) {
        self.id = id
        self.label = label
        self.periodKind = periodKind
        self.monthsBack = monthsBack
        self.isOwnContract = isOwnContract
        self.fields = fields
        self.fallback = fallback
    }
}

/// Every data set's contract, indexed by field.
package struct FieldCatalogue: Sendable {
    package let datasets: [DatasetID: DatasetContract]
    private let fields: [FieldPath: FieldContract]

    package init(_ contracts: [DatasetContract]) {
        var datasets: [DatasetID: DatasetContract] = [:]
        var fields: [FieldPath: FieldContract] = [:]
        for contract in contracts {
            datasets[contract.id] = contract
            for field in contract.fields {
                fields[field.path] = field
            }
        }
        self.datasets = datasets
        self.fields = fields
    }

    package subscript(_ path: FieldPath) -> FieldContract? {
        fields[path]
    }

    /// The leaves that a field stands for: itself, or those below a composite one; empty where
    /// unknown.
    package func leaves(of path: FieldPath) -> [FieldContract] {
        if let field = fields[path] { return [field] }
        return datasets[path.dataset]?.fields.filter { $0.path.isWithin(path) } ?? []
    }

    package var allFields: [FieldContract] {
        datasets.values.sorted { $0.id < $1.id }.flatMap(\.fields)
    }
}

/// Which holder serves a data set in a mode, and what it needs: what the connectors tell the
/// policies.
package struct HolderService: Sendable, Hashable {
    package let holder: HolderID
    package let dataset: DatasetID
    package let mode: Mode
    /// The leaves that the holder's API can give in this mode.
    package let fields: Set<FieldPath>
    /// The identifier without which the holder cannot be asked in this mode.
    package let neededIdentifier: IdentifierKind?
    /// Whether the holder is handed the FranceConnect token and judges its scopes itself.
    package let introspectsToken: Bool
    /// Whether the call carries the identity that FranceConnect or the service gave.
    package let receivesIdentity: Bool
    /// Whether the holder's answer holds an identity to compare; if not, it is `sans_concordance`.
    package let returnsIdentity: Bool
    /// The lowest FranceConnect level that the holder itself accepts; nil where it takes any.
    package let minimumLevel: AssuranceLevel?
    /// The day from which the holder answers in this mode; nil where it does already.
    package private(set) var opensOn: CalendarDate?

    package init(
        holder: HolderID,
        dataset: DatasetID,
        mode: Mode,
        fields: Set<FieldPath>,
        neededIdentifier: IdentifierKind?,
        introspectsToken: Bool,
        receivesIdentity: Bool,
        returnsIdentity: Bool,
        minimumLevel: AssuranceLevel? = nil
    ) {
        self.holder = holder
        self.dataset = dataset
        self.mode = mode
        self.fields = fields
        self.neededIdentifier = neededIdentifier
        self.introspectsToken = introspectsToken
        self.receivesIdentity = receivesIdentity
        self.returnsIdentity = returnsIdentity
        self.minimumLevel = minimumLevel
    }

    /// The same service, from a day on.
    package func opening(on date: CalendarDate) -> HolderService {
        var service = self
        service.opensOn = date
        return service
    }
}
