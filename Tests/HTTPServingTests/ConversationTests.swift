import HTTPMessages
import HTTPServing
import Testing

extension Serving {
    @Suite struct `A server` {
        @Test func `answers curl`() async throws {
            let server = try TestServer()
            let answer = try await curl("-i", "\(server.url)/hello/a%20b")
            #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\nDate: "))
            #expect(answer.text.hasSuffix("\r\n\r\nhello a b"))
            #expect(!answer.text.contains("Connection"))
            let head = try await curl("-I", "\(server.url)/hello/x")
            #expect(head.text.contains("Content-Length: 7\r\n"))
            #expect(head.text.hasSuffix("\r\n\r\n"))
            await server.stop()
        }

        @Test func `keeps a connection for a thousand requests of python`() async throws {
            let server = try TestServer(loops: 2)
            let script = """
                import http.client
                c = http.client.HTTPConnection("127.0.0.1", \(server.port), timeout=10)
                c.connect()
                first = c.sock.getsockname()
                for i in range(1000):
                    c.request("POST" if i % 2 else "GET", "/echo", body=b"x" * (i % 7))
                    r = c.getresponse()
                    assert r.status == 200 and r.read() == b"x" * (i % 7), i
                    assert c.sock is not None and c.sock.getsockname() == first, i
                print("fine")
                """
            #expect(try await run("python3", ["-c", script]).text == "fine\n")
            await server.stop()
        }

        @Test func `answers pipelined requests in order, one at a time`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(
                get("/hold/a") + get("/hello/b") + post("/echo", "cc") + get("/hold/d")
                    + get("/hello/e", "Connection: close"))
            #expect(await server.events.next() == "held a")
            server.events.open("a")
            #expect(try await client.readResponse().body == "held a")
            #expect(try await client.readResponse().body == "hello b")
            #expect(try await client.readResponse().body == "cc")
            #expect(await server.events.next() == "held d")
            server.events.open("d")
            #expect(try await client.readResponse().body == "held d")
            let last = try await client.readToEnd()
            #expect(last.text.contains("Connection: close\r\n") && last.text.hasSuffix("hello e"))
            #expect(last.isClean)
            await server.stop()
        }

