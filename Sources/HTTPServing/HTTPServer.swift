import Cryptography
package import Platform

/// An HTTP/1.1 server: connections on every loop, one handler for all.
package final class HTTPServer: Sendable {
    /// What all connections share.
    final class Shared: Sendable {
        let configuration: Configuration
        let handler: any HTTPHandler
        let connectionsPerLoop: Int
        let handshakesPerLoop: Int

        init(_ configuration: Configuration, _ handler: any HTTPHandler, loops: Int) {
            self.configuration = configuration
            self.handler = handler
            connectionsPerLoop = max(1, configuration.connectionsMax / loops)
            handshakesPerLoop = max(1, configuration.handshakesMax / loops)
        }
    }

    /// The ports that it listens on, in the order of the endpoints; 0 for a Unix socket.
    package let ports: [UInt16]
    private let workers: [LoopBound<Worker>]

    /// Opens the listening sockets; nothing is accepted before `start`.
    package init(
        configuration: Configuration,
        loops: [EventLoop],
        handler: any HTTPHandler
    ) throws(HTTPServerError) {
        precondition(!loops.isEmpty, "a server needs a loop")
        // A caller that leaves must be an error of one write, not the end of the process.
        ignoreSIGPIPE()
        let shared = Shared(configuration, handler, loops: loops.count)
        var ports: [UInt16] = []
        var listeners = [[(Listener, TLSContext?)]](repeating: [], count: loops.count)
        for endpoint in configuration.endpoints {
            let (opened, context) = try endpoint.open(count: loops.count)
            ports.append(opened[0].address.port)
            for (index, listener) in opened.enumerated() {
                listeners[index].append((listener, context))
            }
        }
        self.ports = ports
        workers = zip(loops, listeners).map { loop, listeners in
            LoopBound(Worker(shared: shared, loop: loop, listeners: listeners), on: loop)
        }
    }

    /// Begins to accept connections, on every loop.
    package func start() {
        for worker in workers {
            worker.loop.submit { worker.value.start(worker) }
        }
    }

    /// Stops accepting, answers what runs with `Connection: close`, and returns when all
    /// connections are closed; those that are not at the deadline are cut off.
    package func shutdown(deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            for worker in workers {
                group.addTask {
                    await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
                        worker.loop.submit {
                            worker.value.drain(until: deadline) { done.resume() }
                        }
                    }
                }
            }
        }
    }
}

/// Why a server cannot listen.
package enum HTTPServerError: Error, Sendable, Equatable {
    /// The host is no IP address in digits.
    case addressMalformed(host: String)
    /// The system refuses; `EADDRINUSE` when somebody listens there already.
    case cannotListen(SystemError)
}

extension HTTPServer.Endpoint {
    func open(count: Int) throws(HTTPServerError) -> ([Listener], TLSContext?) {
        do throws(SystemError) {
            switch self {
            case .plain(let host, let port):
                guard let address = SocketAddress(host: host, port: port) else { break }
                return (try Listener.open(address, count: count), nil)
            case .tls(let host, let port, let context):
                guard let address = SocketAddress(host: host, port: port) else { break }
                return (try Listener.open(address, count: count), context)
            case .unix(let path):
                return ([try Listener.open(unixPath: path)], nil)
            }
        } catch {
            throw .cannotListen(error)
        }
        throw .addressMalformed(host: host)
    }

    private var host: String {
        switch self {
        case .plain(let host, _), .tls(let host, _, _): host
        case .unix(let path): path
        }
    }
}
