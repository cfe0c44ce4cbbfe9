import JSONText
import Testing

@Suite struct `A JSON text` {
    @Test(arguments: [
        "{}", "[]", "null", "true", " false ", "0", "-0", "1.5e-3", "\"\"", "[1,2,[3]]",
        "{\"a\":{\"b\":[{}]}}", "\"\\u00e9\\uD83D\\uDE00\\n\"", "\"é😀\"", "\t\r\n 1 \n",
    ])
    func `is accepted when it follows the grammar`(text: String) throws {
        _ = try parseJSON(Array(text.utf8))
        try pull(Array(text.utf8))
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd), ("{", .unexpectedEnd), ("[1,", .unexpectedEnd),
            ("\"abc", .unexpectedEnd), ("tru", .unexpectedEnd), ("-", .unexpectedEnd),
            ("1.", .unexpectedEnd), ("[1,]", .unexpectedByte), ("{\"a\":1,}", .unexpectedByte),
            ("{a:1}", .unexpectedByte), ("nul1", .unexpectedByte), ("'a'", .unexpectedByte),
            ("01", .invalidNumber), ("-a", .invalidNumber), ("1.e3", .invalidNumber),
            ("+1", .unexpectedByte), ("NaN", .unexpectedByte), ("Infinity", .unexpectedByte),
            ("1 2", .trailingData), ("{} x", .trailingData), ("\"\\x\"", .invalidEscape),
            ("\"\\u12g4\"", .invalidEscape), ("\"\\uD800\"", .loneSurrogate),
            ("\"\\uDC00\"", .loneSurrogate), ("\"\\uD800\\u0041\"", .loneSurrogate),
            ("\"a\tb\"", .controlCharacter), ("/* */ 1", .unexpectedByte),
            ("\u{FEFF}1", .byteOrderMark), ("[1}", .unexpectedByte),
        ] as [(String, JSONError.Code)])
    func `is refused for the right reason`(text: String, code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try parseJSON(Array(text.utf8)) }
        #expect(error?.code == code)
        let pulled = #expect(throws: JSONError.self) { try pull(Array(text.utf8)) }
        #expect(pulled?.code == code)
        #expect(pulled?.position == error?.position)
    }

    @Test(
        arguments: [
            [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xFF], [0xC3],
            [0xE2, 0x82],
            [0xC3, 0x28],
        ] as [[UInt8]])
    func `is refused when its bytes are not UTF-8`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try parseJSON([0x22] + bytes + [0x22]) }
        #expect(error?.code == .invalidUTF8)
    }

    @Test func `is refused when two members have one name, escapes undone`() {
        let text = "{\"a\": {\"b\": 1,\n  \"\\u0062\": 2}}"
        let error = #expect(throws: JSONError.self) { try parseJSON(Array(text.utf8)) }
        #expect(error?.code == .duplicateMember)
        #expect(error?.path == "a.b")
        #expect(error?.position == JSONPosition(line: 2, column: 3, offset: 17))
        #expect(error?.message.hasPrefix("JSON illisible à la ligne 2, colonne 3") == true)
    }

    @Test func `compares member names byte by byte`() throws {
        let node = try parseJSON(Array("{\"K\": 1, \"\\u212A\": 2}".utf8))
        #expect(node["K"]?.integer == 1)
        #expect(node.members?.count == 2)
    }

    @Test func `finds equal names among many`() throws {
        let members = (0..<1000).map { "\"m\($0)\":0" }
        _ = try parseJSON(Array("{\(members.joined(separator: ","))}".utf8))
        let twice = Array("{\((members + ["\"m7\":1"]).joined(separator: ","))}".utf8)
        #expect(throws: JSONError.self) { try parseJSON(twice) }
    }

    @Test func `is held to its limits`() {
        let limits = JSONLimits(bytes: 20, depth: 3, nodes: 5)
        expect(.tooLarge, "\"aaaaaaaaaaaaaaaaaaaaaaaa\"", limits)
        expect(.tooDeep, "[[[[]]]]", limits)
        expect(.tooMany, "[1,2,3,4,5]", limits)
        #expect(throws: Never.self) { try parseJSON(Array("[[[1]],2]".utf8), limits: limits) }
    }

    @Test func `says where each value is`() throws {
        let node = try parseJSON(Array("{\n \"é\": [1,\n  2]}".utf8))
        let array = try #require(node["é"])
        #expect(array.position == JSONPosition(line: 2, column: 8, offset: 9))
        #expect(array[1]?.position == JSONPosition(line: 3, column: 3, offset: 15))
    }

    @Test func `keeps numbers as they are written`() throws {
        let node = try parseJSON(Array("[1, 1.0, 1e0, -0, 9223372036854775808]".utf8))
        #expect(node.elements?.map(\.integer) == [1, nil, nil, 0, nil])
        guard case .number(let number)? = node[1]?.value else {
            Issue.record("a number was expected")
            return
        }
        #expect(number.text == "1.0")
    }

    private func expect(_ code: JSONError.Code, _ text: String, _ limits: JSONLimits) {
        let error = #expect(throws: JSONError.self) {
            try parseJSON(Array(text.utf8), limits: limits)
        }
        #expect(error?.code == code)
        let pulled = #expect(throws: JSONError.self) { try pull(Array(text.utf8), limits) }
        #expect(pulled?.code == code)
    }
}

/// Reads a whole document with the pull reader, entering every container.
func pull(_ bytes: [UInt8], _ limits: JSONLimits = .init()) throws {
    _ = try pullTree(bytes, limits)
}

/// Rebuilds a document from the pull reader, positions left out.
func pullTree(_ bytes: [UInt8], _ limits: JSONLimits = .init()) throws -> [UInt8] {
    var reader = try JSONReader(bytes, limits: limits)
    var writer = JSONWriter()
    try copy(&reader, &writer)
    try reader.end()
    return writer.bytes
}

private func copy(_ reader: inout JSONReader, _ writer: inout JSONWriter) throws {
    switch try reader.kind() {
    case .null:
        try reader.null()
        writer.null()
    case .bool: writer.value(try reader.bool())
    case .number: writer.number(text: try reader.number().text)
    case .string: writer.value(try reader.string())
    case .array:
        try reader.beginArray()
        try writer.array { writer in
            while try reader.nextElement() { try copy(&reader, &writer) }
        }
    case .object:
        try reader.beginObject()
        try writer.object { writer in
            while let name = try reader.nextMember() {
                writer.key(name)
                try copy(&reader, &writer)
            }
        }
    }
}
