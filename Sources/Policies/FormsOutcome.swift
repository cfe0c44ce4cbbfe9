package import Vocabulary

/// What the granted forms of one holder's answer come to: every granted leaf, and nothing else.
package struct FormsOutcome: Sendable, Equatable {
    /// One answer or one reason; a form over an array has no index, an element's own value has.
    package struct Entry: Sendable, Equatable {
        package let request: FieldRequest
        /// The indices of the element, outermost first; empty outside arrays and for what covers a
        /// whole array.
        package let indices: [Int]
        package let reading: LeafReading
        package let fallback: Fallback
    }

    /// In the order of the grant, elements in the order of the answer.
    package let entries: [Entry]
    /// The arrays of which elements leave, so that an empty one is told from an unknown one.
    package let extents: [HolderReading.Extent]
}

/// Applies each granted leaf's form to what was read.
///
/// Pure and total: a leaf that was granted comes out as values or as reasons, never as nothing.
/// - Parameters:
///   - leaves: the leaves that a permit granted for this holder and data set.
///   - reading: what was read of the holder's answer, identity checks passed.
///   - date: the day at which ages and intervals are judged.
/// - Returns: what may leave, leaf by leaf.
package func applyForms(
    of leaves: [GrantedLeaf], to reading: HolderReading, at date: CalendarDate
) -> FormsOutcome {
    var entries: [FormsOutcome.Entry] = []
    var extents: [HolderReading.Extent] = []
    let source = FormSource(reading: reading, date: date)
    for leaf in leaves {
        for (indices, result) in source.apply(leaf) {
            entries.append(
                FormsOutcome.Entry(
                    request: leaf.request, indices: indices, reading: result,
                    fallback: leaf.fallback))
        }
        guard leaf.form.isPerElement else {
            continue
        }
        for extent in source.extents(of: leaf.contract.path) where !extents.contains(extent) {
            extents.append(extent)
        }
    }
    return FormsOutcome(entries: entries, extents: extents)
}

extension HolderAsk {
    /// The day at which ages and intervals are judged: the period's, else the legal day.
    package var formsDate: CalendarDate {
        switch period {
        case .date(let date), .dateAndMonths(let date, _, _): date
        default: today
        }
    }

    /// Applies the granted forms to what was read for this question.
    package func applyForms(to reading: HolderReading) -> FormsOutcome {
        Policies.applyForms(of: leaves, to: reading, at: formsDate)
    }
}

extension FormDefinition {
    /// Whether the form answers for each element of an array, rather than once for all of them.
    package var isPerElement: Bool {
        switch self {
        case .valeur, .seuil, .tranche, .annee, .age, .initiale: true
        case .presence, .nombre, .nombreMoinsDe, .somme, .moyenne, .enVigueur: false
        }
    }
}
