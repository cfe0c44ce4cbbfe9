package import JSONText

/// What a sound policy makes its reader think of: nothing forbids it, and a jurist should look.
package struct PolicyRemark: Sendable, Equatable {
    /// Which part of the document it is about.
    package enum Place: Sendable, Equatable {
        case fields
        case field(Int)
        case form(field: Int, form: Int)
        case habilitation(Int)
    }

    package let place: Place
    package let message: String
    package let remedy: String
}

extension PolicyRemark {
    /// The remark at its place in the bytes from which the policy was read.
    package func located(in bytes: [UInt8]) -> JSONMistake {
        guard let node = try? parseJSON(bytes, limits: policyLimits) else {
            return JSONMistake(
                path: "", position: JSONPosition(line: 1, column: 1, offset: 0),
                message: message, remedy: remedy)
        }
        let root = JSONPlace(root: node)
        return (root.following(steps) ?? root).mistake(message, remedy: remedy)
    }

    private var steps: [JSONPlace.Step] {
        switch place {
        case .fields: [.member("champs")]
        case .field(let field): [.member("champs"), .element(field)]
        case .form(let field, let form):
            [.member("champs"), .element(field), .member("formes"), .element(form)]
        case .habilitation(let index): [.member("habilitations"), .element(index)]
        }
    }
}

extension JSONPlace {
    fileprivate enum Step {
        case member(String)
        case element(Int)
    }

    fileprivate func following(_ steps: [Step]) -> JSONPlace? {
        var place = self
        for step in steps {
            let next: JSONPlace? =
                switch step {
                case .member(let name): (try? place.anyObject())?.optional(name)
                case .element(let index): (try? place.array(max: 5000))?[index]
                }
            guard let next else {
                return nil
            }
            place = next
        }
        return place
    }
}
