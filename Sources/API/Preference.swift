/// The `Prefer` field (RFC 7240), of which only `wait` means something here.
enum Preference {
    /// The first well-formed `wait=N`, N from 1 to 600 seconds; a preference that cannot be read is
    /// ignored, as the RFC asks.
    static func wait(_ fields: [String]) -> Duration? {
        for field in fields {
            for preference in field.split(separator: ",") {
                let parts = preference.split(separator: ";", omittingEmptySubsequences: false)[0]
                    .split(separator: "=")
                    .map { $0.trimmingSpaces() }
                guard parts.count == 2, parts[0].lowercased() == "wait" else { continue }
                // A token and a quoted string mean the same (RFC 7240, 2).
                let text = parts[1].withoutQuotes
                guard text.utf8.allSatisfy({ (48...57).contains($0) }),
                    let seconds = Int(text), (1...600).contains(seconds)
                else { continue }
                return .seconds(seconds)
            }
        }
        return nil
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest = rest.dropFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest = rest.dropLast() }
        return rest
    }

    fileprivate var withoutQuotes: Substring {
        guard count >= 2, first == "\"", last == "\"" else { return self }
        return dropFirst().dropLast()
    }
}
