import Foundation
import Testing

/// Compares a text with `Tests/Golden/Vocabulary/NAME`, or rewrites that file under
/// `UPDATE_GOLDEN=1`.
func expectGolden(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let file = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Golden/Vocabulary/\(name)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return
    }
    guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
        Issue.record(
            "Golden/Vocabulary/\(name) is missing: run with UPDATE_GOLDEN=1, then read the diff",
            sourceLocation: sourceLocation)
        return
    }
    #expect(text == expected, "UPDATE_GOLDEN=1 renews it", sourceLocation: sourceLocation)
}
