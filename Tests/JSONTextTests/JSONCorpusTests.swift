import Foundation
import JSONText
import Testing

/// Files of `Tests/Corpus/json`, which an independent parser (Python's) judges too.
///
/// We are stricter than Python in what `plus-stricts-que-python` holds: equal member names, NaN and
/// Infinity, lone surrogates, byte order marks, UTF-16 and UTF-32, and depth.
@Suite struct `The JSON corpus` {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Corpus/json")

    static func files(_ folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: folder).path())
        return (names ?? []).sorted().map { "\(folder)/\($0)" }
    }

    @Test(arguments: files("acceptes"))
    func `is accepted where it should be`(file: String) throws {
        let bytes = Array(try Data(contentsOf: Self.root.appending(path: file)))
        _ = try parseJSON(bytes)
        try pull(bytes)
    }

    @Test(arguments: files("refuses") + files("plus-stricts-que-python"))
    func `is refused where it should be`(file: String) throws {
        let bytes = Array(try Data(contentsOf: Self.root.appending(path: file)))
        let tree = #expect(throws: JSONError.self) { try parseJSON(bytes) }
        let pulled = #expect(throws: JSONError.self) { try pull(bytes) }
        #expect(tree == pulled)
    }

    @Test func `is there`() {
        #expect(Self.files("acceptes").count >= 10)
        #expect(Self.files("refuses").count >= 20)
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"),
            "python3 is not installed"))
    func `is judged by Python as its folders say`() throws {
        let script = """
            import json, os, sys
            for folder in ("acceptes", "refuses", "plus-stricts-que-python"):
                for name in sorted(os.listdir(os.path.join(sys.argv[1], folder))):
                    with open(os.path.join(sys.argv[1], folder, name), "rb") as file:
                        data = file.read()
                    try:
                        json.loads(data)
                        accepted = True
                    except (ValueError, RecursionError):
                        accepted = False
                    if accepted != (folder != "refuses"):
                        print(folder + "/" + name)
            """
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/python3")
        python.arguments = ["-c", script, Self.root.path()]
        let output = Pipe()
        python.standardOutput = output
        try python.run()
        let surprises = try output.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
        #expect(String(decoding: surprises, as: UTF8.self) == "")
    }
}
