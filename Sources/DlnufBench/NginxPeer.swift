import Platform

/// nginx as the yardstick: one worker that passes requests on, keep-alive on both sides.
struct NginxPeer: ~Copyable {
    /// Where it listens.
    let address: SocketAddress
    private let process: ChildProcess
    private let folder: String

    /// Where Debian installs it; nil when it is not installed.
    static var path: String? {
        ["/usr/sbin/nginx", "/usr/local/sbin/nginx"].first { Files.kind($0) == .file }
    }

    /// Starts nginx in front of a plain HTTP server, with as many workers as the gateway has loops.
    static func start(
        inFrontOf upstream: SocketAddress,
        workers: Int
    ) async throws -> NginxPeer {
        guard let path, let any = SocketAddress(host: "127.0.0.1", port: 0) else {
            throw SystemError(code: 2, operation: "nginx")
        }
        // Opened and closed at once, to learn a port that is nobody's.
        let address = try Listener.open(any, count: 1)[0].address
        let folder = try Files.temporaryDirectory(prefix: "dlnuf-nginx")
        let configuration = configuration(address, upstream, workers, folder)
        try Files.writeAtomically("\(folder)/nginx.conf", Array(configuration.utf8))
        let arguments = ["-p", folder, "-c", "\(folder)/nginx.conf", "-e", "\(folder)/error.log"]
        let process = try ChildProcess(path, arguments, silencing: [1, 2])
        let peer = NginxPeer(address: address, process: process, folder: folder)
        try await ChildProcess.awaitListening(address, until: ContinuousClock.now + .seconds(5))
        return peer
    }

    private init(address: SocketAddress, process: consuming ChildProcess, folder: String) {
        self.address = address
        self.process = process
        self.folder = folder
    }

    deinit {
        try? Files.removeTree(folder)
    }

    /// The master process; its workers are its children.
    var identifier: Int32 { process.identifier }

    private static func configuration(
        _ address: SocketAddress,
        _ upstream: SocketAddress,
        _ workers: Int,
        _ folder: String
    ) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: " ")
        return """
            worker_processes \(workers);
            daemon off;
            pid \(folder)/pid;
            error_log \(folder)/error.log crit;
            events { worker_connections 4096; }
            http {
                access_log off;
                \(temporary)
                keepalive_requests 1000000000;
                upstream holder {
                    server \(upstream.host):\(upstream.port);
                    keepalive 256;
                    keepalive_requests 1000000000;
                }
                server {
                    listen \(address.host):\(address.port) reuseport;
                    location / {
                        proxy_pass http://holder;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host \(upstream.host);
                    }
                }
            }
            """
    }
}
