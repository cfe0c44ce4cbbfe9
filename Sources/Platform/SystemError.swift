internal import CLinux
internal import Glibc

/// A system call that failed: which one, and with which `errno`.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: Int32
    /// The call, as its manual page names it, or the operation it was part of.
    package let operation: String

    /// An error with a known code.
    package init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }

    /// The error that the last call on this thread left in `errno`.
    static func last(_ operation: String) -> SystemError {
        SystemError(code: errno, operation: operation)
    }

    /// The system's own text for the code, in the language of its libraries.
    package var text: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress else { return "" }
            clinux_error_text(code, start, 128)
            return String(cString: start)
        }
    }

    /// The operation, the text and the code.
    package var description: String { "\(operation): \(text) (\(code))" }
}

/// Repeats a call that a signal interrupted, and throws when it returns a negative number.
@discardableResult
func checked(_ operation: String, _ call: () -> Int32) throws(SystemError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw .last(operation) }
    }
}
