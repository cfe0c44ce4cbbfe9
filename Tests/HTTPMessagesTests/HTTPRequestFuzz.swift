// Feeds the request parser with whatever libFuzzer makes of Tests/Corpus/http-request:
//
//   swiftc -O -D FUZZING -parse-as-library -package-name dlnuf -sanitize=fuzzer,address \
//       Sources/HTTPMessages/*.swift Tests/HTTPMessagesTests/HTTPRequestFuzz.swift -o fuzz
//   SWIFT_BACKTRACE=enable=no ./fuzz <a folder for what it finds> Tests/Corpus/http-request
#if FUZZING
    /// Reads one input at once and byte by byte, and stops the process where the two differ.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzzHTTPRequest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let input = Array(UnsafeBufferPointer(start: start, count: count))
        let whole = events(input, step: max(1, input.count))
        precondition(whole == events(input, step: 1), "how the input is cut changes what it says")
        precondition(whole == events(input, step: 7), "how the input is cut changes what it says")
        return 0
    }

    /// What a parser says of an input given in steps, with the pieces of each body joined.
    private func events(_ input: [UInt8], step: Int) -> [String] {
        var parser = HTTPRequestParser()
        var said: [String] = []
        var body: [UInt8] = []
        for start in stride(from: 0, to: input.count, by: step) {
            let piece = Array(input[start..<min(input.count, start + step)])
            var position = 0
            do throws(HTTPFailure) {
                while let event = try parser.next(in: piece.span, from: &position) {
                    switch event {
                    case .head(let head): said.append("\(head.target) \(head.headers.pairs)")
                    case .body(let range): body += piece[range]
                    case .end:
                        said.append("\(body)")
                        body = []
                    }
                }
            } catch {
                return said + ["\(body)", error.reason.rawValue]
            }
        }
        return said + ["\(body)"]
    }
#endif
