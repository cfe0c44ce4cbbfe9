import Glibc
import Platform

/// The processor time of other processes, read from `/proc`.
enum ProcessCPU {
    /// What a process and its living descendants have spent, all threads; nil when it is gone.
    static func ofTree(_ process: Int32) -> Duration? {
        guard let root = stat(process) else { return nil }
        var total = root.spent
        for child in children(of: process) { total += ofTree(child) ?? .zero }
        return total
    }

    /// The resident memory of this process alone, in bytes.
    static func ownMemory() -> Int { memory(of: getpid()) }

    /// The resident memory of a process and its living descendants, in bytes.
    static func memoryOfTree(_ process: Int32) -> Int {
        children(of: process).reduce(memory(of: process)) { $0 + memoryOfTree($1) }
    }

    /// The most memory that a process has held at a time since its peak was last forgotten.
    static func peakMemory(of process: Int32) -> Int {
        let bytes = (try? Files.read("/proc/\(process)/status", maxBytes: 1 << 16)) ?? []
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Has the kernel count a process's peak from now on.
    static func forgetPeak(of process: Int32) throws(SystemError) {
        let file = open("/proc/\(process)/clear_refs", O_WRONLY)
        guard file >= 0, Glibc.write(file, "5", 1) == 1 else {
            throw SystemError(code: errno, operation: "clear_refs")
        }
        close(file)
    }

    private static func memory(of process: Int32) -> Int {
        let path = "/proc/\(process)/statm"
        let text = (try? Files.read(path, maxBytes: 4096)).map {
            String(decoding: $0, as: UTF8.self)
        }
        let fields = (text ?? "").split(separator: " ")
        let pages = fields.count > 1 ? Int(fields[1]) ?? 0 : 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// What all processors have spent not idling, and how many they are.
    static func ofMachine() -> (busy: Duration, processors: Int)? {
        guard let bytes = try? Files.read("/proc/stat", maxBytes: 1 << 20) else { return nil }
        let fields = String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self)
            .split(separator: " ").compactMap { Int($0) }
        guard fields.count >= 8 else { return nil }
        // user, nice, system, then irq, softirq; idle and iowait are rest, steal is not ours.
        let busy = fields[0] + fields[1] + fields[2] + fields[5] + fields[6]
        let ticks = Int(sysconf(Int32(_SC_CLK_TCK)))
        return (.microseconds(busy * 1_000_000 / ticks), Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    private static func children(of process: Int32) -> [Int32] {
        guard let names = try? Files.list("/proc") else { return [] }
        return names.compactMap { Int32($0) }.filter { stat($0)?.parent == process }
    }

    private static func stat(_ process: Int32) -> (parent: Int32, spent: Duration)? {
        guard let bytes = try? Files.read("/proc/\(process)/stat", maxBytes: 4096) else {
            return nil
        }
        return parse(
            String(decoding: bytes, as: UTF8.self), ticks: Int(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Reads one line of `/proc/PID/stat`, whose second field may hold anything between brackets.
    static func parse(_ line: String, ticks: Int) -> (parent: Int32, spent: Duration)? {
        guard let bracket = line.lastIndex(of: ")"), ticks > 0 else { return nil }
        let fields = line[line.index(after: bracket)...].split(separator: " ")
        guard fields.count > 12, let parent = Int32(fields[1]), let user = Int(fields[11]),
            let system = Int(fields[12])
        else { return nil }
        return (parent, .microseconds((user + system) * 1_000_000 / ticks))
    }
}
