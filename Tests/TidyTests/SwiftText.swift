/// Swift source with comments and texts replaced by spaces, lines kept.
///
/// Enough of the language for rules on words and braces: nested comments, raw and multi-line texts,
/// interpolations (blanked with their text), raw identifiers.
func blanked(_ source: String) -> String {
    var blanker = Blanker(Array(source.utf8))
    return blanker.run()
}

private struct Blanker {
    private let bytes: [UInt8]
    private var output: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        output = bytes
    }

    mutating func run() -> String {
        while index < bytes.count {
            if starts("//") {
                blank { $0.starts("\n") }
            } else if starts("/*") {
                blankComment()
            } else if let hashes = textStart() {
                blankText(hashes: hashes)
            } else if starts("`") {
                take()
                blank { $0.starts("`") }
                take()
            } else {
                take()
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private func starts(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return index + wanted.count <= bytes.count
            && bytes[index..<index + wanted.count].elementsEqual(wanted)
    }

    private mutating func take() { index += 1 }

    private mutating func blankOne() {
        guard index < bytes.count else { return }
        if bytes[index] != UInt8(ascii: "\n") { output[index] = UInt8(ascii: " ") }
        index += 1
    }

    private mutating func blank(until isEnd: (Blanker) -> Bool) {
        while index < bytes.count, !isEnd(self) { blankOne() }
    }

    private mutating func blankComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blankOne()
            } else if starts("*/") {
                depth -= 1
                blankOne()
            }
            blankOne()
        } while depth > 0 && index < bytes.count
    }

    /// How many `#` precede the quote that begins here, nil where no text begins.
    private func textStart() -> Int? {
        var next = index
        while next < bytes.count, bytes[next] == UInt8(ascii: "#") { next += 1 }
        guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") else { return nil }
        return next - index
    }

    private mutating func blankText(hashes: Int) {
        let marks = String(repeating: "#", count: hashes)
        for _ in 0..<hashes { blankOne() }
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        for _ in 0..<quote.utf8.count { blankOne() }
        while index < bytes.count, !starts(quote + marks) {
            if starts("\\" + marks + "(") {
                for _ in 0..<hashes + 2 { blankOne() }
                blankInterpolation()
            } else if starts("\\" + marks) {
                for _ in 0..<hashes + 2 { blankOne() }
            } else {
                blankOne()
            }
        }
        for _ in 0..<quote.utf8.count + hashes { blankOne() }
    }

    private mutating func blankInterpolation() {
        var depth = 1
        while index < bytes.count, depth > 0 {
            if let hashes = textStart() {
                blankText(hashes: hashes)
                continue
            }
            if starts("(") { depth += 1 }
            if starts(")") { depth -= 1 }
            blankOne()
        }
    }
}

/// A function, initializer or accessor block with its length in lines.
struct FunctionExtent: Sendable {
    let name: String
    let line: Int
    let length: Int
}

extension RepositoryFile {
    /// Every function of the file, from its declaration to its last brace.
    var functions: [FunctionExtent] {
        code.indices.compactMap { line in
            guard let name = declaredFunction(code[line]), let end = endOfBody(from: line) else {
                return nil
            }
            return FunctionExtent(name: name, line: line + 1, length: end - line + 1)
        }
    }

    private func declaredFunction(_ line: String) -> String? {
        guard ["func ", "init", "deinit"].contains(where: line.contains) else { return nil }
        let pattern =
            /(^|\s)(func\s+(?<name>[^\s(<]+)|(?<made>init[?]?)\s*[(<]|(?<gone>deinit)\s*\{)/
        guard let match = line.firstMatch(of: pattern) else { return nil }
        return String(match.output.name ?? match.output.made ?? match.output.gone ?? "")
    }

    /// The line of the brace that closes the body; nil where the declaration has no body.
    private func endOfBody(from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for line in start..<code.count {
            if line > start, braces == 0, parentheses == 0, beginsDeclaration(code[line]) {
                return nil
            }
            for byte in code[line].utf8 {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{"): braces += 1
                case UInt8(ascii: "}"):
                    braces -= 1
                    if braces == 0 { return line }
                    if braces < 0 { return nil }
                default: break
                }
            }
        }
        return nil
    }

    private func beginsDeclaration(_ line: String) -> Bool {
        let words = [
            "func", "var", "let", "init", "static", "package", "private", "fileprivate", "mutating",
            "case", "associatedtype", "subscript", "@", "nonisolated", "consuming", "borrowing",
        ]
        let start = line.drop { $0 == " " }
        return words.contains { start.hasPrefix($0) }
    }
}
