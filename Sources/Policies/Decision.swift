package import Vocabulary

/// One leaf that a decision grants, under one form.
///
/// Made once with its policy; decisions, permits and asks pass a reference on.
package final class GrantedLeaf: Sendable, Hashable {
    /// The leaf and its form; a composite field of the request has become its leaves.
    package let request: FieldRequest
    package let form: FormDefinition
    package let contract: FieldContract
    package let holder: HolderID
    /// What the form does where this leaf is missing.
    package let fallback: Fallback
    /// FranceConnect scopes of which one must be announced; empty where none is needed or where
    /// the holder
    /// judges the token itself.
    package let scopes: [String]

    init(
        request: FieldRequest,
        form: FormDefinition,
        contract: FieldContract,
        holder: HolderID,
        fallback: Fallback,
        scopes: [String]
    ) {
        self.request = request
        self.form = form
        self.contract = contract
        self.holder = holder
        self.fallback = fallback
        self.scopes = scopes
    }

    package static func == (left: GrantedLeaf, right: GrantedLeaf) -> Bool {
        left === right
            || (left.request == right.request && left.form == right.form
                && left.contract == right.contract && left.holder == right.holder
                && left.fallback == right.fallback && left.scopes == right.scopes)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(request)
        hasher.combine(holder)
    }
}

/// What a decision says: everything that explain shows, the journal records and tests compare.
///
/// It knows no person. It is all or nothing: either every leaf is granted or the refusals name
/// every field that
/// stands in the way. An immutable reference: an exchange carries it from start to end.
package final class Decision: Sendable, Equatable {
    /// The policy that decided: one reference, which all its decisions share.
    package final class Rule: Sendable, Equatable {
        package let purpose: PurposeID
        package let version: Int
        /// SHA-256 of the policy's bytes, in hexadecimal.
        package let hash: String

        package init(purpose: PurposeID, version: Int, hash: String) {
            self.purpose = purpose
            self.version = version
            self.hash = hash
        }

        package static func == (left: Rule, right: Rule) -> Bool {
            left === right
                || (left.purpose == right.purpose && left.version == right.version
                    && left.hash == right.hash)
        }

        /// The policy and its version: `cnaf/aide-logement@3`.
        package var text: String { "\(purpose.text)@\(version)" }
    }

    package let question: ExchangeQuestion
    /// The hash of the policy set, in hexadecimal.
    package let generation: String
    /// Nil where the purpose is unknown.
    package let rule: Rule?
    package let granted: [GrantedLeaf]
    package let refusals: [Refusal]
    /// The period that each data set will be asked for, defaults filled in.
    package let periods: [DatasetID: Period]
    /// The level that FranceConnect must have given, nil in the identity mode.
    package let requiredLevel: AssuranceLevel?
    /// Identifiers that the holders of these fields cannot do without.
    package let neededIdentifiers: Set<IdentifierKind>
    /// How long the service may keep what it gets, in days.
    package let retentionDays: Int?

    package var isPermitted: Bool { refusals.isEmpty && !granted.isEmpty }

    init(
        question: ExchangeQuestion,
        generation: String,
        rule: Rule?,
        granted: [GrantedLeaf],
        refusals: [Refusal],
        periods: [DatasetID: Period],
        requiredLevel: AssuranceLevel?,
        neededIdentifiers: Set<IdentifierKind>,
        retentionDays: Int?
    ) {
        self.question = question
        self.generation = generation
        self.rule = rule
        self.granted = granted
        self.refusals = refusals
        self.periods = periods
        self.requiredLevel = requiredLevel
        self.neededIdentifiers = neededIdentifiers
        self.retentionDays = retentionDays
    }

    package static func == (left: Decision, right: Decision) -> Bool {
        left.question == right.question && left.generation == right.generation
            && left.rule == right.rule && left.granted == right.granted
            && left.refusals == right.refusals && left.periods == right.periods
            && left.requiredLevel == right.requiredLevel
            && left.neededIdentifiers == right.neededIdentifiers
            && left.retentionDays == right.retentionDays
    }
}
