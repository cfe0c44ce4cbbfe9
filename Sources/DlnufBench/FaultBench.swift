import Glibc
import JSONText
import Platform
import Synchronization

/// What each way in which a holder fails costs a gateway: time, memory, and the exchanges that go
/// on with another holder meanwhile.
struct FaultBench {
    private let folder: String
    private let program: String
    private let port: SocketAddress
    private let demo: Demo
    private let client: BenchClient

    /// The holder that fails, and an exchange with it alone.
    private static let victim = (holder: "gip-mds", example: "salaires-identite")
    /// An exchange with another holder alone.
    private static let other = "revenu-fiscal-identite"

    /// The faults of the sandbox, as `POST /sandbox/pannes` knows them.
    private static let faults = [
        "muet", "goutte_tete", "goutte_corps", "arret", "coupe_tete", "coupe", "500", "sans_fin",
        "geant", "enorme", "profond", "doublons", "illisible", "utf16", "latin1", "bom",
        "jeu_de_caracteres", "gzip", "gzip_transfert", "entetes", "ligne_statut", "interimaires",
        "longueur_courte", "longueur_longue", "longueur_fausse", "morceaux", "protocole",
        "redirection", "page", "jeton_refuse", "secret", "identite", "quota", "maintenance",
    ]

    /// Plays every fault, a fresh gateway for each, and prints a line for each.
    static func run(_ options: BenchOptions) async throws {
        let folder = try Setting.emptied(options.folder)
        let program = try Setting.programBesideUs("dlnuf")
        let port = try Setting.freePort()
        write("Lancement du bac à sable…\n")
        let sandbox = try ChildProcess(
            program, ["sandbox", "--data", folder, "--gateway-port", "\(port.port)"],
            silencing: [STDOUT_FILENO])
        let demo = try await Demo.await(folder)
        let creation = try ChildProcess(
            program, ["journal", "create", "\(folder)/journal.sqlite"], silencing: [STDOUT_FILENO])
        try await creation.awaitEnd()
        let client = try BenchClient()
        defer { client.close() }
        let bench = FaultBench(
            folder: folder, program: program, port: port, demo: demo, client: client)
        var table = Table([
            "panne de \(victim.holder)", "durée", "mémoire", "statut", "motif", "ailleurs",
            "le plus lent",
        ])
        for fault in [nil] + faults.map(Optional.some) {
            write("  \(fault ?? "aucune")\n")
            try table.add(await bench.play(fault))
        }
        for peer in try HostilePeer.all(in: folder) {
            write("  \(peer.name)\n")
            try table.add(await bench.play(peer))
        }
        write("\n" + table.text + "\n" + explanation)
        _ = consume sandbox
    }

    private static let explanation = """
        Chaque ligne est une passerelle neuve : un échange avec \(victim.holder) pendant la panne,
        et deux appelants qui n'ont besoin que d'un autre détenteur. « mémoire » est la croissance
        de la plus haute mémoire résidente ; « ailleurs », leurs échanges complets sur tous les leurs.

        """

    // MARK: - One fault

    private func play(_ fault: String?) async throws -> [String] {
        let gateway = try await started("\(folder)/passerelle.json")
        _ = try await client.ask(victim)
        if let fault { try await client.breakHolder(Self.victim.holder, fault, demo) }
        let row = try await measured(gateway.identifier, named: fault ?? "aucune")
        if fault != nil { try await client.mend(Self.victim.holder, demo) }
        return row
    }

    /// The holder's origin is another server, which TLS must tell from the true one.
    private func play(_ peer: HostilePeer) async throws -> [String] {
        let text = String(
            decoding: try Files.read("\(folder)/passerelle.json", maxBytes: 1 << 20), as: UTF8.self)
        let address = "\"\(demo.holder(Self.victim.holder))\"]"
        guard text.contains(address) else {
            throw BenchFailure(
                "passerelle.json ne nomme pas \(Self.victim.holder).",
                remedy: "Construisez dlnuf et dlnuf-bench de la même version.")
        }
        let address2 = try Setting.freePort()
        let changed = "\(folder)/passerelle-tls.json"
        let replaced = text.split(separator: address, omittingEmptySubsequences: false).joined(
            separator: "\"https://127.0.0.1:\(address2.port)\"],\"autorites\":\"\(folder)/ca.pem\"")
        try Files.writeAtomically(changed, Array(replaced.utf8))
        let server = try peer.start(on: address2)
        try await ChildProcess.awaitListening(address2, until: .now + .seconds(10))
        let gateway = try await started(changed)
        let row = try await measured(gateway.identifier, named: peer.name)
        _ = consume server
        return row
    }

    private func started(_ configuration: String) async throws -> ChildProcess {
        let gateway = try ChildProcess(
            program, ["serve", "--config", configuration], silencing: [STDOUT_FILENO])
        try await Setting.listening(port, "La passerelle")
        for _ in 0..<50 { _ = try await client.ask(other) }
        return gateway
    }

