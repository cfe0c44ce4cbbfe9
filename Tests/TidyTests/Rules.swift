extension Rule {
    /// Every rule that one file alone can break.
    static let all: [Rule] = sizes + purity + safety + words

    private static let sizes: [Rule] = [
        Rule(
            "A line has at most 100 columns.",
            because: "two files stand side by side on a screen; break the line",
            planted: ("Sources/API/X.swift", "let x = \"\(String(repeating: "a", count: 100))\""),
            innocent: ("Sources/API/X.swift", "let x = \"\(String(repeating: "é", count: 80))\"")
        ) { file in
            guard file.isSwift else { return [] }
            return file.lines.indices.filter { line in
                file.lines[line].utf8.count > 100 && file.isTooLong(line)
            }.map { $0 + 1 }
        },
        Rule(
            "A file has at most 600 lines.",
            because: "a file is read in one sitting; give each main type its own",
            planted: ("Sources/API/X.swift", String(repeating: "\n", count: 602)),
            innocent: ("Sources/API/X.swift", String(repeating: "\n", count: 600))
        ) { file in
            file.isSwift && file.lines.count > 601 ? [file.lines.count] : []
        },
        Rule(
            "A function has at most 70 lines.",
            because: "a function does one thing; name the parts and call them",
            planted: (
                "Sources/API/X.swift", "func a() {\n\(String(repeating: "b()\n", count: 70))}\n"
            ),
            innocent: (
                "Sources/API/X.swift",
                "func a()\nfunc c() {\n\(String(repeating: "b()\n", count: 60))}\n"
            )
        ) { file in
            file.functions.filter { $0.length > 70 }.map(\.line)
        },
    ]

    private static let purity: [Rule] = [
        Rule(
            "Below the Platform line, nothing asks the time.",
            because:
                "a decision must give the same verdict on replay; take the time as a parameter",
            planted: ("Sources/Vocabulary/X.swift", "let now = Date()"),
            innocent: (
                "Sources/Vocabulary/X.swift", "/// Date() is not asked here.\nlet a = \"Date.now\""
            )
        ) { file in
            guard file.isPure else { return [] }
            return file.codeLines(
                with: ["Date", "now"],
                matching:
                    /\bDate\(\)|\bDate\.now|(Continuous|Suspending)Clock(\(\))?\.now|\.now\(\)/)
        },
        Rule(
            "Below the Platform line, nothing reads a file, waits or draws a random number.",
            because:
                "what is pure can be tested and replayed; the edges read, and hand values down",
            planted: ("Sources/Policies/X.swift", "FileManager.default.contents(atPath: path)"),
            innocent: ("Sources/Platform/X.swift", "FileManager.default.contents(atPath: path)")
        ) { file in
            guard file.isPure else { return [] }
            return file.codeLines(
                with: ["File", "ProcessInfo", "SystemRandom", "sleep", "getenv", "random(in:"],
                matching:
                    #/
                    \b(FileManager|FileHandle|ProcessInfo|SystemRandomNumberGenerator)\b
                    | Task\.sleep | \bgetenv\( | \.random\(in:[^,]*\)$
                    /#
            )
        },
        Rule(
            "Below the Platform line, neither Foundation nor the C library is imported.",
            because: "they open files and ask the time, and Foundation's texts are slow",
            planted: ("Sources/JOSE/X.swift", "import Foundation"),
            innocent: ("Sources/DlnufCommand/X.swift", "import Foundation")
        ) { file in
            guard file.isPure else { return [] }
            return file.codeLines(
                with: ["import"],
                matching:
                    #/
                    ^\s*((package|private|internal)\s+)?
                    import\s+(Foundation\w*|Glibc|Musl|Dispatch)\b
                    /#
            )
        },
        Rule(
            "Only programs print.",
            because: "a module returns its text or logs a line of allowed values",
            planted: ("Sources/Exchanges/X.swift", "print(identity)"),
            innocent: ("Sources/DlnufCommand/X.swift", "print(help)")
        ) { file in
            guard file.isSource, !["DlnufCommand", "DlnufBench"].contains(file.target) else {
                return []
            }
            return file.codeLines(
                with: ["print(", "debugPrint(", "dump("],
                matching: /(^|[^.\w])(print|debugPrint|dump)\(/)
        },
    ]

    private static let safety: [Rule] = [
        Rule(
            "Nothing traps on purpose without saying why it cannot happen.",
            because:
                "no caller may stop a server; write « Safe because » above, or throw",
            planted: ("Sources/API/X.swift", "func a() {\n    fatalError()\n}"),
            innocent: (
                "Sources/API/X.swift", "// Safe because the table is a constant.\n    fatalError()"
            )
        ) { file in
            guard file.isSource else { return [] }
            return file.codeLines(
                with: ["fatalError", "as!", "unsafeBitCast"],
                matching: /\bfatalError\(|\bas!|\bunsafeBitCast\(/
            )
            .filter { !file.says("Safe because", near: $0) }
        },
        Rule(
            "No try! anywhere in Sources.",
            because: "the error has a reader; catch it or pass it on",
            planted: ("Sources/API/X.swift", "let a = try! b()"),
            innocent: ("Sources/API/X.swift", "let a = try b() // not try!")
        ) { file in
            file.isSource
                ? file.codeLines(
                    with: ["try!"],
                    matching: /\btry!/) : []
        },
        Rule(
            "What the compiler is asked to believe is proved beside it.",
            because:
                "write « Safe because » within three lines above, or hand over a value instead",
            planted: ("Sources/Curl/X.swift", "final class A: @unchecked Sendable {}"),
            innocent: (
                "Sources/Curl/X.swift",
                "// Safe because it is a constant.\nnonisolated(unsafe) let a = b"
            )
        ) { file in
            guard file.isSwift else { return [] }
            return file.codeLines(
                with: ["@unchecked", "nonisolated(unsafe)"],
                matching: /@unchecked\s+Sendable|nonisolated\(unsafe\)/
            )
            .filter { !file.says("Safe because", near: $0) }
        },
        Rule(
            "Above the drivers, the compiler is asked to believe nothing.",
            because: "edges share the state of a loop through LoopBound, the rest through values",
            planted: (
                "Sources/HTTPServing/X.swift", "// Safe because.\nclass A: @unchecked Sendable {}"
            ),
            innocent: (
                "Sources/Platform/X.swift", "// Safe because.\nclass A: @unchecked Sendable {}"
            )
        ) { file in
            let owners = ["Curl", "SQLite", "Platform", "Cryptography"]
            guard file.isSource, !owners.contains(file.target ?? "") else { return [] }
            return file.codeLines(
                with: ["@unchecked", "nonisolated(unsafe)"],
                matching: /@unchecked\s+Sendable|nonisolated\(unsafe\)/)
        },
    ]

    private static let words: [Rule] = [
        Rule(
            "Nothing is left for later.",
            because: "what is not done is an issue, where it is seen",
            planted: ("Sources/API/X.swift", "// \("TO" + "DO"): later"),
            innocent: ("Sources/API/X.swift", "// À faire tout de suite.")
        ) { file in
            file.lines(holding: ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"])
        },
        Rule(
            "No path of one machine is written down.",
            because: "the repository stands anywhere; take the path as a parameter",
            planted: ("Sources/API/X.swift", "let a = \"\("/ro" + "ot/")data\""),
            innocent: ("Sources/Platform/X.swift", "let a = \"/var/lib/dlnuf\"")
        ) { file in
            file.isTest ? [] : file.lines(holding: ["/work/", "/ro" + "ot/", "/home/", "/tmp/"])
        },
        Rule(
            "Nothing is public.",
            because: "these are programs, not libraries; say package",
            planted: ("Sources/API/X.swift", "public struct A {}"),
            innocent: ("Sources/API/X.swift", "/// The public key.\npackage struct A {}")
        ) { file in
            file.isSource
                ? file.codeLines(
                    with: ["public", "open"],
                    matching:
                        #/
                    (^|\s)(public|open)\s+
                    (class|struct|enum|func|var|let|protocol|extension|init|static|final|actor)\b
                    /#
                ) : []
        },
        Rule(
            "What a module offers says what it is.",
            because: "a reader meets the declaration first; write one /// line above it",
            planted: ("Sources/API/X.swift", "package struct A {\n    package func b() {}\n}"),
            innocent: (
                "Sources/API/X.swift",
                "/// An A.\n@frozen\npackage struct A {\n    package static func < (l: A, r: A)"
            )
        ) { file in
            file.isSource ? file.undocumentedDeclarations : []
        },
        Rule(
            "Tests are Swift Testing's.",
            because: "one runner, one style",
            planted: ("Tests/APITests/X.swift", "import XCTest"),
            innocent: ("Tests/APITests/X.swift", "import Testing")
        ) { file in
            file.codeLines(
                with: ["XCTest"],
                matching: /^\s*(@testable\s+)?import\s+XCTest\b/)
        },
        Rule(
            "No test sleeps where an event can be awaited.",
            because:
                "a sleep is too short here and too long there; write « No event to await » if so",
            planted: ("Tests/APITests/X.swift", "try await Task.sleep(for: .seconds(1))"),
            innocent: (
                "Tests/APITests/X.swift",
                "// No event to await: Task.sleep, then.\ntry await Task.sleep(for: .seconds(1))"
            )
        ) { file in
            guard file.isTest else { return [] }
            let sleeps = /Task\.sleep|Thread\.sleep|\bu?sleep\(/
            return file.codeLines(with: ["sleep"], matching: sleeps)
                .filter { !file.says("No event to await", near: $0) }
        },
    ]
}

extension RepositoryFile {
    /// Whether a line passes 100 columns; one that is a single text, which no break could shorten,
    /// has 120.
    fileprivate func isTooLong(_ line: Int) -> Bool {
        let isComment = lines[line].drop { $0 == " " }.hasPrefix("//")
        let isText = !isComment && code[line].count { $0 != " " } <= 3
        return lines[line].count > (isText ? 120 : 100)
    }

    /// Whether the file belongs to a module below the Platform line.
    fileprivate var isPure: Bool {
        isSource && target.map(Repository.pureModules.contains) == true
    }

    /// The `package` types and functions without a `///` line; what a protocol of the standard
    /// library already explains needs none.
    fileprivate var undocumentedDeclarations: [Int] {
        let declared =
            #/
            ^\s*package\s+((final|static|mutating|consuming|borrowing|indirect|nonisolated)\s+)*
            (struct|enum|class|actor|protocol|typealias|func)\s
            /#
        let explained = /func\s+(<|==|hash\(into|encode\(|next\(\)|makeIterator\()/
        return codeLines(with: ["package "], matching: declared).filter { line in
            guard code[line - 1].firstMatch(of: explained) == nil else { return false }
            let above = lines[..<(line - 1)].map { $0.drop { $0 == " " } }.last { line in
                !line.hasPrefix("@") && (line.hasPrefix("///") || !line.hasPrefix("//"))
            }
            return above?.hasPrefix("///") != true
        }
    }
}
