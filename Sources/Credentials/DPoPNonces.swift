import Cryptography
import Synchronization
package import Vocabulary

/// The nonces that proofs must repeat, and the proofs that were seen under them.
///
/// A nonce names its slot of time under a key that is drawn at the gateway's start: none is kept,
/// nobody else can make one, and a proof from before the start is refused whatever it says. A proof
/// is remembered as long as its nonce is good, so that none passes twice.
package final class DPoPNonces: Sendable {
    /// How long a slot lasts; a nonce is good in its slot and in the next.
    package static let slotSeconds: Int64 = 120

    private let key: [UInt8]
    private let capacity: Int
    private let seen = Mutex<[Int64: Set<[UInt8]>]>([:])

    /// Nonces of one life of the gateway.
    ///
    /// The key is 32 bytes that nobody can foresee, drawn anew at each start; the capacity is how
    /// many proofs are remembered at most.
    package init(key: [UInt8], capacity: Int = 400_000) {
        self.key = key
        self.capacity = capacity
    }

    /// The nonce to repeat now.
    package func current(at now: Timestamp) -> String {
        nonce(of: slot(now))
    }

    /// Takes a proof: its nonce is good, and it is the first of its name.
    package func take(_ proof: DPoPProof, at now: Timestamp) throws(Problem) {
        guard let nonce = proof.nonce else { throw Problem(.preuveSansNonce) }
        let slot = slot(now)
        guard let own = [slot, slot - 1].first(where: { isNonce(nonce, of: $0) }) else {
            throw Problem(.preuveNoncePerime)
        }
        let verdict: ProblemCode? = seen.withLock { seen in
            for past in seen.keys where past < slot - 1 { seen[past] = nil }
            guard seen.values.reduce(0, { $0 + $1.count }) < capacity else {
                return .passerelleSaturee
            }
            let isFirst = seen[own, default: []].insert(proof.replayKey).inserted
            return isFirst ? nil : .preuveRejouee
        }
        if let verdict { throw Problem(verdict) }
    }

    private func slot(_ now: Timestamp) -> Int64 {
        now.milliseconds / (Self.slotSeconds * 1000)
    }

    private func nonce(of slot: Int64) -> String {
        let message = Array("dlnuf/nonce/v1 \(slot)".utf8)
        return Base64URL.encode(Array(hmacSHA256(key: key, message).prefix(18)))
    }

    private func isNonce(_ text: String, of slot: Int64) -> Bool {
        constantTimeEqual(Array(text.utf8), Array(nonce(of: slot).utf8))
    }
}
