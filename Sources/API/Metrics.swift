/// One metric of the gateway with its samples, as Prometheus reads them.
///
/// Its labels name documents and holders, never a person, an exchange or a fund.
package struct MetricFamily: Sendable {
    /// What a sample may do from one reading to the next.
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// One value, with what it is the value of.
    package struct Sample: Sendable {
        package let labels: [(name: String, value: String)]
        package let value: Double
        /// What follows the metric's name: `_bucket`, `_sum` and `_count` of a histogram.
        package let suffix: String

        package init(
            _ value: Double, labels: [(name: String, value: String)] = [], suffix: String = ""
        ) {
            self.value = value
            self.labels = labels
            self.suffix = suffix
        }
    }

    package let name: String
    package let help: String
    package let kind: Kind
    package let samples: [Sample]

    package init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}

extension [MetricFamily] {
    /// The text that Prometheus reads, version 0.0.4 of its format.
    package var text: String {
        map(\.text).joined()
    }

    /// The text's media type.
    package static var mediaType: String { "text/plain; version=0.0.4; charset=utf-8" }
}

extension MetricFamily {
    fileprivate var text: String {
        let head = "# HELP \(name) \(help.escaped)\n# TYPE \(name) \(kind.rawValue)\n"
        return head
            + samples.map { "\(name)\($0.suffix)\($0.labelText) \($0.valueText)\n" }.joined()
    }
}

extension MetricFamily.Sample {
    fileprivate var labelText: String {
        guard !labels.isEmpty else { return "" }
        let parts = labels.map { label in
            "\(label.name)=\"\(label.value.escaped.replacing("\"", with: "\\\""))\""
        }
        return "{\(parts.joined(separator: ","))}"
    }

    /// A whole number without its point.
    fileprivate var valueText: String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }
}

extension String {
    fileprivate var escaped: String {
        replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }
}
