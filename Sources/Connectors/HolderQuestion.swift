package import Vocabulary

/// All that a connector may know of one exchange: what to ask one holder, and about whom.
package final class HolderQuestion: Sendable {
    package let dataset: DatasetID
    package let mode: Mode
    /// The leaves to read; nothing else is taken from the answer.
    package let leaves: Set<FieldPath>
    package let period: Period?
    /// The legal day of the decision.
    package let today: CalendarDate
    package let pivot: Sensitive<PivotIdentity>
    package let identifiers: [IdentifierKind: Sensitive<String>]
    /// The FranceConnect token, where the usager gave one.
    package let token: Sensitive<String>?
    package let recipient: Siret
    package let purpose: PurposeID
    package let exchange: ExchangeID

    package init(
        dataset: DatasetID,
        mode: Mode,
        leaves: Set<FieldPath>,
        period: Period?,
        today: CalendarDate,
        pivot: Sensitive<PivotIdentity>,
        identifiers: [IdentifierKind: Sensitive<String>] = [:],
        token: Sensitive<String>? = nil,
        recipient: Siret,
        purpose: PurposeID,
        exchange: ExchangeID
    ) {
        self.dataset = dataset
        self.mode = mode
        self.leaves = leaves
        self.period = period
        self.today = today
        self.pivot = pivot
        self.identifiers = identifiers
        self.token = token
        self.recipient = recipient
        self.purpose = purpose
        self.exchange = exchange
    }

    /// The same question about a person whose birth date is written otherwise.
    package func asking(birthDate: PartialDate) -> HolderQuestion {
        HolderQuestion(
            dataset: dataset, mode: mode, leaves: leaves, period: period, today: today,
            pivot: pivot.map { $0.with(birthDate: birthDate) }, identifiers: identifiers,
            token: token, recipient: recipient, purpose: purpose, exchange: exchange
        )
    }
}

extension PivotIdentity {
    /// The date that may hide behind one completed with 01, if this one may.
    package var presumedDate: PartialDate? {
        guard mayBePresumed, case .day(let date) = birthDate, date.day == 1 else { return nil }
        return date.month == 1 ? .year(date.year) : .month(date.yearMonth)
    }

    func with(birthDate: PartialDate) -> PivotIdentity {
        PivotIdentity(
            birthName: birthName, usageName: usageName, givenNames: givenNames,
            birthDate: birthDate, mayBePresumed: mayBePresumed, sex: sex,
            birthCountry: birthCountry, birthCommune: birthCommune
        )
    }
}

/// Why a holder cannot be asked this question at all: a variable of its request has no value.
package struct CallImpossible: Error, Sendable, Equatable {
    package let reason: MissingReason
    /// The variable's name, as the connector writes it.
    package let variable: String
}
