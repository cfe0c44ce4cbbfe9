package import Vocabulary

/// What one holder would be asked, for one data set, should the exchange take place.
package struct ForeseenAsk: Sendable, Hashable {
    package let service: HolderService
    /// The leaves that it would answer.
    package let leaves: [GrantedLeaf]
    /// The leaves that it would be read for: those granted, and those that a form computes from.
    package let read: [FieldPath]
    package let period: Period?

    /// Says what would be asked.
    package init(
        service: HolderService, leaves: [GrantedLeaf], read: [FieldPath], period: Period?
    ) {
        self.service = service
        self.leaves = leaves
        self.read = read
        self.period = period
    }
}

/// What a decision says of one field, as it was asked.
package struct FieldVerdict: Sendable {
    package let field: String
    /// What stands against this field itself; empty where nothing does.
    package let refusals: [Refusal]
    /// The leaves that the field stands for, as the purpose would grant them in that mode.
    package let leaves: [GrantedLeaf]
}

extension PolicySet {
    /// What each holder would be asked under a decision: what spending its permit asks, no person
    /// being known.
    package func foresee(_ decision: Decision) -> [ForeseenAsk] {
        services(for: decision.granted, decision.question.mode).map { service in
            let leaves = decision.leaves(of: service)
            return ForeseenAsk(
                service: service, leaves: leaves,
                read: Set(leaves.flatMap(\.neededPaths)).sorted(),
                period: decision.periods[service.dataset])
        }
    }

    /// What a decision says of each field of its question, in the order of the question.
    package func verdicts(of decision: Decision) -> [FieldVerdict] {
        decision.question.fields.map { field in
            FieldVerdict(
                field: field,
                refusals: decision.refusals.filter { $0.concerns(field) },
                leaves: leaves(of: field, in: decision.question))
        }
    }

    /// The leaves that a decision would take for a field, were nothing else in its way.
    private func leaves(of field: String, in question: ExchangeQuestion) -> [GrantedLeaf] {
        guard question.purpose.service == question.service,
            let compiled = compiled[question.purpose], let request = FieldRequest(field)
        else {
            return []
        }
        let leaves = catalogue.leaves(of: request.path).map { contract in
            requests.number(of: FieldRequest(path: contract.path, form: request.form))
                .flatMap { compiled.standings(of: $0) }
        }
        guard !leaves.contains(where: { $0 == nil }) else {
            return []
        }
        return leaves.compactMap { leaf in
            switch leaf?[question.mode] {
            case .granted(let grant, _), .unserved(let grant, _): grant
            case .refused, .closed, nil: nil
            }
        }
    }
}

extension Decision {
    /// The granted leaves that a holder's service answers.
    func leaves(of service: HolderService) -> [GrantedLeaf] {
        granted.filter {
            $0.contract.path.dataset == service.dataset && $0.holder == service.holder
        }
    }
}

extension Refusal {
    /// Whether the refusal is of a field that was asked so: named as such, or as a leaf of it.
    package func concerns(_ asked: String) -> Bool {
        guard let field else {
            return false
        }
        if field == asked {
            return true
        }
        guard let own = FieldRequest(field), let request = FieldRequest(asked) else {
            return false
        }
        return own.form == request.form && own.path.isWithin(request.path)
    }
}
