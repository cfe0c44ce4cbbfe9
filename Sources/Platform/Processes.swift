internal import Glibc

/// Other processes of this machine.
package enum Processes {
    /// The name of the program that a process runs, as the kernel shortens it; nil where there is
    /// no such process.
    package static func name(of process: Int32) -> String? {
        guard process > 0,
            let bytes = try? Files.read("/proc/\(process)/comm", maxBytes: 64)
        else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Sends a process the signal at which servers read their files again.
    package static func hangUp(_ process: Int32) throws(SystemError) {
        try checked("kill \(process)") { kill(process, SIGHUP) }
    }
}
