import COpenSSL

/// Numbers on loan to OpenSSL, overwritten when they are freed.
struct BigNumbers: ~Copyable {
    let pointers: [OpaquePointer?]

    init(_ numbers: [[UInt8]]) {
        pointers = numbers.map { BN_bin2bn($0, Int32($0.count), nil) }
    }

    deinit {
        for pointer in pointers { BN_clear_free(pointer) }
    }
}

/// Bytes in and out of OpenSSL through memory that is overwritten when it is freed.
enum MemoryBIO {
    /// A BIO to read the bytes from, for as long as the body runs.
    static func reading<Value>(
        _ bytes: [UInt8],
        _ body: (OpaquePointer) throws(CryptographyError) -> Value
    ) throws(CryptographyError) -> Value {
        guard !bytes.isEmpty, bytes.count <= 1 << 20 else { throw .invalidLength }
        guard let bio = BIO_new(BIO_s_secmem()) else { throw .unavailable }
        defer { BIO_free(bio) }
        guard BIO_write(bio, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw .unavailable
        }
        return try body(bio)
    }

    /// What the body writes.
    static func written(_ body: (OpaquePointer) -> Int32) throws(CryptographyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard let bio = BIO_new(BIO_s_secmem()) else { throw .unavailable }
        defer { BIO_free(bio) }
        guard body(bio) == 1 else { throw .unavailable }
        var start: UnsafeMutablePointer<CChar>?
        let count = dlnuf_bio_memory(bio, &start)
        guard let start, count > 0 else { throw .unavailable }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }
}
