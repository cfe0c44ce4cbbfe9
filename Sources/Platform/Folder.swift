internal import CLinux
internal import Glibc

/// A folder held open, from which what it holds is reached without following any link.
///
/// A name is resolved in this very folder, whatever is renamed meanwhile: nothing outside can be
/// reached through it.
package struct Folder: ~Copyable {
    /// What a name in the folder stands for, links not followed.
    package enum Kind: Sendable, Equatable {
        case file(size: Int)
        case folder
        /// A symbolic link, with the path that it holds.
        case link(target: String)
        case other
    }

    /// One name in the folder.
    package struct Entry: Sendable, Equatable {
        /// The name; what is not UTF-8 in it was repaired, to be shown only.
        package let name: String
        /// Whether the name is UTF-8, and so can be reached by it.
        package let isText: Bool
        package let kind: Kind
    }

    private let descriptor: FileDescriptor

    /// Opens a folder by its path, of which the links are the caller's own.
    package init(_ path: String) throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try checked("open \(path)") {
                clinux_open(path, O_RDONLY | O_DIRECTORY, 0)
            })
    }

    private init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// What the folder holds, sorted by the bytes of the names, without `.` and `..`.
    package borrowing func entries() throws(SystemError) -> [Entry] {
        try names().map { name in entry(name) }
    }

    /// A folder in this one.
    package borrowing func folder(_ name: String) throws(SystemError) -> Folder {
        Folder(try open(name, O_RDONLY | O_DIRECTORY))
    }

    /// The whole of a regular file in this folder; `EFBIG` when it is larger than `maxBytes`.
    package borrowing func read(_ name: String, maxBytes: Int) throws(SystemError) -> [UInt8] {
        // A pipe must not hold whoever opens it.
        let file = try open(name, O_RDONLY | O_NONBLOCK)
        var status = stat()
        let raw = file.raw
        try checked("fstat \(name)") { fstat(raw, &status) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SystemError(code: EINVAL, operation: "read \(name)")
        }
        guard status.st_size <= maxBytes else {
            throw SystemError(code: EFBIG, operation: "read \(name)")
        }
        return try Files.read(file, maxBytes: maxBytes, named: name)
    }

    private borrowing func open(
        _ name: String, _ flags: Int32
    ) throws(SystemError) -> FileDescriptor {
        guard !name.utf8.contains(UInt8(ascii: "/")) else {
            throw SystemError(code: EINVAL, operation: "open \(name)")
        }
        let raw = descriptor.raw
        return FileDescriptor(
            owning: try checked("open \(name)") {
                clinux_open_at(raw, name, flags | O_NOFOLLOW)
            })
    }

    private borrowing func names() throws(SystemError) -> [[CChar]] {
        // A stream owns its descriptor and moves its offset: it gets one of its own.
        let own = try open(".", O_RDONLY | O_DIRECTORY).release()
        guard let stream = fdopendir(own) else {
            let error = SystemError.last("fdopendir")
            close(own)
            throw error
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                raw.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
            }
            if name != [0x2E, 0], name != [0x2E, 0x2E, 0] { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw .last("readdir") }
        return names.sorted {
            $0.lexicographicallyPrecedes($1) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
        }
    }

    private borrowing func entry(_ name: [CChar]) -> Entry {
        let bytes = name.dropLast().map { UInt8(bitPattern: $0) }
        let text = String(decoding: bytes, as: UTF8.self)
        return Entry(name: text, isText: Array(text.utf8) == bytes, kind: kind(name))
    }

    private borrowing func kind(_ name: [CChar]) -> Kind {
        var status = stat()
        guard fstatat(descriptor.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return .other
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(size: Int(status.st_size))
        case S_IFDIR: return .folder
        case S_IFLNK: return .link(target: target(name))
        default: return .other
        }
    }

    private borrowing func target(_ name: [CChar]) -> String {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlinkat(descriptor.raw, name, &bytes, bytes.count)
        let path = bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        return String(decoding: path, as: UTF8.self)
    }
}
