/// A mistake in what a document says, rather than in how it is written.
package struct JSONMistake: Error, Equatable, Sendable {
    /// Where in the document: `champs[2]`; empty at the root.
    package let path: String
    /// Where in the text.
    package let position: JSONPosition
    /// What is wrong, in French; never quotes a value.
    package let message: String
    /// What to do, in French.
    package let remedy: String

    /// Creates a mistake.
    package init(path: String, position: JSONPosition, message: String, remedy: String) {
        self.path = path
        self.position = position
        self.message = message
        self.remedy = remedy
    }
}

/// A value of a document with its path, read as the type that its reader expects.
package struct JSONPlace: Sendable {
    /// The value itself.
    package let node: JSONNode
    private let parent: String
    private let step: Step

    /// The way from the parent, put into words only where a mistake or a child needs it.
    fileprivate enum Step {
        case none
        case member(String)
        case element(Int)
    }

    /// The place of a whole document.
    package init(root: JSONNode) {
        self.init(node: root, parent: "", step: .none)
    }

    fileprivate init(node: JSONNode, parent: String, step: Step) {
        self.node = node
        self.parent = parent
        self.step = step
    }

    /// Its path: `champs[2]`, `usager.identite.prenoms[0]`; empty at the root.
    package var path: String {
        switch step {
        case .none: parent
        case .member(let name): memberPath(name, in: parent)
        case .element(let index): parent + "[\(index)]"
        }
    }

    /// Whether the value is `null`, which no typed reader accepts.
    package var isNull: Bool {
        node.value == .null
    }

    /// A mistake at this place.
    package func mistake(_ message: String, remedy: String) -> JSONMistake {
        JSONMistake(path: path, position: node.position, message: message, remedy: remedy)
    }

    /// The value as an object all of whose members are known.
    package func object(_ known: [String]) throws(JSONMistake) -> JSONObjectPlace {
        let object = try anyObject()
        if let unknown = object.unknownMembers(known).first {
            throw unknown
        }
        return object
    }

    /// The value as an object whose member names are data.
    package func anyObject() throws(JSONMistake) -> JSONObjectPlace {
        guard case .object(let members) = node.value else {
            throw wrongType("un objet", remedy: "Écrivez des membres entre accolades.")
        }
        return JSONObjectPlace(place: self, nodes: members)
    }

    /// The value as a text of at most that many bytes of UTF-8.
    package func string(maxBytes: Int = 1024) throws(JSONMistake) -> String {
        guard case .string(let text) = node.value else {
            throw wrongType("un texte", remedy: "Écrivez-le entre guillemets.")
        }
        if text.utf8.count > maxBytes {
            throw mistake(
                "Ce texte est trop long : \(text.utf8.count) octets, pour \(maxBytes) au plus.",
                remedy: "Raccourcissez-le."
            )
        }
        return text
    }

    /// The value as a whole number between bounds.
    package func int(in range: ClosedRange<Int64>) throws(JSONMistake) -> Int64 {
        guard case .number(let number) = node.value else {
            throw wrongType("un nombre entier", remedy: "Écrivez-le en chiffres, sans guillemets.")
        }
        guard let integer = number.integer else {
            throw mistake(
                "Ce nombre n'est pas un entier, ou il est trop grand.",
                remedy: "Écrivez-le en chiffres, sans décimale ni exposant."
            )
        }
        guard range.contains(integer) else {
            throw mistake(
                "Ce nombre est hors des bornes permises.",
                remedy: "Donnez un entier de \(range.lowerBound) à \(range.upperBound)."
            )
        }
        return integer
    }

    /// The value as `true` or `false`.
    package func bool() throws(JSONMistake) -> Bool {
        guard case .bool(let bool) = node.value else {
            throw wrongType("un booléen", remedy: "Écrivez true ou false, sans guillemets.")
        }
        return bool
    }

    /// The value as a number, exactly as it was written.
    package func number() throws(JSONMistake) -> JSONNumber {
        guard case .number(let number) = node.value else {
            throw wrongType("un nombre", remedy: "Écrivez-le en chiffres, sans guillemets.")
        }
        return number
    }

    /// The value as a list of at most that many elements.
    package func array(max: Int) throws(JSONMistake) -> [JSONPlace] {
        guard case .array(let elements) = node.value else {
            throw wrongType("une liste", remedy: "Écrivez ses éléments entre crochets.")
        }
        if elements.count > max {
            throw mistake(
                "Cette liste est trop longue : \(elements.count) éléments, pour \(max) au plus.",
                remedy: "Retirez-en."
            )
        }
        let path = path
        return elements.enumerated().map { index, node in
            JSONPlace(node: node, parent: path, step: .element(index))
        }
    }

    /// The value as a list of texts.
    package func stringArray(
        max: Int, maxBytes: Int = 1024
    ) throws(JSONMistake) -> [String] {
        var texts: [String] = []
        for place in try array(max: max) {
            texts.append(try place.string(maxBytes: maxBytes))
        }
        return texts
    }

    private func wrongType(_ expected: String, remedy: String) -> JSONMistake {
        let shown = path.isEmpty ? "Le document doit être" : "« \(path) » doit être"
        return mistake("\(shown) \(expected), et c'est \(node.value.frenchKind).", remedy: remedy)
    }
}

