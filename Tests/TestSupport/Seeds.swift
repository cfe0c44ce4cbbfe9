import Foundation

/// The seeds of a property test: always the same ones, unless the environment gives another first.
///
/// `DLNUF_GRAINE=7 swift test --filter …` draws other cases; a failure prints the seed that draws
/// its case again.
package enum Seeds {
    /// The first seed.
    package static let first: UInt64 = {
        ProcessInfo.processInfo.environment["DLNUF_GRAINE"].flatMap { UInt64($0) } ?? 1
    }()

    /// So many seeds from the first one on.
    package static func count(_ count: Int) -> [UInt64] {
        (0..<UInt64(count)).map { first &+ $0 }
    }
}
