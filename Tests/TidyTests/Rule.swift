import Testing

/// Something that the repository does not do, why, and what to do instead.
struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    let because: String
    /// A file that breaks the rule, so that a rule which catches nothing is itself caught.
    let planted: RepositoryFile
    /// A file that looks like one and is none.
    let innocent: RepositoryFile?
    private let find: @Sendable (RepositoryFile) -> [Int]

    init(
        _ name: String, because: String, planted: (path: String, text: String),
        innocent: (path: String, text: String)? = nil,
        find: @escaping @Sendable (RepositoryFile) -> [Int]
    ) {
        self.name = name
        self.because = because
        self.planted = RepositoryFile(planted.path, planted.text)
        self.innocent = innocent.map { RepositoryFile($0.path, $0.text) }
        self.find = find
    }

    /// The places that break the rule, as `path:line`.
    func violations(in file: RepositoryFile) -> [String] {
        find(file).map { "\(file.path):\($0)" }
    }

    var testDescription: String { name }
}

extension RepositoryFile {
    /// The lines of code, counted from 1, that hold one of some words and match a pattern.
    ///
    /// The words come first because they are far cheaper to look for.
    func codeLines(with words: [String], matching pattern: some RegexComponent) -> [Int] {
        guard words.contains(where: text.contains) else { return [] }
        let pattern = pattern.regex.wordBoundaryKind(.simple)
        return code.indices.filter { line in
            words.contains { code[line].contains($0) }
                && code[line].firstMatch(of: pattern) != nil
        }.map { $0 + 1 }
    }

    /// The lines as written, counted from 1, that hold one of some texts.
    func lines(holding texts: [String]) -> [Int] {
        guard texts.contains(where: text.contains) else { return [] }
        return lines.indices.filter { line in texts.contains { lines[line].contains($0) } }
            .map { $0 + 1 }
    }

    /// Whether a line, or one of the three above it, says why it may be.
    func says(_ words: String, near line: Int) -> Bool {
        lines[max(0, line - 4)..<line].contains { $0.contains(words) }
    }
}
