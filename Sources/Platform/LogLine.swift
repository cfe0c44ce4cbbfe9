internal import Glibc

/// A value that a log line may hold: one of a closed list of words.
package protocol LogCode: RawRepresentable, CaseIterable, Sendable where RawValue == String {}

/// What can be told of the deployment's own files: never anything that came with a request.
///
/// A type that conforms says so of all that it holds.
package protocol LogText: Sendable {
    /// One sentence, or a few.
    var logText: String { get }
}

/// One line of the technical log: JSON on standard output, nothing about any person.
///
/// Its values are numbers, truths, words of closed lists, texts written in the source, and what
/// ``LogText`` tells of the deployment's files: a string that came from a request has no way in.
package struct LogLine: Sendable {
    /// How much the line matters to an operator.
    package enum Level: String, LogCode {
        case info, warning, error
    }

    private var bytes: [UInt8] = []
    private let level: Level
    private let event: StaticString

    /// A line about one event, named in the source.
    package init(_ event: StaticString, level: Level = .info) {
        self.event = event
        self.level = level
    }

    /// Adds a number; its unit ends the name.
    package func with(_ name: StaticString, _ value: Int) -> LogLine {
        adding(name) { $0.append(contentsOf: String(value).utf8) }
    }

    /// Adds a truth.
    package func with(_ name: StaticString, _ value: Bool) -> LogLine {
        adding(name) { $0.append(contentsOf: (value ? "true" : "false").utf8) }
    }

    /// Adds a text written in the source.
    package func with(_ name: StaticString, _ value: StaticString) -> LogLine {
        adding(name) { Self.appendText(value.description, to: &$0) }
    }

    /// Adds a word of a closed list.
    package func with<Code: LogCode>(_ name: StaticString, _ value: Code) -> LogLine {
        adding(name) { Self.appendText(value.rawValue, to: &$0) }
    }

    /// Adds what is said of the deployment's files, or the beginning of it.
    package func with(_ name: StaticString, _ value: any LogText) -> LogLine {
        adding(name) { bytes in
            let text = value.logText
            let isLong = text.utf8.count > Self.longestText
            let shown = isLong ? text.prefix(Self.longestText / 4) + "…" : text[...]
            Self.appendText(String(shown), to: &bytes)
        }
    }

    private static let longestText = 2000

    /// Writes the line to standard output, with the time, in one call.
    package func write() {
        let line = text(milliseconds: WallClock.milliseconds())
        line.withUnsafeBytes { buffer in
            // A log that cannot be written must not stop the exchange it tells of.
            _ = attemptWrite(STDOUT_FILENO, from: buffer)
        }
    }

    /// The line's bytes, newline included, as if written at that time.
    package func text(milliseconds: Int64) -> [UInt8] {
        var line = [UInt8]()
        line.reserveCapacity(96 + bytes.count)
        line.append(contentsOf: #"{"time":""#.utf8)
        line.append(contentsOf: Self.timestamp(milliseconds).utf8)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: level.rawValue.utf8)
        line.append(contentsOf: #"","event":"#.utf8)
        Self.appendText(event.description, to: &line)
        line.append(contentsOf: bytes)
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private func adding(_ name: StaticString, _ value: (inout [UInt8]) -> Void) -> LogLine {
        var line = self
        line.bytes.append(UInt8(ascii: ","))
        Self.appendText(name.description, to: &line.bytes)
        line.bytes.append(UInt8(ascii: ":"))
        value(&line.bytes)
        return line
    }

    private static func appendText(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            // Only texts of ours reach here; a control character is not worth an escape.
            case 0..<32: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func timestamp(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        let date =
            [digits(Int(parts.tm_year) + 1900, 4), digits(Int(parts.tm_mon) + 1, 2)]
            .joined(separator: "-") + "-" + digits(Int(parts.tm_mday), 2)
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map { digits(Int($0), 2) }.joined(separator: ":")
        return "\(date)T\(time).\(digits(Int(milliseconds % 1000), 3))Z"
    }
}
