import Vocabulary

/// Finds, among the persons whom an answer names, the one who is the usager.
struct AgreementReader {
    enum Verdict {
        /// One agrees; with the traits of the only other person, if there is one.
        case usager(other: [Trait: FieldValue])
        case nobody
        case several
        /// A trait that the connector promises is of another type.
        case unreadable
    }

    private struct Person {
        var traits: [Trait: FieldValue] = [:]
        var isUnreadable = false
    }

    let plan: AgreementPlan
    let captures: Captures

    func judge(_ agrees: (ReturnedIdentity) -> Bool) -> Verdict {
        let persons = plan.persons.flatMap(persons)
        if persons.contains(where: \.isUnreadable) { return .unreadable }
        let agreeing = persons.indices.filter { index in
            isComplete(persons[index]) && agrees(identity(of: persons[index]))
        }
        guard let usager = agreeing.first else { return .nobody }
        guard agreeing.count == 1 else { return .several }
        let others = persons.indices.filter { $0 != usager }
        return .usager(other: others.count == 1 ? persons[others[0]].traits : [:])
    }

    /// Whether no trait without which names prove nothing is lacking.
    private func isComplete(_ person: Person) -> Bool {
        Trait.required.allSatisfy { person.traits[$0] != nil }
    }

    /// The persons of one plan: those of whom some trait is known.
    private func persons(_ plan: PersonPlan) -> [Person] {
        let places = plan.list.map { captures.elements[$0] } ?? [.root]
        return places.map { place in
            var person = Person()
            person.traits.reserveCapacity(plan.traits.count)
            for (trait, source) in plan.traits {
                switch value(source, at: place) {
                case .value(let value): person.traits[trait] = value.reveal()
                case .missing(.reponseIrrecevable): person.isUnreadable = true
                case .missing: break
                }
            }
            return person
        }.filter { !$0.traits.isEmpty || $0.isUnreadable }
    }

    private func value(_ source: TraitSource, at place: ArrayPlace) -> LeafReading {
        switch source {
        case .pointer(let source, let conversion):
            conversion.reading(of: captures.scalar(source, at: place))
        case .dateParts(let parts): parts.reading(of: captures, at: place, as: .date)
        }
    }

    private func identity(of person: Person) -> ReturnedIdentity {
        var identity = ReturnedIdentity(tolerances: plan.tolerances)
        for (trait, value) in person.traits {
            switch (trait, value) {
            case (.birthName, .text(let text)): identity.birthName = text
            case (.usageName, .text(let text)): identity.usageName = text
            case (.givenNames, .text(let text)): identity.givenNames = text
            case (.birthDate, .date(let date)): identity.birthDate = date
            case (.sex, .text(let text)): identity.sex = Sex(rawValue: text)
            case (.birthCountry, .text(let text)): identity.birthCountry = text
            case (.birthCommune, .text(let text)): identity.birthCommune = text
            default: break
            }
        }
        return identity
    }
}

extension DateParts {
    /// The date, or the month, that the parts write.
    func reading(
        of captures: Captures, at place: ArrayPlace, as type: FieldType
    ) -> LeafReading {
        guard let known = captures.scalar(year, at: place)?.known else {
            return .missing(.sansValeur)
        }
        let parts = [month, day].map { part in
            part.flatMap { captures.scalar($0, at: place)?.known } ?? ""
        }
        guard let date = assembled(year: known, month: parts[0], day: parts[1]) else {
            return .missing(.reponseIrrecevable)
        }
        guard let date else { return .missing(.sansValeur) }
        guard type == .mois else { return .value(Sensitive(.date(date))) }
        guard let number = date.month, let month = YearMonth(year: date.year, month: number)
        else { return .missing(.sansValeur) }
        return .value(Sensitive(.month(month)))
    }
}