    private var victim: ExampleExchange {
        get throws { try demo.exchange(Self.victim.example, at: port) }
    }

    private var other: ExampleExchange {
        get throws { try demo.exchange(Self.other, at: port) }
    }

    private func measured(_ gateway: Int32, named name: String) async throws -> [String] {
        try ProcessCPU.forgetPeak(of: gateway)
        let before = ProcessCPU.peakMemory(of: gateway)
        let (victim, other) = (try victim, try other)
        let isOver = Flag()
        async let one = Companion.run(client, other, until: isOver)
        async let two = Companion.run(client, other, until: isOver)
        let start = ContinuousClock.now
        let answer = try await client.ask(victim)
        let took = ContinuousClock.now - start
        // So that there is something to compare with where the fault is quick.
        try await EventLoop.wait(until: start + .milliseconds(300))
        isOver.raise()
        let companions = try await [one, two]
        let grown = ProcessCPU.peakMemory(of: gateway) - before
        let reasons = answer["manquants"]?.elements?.compactMap { $0["motif"]?.string } ?? []
        let all = companions.reduce(0) { $0 + $1.all }
        let whole = companions.reduce(0) { $0 + $1.whole }
        let slowest = companions.map(\.slowest).max() ?? .zero
        return [
            name, decimal(took / .milliseconds(1), 0) + " ms",
            decimal(Double(grown) / 1024, 0) + " Kio", answer["statut"]?.string ?? "–",
            Set(reasons).sorted().joined(separator: " "), "\(whole)/\(all)",
            decimal(slowest / .milliseconds(1), 0) + " ms",
        ]
    }
}

/// A caller who has nothing to do with the holder that fails.
private struct Companion: Sendable {
    private(set) var all = 0
    private(set) var whole = 0
    private(set) var slowest = Duration.zero

    static func run(
        _ client: BenchClient, _ exchange: ExampleExchange, until flag: Flag
    ) async throws -> Companion {
        var companion = Companion()
        while !flag.isRaised {
            let start = ContinuousClock.now
            let answer = try await client.ask(exchange)
            companion.slowest = max(companion.slowest, ContinuousClock.now - start)
            companion.all += 1
            if answer["statut"]?.string == "complet" { companion.whole += 1 }
        }
        return companion
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .acquiring) }

    func raise() { value.store(true, ordering: .releasing) }
}

/// A server of `openssl` that stands where the holder should be.
private struct HostilePeer {
    let name: String
    private let certificate: String
    private let arguments: [String]

    /// The servers, their certificates made anew in a folder.
    static func all(in folder: String) throws -> [HostilePeer] {
        let script = """
            set -e; cd '\(folder)'
            new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            for a in ca autre; do
                openssl req -x509 $new -keyout $a.key -out $a.pem -subj /CN=$a -days 2
            done
            echo subjectAltName=IP:127.0.0.1 > ici; echo subjectAltName=DNS:ailleurs.example > la
            signe() {
                openssl req $new -keyout $1.key -out $1.csr -subj /CN=$1
                openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial \
                    -out $1.pem -days $3 -extfile $4
            }
            signe juste ca 2 ici; signe expire ca -1 ici; signe ailleurs ca 2 la
            signe autrui autre 2 ici
            openssl req -x509 $new -keyout seul.key -out seul.pem -subj /CN=seul -days 2 \
                -addext "$(cat ici)"
            """
        var status: Int32 = 0
        let shell = try ChildProcess("/bin/sh", ["-c", script], silencing: [STDERR_FILENO])
        waitpid(shell.identifier, &status, 0)
        guard status == 0 else {
            throw BenchFailure(
                "openssl n'a pas fait les certificats de la mesure.",
                remedy: "Installez le paquet « openssl ».")
        }
        func peer(_ name: String, _ certificate: String, _ more: [String] = []) -> HostilePeer {
            HostilePeer(
                name: name, certificate: "\(folder)/\(certificate)", arguments: more)
        }
        let old = ["-cipher", "DEFAULT:@SECLEVEL=0"]
        return [
            peer("TLS : certificat expiré", "expire"), peer("TLS : autre nom", "ailleurs"),
            peer("TLS : autosigné", "seul"), peer("TLS : autre autorité", "autrui"),
            peer("TLS 1.0", "juste", ["-tls1"] + old),
            peer("TLS 1.1", "juste", ["-tls1_1"] + old),
            peer("TLS en règle, page HTML", "juste"),
        ]
    }

    func start(on address: SocketAddress) throws -> ChildProcess {
        try ChildProcess(
            "/usr/bin/openssl",
            [
                "s_server", "-accept", "127.0.0.1:\(address.port)", "-www", "-quiet", "-cert",
                "\(certificate).pem", "-key", "\(certificate).key",
            ] + arguments, silencing: [STDOUT_FILENO, STDERR_FILENO])
    }
}
