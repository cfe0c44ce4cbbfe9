import Foundation
import Testing

/// What stands where: pure functions of paths, so that a missing file can be planted.
private struct Layout {
    let paths: Set<String>
    let manifest: String

    static let repository = Layout(
        paths: Set(Repository.files.map(\.path)),
        manifest: Repository.file("Package.swift")?.text ?? "")

    func adding(_ path: String) -> Layout {
        Layout(paths: paths.union([path]), manifest: manifest)
    }

    func removing(_ part: String) -> Layout {
        Layout(paths: paths.filter { !$0.contains(part) }, manifest: manifest)
    }

    /// The names of the table, with what kind of target each makes.
    private var modules: [String: String] {
        let rows = manifest.matches(of: /\.(module|program|shim|library)\(\s*"([A-Za-z]+)"/)
        return Dictionary(rows.map { (String($0.2), String($0.1)) }) { first, _ in first }
    }

    private var suites: Set<String> {
        Set(manifest.matches(of: /Suite\(\s*"([A-Za-z]+)"/).map { String($0.1) })
    }

    /// Files that no target reads, and modules that have no file.
    var strays: [String] {
        let modules = modules
        let withTests = modules.filter { $0.value == "module" }.keys.map { $0 + "Tests" }
        let tests = suites.union(withTests).union(["TestSupport"])
        let read = paths.filter { path in
            let parts = path.split(separator: "/").map(String.init)
            switch parts.first {
            case "Sources" where parts.count > 2:
                guard let kind = modules[parts[1]] else { return false }
                if path.contains(".docc/") { return true }
                return ["shim", "library"].contains(kind)
                    ? ["module.modulemap", "shim.h"].contains(parts[2]) : path.hasSuffix(".swift")
            case "Tests" where parts.count > 2:
                if ["Golden", "Corpus", "Fuzz"].contains(parts[1]) { return true }
                return tests.contains(parts[1]) && path.hasSuffix(".swift")
            case "connectors", "policies": return path.hasSuffix(".json")
            default: return ["Package.swift", "Makefile", "README.md"].contains(path)
            }
        }
        let empty = (Array(modules.keys) + tests).filter { name in
            !paths.contains { $0.split(separator: "/").dropFirst().first == Substring(name) }
        }
        return (paths.subtracting(read) + empty.map { "\($0)/" }).sorted()
    }

    var placeholders: [String] {
        paths.filter { $0.hasSuffix("Placeholder.swift") }.sorted()
    }

    /// What a holder's or a service's folder lacks.
    var incomplete: [String] {
        var missing: [String] = []
        for holder in folders(in: "connectors") where holder != "connectors/datasets" {
            for dataset in folders(in: holder) {
                missing += lacking(dataset, ["connector.json"], "examples", least: 5)
                let contract = "connectors/datasets/\(dataset.split(separator: "/")[2]).json"
                if !paths.contains(contract) { missing.append(contract) }
            }
        }
        for service in folders(in: "policies") {
            if !paths.contains("\(service)/service.json") {
                missing.append("\(service)/service.json")
            }
            for purpose in folders(in: service) {
                missing += lacking(purpose, ["policy.json"], "cases", least: 2)
            }
        }
        return missing
    }

    private func lacking(
        _ folder: String, _ files: [String], _ cases: String, least: Int
    ) -> [String] {
        let missing = files.map { "\(folder)/\($0)" }.filter { !paths.contains($0) }
        let count = paths.count { $0.hasPrefix("\(folder)/\(cases)/") }
        return missing + (count < least ? ["\(folder)/\(cases): \(count) of \(least)"] : [])
    }

    private func folders(in folder: String) -> [String] {
        let depth = folder.split(separator: "/").count
        let names = paths.filter { $0.hasPrefix(folder + "/") }.compactMap { path -> String? in
            let parts = path.split(separator: "/")
            guard parts.count > depth + 1 else { return nil }
            return parts.prefix(depth + 1).joined(separator: "/")
        }
        return Set(names).filter { !$0.hasSuffix("/examples") && !$0.hasSuffix("/cases") }.sorted()
    }
}

@Suite struct `The layout` {
    @Test func `has no file that nothing reads`() {
        #expect(Layout.repository.strays == [])
        #expect(
            Layout.repository.adding("Sources/API/notes.txt").strays == ["Sources/API/notes.txt"])
        #expect(Layout.repository.adding("Sources/Autre/A.swift").strays.count == 1)
        #expect(Layout.repository.adding("notes.md").strays == ["notes.md"])
        #expect(Layout.repository.removing("Sources/JOSE/").strays == ["JOSE/"])
    }

    @Test func `has no file that holds a place`() {
        #expect(Layout.repository.placeholders == [])
        #expect(!Layout.repository.adding("Tests/XTests/Placeholder.swift").placeholders.isEmpty)
    }

    @Test func `completes every connector and every policy`() {
        #expect(Layout.repository.incomplete == [])
        let broken = Layout.repository.removing("dgfip/revenu_fiscal/connector.json")
            .removing("cnaf/rsa/cases/").removing("policies/dss/service.json")
        #expect(
            broken.incomplete == [
                "connectors/dgfip/revenu_fiscal/connector.json", "policies/cnaf/rsa/cases: 0 of 2",
                "policies/dss/service.json",
            ])
    }

    /// Each purpose shows one request that passes and one that does not.
    @Test func `shows both verdicts for every purpose`() {
        let cases = Repository.files.filter {
            $0.path.hasPrefix("policies/") && $0.path.contains("/cases/")
        }
        let byPurpose = Dictionary(grouping: cases) { file in
            file.path.split(separator: "/").prefix(3).joined(separator: "/")
        }
        #expect(byPurpose.count == 8)
        for (purpose, cases) in byPurpose {
            let verdicts = cases.flatMap { file in
                file.text.matches(of: /"verdict":\s*"(\w+)"/).map { String($0.1) }
            }
            #expect(Set(verdicts) == ["permis", "refuse"], "\(purpose)")
        }
    }

    @Test func `compares every golden file with something`() {
        let tests = Repository.files.filter(\.isTest).map(\.text)
        for file in Repository.files where file.path.hasPrefix("Tests/Golden/") {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            #expect(tests.contains { $0.contains(name) }, "\(file.path)")
        }
    }
}

@Suite struct `The commands` {
    private static func targets(of makefile: String) -> Set<String> {
        Set(makefile.matches(of: /(?m)^([a-z]+): ##/).map { String($0.1) })
    }

    private static func mentioned(in text: String) -> Set<String> {
        Set(text.matches(of: /(?m)(?:^|`|\$ )make ([a-z]+)/).map { String($0.1) })
    }

    @Test func `of the README are those of the Makefile`() throws {
        let makefile = try #require(Repository.file("Makefile")).text
        let targets = Self.targets(of: makefile)
        #expect(targets == ["help", "demo", "test", "bench", "fuzz", "format"])
        let readme = try #require(Repository.file("README.md"), "the README is not there")
        let mentioned = Self.mentioned(in: readme.text)
        #expect(!mentioned.isEmpty)
        #expect(mentioned.isSubset(of: targets))
        #expect(readme.lines.count <= 121)
    }

    @Test func `that do not exist are noticed`() {
        #expect(
            Self.mentioned(in: "Run `make demo`\n$ make deploy\nto make sure") == [
                "demo", "deploy",
            ])
        #expect(Self.targets(of: "demo: ## Lance\n\t@true\nother:\n") == ["demo"])
    }
}
