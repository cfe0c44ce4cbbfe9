import HTTPMessages
import HTTPServing
import Testing

extension Serving {
    @Suite struct `The body of a request` {

        @Test(arguments: ["Expect:", "Transfer-Encoding: chunked", "Expect: 100-continue"])
        func `comes whole, however curl sends it`(field: String) async throws {
            let server = try TestServer()
            let echoed = try await curl(
                "-H", field, "--data-binary", "@-", "\(server.url)/echo", input: large)
            #expect(echoed.code == 0)
            #expect(echoed.output == large)
            await server.stop()
        }

        @Test func `comes piece by piece, never far ahead of its reader`() async throws {
            let server = try TestServer { $0.bodyWindow = 8 << 10 }
            let port = server.port
            let sender = Task.detached {
                let client = try Client(port: port)
                client.send(
                    "POST /pieces HTTP/1.1\r\nHost: a\r\nContent-Length: \(large.count)\r\n\r\n")
                client.send(large)
                return try await client.readResponse().body
            }
            #expect(await server.events.next() == "held pieces")
            server.events.open("pieces")
            let numbers = try await sender.value.split(separator: " ").compactMap { Int($0) }
            #expect(numbers.first == large.count)
            // One reading of the socket may go past the window, not two.
            #expect((numbers.last ?? .max) <= (8 << 10) + (64 << 10))
            await server.stop()
        }

        @Test func `is asked for by 100 Continue only when the handler wants it`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(
                post("/pieces", length: 4, "Expect: 100-continue")
            )
            #expect(await server.events.next() == "held pieces")
            server.events.open("pieces")
            #expect(try await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("body")
            #expect(try await client.readResponse().body == "4 4")
            client.send(
                post("/echo", length: 2, "Expect: 100-continue") + "ab"
            )
            let eager = try await client.readResponse()
            #expect(eager.head.hasPrefix("HTTP/1.1 200 ") && eager.body == "ab")
            await server.stop()
        }

        @Test(arguments: ["/ignore", "/echo?3"])
        func `is not asked for when the answer is known without it`(path: String) async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(
                post(path, length: 4, "Expect: 100-continue")
            )
            let answer = try await client.readToEnd()
            #expect(!answer.text.contains("100 Continue"))
            #expect(answer.text.contains("Connection: close\r\n"))
            #expect(answer.isClean)
            await server.stop()
        }

        @Test func `is refused as soon as its chunks pass the limit`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send("POST /echo?10 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("8\r\n12345678\r\n8\r\n12345678\r\n")
            let answer = try await client.readToEnd()
            #expect(answer.text.hasPrefix("HTTP/1.1 413 ") && answer.isClean)
            await server.stop()
        }

        @Test func `fails its reader when it is malformed or cut short`() async throws {
            let server = try TestServer()
            let bad = try server.client()
            bad.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX")
            #expect(await server.events.next() == "failed fragment-invalide")
            #expect(try await bad.readToEnd().text.hasPrefix("HTTP/1.1 400 "))
            let cut = try server.client()
            cut.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            cut.endSending()
            #expect(await server.events.next() == "failed corps-incomplet")
            #expect(try await cut.readToEnd().text.hasPrefix("HTTP/1.1 400 "))
            await server.stop()
        }
    }
}

extension Serving {
    @Suite struct `The body of a response` {
        @Test func `streams in chunks that curl puts together`() async throws {
            let server = try TestServer()
            let answer = try await curl("-i", "\(server.url)/stream")
            #expect(answer.text.contains("Transfer-Encoding: chunked\r\n"))
            #expect(answer.text.hasSuffix("line 998\nline 999\n"))
            let head = try await curl("-I", "\(server.url)/stream")
            #expect(head.code == 0 && head.text.hasSuffix("\r\n\r\n"))
            await server.stop()
        }

        @Test(arguments: ["/broken", "/short"])
        func `is never taken for whole when its stream breaks`(path: String) async throws {
            let server = try TestServer()
            #expect(try await curl("\(server.url)\(path)").code != 0)
            let old = try server.client()
            old.send("GET \(path) HTTP/1.0\r\n\r\n")
            #expect(try await !old.readToEnd().isClean)
            await server.stop()
        }

        @Test func `leaves as it is where a double writes the whole message`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/verbatim"))
            let received = try await client.readToEnd()
            #expect(received.text == "HTTP/9 ?\n\0" && received.isClean)
            await server.stop()
        }

        @Test func `stops when its reader is too slow`() async throws {
            let server = try TestServer { $0.times.write = .milliseconds(200) }
            let client = try server.client()
            client.send(get("/slow-reader"))
            #expect(await server.events.next() == "writer stopped")
            #expect(try await !client.readToEnd().isClean)
            await server.stop()
        }

        @Test func `stops when its reader leaves`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/slow-reader"))
            _ = try await client.read(until: "\r\n\r\n")
            client.close()
            #expect(await server.events.next() == "writer stopped")
            await server.stop()
        }
    }
}

/// A body that no reading takes at once, and whose parts differ from one another.
private let large: [UInt8] = {
    var body: [UInt8] = []
    for number in 0..<1000 { body += "\(number) abcdefghijklmnopqrstuvwxyz\n".utf8 }
    while body.count < 10 << 20 { body += body }
    return body
}()
