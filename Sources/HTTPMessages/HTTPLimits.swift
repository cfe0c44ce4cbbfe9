/// How much of a message a parser reads before it refuses.
package struct HTTPLimits: Sendable, Equatable {
    /// Bytes of the request line or status line.
    package var startLine: Int
    /// Bytes of all the header fields together.
    package var headerBytes: Int
    /// Number of header fields.
    package var headerFields: Int
    /// Bytes of a body, whatever the route allows.
    package var body: Int
    /// Bytes of one chunk's size line.
    package var chunkLine: Int
    /// Bytes of all the trailers together.
    package var trailerBytes: Int
    /// Whether a field's name may hold `_`, which some servers take for `-`: only where nothing
    /// stands between the two ends, such as a double of a holder that names its fields so.
    package var admitsUnderscores: Bool

    /// Makes limits; the defaults suit a service that exchanges small documents.
    package init(
        startLine: Int = 8 << 10,
        headerBytes: Int = 16 << 10,
        headerFields: Int = 100,
        body: Int = 16 << 20,
        chunkLine: Int = 256,
        trailerBytes: Int = 4 << 10,
        admitsUnderscores: Bool = false
    ) {
        self.startLine = startLine
        self.headerBytes = headerBytes
        self.headerFields = headerFields
        self.body = body
        self.chunkLine = chunkLine
        self.trailerBytes = trailerBytes
        self.admitsUnderscores = admitsUnderscores
    }
}
