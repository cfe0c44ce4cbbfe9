/// One leaf that leaves, under the form that was granted.
package struct ReleasedLeaf: Sendable, Hashable {
    /// Where it stands; a form over a whole array (count, sum…) has no index for that array.
    package let instance: LeafInstance
    package let form: FormKey
    package let value: Sensitive<FieldValue>

    package init(instance: LeafInstance, form: FormKey, value: Sensitive<FieldValue>) {
        self.instance = instance
        self.form = form
        self.value = value
    }
}

/// One leaf that was granted and does not leave.
package struct MissingLeaf: Sendable, Hashable {
    package let instance: LeafInstance
    package let form: FormKey
    package let reason: MissingReason
    package let fallback: Fallback
    package let retryAfterSeconds: Int?

    package init(
        instance: LeafInstance,
        form: FormKey,
        reason: MissingReason,
        fallback: Fallback,
        retryAfterSeconds: Int? = nil
    ) {
        self.instance = instance
        self.form = form
        self.reason = reason
        self.fallback = fallback
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The leaf by name, with its form: `quotient_familial.enfants[1].date_naissance@annee`.
    package var text: String {
        form == .value ? instance.text : "\(instance.text)@\(form.text)"
    }
}

/// What leaves of one holder's answer, and what does not: every granted leaf is in one or the
/// other.
package struct Release: Sendable, Equatable {
    package var leaves: [ReleasedLeaf]
    package var missing: [MissingLeaf]
    /// The lengths of the arrays of which a leaf was granted as a value or element by element.
    package var extents: [HolderReading.Extent]

    package init(
        leaves: [ReleasedLeaf] = [],
        missing: [MissingLeaf] = [],
        extents: [HolderReading.Extent] = []
    ) {
        self.leaves = leaves
        self.missing = missing
        self.extents = extents
    }
}
