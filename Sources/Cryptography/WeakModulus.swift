/// Moduli whose primes were drawn from too few (CVE-2017-15361, « ROCA »).
///
/// Such primes are powers of 65537 modulo each of the first primes; the modulus is too, which
/// happens to another one once in 2¹⁵⁴.
enum WeakModulus {
    /// Whether a modulus, big-endian, bears the mark.
    static func isWeak(_ modulus: [UInt8]) -> Bool {
        primes.allSatisfy { prime in
            let rest = modulus.reduce(UInt32(0)) { ($0 << 8 | UInt32($1)) % prime }
            return isPower(rest, modulo: prime)
        }
    }

    private static let primes: [UInt32] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
        97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]

    private static func isPower(_ number: UInt32, modulo prime: UInt32) -> Bool {
        var power: UInt32 = 1
        repeat {
            if power == number { return true }
            power = power * 65537 % prime
        } while power != 1
        return false
    }
}