        @Test func `reads requests that arrive while a handler works`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/hold/a"))
            #expect(await server.events.next() == "held a")
            client.send(get("/hold/b"))
            client.send(get("/hello/c"))
            server.events.open("a")
            #expect(try await client.readResponse().body == "held a")
            #expect(await server.events.next() == "held b")
            server.events.open("b")
            #expect(try await client.readResponse().body == "held b")
            #expect(try await client.readResponse().body == "hello c")
            await server.stop()
        }

        @Test func `reads a request cut at any byte`() async throws {
            let server = try TestServer()
            let client = try server.client()
            let plain = Array(post("/echo", "body").utf8)
            let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunked = Array((head + "2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n").utf8)
            for request in [plain, chunked] {
                for cut in 1..<request.count {
                    client.send(request[..<cut])
                    client.send(request[cut...])
                    #expect(try await client.readResponse().body == "body")
                }
            }
            for byte in plain { client.send([byte]) }
            #expect(try await client.readResponse().body == "body")
            await server.stop()
        }

        @Test(
            arguments: [
                ("GET / HTTP/1.1\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
                ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 411), ("BREW / HTTP/1.1\r\n", 501),
                ("GET / HTTP/3.0\r\n", 505), ("GET /../etc HTTP/1.1\r\n", 400),
                ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n", 414),
                ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431),
                ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n\r\n", 413),
                (
                    post("/", length: 1, "Transfer-Encoding: chunked"),
                    400
                ),
            ] as [(String, Int)])
        func `refuses what is no request, says why and closes`(request: String, status: Int)
            async throws
        {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/hello/first"))
            #expect(try await client.readResponse().body == "hello first")
            client.send(request)
            client.endSending()
            let answer = try await client.readToEnd()
            #expect(answer.text.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.text.contains("Connection: close\r\n"))
            #expect(answer.isClean)
            await server.stop()
        }

        @Test func `keeps the connection after an error of the handler`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/nowhere"))
            #expect(try await client.readResponse().head.hasPrefix("HTTP/1.1 404 "))
            client.send(post("/echo?3", "too long"))
            #expect(try await client.readResponse().head.hasPrefix("HTTP/1.1 413 "))
            client.send(post("/ignore", String(repeating: "x", count: 10_000)))
            #expect(try await client.readResponse().body == "ignored")
            client.send(get("/hello/last"))
            #expect(try await client.readResponse().body == "hello last")
            await server.stop()
        }

        @Test func `drains a small unread body that comes late`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n")
            let answer = try await client.readResponse()
            #expect(answer.body == "ignored")
            #expect(!answer.head.contains("Connection: close"))
            client.send(String(repeating: "y", count: 5000) + get("/hello/next"))
            #expect(try await client.readResponse().body == "hello next")
            await server.stop()
        }

        @Test func `closes rather than read a large body that nobody wants`() async throws {
            let server = try TestServer()
            for request in [
                "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n",
                "POST /echo?9 HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n",
                "POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            ] {
                let client = try server.client()
                client.send(request)
                let answer = try await client.readToEnd()
                #expect(answer.text.contains("Connection: close\r\n"))
                #expect(answer.isClean)
            }
            await server.stop()
        }

        @Test func `speaks HTTP/1.0`() async throws {
            let server = try TestServer()
            let once = try server.client()
            once.send("GET /stream HTTP/1.0\r\n\r\n")
            let answer = try await once.readToEnd()
            #expect(answer.text.hasSuffix("line 999\n") && answer.isClean)
            #expect(!answer.text.contains("chunked"))
            let kept = try server.client()
            for _ in 0..<3 {
                kept.send("GET /hello/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await kept.readResponse().head.contains("Connection: keep-alive\r\n"))
            }
            await server.stop()
        }

        @Test func `ends a connection after its last allowed request`() async throws {
            let server = try TestServer { $0.requestsPerConnection = 3 }
            let client = try server.client()
            client.send(get("/hello/a") + get("/hello/b") + get("/hello/c") + get("/hello/d"))
            #expect(try await !client.readResponse().head.contains("close"))
            #expect(try await !client.readResponse().head.contains("close"))
            let rest = try await client.readToEnd()
            #expect(rest.text.contains("Connection: close\r\n") && rest.text.hasSuffix("hello c"))
            await server.stop()
        }

        @Test func `turns callers away when it is full, until one leaves`() async throws {
            let server = try TestServer { $0.connectionsMax = 2 }
            let first = try server.client()
            let second = try server.client()
            for client in [first, second] {
                client.send(get("/hello/x"))
                #expect(try await client.readResponse().body == "hello x")
            }
            #expect(try await server.client().readToEnd().text.hasPrefix("HTTP/1.1 503 "))
            first.send(get("/hello/x", "Connection: close"))
            #expect(try await first.readToEnd().isClean)
            #expect(try await curl("\(server.url)/hello/y").text == "hello y")
            await server.stop()
        }

        @Test func `listens on a Unix socket`() async throws {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/socket"
            let server = try TestServer([.unix(path: path)], loops: 2)
            #expect(
                try await curl("--unix-socket", path, "http://localhost/hello/u").text == "hello u")
            await server.stop()
        }

        @Test func `says why it cannot listen`() async throws {
            #expect(throws: HTTPServerError.addressMalformed(host: "localhost")) {
                _ = try TestServer([.plain(host: "localhost", port: 0)])
            }
            let server = try TestServer()
            #expect(throws: HTTPServerError.self) {
                _ = try TestServer([.plain(host: "127.0.0.1", port: server.port)])
            }
            await server.stop()
        }
    }
}

func get(_ path: String, _ fields: String...) -> String {
    (["GET \(path) HTTP/1.1", "Host: a"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
}

func post(_ path: String, _ body: String) -> String {
    post(path, length: body.utf8.count) + body
}

/// The head of a request whose body is to follow.
func post(_ path: String, length: Int, _ fields: String...) -> String {
    let lines = ["POST \(path) HTTP/1.1", "Host: a", "Content-Length: \(length)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
}
