import Curl
import HTTPMessages
import Platform
import Testing

@Suite struct `The times of one request` {
    @Test func `end it when its answer does not begin`() async throws {
        let server = try ScriptedServer { _ in .sendAndHang("") }
        defer { server.stop() }
        let found = try await withClient { client in
            var request = get(server.url)
            request.firstByteTimeout = .milliseconds(50)
            return await code(of: request, by: client)
        }
        #expect(found == .firstByteTimedOut)
    }

    @Test func `let an answer that has begun go on`() async throws {
        let server = try ScriptedServer { _ in .sendAndHang("HTTP/1.1 200 OK\r\n") }
        defer { server.stop() }
        let found = try await withClient { client -> TransferError.Code? in
            var request = get(server.url)
            request.firstByteTimeout = .milliseconds(100)
            do throws(TransferError) {
                _ = try await client.send(request, until: .now.advanced(by: .milliseconds(400)))
                return nil
            } catch {
                return error.code
            }
        }
        #expect(found == .timedOut)
    }

    @Test func `tell a connection that breaks before its answer from one that breaks in it`()
        async throws
    {
        for (text, hasBegun) in [("", false), ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n", true)] {
            let server = try ScriptedServer { _ in .sendAndClose(text) }
            defer { server.stop() }
            let isBegun = try await withClient { client -> Bool? in
                do throws(TransferError) {
                    _ = try await client.send(get(server.url), until: distant)
                    return nil
                } catch {
                    return error.isAnswerBegun
                }
            }
            #expect(isBegun == hasBegun)
        }
    }
}
