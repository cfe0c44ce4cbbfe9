import Vocabulary

/// One decision to compare: a world, a request and what identification showed.
struct DrawnCase {
    var world: DrawnWorld
    var request: DrawnRequest
    var person: DrawnPerson
}

extension DrawnCase {
    /// The same case without one thing after another, as long as it still fails.
    func shrunk(while fails: (DrawnCase) -> Bool) -> DrawnCase {
        var smallest = self
        var place = 0
        var kept = 0
        while true {
            let cases = smallest.smaller
            guard kept < cases.count else { return smallest }
            let smaller = cases[place % cases.count]
            if fails(smaller) {
                smallest = smaller
                kept = 0
            } else {
                place += 1
                kept += 1
            }
        }
    }

    /// Every case that has one thing less.
    private var smaller: [DrawnCase] {
        var cases: [DrawnCase] = []
        drop(\.world.purposes, from: &cases)
        drop(\.world.datasets, from: &cases)
        drop(\.request.fields, from: &cases)
        for name in request.periods.keys.sorted() {
            cases.append(changed { $0.request.periods[name] = nil })
        }
        if request.role != nil { cases.append(changed { $0.request.role = nil }) }
        if request.quality != .usager { cases.append(changed { $0.request.quality = .usager }) }
        drop(\.world.services, from: &cases)
        drop(\.world.holders, from: &cases)
        drop(\.person.identifiers, from: &cases)
        for place in world.datasets.indices {
            drop(\.world.datasets[place].leaves, from: &cases)
        }
        for place in world.purposes.indices { dropParts(ofPurpose: place, from: &cases) }
        return cases
    }

    private func dropParts(ofPurpose place: Int, from cases: inout [DrawnCase]) {
        drop(\.world.purposes[place].fields, from: &cases)
        for field in world.purposes[place].fields.indices
        where world.purposes[place].fields[field].forms.count > 1 {
            drop(\.world.purposes[place].fields[field].forms, from: &cases)
        }
        drop(\.world.purposes[place].forbidden, from: &cases)
        drop(\.world.purposes[place].habilitations, from: &cases)
        drop(\.world.purposes[place].initiators, from: &cases)
        drop(\.world.purposes[place].roles, from: &cases)
        drop(\.world.purposes[place].withoutIdentity, from: &cases)
        for name in world.purposes[place].periods.keys.sorted() {
            cases.append(changed { $0.world.purposes[place].periods[name] = nil })
        }
        if world.purposes[place].identity != nil {
            cases.append(changed { $0.world.purposes[place].identity = nil })
        }
        if world.purposes[place].franceConnect != nil {
            cases.append(changed { $0.world.purposes[place].franceConnect = nil })
        }
    }

    private func drop<Part>(
        _ parts: WritableKeyPath<DrawnCase, [Part]>, from cases: inout [DrawnCase]
    ) {
        for place in self[keyPath: parts].indices {
            cases.append(changed { $0[keyPath: parts].remove(at: place) })
        }
    }

    private func changed(_ change: (inout DrawnCase) -> Void) -> DrawnCase {
        var copy = self
        change(&copy)
        return copy
    }
}

extension DrawnCase: CustomStringConvertible {
    var description: String {
        let holders = world.holders.map { holder in
            "\(holder.holder) \(holder.dataset) \(holder.mode.rawValue)"
                + (holder.returnsIdentity ? "" : " sans identité")
                + (holder.neededIdentifier.map { " veut \($0.rawValue)" } ?? "")
                + (holder.minimumLevel.map { " dès \($0.text)" } ?? "")
                + (holder.introspectsToken ? " juge le jeton" : "")
                + " : \(holder.fields.map(\.localText).sorted().joined(separator: ", "))"
        }
        return """
            politiques : \(world.purposes.map { shown($0.document) }.joined(separator: "\n"))
            jeux : \(world.datasets.map { "\($0.name) (\($0.kind.rawValue)) \($0.leaves.map(\.path))" })
            services : \(world.services.map { "\($0.name) \($0.siret)" })
            détenteurs :
            \(holders.joined(separator: "\n"))
            demande : \(shown(request.document))
            identification : \(person)
            """
    }
}
