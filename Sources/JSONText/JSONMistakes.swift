/// Gathers mistakes, so that a document's author meets all of them at once.
package struct JSONMistakes: Sendable {
    /// The mistakes so far, in the order they were met.
    package private(set) var all: [JSONMistake] = []

    /// What each member of the document itself is, for whoever left one out.
    private let meanings: [String: String]

    /// Creates an empty gathering.
    ///
    /// - Parameter schema: the document's, whose descriptions say what a missing member is.
    package init(schema: JSONSchema? = nil) {
        meanings = schema?.meanings ?? [:]
    }

    /// Whether there is none.
    package var isEmpty: Bool { all.isEmpty }

    /// Adds one.
    package mutating func add(_ mistake: JSONMistake) {
        all.append(mistake)
    }

    /// Tries a reading; its mistake is kept, and the result is then nil.
    package mutating func attempt<Value>(
        _ body: () throws(JSONMistake) -> Value
    ) -> Value? {
        do throws(JSONMistake) {
            return try body()
        } catch {
            all.append(error)
            return nil
        }
    }

    /// Reads an object, keeping one mistake for each unknown member.
    package mutating func object(_ place: JSONPlace?, _ known: [String]) -> JSONObjectPlace? {
        guard let place else {
            return nil
        }
        guard let object = attempt({ () throws(JSONMistake) in try place.anyObject() }) else {
            return nil
        }
        all += object.unknownMembers(known)
        return object
    }

    /// Reads a member that must be there.
    package mutating func required<Value>(
        _ object: JSONObjectPlace, _ name: String,
        _ read: (JSONPlace) throws(JSONMistake) -> Value
    ) -> Value? {
        if object.optional(name) == nil, object.place.path.isEmpty, let meaning = meanings[name] {
            add(
                object.place.mistake(
                    "Il manque le membre « \(name) ».",
                    remedy: "Ajoutez-le : \(meaning.prefix(1).lowercased())\(meaning.dropFirst())"
                ))
            return nil
        }
        return attempt { () throws(JSONMistake) in try read(try object.required(name)) }
    }

    /// Reads a member that may be missing.
    package mutating func optional<Value>(
        _ object: JSONObjectPlace, _ name: String,
        _ read: (JSONPlace) throws(JSONMistake) -> Value
    ) -> Value? {
        guard let place = object.optional(name) else {
            return nil
        }
        return attempt { () throws(JSONMistake) in try read(place) }
    }
}
