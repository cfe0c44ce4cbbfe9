import HTTPMessages
import HTTPServing
import Platform
import Testing

extension Serving {
    @Suite struct `The patience of a server` {
        @Test(arguments: ["", "G", "GET / HTTP/1.1\r\nHost: a\r\nX: y"])
        func `ends for a head that does not come`(start: String) async throws {
            let server = try TestServer { $0.times.head = .milliseconds(100) }
            let client = try server.client()
            client.send(start)
            let answer = try await client.readToEnd()
            #expect(answer.isClean)
            #expect(start.isEmpty ? answer.text.isEmpty : answer.text.hasPrefix("HTTP/1.1 408 "))
            await server.stop()
        }

        @Test func `is not renewed by one byte after another`() async throws {
            let server = try TestServer { $0.times.head = .milliseconds(300) }
            let client = try server.client()
            client.send(get("/hello/x"))
            #expect(try await client.readResponse().body == "hello x")
            // A field without end: only a limit on the total time can stop it.
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
            #expect(try await client.drip().hasPrefix("HTTP/1.1 408 "))
            await server.stop()
        }

        @Test func `ends for a connection that asks nothing more`() async throws {
            let server = try TestServer { $0.times.idle = .milliseconds(100) }
            let client = try server.client()
            client.send(get("/hello/x"))
            #expect(try await client.readResponse().body == "hello x")
            let rest = try await client.readToEnd()
            #expect(rest.isClean && rest.text.isEmpty)
            await server.stop()
        }

        @Test func `ends for a body that does not come`() async throws {
            let server = try TestServer { $0.times.body = .milliseconds(100) }
            let client = try server.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(await server.events.next() == "failed corps-trop-lent")
            #expect(try await client.readToEnd().text.hasPrefix("HTTP/1.1 408 "))
            await server.stop()
        }

        @Test func `ends for a body that is announced, ignored and never sent`() async throws {
            let server = try TestServer { $0.times.body = .milliseconds(100) }
            let client = try server.client()
            client.send("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try await client.readToEnd().text.hasSuffix("ignored"))
            await server.stop()
        }
    }
}

extension Serving {
    @Suite struct `A caller who leaves` {
        @Test func `cancels the handler by closing`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/wait"))
            #expect(await server.events.next() == "waiting")
            client.close()
            #expect(await server.events.next() == "cancelled")
            await server.stop()
        }

        @Test func `cancels the handler by a reset`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/wait"))
            #expect(await server.events.next() == "waiting")
            client.reset()
            #expect(await server.events.next() == "cancelled")
            await server.stop()
        }

        @Test func `cancels the handler although it had sent another request`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/wait"))
            #expect(await server.events.next() == "waiting")
            client.send(get("/hello/x"))
            client.close()
            #expect(await server.events.next() == "cancelled")
            await server.stop()
        }

        @Test func `cancels the handler when curl is killed`() async throws {
            let server = try TestServer()
            let url = server.url
            let killed = Task {
                try await run("timeout", ["-s", "KILL", "0.3", "curl", "-s", "\(url)/wait"])
            }
            #expect(await server.events.next() == "waiting")
            #expect(await server.events.next() == "cancelled")
            _ = try await killed.value
            await server.stop()
        }

        @Test func `still gets its answer when it only stopped speaking`() async throws {
            let server = try TestServer()
            let quick = try server.client()
            quick.send(get("/hello/a") + get("/hello/b"))
            quick.endSending()
            #expect(try await quick.readResponse().body == "hello a")
            let slow = try server.client()
            slow.send(get("/wait"))
            #expect(await server.events.next() == "waiting")
            slow.endSending()
            #expect(await server.events.next() == "cancelled")
            let answer = try await slow.readToEnd()
            #expect(answer.text.hasSuffix("waited") && answer.isClean)
            await server.stop()
        }
    }
}

extension Serving {
    @Suite struct `An orderly shutdown` {
        @Test func `answers what runs, closes what is idle and refuses the rest`() async throws {
            let server = try TestServer(loops: 2)
            let idle = try server.client()
            idle.send(get("/hello/x"))
            #expect(try await idle.readResponse().body == "hello x")
            let busy = try server.client()
            busy.send(get("/hold/a"))
            #expect(await server.events.next() == "held a")
            let stopping = Task { await server.server.shutdown(deadline: .now + .seconds(20)) }
            #expect(try await idle.readToEnd().isClean)
            server.events.open("a")
            let answer = try await busy.readToEnd()
            #expect(answer.text.contains("Connection: close\r\n"))
            #expect(answer.text.hasSuffix("held a") && answer.isClean)
            await stopping.value
            #expect(throws: SystemError.self) { try server.client() }
            await server.stop()
        }

        @Test func `cuts off at its deadline what does not end`() async throws {
            let server = try TestServer()
            let client = try server.client()
            client.send(get("/wait"))
            #expect(await server.events.next() == "waiting")
            await server.server.shutdown(deadline: .now + .milliseconds(50))
            #expect(await server.events.next() == "cancelled")
            #expect(try await !client.readToEnd().isClean)
            await server.stop()
        }
    }
}
