import Cryptography
import HTTPServing
import Platform
import Testing

/// Keys and certificates that openssl makes for one run of the tests.
struct Certificates: Sendable {
    let folder: TemporaryFolder
    var path: String { folder.path }

    init() async throws {
        folder = try TemporaryFolder()
        let script = """
            set -e; cd \(folder.path)
            new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            openssl req -x509 $new -keyout ca.key -out ca.pem -subj /CN=autorite -days 2
            echo "subjectAltName=DNS:localhost,IP:127.0.0.1" > names
            for n in server client; do
                openssl req $new -keyout $n.key -out $n.csr -subj /CN=$n
                openssl x509 -req -in $n.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
                    -out $n.pem -days 2 -extfile names
            done
            openssl req -x509 $new -keyout other.key -out other.pem -subj /CN=autre -days 2
            """
        #expect(try await run("sh", ["-c", script]).code == 0)
    }

    func context() throws -> TLSContext {
        try TLSContext.server(
            certificateChainPEM: try Files.read("\(path)/server.pem", maxBytes: 1 << 16),
            keyPEM: try Files.read("\(path)/server.key", maxBytes: 1 << 16),
            clients: .optional(
                authoritiesPEM: try Files.read("\(path)/ca.pem", maxBytes: 1 << 16))
        )
    }
}

extension Serving {
    @Suite struct `A server with TLS` {
        func server(
            _ certificates: Certificates,
            _ configure: (inout HTTPServer.Configuration) -> Void = { _ in }
        ) throws -> (TestServer, String) {
            let server = try TestServer(
                [.tls(host: "127.0.0.1", port: 0, try certificates.context())], configure)
            return (server, "https://localhost:\(server.port)")
        }

        @Test func `answers curl, large bodies both ways included`() async throws {
            let certificates = try await Certificates()
            let (server, url) = try server(certificates)
            let authority = "\(certificates.path)/ca.pem"
            for version in ["--tls-max", "--tlsv1.3"] {
                let arguments = version == "--tls-max" ? [version, "1.2"] : [version]
                let who = try await run(
                    "curl", ["-sS", "--cacert", authority] + arguments + ["\(url)/who"])
                #expect(who.text == "127.0.0.1 true none")
            }
            let large = [UInt8](repeating: 77, count: 5 << 20)
            let echo = try await curl(
                "--cacert", authority, "--data-binary", "@-", "\(url)/echo", input: large)
            #expect(echo.output == large)
            let stream = try await curl("--cacert", authority, "\(url)/stream")
            #expect(stream.text.hasSuffix("line 999\n"))
            await server.stop()
        }

        @Test func `hands the thumbprint of a client certificate to the handler`() async throws {
            let certificates = try await Certificates()
            let (server, url) = try server(certificates)
            let path = certificates.path
            let der = try await run(
                "openssl", ["x509", "-in", "\(path)/client.pem", "-outform", "der"])
            let who = try await curl(
                "--cacert", "\(path)/ca.pem", "--cert", "\(path)/client.pem", "--key",
                "\(path)/client.key", "\(url)/who")
            #expect(who.text == "127.0.0.1 true \(Hex.encode(sha256(der.output)))")
            let stranger = try await curl(
                "--cacert", "\(path)/ca.pem", "--cert", "\(path)/other.pem", "--key",
                "\(path)/other.key", "\(url)/who")
            #expect(stranger.code != 0 && stranger.output.isEmpty)
            await server.stop()
        }

        @Test func `answers pipelined requests of openssl, then says goodbye`() async throws {
            let certificates = try await Certificates()
            let (server, _) = try server(certificates)
            let requests = get("/hello/a") + get("/hello/b", "Connection: close")
            let answer = try await run(
                "openssl",
                [
                    "s_client", "-quiet", "-ign_eof", "-CAfile", "\(certificates.path)/ca.pem",
                    "-connect", "127.0.0.1:\(server.port)",
                ],
                input: Array(requests.utf8))
            #expect(answer.text.contains("hello aHTTP/1.1 200 OK"))
            #expect(answer.text.hasSuffix("hello b"))
            await server.stop()
        }

        @Test func `reads pipelined requests held behind a working handler`() async throws {
            let certificates = try await Certificates()
            let (server, _) = try server(certificates)
            let script = """
                import ssl, socket
                c = ssl.create_default_context(cafile="\(certificates.path)/ca.pem")
                s = c.wrap_socket(socket.create_connection(("127.0.0.1", \(server.port))),
                                  server_hostname="localhost")
                r = b"GET /hello/%d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
                s.sendall(b"GET /hold/a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" + r % 1)
                for i in range(2, 9): s.sendall(r % i)
                f = s.makefile("rb")
                for i in range(9):
                    n = 0
                    while (l := f.readline().strip()):
                        if l.startswith(b"Content-Length"): n = int(l.split(b":")[1])
                    print(f.read(n).decode())
                """
            let python = Task { try await run("python3", ["-c", script]) }
            #expect(await server.events.next() == "held a")
            server.events.open("a")
            let expected = ["held a"] + (1...8).map { "hello \($0)" }
            #expect(try await python.value.text == expected.joined(separator: "\n") + "\n")
            await server.stop()
        }

        @Test func `cancels the handler when its caller is killed`() async throws {
            let certificates = try await Certificates()
            let (server, url) = try server(certificates)
            let path = certificates.path
            let killed = Task {
                try await run(
                    "timeout",
                    [
                        "-s", "KILL", "0.5", "curl", "-s", "--cacert", "\(path)/ca.pem",
                        "\(url)/wait",
                    ])
            }
            #expect(await server.events.next() == "waiting")
            #expect(await server.events.next() == "cancelled")
            _ = try await killed.value
            await server.stop()
        }

        @Test func `ends a handshake that does not come, or is none`() async throws {
            let certificates = try await Certificates()
            let (server, _) = try server(certificates) { $0.times.handshake = .milliseconds(200) }
            let silent = try server.client()
            #expect(try await silent.readToEnd().text.isEmpty)
            let plain = try server.client()
            plain.send(get("/hello/x"))
            #expect(try await !plain.readToEnd().text.contains("hello"))
            await server.stop()
        }

        @Test func `limits the handshakes that are not finished`() async throws {
            let certificates = try await Certificates()
            let (server, url) = try server(certificates) { $0.handshakesMax = 2 }
            let waiting = [try server.client(), try server.client()]
            #expect(try await server.client().readToEnd().text.isEmpty)
            for client in waiting { client.close() }
            let authority = "\(certificates.path)/ca.pem"
            let answer = try await curl(
                "--retry", "5", "--retry-all-errors", "--cacert", authority, "\(url)/hello/x")
            #expect(answer.text == "hello x")
            await server.stop()
        }
    }
}
