import Curl
import Glibc
import HTTPMessages
import JSONText
import Platform

/// What is measured, running: the sandbox, the gateway before it, and nginx before the same holder.
struct Setting: ~Copyable {
    /// The loads that are compared, nginx's first.
    let nginxLoad: Load
    let identityLoad: Load
    let franceConnectLoad: Load
    let gateway: Int32
    let nginx: Int32
    /// The processes of the run, to tell our own work from the machine's.
    var processes: [Int32] { [gateway, nginx, sandboxProcess.identifier, getpid()] }

    let description: String

    private let gatewayProcess: ChildProcess
    private let sandboxProcess: ChildProcess
    private let peer: NginxPeer

    /// How many FranceConnect tokens are made; the gateway introspects at each exchange, so that
    /// one that comes again costs what a fresh one costs.
    private static let tokenCount = 4000

    /// Starts everything and checks that both modes answer whole.
    static func start(_ options: BenchOptions) async throws -> Setting {
        let folder = try emptied(options.folder)
        let program = try programBesideUs("dlnuf")
        guard NginxPeer.path != nil else {
            throw BenchFailure(
                "nginx n'est pas installé.", remedy: "Lancez « make bench », qui l'installe.")
        }
        write("Lancement du bac à sable, de la passerelle et de nginx…\n")
        let port = try freePort()
        let sandbox = try ChildProcess(
            program, ["sandbox", "--data", folder, "--gateway-port", "\(port.port)"],
            silencing: [STDOUT_FILENO])
        let demo = try await Demo.await(folder)
        let creation = try ChildProcess(
            program, ["journal", "create", "\(folder)/journal.sqlite"], silencing: [STDOUT_FILENO])
        try await creation.awaitEnd()
        let gateway = try ChildProcess(
            program, ["serve", "--config", "\(folder)/passerelle.json"],
            silencing: [STDOUT_FILENO])
        try await listening(port, "La passerelle")
        let client = try BenchClient()
        defer { client.close() }
        try await client.stopKeepingCalls(demo)
        let exchange = try demo.exchange("revenu-fiscal-identite", at: port)
        let year = try await client.probe(exchange, demo)
        write("Préparation de \(tokenCount) jetons FranceConnect…\n")
        let connected = try demo.exchange("revenu-fiscal-franceconnect", at: port)
        let tokens = try await client.tokens(tokenCount, connected, demo)
        _ = try await client.probe(connected.with(token: tokens[0]), demo)
        let holder = try await client.holderCall(demo, exchange, year: year, folder: folder)
        let peer = try await NginxPeer.start(inFrontOf: holder.address, workers: 2)
        let direct = holder.load(at: peer.address)
        return Setting(
            nginxLoad: direct,
            identityLoad: Load(address: port) { [bytes = exchange.bytes] _ in bytes },
            franceConnectLoad: Load(
                address: port,
                request: { [requests = tokens.map { connected.with(token: $0).bytes }] in
                    requests[$0 % requests.count]
                }),
            description: try diskDescription(folder),
            gatewayProcess: gateway, sandboxProcess: sandbox, peer: peer)
    }

    private init(
        nginxLoad: Load, identityLoad: Load, franceConnectLoad: Load, description: String,
        gatewayProcess: consuming ChildProcess, sandboxProcess: consuming ChildProcess,
        peer: consuming NginxPeer
    ) {
        self.nginxLoad = nginxLoad
        self.identityLoad = identityLoad
        self.franceConnectLoad = franceConnectLoad
        self.description = description
        gateway = gatewayProcess.identifier
        nginx = peer.identifier
        self.gatewayProcess = gatewayProcess
        self.sandboxProcess = sandboxProcess
        self.peer = peer
    }

    // MARK: - What it stands on

    /// The folder of the run, without what an earlier one left.
    static func emptied(_ folder: String) throws -> String {
        let marker = "\(folder)/passerelle.json"
        if Files.exists(folder), try !Files.list(folder).isEmpty {
            guard Files.exists(marker) else {
                throw BenchFailure(
                    "Le dossier « \(folder) » contient autre chose qu'une mesure précédente.",
                    remedy: "Donnez un dossier vide ou nouveau avec --dossier.")
            }
            try Files.removeTree(folder)
        }
        try Files.createDirectory(folder)
        return folder
    }

    /// The program built beside this one.
    static func programBesideUs(_ name: String) throws -> String {
        guard let own = resolved("/proc/self/exe") else {
            throw SystemError(code: ENOENT, operation: "realpath")
        }
        let path = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/" + name
        guard Files.kind(path) == .file else {
            throw BenchFailure(
                "Le programme « \(name) » n'est pas à côté de dlnuf-bench.",
                remedy: "Lancez « make bench », qui construit les deux.")
        }
        return path
    }

    static func freePort() throws -> SocketAddress {
        guard let any = SocketAddress(host: "127.0.0.1", port: 0) else {
            throw SystemError(code: EINVAL, operation: "bind")
        }
        return try Listener.open(any, count: 1)[0].address
    }

    static func listening(_ address: SocketAddress, _ who: String) async throws {
        do {
            try await ChildProcess.awaitListening(
                address, until: ContinuousClock.now + .seconds(30))
        } catch {
            throw BenchFailure(
                "\(who) ne répond pas après trente secondes.",
                remedy: "Lisez ce qu'elle a écrit ci-dessus.")
        }
    }

    /// Where the journal is, and whether that is a disk at all.
    private static func diskDescription(_ folder: String) throws -> String {
        let isMemory = ["tmpfs", "ramfs"].contains(try fileSystem(of: folder))
        return isMemory
            ? "Attention : « \(folder) » est en mémoire ; les écritures durables n'y coûtent rien.\n"
            : "Journal durable sur disque (« \(folder) », WAL, synchronous=FULL).\n"
    }

    /// The kind of file system that a folder lies on: that of the longest mount point above it.
    private static func fileSystem(of folder: String) throws -> String {
        let path = (resolved(folder) ?? folder) + "/"
        let mounts = String(
            decoding: try Files.read("/proc/self/mounts", maxBytes: 1 << 20), as: UTF8.self)
        var best = (point: "", kind: "")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count > 2 else { continue }
            let point = fields[1] == "/" ? "" : fields[1]
            if path.hasPrefix(point + "/"), point.utf8.count >= best.point.utf8.count {
                best = (point, fields[2])
            }
        }
        return best.kind
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