/// An object of a document, read member by member.
package struct JSONObjectPlace: Sendable {
    /// The object itself.
    package let place: JSONPlace
    private let nodes: [JSONMember]
    private let way: String

    init(place: JSONPlace, nodes: [JSONMember]) {
        self.place = place
        self.nodes = nodes
        way = place.path
    }

    /// The member of that name, which must be there.
    package func required(_ name: String) throws(JSONMistake) -> JSONPlace {
        guard let member = optional(name) else {
            throw place.mistake(
                "Il manque le membre « \(path(name)) ».", remedy: "Ajoutez-le."
            )
        }
        return member
    }

    /// The member of that name, if it is there; `null` is there.
    package func optional(_ name: String) -> JSONPlace? {
        nodes.first { isSame($0.name, name) }
            .map { JSONPlace(node: $0.node, parent: way, step: .member(name)) }
    }

    /// All members in the order of the text, for objects whose names are data.
    package var members: [(name: String, place: JSONPlace)] {
        nodes.map {
            ($0.name, JSONPlace(node: $0.node, parent: way, step: .member($0.name)))
        }
    }

    /// One mistake for each member that is not known, with the nearest known name as remedy.
    ///
    /// The first fifty only: looking for what thousands of invented names resemble is work that a
    /// caller must not be able to order.
    package func unknownMembers(_ known: [String]) -> [JSONMistake] {
        nodes.lazy.filter { member in
            !known.contains { isSame($0, member.name) }
        }.prefix(50).map { member in
            JSONMistake(
                path: path(member.name),
                position: member.namePosition,
                message: "Le membre « \(path(member.name)) » n'existe pas.",
                remedy: remedy(for: member.name, among: known)
            )
        }
    }

    private func remedy(for name: String, among known: [String]) -> String {
        if let near = nearestName(to: name, among: known) {
            return "Vouliez-vous dire « \(near) » ?"
        }
        if known.isEmpty {
            return "Retirez-le : cet objet n'a pas de membre."
        }
        return "Retirez-le, ou choisissez parmi : \(known.joined(separator: ", "))."
    }

    private func path(_ name: String) -> String {
        memberPath(name, in: way)
    }
}

private func memberPath(_ name: String, in parent: String) -> String {
    parent.isEmpty ? shownName(name) : parent + "." + shownName(name)
}

extension JSONValue {
    /// The kind of value, in French with its article.
    package var frenchKind: String {
        switch self {
        case .null: "null"
        case .bool: "un booléen"
        case .number: "un nombre"
        case .string: "un texte"
        case .array: "une liste"
        case .object: "un objet"
        }
    }
}
