import Testing

@Suite struct `The house rules` {
    @Test(arguments: Rule.all)
    func `are kept by every file`(rule: Rule) {
        let violations = Repository.files.flatMap(rule.violations)
        #expect(
            violations.isEmpty,
            "\(rule.name) Because \(rule.because).\n\(violations.joined(separator: "\n"))")
    }

    @Test(arguments: Rule.all)
    func `catch a planted violation, and nothing that only looks like one`(rule: Rule) {
        #expect(!rule.violations(in: rule.planted).isEmpty)
        if let innocent = rule.innocent { #expect(rule.violations(in: innocent) == []) }
    }

    @Test func `see the whole repository`() {
        #expect(Repository.files.count > 200)
        #expect(Repository.files.contains { $0.path == "Tests/TidyTests/RuleTests.swift" })
        #expect(Repository.pureModules.isSuperset(of: ["JSONText", "Vocabulary", "API"]))
        #expect(!Repository.pureModules.contains("Platform"))
    }
}

@Suite struct `Sizes` {
    @Test func `of files stay small for nine in ten`() {
        let lengths = Repository.files.filter(\.isSource).map { $0.lines.count - 1 }.sorted()
        #expect(percentile(90, of: lengths) <= 400)
    }

    @Test func `of functions stay small for nine in ten`() {
        let lengths = Repository.files.filter(\.isSource).flatMap(\.functions).map(\.length)
            .sorted()
        #expect(lengths.count > 500)
        #expect(percentile(50, of: lengths) <= 12)
        #expect(percentile(90, of: lengths) <= 30)
    }

    private func percentile(_ percent: Int, of sorted: [Int]) -> Int {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}

@Suite struct `Blanked source` {
    @Test(arguments: [
        ("let a = 1 // b", "let a = 1     "), ("a /* b /* c */ d */ e", "a                   e"),
        (#"let a = "b \(c("d")) e" + f"#, "let a =                 + f"),
        (##"let a = #"b "c" \(d)"# + e"##, "let a =                + e"),
        ("let a = \"\"\"\n  b \"c\"\n  \"\"\" + d", "let a =    \n       \n      + d"),
        ("func `a b`() {}", "func `   `() {}"), (#"let a = "\\" + b"#, "let a =      + b"),
    ])
    func `keeps code alone, and every line`(source: String, expected: String) {
        #expect(blanked(source) == expected)
    }

    @Test func `gives functions their lengths`() {
        let file = RepositoryFile(
            "Sources/API/X.swift",
            """
            protocol A {
                func b() -> [Int]
                var c: Int { get }
            }
            struct D {
                init(
                    e: Int = 1
                ) {
                    self.e = "}"
                }
                func f<G>(_ g: () -> Void) where G: A { g() }
                deinit {
                }
            }
            """)
        #expect(file.functions.map(\.name) == ["init", "f", "deinit"])
        #expect(file.functions.map(\.length) == [5, 1, 2])
    }
}
