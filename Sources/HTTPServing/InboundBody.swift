import HTTPMessages

/// What a connection has of the body of its current request.
struct InboundBody {
    /// What was received and not yet taken.
    private(set) var buffer: [UInt8] = []
    /// How many bytes were received so far.
    private(set) var received = 0
    var isComplete = true
    var failure: HTTPFailure?
    /// How many bytes may wait to be taken.
    var window = 0
    /// Whether the reader wants all of it, or any part.
    var isWantedWhole = false
    var isContinueDue = false

    init() {}

    init(window: Int, isContinueDue: Bool) {
        self.window = window
        self.isContinueDue = isContinueDue
        isComplete = false
    }

    /// Whether more bytes may be read from the caller.
    var takesMore: Bool { !isComplete && failure == nil && buffer.count < window }

    /// Whether the reader should look again.
    var isNews: Bool {
        if isComplete || failure != nil { return true }
        return isWantedWhole ? buffer.count >= window : !buffer.isEmpty
    }

    var waiting: Int { buffer.count }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        buffer.append(contentsOf: bytes)
        received += bytes.count
        isContinueDue = false
    }

    /// Counts bytes that nobody will take.
    mutating func drop(_ count: Int) {
        received += count
    }

    mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        return taken
    }
}

/// What a reader finds when it asks for the body.
enum BodyState {
    /// All of it is here; so many bytes are left.
    case here(Int)
    /// More is to come after so many bytes.
    case expected(Int)
    /// It will never be whole.
    case failed(HTTPFailure)
}
