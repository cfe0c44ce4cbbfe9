import JSONText
import Vocabulary

/// The rules on what an answer means, as far as statuses and examples suggest them.
struct OutcomeDraft {
    private(set) var rules: [JSONValue] = []
    private(set) var remaining: [Scaffold.Remaining] = []

    private static let path = "lectures.reponse.issues"

    /// - Parameters:
    ///   - responses: what the operation describes.
    ///   - taken: the pointers that the reading takes, which a code must not contradict.
    init(_ responses: [OpenAPIOperation.Response], taken: [String]) {
        var taken = taken
        for response in responses where response.status != "200" {
            guard let status = Self.status(response.status) else {
                note(
                    "dites ce que veut dire « \(brief(response.status)) » (« "
                        + "\(brief(response.description)) »)")
                continue
            }
            addCodes(response, status, &taken)
            let outcome = guessedOutcome(
                status: response.status, text: response.description)
            // The gateway's own reading of these needs no rule.
            if ["401", "429"].contains(response.status) || response.status.hasPrefix("5"),
                outcome == .usual(response.status)
            {
                continue
            }
            rules.append(
                .members([("statut", .list([status])), ("issue", .string(outcome.rawValue))]))
            note(
                "confirmez que \(brief(response.status)) "
                    + "(« \(brief(response.description)) ») veut dire « \(outcome.rawValue) »")
        }
    }

    private mutating func note(_ what: String) {
        remaining.append(Scaffold.Remaining(path: Self.path, what: what + "."))
    }

    private static func status(_ text: String) -> JSONValue? {
        let text = text.lowercased()
        if text.utf8.count == 3, text.hasSuffix("xx"), let first = Int(text.prefix(1)),
            (1...5).contains(first)
        {
            return .string(text)
        }
        guard let number = Int(text), (100...599).contains(number) else { return nil }
        return .whole(number)
    }

    /// One rule for each code that the examples of an error show.
    private mutating func addCodes(
        _ response: OpenAPIOperation.Response, _ status: JSONValue, _ taken: inout [String]
    ) {
        guard let leaf = response.leaves.first(where: \.isErrorCode),
            !taken.contains(where: { clash($0, leaf.pointer) })
        else { return }
        var told: [(code: String, text: String)] = []
        for sample in response.samples where !sample.name.isEmpty {
            guard let code = sample.value.scalar(at: leaf.steps), !code.isEmpty,
                !told.contains(where: { $0.code == code })
            else { continue }
            told.append((code, "\(code) \(sample.summary) \(sample.value.text)"))
        }
        for choice in leaf.choices where !told.contains(where: { $0.code == choice }) {
            told.append((choice, choice))
        }
        for (code, text) in told {
            let outcome = guessedOutcome(status: response.status, text: text)
            rules.append(
                .members([
                    ("statut", .list([status])),
                    (
                        "corps",
                        .members([
                            ("pointeur", .string(leaf.pointer)), ("valeurs", .texts([code])),
                        ])
                    ),
                    ("issue", .string(outcome.rawValue)),
                ]))
            note(
                "confirmez que le code « \(brief(code)) » veut dire « \(outcome.rawValue) »")
        }
        if !told.isEmpty { taken.append(leaf.pointer) }
    }
}

/// Whether one pointer ends where another goes on.
func clash(_ left: String, _ right: String) -> Bool {
    left != right && (left.hasPrefix(right + "/") || right.hasPrefix(left + "/"))
}

/// What an answer most likely means, by its status and its words.
func guessedOutcome(status: String, text: String) -> MissingReason {
    let text = " " + foldedToCapitals(text) + " "
    let says = { (words: [String]) in words.contains { text.contains($0) } }
    if status == "429" || says(["QUOTA", "RATE LIMIT", "TROP D APPELS"]) { return .detenteurQuota }
    if says(["MAINTENANCE"]) { return .detenteurMaintenance }
    if status.hasPrefix("5") { return .detenteurIndisponible }
    if status == "401" { return .passerelleEnDefaut }
    if says(["PLUSIEURS", "MULTIPLE", "AMBIG", "TOO MANY", "TROP DE", "HOMONYM"]) {
        return .personneAmbigue
    }
    if says(["SCOPE", "PORTEE"]) { return .porteeRefusee }
    let isUnknown = says([
        "INCONNU", "INTROUVABLE", "NOT FOUND", "AUCUN", "NON TROUV", "UNKNOWN", "ABSENT",
    ])
    guard isUnknown || ["204", "404", "410"].contains(status) else {
        return ["400", "403", "422"].contains(status) ? .passerelleEnDefaut : .reponseIrrecevable
    }
    let namesPerson = says(["INDIVIDU", "PERSONNE", "USAGER", "IDENTITE", "ETUDIANT"])
    let namesData = says(["CONTRAT", "DOSSIER", "DONNEE", "SITUATION", "INSCRIPTION", "DROIT"])
    return namesData && !namesPerson ? .nonDetenu : .personneInconnue
}

extension MissingReason {
    /// What the gateway makes of a status without any rule.
    fileprivate static func usual(_ status: String) -> MissingReason? {
        switch status {
        case "401": .passerelleEnDefaut
        case "429": .detenteurQuota
        case _ where status.hasPrefix("5"): .detenteurIndisponible
        default: nil
        }
    }
}

extension JSONValue {
    /// The scalar at the end of those steps, in the first element of each array.
    func scalar(at steps: [String]) -> String? {
        var value = self
        for step in steps {
            switch value {
            case .array(let elements) where step == ShapeLeaf.elements:
                guard let first = elements.first else { return nil }
                value = first.value
            case .object:
                guard let next = value.member(step) else { return nil }
                value = next
            default: return nil
            }
        }
        return scalarText(value)
    }

    /// The value with another at the end of those steps, in the first element of each array; the
    /// same where the way does not exist.
    func replacing(at steps: ArraySlice<String>, with new: JSONValue) -> JSONValue {
        guard let step = steps.first else { return new }
        switch self {
        case .array(let elements) where step == ShapeLeaf.elements && !elements.isEmpty:
            let first = elements[0].value.replacing(at: steps.dropFirst(), with: new)
            return .list([first] + elements.dropFirst().map(\.value))
        case .object(let members):
            return .members(
                members.map { member in
                    guard member.name == step else { return (member.name, member.node.value) }
                    return (
                        member.name,
                        member.node.value.replacing(at: steps.dropFirst(), with: new)
                    )
                })
        default: return self
        }
    }
}
