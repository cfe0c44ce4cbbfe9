import JSONText
import Policies
import Vocabulary

extension PolicyDiff {
    /// The differences for a reader: what opens first, apart from what closes.
    package var text: String {
        guard !purposes.isEmpty else { return "Aucune différence.\n" }
        var lines = purposes.flatMap { $0.lines + [""] }
        let counts = PolicyChange.Effect.allCases.map { effect in
            "\(count(effect)) \(effect.inWords(count(effect)))"
        }
        lines.append(
            "\(purposes.count) finalité\(purposes.count > 1 ? "s diffèrent" : " diffère") : "
                + counts.joined(separator: ", ") + ".")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The differences as one JSON document.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for effect in PolicyChange.Effect.allCases {
                writer.member(effect.rawValue, count(effect))
            }
            writer.member(
                "finalites", array: { list in for purpose in purposes { purpose.write(to: &list) } }
            )
        }
        return writer.bytes
    }
}

extension PolicyChange.Effect {
    fileprivate func inWords(_ count: Int) -> String {
        switch self {
        case .opens: count > 1 ? "changements ouvrent" : "changement ouvre"
        case .closes: count > 1 ? "ferment" : "ferme"
        case .neutral: count > 1 ? "sont neutres" : "est neutre"
        }
    }

    fileprivate var heading: String {
        switch self {
        case .opens: "OUVRE : ce que quelqu'un pourra de plus"
        case .closes: "Ferme : ce que quelqu'un ne pourra plus"
        case .neutral: "Sans effet sur qui obtient quoi"
        }
    }

    fileprivate var mark: String {
        switch self {
        case .opens: "+"
        case .closes: "-"
        case .neutral: "·"
        }
    }
}

extension PurposeDiff {
    fileprivate var lines: [String] {
        let versions =
            switch (before, after) {
            case (let before?, let after?) where before != after: "\(before) → \(after)"
            case (let before?, nil): "\(before) → (retirée)"
            case (nil, let after?): "(nouvelle) → \(after)"
            default: before ?? purpose.text
            }
        var lines = [versions]
        lines += warnings.map { "  ! \($0)" }
        for effect in PolicyChange.Effect.allCases {
            let own = changes(effect)
            guard !own.isEmpty else { continue }
            lines.append("  \(effect.heading)")
            lines += own.map { "    \(effect.mark) \($0.sentence)" }
        }
        return lines + decisionLines
    }

    /// The decisions that turn, those of the same mode and field together.
    private var decisionLines: [String] {
        guard !decisions.isEmpty else { return [] }
        var lines = ["  Décisions prises sous les deux"]
        var groups: [(key: Key, count: Int)] = []
        for change in decisions {
            let key = Key(change)
            if let index = groups.firstIndex(where: { $0.key == key }) {
                groups[index].count += 1
            } else {
                groups.append((key, 1))
            }
        }
        for (key, count) in groups.prefix(60) {
            let cases = count > 1 ? " (\(count) cas : destinataires, initiateurs)" : ""
            lines.append("    \(key.text)\(cases)")
        }
        if groups.count > 60 { lines.append("    … et \(groups.count - 60) autres, avec --json") }
        return lines
    }

    private struct Key: Equatable {
        let request: String
        let mode: Mode
        let isPermitted: Bool
        let reasons: [RefusalReason]

        init(_ change: DecisionChange) {
            request = change.request
            mode = change.mode
            isPermitted = change.isPermitted
            reasons = change.reasons
        }

        var text: String {
            let why = reasons.map(\.rawValue).joined(separator: ", ")
            return isPermitted
                ? "+ \(request), \(mode.inWords) : refusé (\(why)) → permis"
                : "- \(request), \(mode.inWords) : permis → refusé (\(why))"
        }
    }

    fileprivate func write(to list: inout JSONWriter) {
        list.object { writer in
            writer.member("finalite", purpose.text)
            writer.member("avant", ifPresent: before)
            writer.member("apres", ifPresent: after)
            writer.member("avertissements", warnings)
            writer.member(
                "changements",
                array: { list in
                    for change in changes {
                        list.object { writer in
                            writer.member("effet", change.effect.rawValue)
                            writer.member("membre", change.member)
                            writer.member("phrase", change.sentence)
                        }
                    }
                })
            writer.member(
                "decisions",
                array: { list in for change in decisions { change.write(to: &list) } })
        }
    }
}

extension DecisionChange {
    fileprivate func write(to list: inout JSONWriter) {
        list.object { writer in
            writer.member("champ", request)
            writer.member("mode", mode.rawValue)
            writer.member("destinataire", recipient.text)
            writer.member("initiateur", initiator.rawValue)
            writer.member("avant", isPermitted ? "refuse" : "permis")
            writer.member("apres", isPermitted ? "permis" : "refuse")
            writer.member("motifs", reasons.map(\.rawValue))
        }
    }
}
