internal import CLinux
internal import Glibc

/// Files and folders, as POSIX has them: for the edges that read configuration and write keys.
package enum Files {
    /// The whole of a regular file; `EFBIG` when it is larger than `maxBytes`.
    package static func read(_ path: String, maxBytes: Int) throws(SystemError) -> [UInt8] {
        let file = FileDescriptor(
            owning: try checked("open \(path)") { clinux_open(path, O_RDONLY, 0) }
        )
        return try read(file, maxBytes: maxBytes, named: path)
    }

    /// What is left to read of a file; `EFBIG` when that is more than `maxBytes`.
    static func read(
        _ file: borrowing FileDescriptor, maxBytes: Int, named path: String
    ) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            switch chunk.withUnsafeMutableBytes({ file.read(into: $0) }) {
            case .moved(0): return bytes
            case .moved(let count):
                guard bytes.count + count <= maxBytes else {
                    throw SystemError(code: EFBIG, operation: "read \(path)")
                }
                bytes.append(contentsOf: chunk[..<count])
            case .wouldBlock: throw SystemError(code: EAGAIN, operation: "read \(path)")
            case .failed(let code): throw SystemError(code: code, operation: "read \(path)")
            }
        }
    }

    /// Puts a file in place whole or not at all, on disk when this returns.
    package static func writeAtomically(
        _ path: String,
        _ bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(SystemError) {
        let temporary = "\(path).\(hexadecimal(Randomness.bytes(8)))"
        do throws(SystemError) {
            try writeNew(temporary, bytes, mode)
            try checked("rename \(path)") { rename(temporary, path) }
        } catch {
            unlink(temporary)
            throw error
        }
        try sync(directory: parent(of: path))
    }

    /// The names in a folder, sorted by their bytes, without `.` and `..`.
    package static func list(_ directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else { throw .last("opendir \(directory)") }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .last("readdir \(directory)") }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// What a path names.
    package enum Kind: Sendable, Equatable {
        case file, directory, other
    }

    /// What the path names, links followed; nil when nothing is there.
    package static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    /// Whether the path names anything.
    package static func exists(_ path: String) -> Bool { kind(path) != nil }

    /// The permission bits of a file or folder.
    package static func mode(_ path: String) throws(SystemError) -> UInt32 {
        var status = stat()
        try checked("stat \(path)") { stat(path, &status) }
        return status.st_mode & 0o7777
    }

    /// Makes a folder and those above it; one that exists already is fine.
    package static func createDirectory(
        _ path: String,
        mode: UInt32 = 0o700
    ) throws(SystemError) {
        if kind(path) == .directory { return }
        let above = parent(of: path)
        if above != path, !exists(above) { try createDirectory(above, mode: mode) }
        if mkdir(path, mode) != 0, errno != EEXIST { throw .last("mkdir \(path)") }
    }

    /// Removes a file or an empty folder.
    package static func remove(_ path: String) throws(SystemError) {
        try checked("remove \(path)") { Glibc.remove(path) }
    }

    /// Removes a folder with all it holds; links are removed, not followed.
    package static func removeTree(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in try list(path) { try removeTree("\(path)/\(name)") }
        }
        try remove(path)
    }

    /// Gives a file or folder another path, where nothing may be but a file or an empty folder.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try checked("rename \(path)") { rename(path, other) }
        try sync(directory: parent(of: other))
    }

    /// Has two paths trade what they name, at one instant: no reader finds either of them empty.
    package static func exchange(_ path: String, _ other: String) throws(SystemError) {
        try checked("exchange \(path)") { clinux_exchange(path, other) }
        try sync(directory: parent(of: other))
    }

    /// Makes a folder with a new name under the system's folder for temporary files.
    package static func temporaryDirectory(prefix: String) throws(SystemError) -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(base)/\(prefix)-\(hexadecimal(Randomness.bytes(8)))"
        try checked("mkdir \(path)") { mkdir(path, 0o700) }
        return path
    }

    private static func writeNew(
        _ path: String,
        _ bytes: [UInt8],
        _ mode: UInt32
    ) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL
        let file = FileDescriptor(
            owning: try checked("open \(path)") { clinux_open(path, flags, mode) }
        )
        let raw = file.raw
        // The process's umask may have taken bits away.
        try checked("fchmod \(path)") { fchmod(raw, mode) }
        var written = 0
        while written < bytes.count {
            let attempt = bytes.withUnsafeBytes { buffer in
                file.write(UnsafeRawBufferPointer(rebasing: buffer.dropFirst(written)))
            }
            switch attempt {
            case .moved(let count): written += count
            case .wouldBlock: throw SystemError(code: EAGAIN, operation: "write \(path)")
            case .failed(let code): throw SystemError(code: code, operation: "write \(path)")
            }
        }
        try checked("fsync \(path)") { fsync(raw) }
    }

    private static func sync(directory: String) throws(SystemError) {
        let folder = FileDescriptor(
            owning: try checked("open \(directory)") {
                clinux_open(directory, O_RDONLY | O_DIRECTORY, 0)
            }
        )
        let raw = folder.raw
        // Without it the rename itself can be lost with the power.
        try checked("fsync \(directory)") { fsync(raw) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
