import Foundation

/// One file of the repository, by its path from the root.
struct RepositoryFile: Sendable {
    let path: String
    let text: String
    /// The lines as they are written.
    let lines: [String]
    /// The same lines with every comment and every text of the program blanked.
    let code: [String]

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code =
            path.hasSuffix(".swift")
            ? blanked(text).split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
            : lines
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var isSource: Bool { isSwift && path.hasPrefix("Sources/") }
    var isTest: Bool { isSwift && path.hasPrefix("Tests/") }

    /// The module or suite that the file belongs to: `Platform`, `PlatformTests`.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, ["Sources", "Tests"].contains(parts[0]) else { return nil }
        return String(parts[1])
    }
}

/// The repository that this file stands in.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file but hidden ones and what the build makes.
    static let files: [RepositoryFile] = {
        let manager = FileManager.default
        let tops = (try? manager.contentsOfDirectory(atPath: root.path())) ?? []
        return tops.filter { !$0.hasPrefix(".") }.sorted().flatMap { top -> [RepositoryFile] in
            let folder = root.appending(path: top)
            let below = (try? manager.subpathsOfDirectory(atPath: folder.path())) ?? []
            let paths = below.isEmpty ? [top] : below.sorted().map { "\(top)/\($0)" }
            return paths.compactMap { path in
                (try? String(contentsOf: root.appending(path: path), encoding: .utf8))
                    .map { RepositoryFile(path, $0) }
            }
        }
    }()

    static func file(_ path: String) -> RepositoryFile? {
        files.first { $0.path == path }
    }

    /// The folders straight below one.
    static func folders(in path: String) -> [String] {
        let paths = files.map(\.path).filter { $0.hasPrefix(path + "/") }
        let names = paths.compactMap { file -> String? in
            let parts = file.dropFirst(path.count + 1).split(separator: "/")
            return parts.count > 1 ? String(parts[0]) : nil
        }
        return Set(names).sorted()
    }

    /// The modules that may not open a socket, read a file or ask the time.
    static let pureModules: Set<String> = {
        guard let manifest = file("Package.swift"),
            let line = manifest.text.firstRange(of: "Nothing below this line"),
            let end = manifest.text.firstRange(of: "// C libraries.\n")
        else { return [] }
        let below = manifest.text[line.upperBound..<end.lowerBound]
        return Set(below.matches(of: /\.module\(\s*"([A-Za-z]+)"/).map { String($0.1) })
    }()
}
