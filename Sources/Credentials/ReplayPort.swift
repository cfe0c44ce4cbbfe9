package import Vocabulary

/// What remembers, on disk, the assertions that were used.
package protocol ReplayPort: Sendable {
    /// Takes a name, once: true for whoever gives it first, false for all others, restarts
    /// included. It returns once the name is durable.
    ///
    /// - Throws: `titresIndisponibles` where it cannot be made durable, and then nothing may be
    ///   granted on its strength.
    func take(_ key: [UInt8], until end: Timestamp, at now: Timestamp) async throws(Problem) -> Bool
}
