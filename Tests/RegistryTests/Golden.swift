import Foundation
import Testing

/// Compares a text with `Tests/Golden/Registry/NAME`, whose first line says how to renew it, or
/// rewrites that file under `UPDATE_GOLDEN=1`.
func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = Folders.shipped.root.appending(path: "Tests/Golden/Registry/\(name)")
    let renewal = "# UPDATE_GOLDEN=1 swift test --filter RegistryTests\n"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((renewal + text).utf8).write(to: file)
        return
    }
    guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
        Issue.record(
            "Golden/Registry/\(name) is missing: run with UPDATE_GOLDEN=1, then read the diff",
            sourceLocation: sourceLocation)
        return
    }
    #expect(
        renewal + text == expected, "UPDATE_GOLDEN=1 renews it", sourceLocation: sourceLocation)
}
