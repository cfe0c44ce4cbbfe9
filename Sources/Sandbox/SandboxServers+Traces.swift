extension SandboxServers {
    /// Every name, identifier and value that a journal or a log must never hold, for a search.
    ///
    /// Amounts are those that the holders give at that time, in milliseconds since the Unix epoch;
    /// what is shorter than five characters is left out, except names of four.
    package func traces(at now: Int64) -> Set<String> {
        let town = Town.standard
        var found = Set(town.people.flatMap(Self.names))
        for person in town.people {
            found.formUnion(
                [person.taxNumber, person.jobSeekerNumber, person.studentNumber]
                    .compactMap { $0 })
        }
        for household in town.households {
            found.insert(household.address.street)
            found.formUnion(household.assessments.map { String($0.reference) })
        }
        for file in town.families {
            found.insert(file.address.street)
            found.formUnion(file.children.flatMap(Self.names))
        }
        for record in town.jobSeekers {
            found.formUnion([record.email, record.telephone])
            let sheet = PaymentSheet(record: record, today: CivilDate(milliseconds: now))
            found.formUnion(Self.amounts(in: sheet.document))
        }
        for record in town.pay {
            found.formUnion(record.jobs.flatMap { [$0.siret, $0.company] })
            found.formUnion(Self.amounts(in: pay(of: record, in: town, at: now)))
        }
        found.formUnion(town.students.flatMap(\.enrolments).map(\.school))
        return found.filter { $0.count >= 4 }
    }

    private func pay(of record: PayRecord, in town: Town, at now: Int64) -> Document {
        guard let person = town.person(record.person) else { return .null }
        let today = CivilDate(milliseconds: now)
        return PaySheet(
            person: person, record: record, from: today.civilMonth.advanced(by: -24),
            until: today.civilMonth, today: today
        ).document
    }

    private static func names(of person: Person) -> [String] { names(of: person.identity) }

    /// The names as the register, FranceConnect and the holders write them.
    private static func names(of identity: CivilIdentity) -> [String] {
        ([identity.birthName] + identity.givenNames + [identity.usageName].compactMap { $0 })
            .flatMap { [$0, $0.uppercased(), plainCapitals($0), folded($0)] }
    }

    /// The numbers with cents, wherever they are.
    private static func amounts(in document: Document) -> [String] {
        switch document {
        case .decimal(let text) where text.utf8.count >= 5: [text]
        case .array(let elements): elements.flatMap(amounts)
        case .object(let members): members.flatMap { amounts(in: $0.value) }
        default: []
        }
    }
}
