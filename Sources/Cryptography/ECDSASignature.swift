import COpenSSL

/// The two forms of an ECDSA signature: DER, and R and S side by side, each of the curve's width
/// (IEEE P1363).
enum ECDSASignature {
    /// The DER form; only of two numbers, since what they must be is the verifier's matter.
    static func der(raw: [UInt8]) -> [UInt8] {
        let half = raw.count / 2
        let body = integer(raw.prefix(half)) + integer(raw.suffix(half))
        return [0x30, UInt8(body.count)] + body
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = bytes.drop { $0 == 0 }
        // A first bit set would mean a negative number; no digit at all means zero.
        let sign: [UInt8] = (digits.first ?? 0xff) & 0x80 == 0 ? [] : [0]
        return [0x02, UInt8(sign.count + digits.count)] + sign + digits
    }

    static func raw(der: [UInt8], width: Int) -> [UInt8]? {
        defer { ERR_clear_error() }
        let signature = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &start, buffer.count)
        }
        guard let signature else { return nil }
        defer { ECDSA_SIG_free(signature) }
        var r = [UInt8](repeating: 0, count: width)
        var s = [UInt8](repeating: 0, count: width)
        guard BN_bn2binpad(ECDSA_SIG_get0_r(signature), &r, Int32(width)) == Int32(width),
            BN_bn2binpad(ECDSA_SIG_get0_s(signature), &s, Int32(width)) == Int32(width)
        else { return nil }
        return r + s
    }
}
