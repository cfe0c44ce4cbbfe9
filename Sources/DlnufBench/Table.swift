import Platform

/// Rows of text under headings, aligned by their widest cell: words left, numbers right.
struct Table: Sendable {
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) {
        self.headings = headings
    }

    /// Adds a row; missing cells are empty, surplus ones are dropped.
    mutating func add(_ cells: [String]) {
        let missing = max(0, headings.count - cells.count)
        rows.append(Array((cells + Array(repeating: "", count: missing)).prefix(headings.count)))
    }

    /// The table, each line ended.
    var text: String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in
            all.map { $0[column].count }.max() ?? 0
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        let lines = all.map { line($0, widths) }
        return ([lines[0], rule] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = zip(cells, widths).enumerated().map { column, pair in
            let space = String(repeating: " ", count: pair.1 - pair.0.count)
            return column == 0 ? pair.0 + space : space + pair.0
        }
        var text = padded.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// One measured way of doing the same work.
struct Measurement: Sendable {
    let load: LoadResult
    /// What the measured process spent, children included.
    let spent: Duration
    /// What it held in memory at the end, in bytes.
    let memory: Int

    /// Processor time per successful request.
    var spentEach: Duration { load.latencies.count == 0 ? .zero : spent / load.latencies.count }
}

/// Measures a load and what it makes a process spend.
func measure(
    _ load: Load,
    process: Int32,
    on loop: EventLoop
) async throws -> Measurement {
    var before = Duration.zero
    let generator = LoadGenerator(load, on: loop)
    let result = try await generator.run { before = ProcessCPU.ofTree(process) ?? .zero }
    let after = ProcessCPU.ofTree(process) ?? before
    return Measurement(
        load: result, spent: after - before, memory: ProcessCPU.memoryOfTree(process))
}

/// A number as French writes it, without Foundation.
func decimal(_ value: Double, _ places: Int) -> String {
    guard value.isFinite else { return "–" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let whole = Int((value.magnitude * Double(scale)).rounded())
    if places == 0 { return (value < 0 ? "-" : "") + "\(whole)" }
    let fraction = String(whole % scale)
    let zeros = String(repeating: "0", count: places - fraction.count)
    return (value < 0 ? "-" : "") + "\(whole / scale),\(zeros)\(fraction)"
}
