import Cryptography
import Platform

/// The encryption between one connection and its socket.
final class TLSChannel {
    /// What one attempt to receive gave.
    enum Reception {
        case bytes(Int)
        case ended
        case later
        case failed
    }

    private var session: TLSSession
    private var outgoing: [UInt8] = []
    private var sent = 0
    private(set) var isEstablished = false
    private(set) var certificateSHA256: [UInt8]?
    /// Whether decrypted data may wait inside, about which the socket says nothing.
    private(set) var mayHoldData = false
    private var isSocketDrained = false

    init(_ context: TLSContext) throws(TLSError) {
        session = try TLSSession(context)
    }

    /// Begins a turn: the socket may have something new.
    func beginTurn() {
        isSocketDrained = false
    }

    /// Receives once: from what is held, then from the socket, by way of `ciphertext`.
    func receive(
        _ raw: Int32,
        into plaintext: UnsafeMutableRawBufferPointer,
        by ciphertext: UnsafeMutableRawBufferPointer
    ) -> Reception {
        do throws(TLSError) {
            while true {
                if isEstablished {
                    switch try session.read(into: plaintext) {
                    case .bytes(let count):
                        mayHoldData = true
                        return .bytes(count)
                    case .closed: return .ended
                    case .needsMore: mayHoldData = false
                    }
                }
                if isSocketDrained { return .later }
                switch attemptRead(raw, into: ciphertext) {
                case .moved(0): return .ended
                case .moved(let count):
                    isSocketDrained = count < ciphertext.count
                    try take(UnsafeRawBufferPointer(rebasing: ciphertext[..<count]))
                case .wouldBlock: return .later
                case .failed: return .failed
                }
            }
        } catch {
            return .failed
        }
    }

    private func take(_ ciphertext: UnsafeRawBufferPointer) throws(TLSError) {
        try session.receive(ciphertext)
        guard !isEstablished, try session.progressHandshake() == .finished else { return }
        isEstablished = true
        certificateSHA256 = session.peerCertificateSHA256
    }

    /// Sends what waits, encrypting it as the socket takes it.
    func send(_ outbox: inout Outbox, _ raw: Int32) -> Attempt {
        var moved = 0
        while true {
            while sent < outgoing.count {
                let attempt = outgoing.withUnsafeBytes { all in
                    attemptWrite(raw, from: UnsafeRawBufferPointer(rebasing: all[sent...]))
                }
                guard case .moved(let count) = attempt else {
                    return moved > 0 && attempt == .wouldBlock ? .moved(moved) : attempt
                }
                sent += count
                moved += count
            }
            outgoing = []
            sent = 0
            if session.pendingCiphertext == 0 {
                guard isEstablished, !outbox.isEmpty else { return .moved(moved) }
                guard encrypt(&outbox) else { return .failed(0) }
            }
            outgoing = session.takeCiphertext()
        }
    }

    /// Whether ciphertext waits for the socket.
    var hasOutgoing: Bool { sent < outgoing.count || session.pendingCiphertext > 0 }

    /// Says that nothing more follows.
    func close() {
        session.close()
    }

    private func encrypt(_ outbox: inout Outbox) -> Bool {
        let count = outbox.withNext(limit: 64 << 10) { next -> Int? in
            do {
                try session.write(next)
                return next.count
            } catch {
                return nil
            }
        }
        guard let count else { return false }
        outbox.advance(count)
        return true
    }
}
