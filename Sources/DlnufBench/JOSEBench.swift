import Cryptography
import Glibc
import JOSE

/// Measures tokens read a second, beside what OpenSSL itself says of the same operations, in
/// processor time of one thread as « openssl speed » counts it, both in turns in one run.
struct JOSEBench {
    /// One operation of ours, and the one of OpenSSL's that it cannot do without.
    private struct Line {
        let label: String
        let reference: OpenSSLSpeed.Operation
        let run: () throws -> Void
        var best = Duration.seconds(1)
    }

    private var lines: [Line] = []
    private var speed = OpenSSLSpeed()

    /// Runs so many turns of a second for each operation; gives the report.
    static func run(_ options: BenchOptions) throws -> String {
        write("Jetons : \(options.seconds) tours d'une seconde par opération…\n")
        var bench = try JOSEBench()
        for _ in 0..<options.seconds {
            try bench.speed.measure()
            for index in bench.lines.indices { try bench.measure(index) }
        }
        return bench.report
    }

    private init() throws {
        let payload = [UInt8](repeating: 0x61, count: 300)
        for algorithm in SignatureAlgorithm.allCases {
            let key = try Self.key(algorithm.keyKind)
            try add(algorithm, key, try key.publicKey(), payload)
        }
        for algorithm in [KeyManagementAlgorithm.rsaOAEP, .rsaOAEP256, .ecdhES] {
            try add(algorithm, try Self.key(algorithm == .ecdhES ? .p256 : .rsa), payload)
        }
    }

    private static func key(_ kind: KeyKind) throws -> PrivateKey {
        kind == .rsa ? try .generateRSA(bits: 2048) : try .generate(kind)
    }

    private mutating func add(
        _ algorithm: SignatureAlgorithm, _ key: PrivateKey, _ half: PublicKey, _ payload: [UInt8]
    ) throws {
        let text = try CompactJWS.sign(payload, algorithm: algorithm, key: key, type: "JWT")
        let token = Array(text.utf8)
        let dot = token.lastIndex(of: UInt8(ascii: ".")) ?? 0
        let signature = Base64URL.decode(token[(dot + 1)...]) ?? []
        let (content, scheme) = (token[..<dot], algorithm.scheme)
        let reference = OpenSSLSpeed.Operation(verifying: algorithm)
        lines.append(
            Line(label: "\(algorithm.rawValue), la signature", reference: reference) {
                guard half.verifies(signature, over: content, as: scheme) else { throw Self.broken }
            })
        lines.append(
            Line(label: "\(algorithm.rawValue), le jeton entier", reference: reference) {
                _ = try CompactJWS.verify(
                    token, algorithm: algorithm, key: half, type: .required("JWT"))
            })
    }

    private mutating func add(
        _ algorithm: KeyManagementAlgorithm, _ key: PrivateKey, _ payload: [UInt8]
    ) throws {
        let text = try CompactJWE.encrypt(
            payload, algorithm: algorithm, to: try key.publicKey(),
            random: { randomKey(bytes: $0) })
        let token = Array(text.utf8)
        lines.append(
            Line(
                label: "\(algorithm.rawValue), déchiffrer le jeton",
                reference: algorithm == .ecdhES ? .agreeP256 : .rsaPrivate
            ) {
                _ = try CompactJWE.decrypt(token, algorithm: algorithm, keys: [key])
            })
    }

    private static let broken = BenchFailure(
        "Un jeton de la mesure ne se lit pas.", remedy: "Signalez cette erreur.")

    /// Times one operation for a second, and keeps the shortest time that it took so far.
    private mutating func measure(_ index: Int) throws {
        let (start, spent) = (ContinuousClock.now, Self.spentTime())
        var count = 0
        while ContinuousClock.now - start < .seconds(1) {
            for _ in 0..<16 { try lines[index].run() }
            count += 16
        }
        lines[index].best = min(lines[index].best, (Self.spentTime() - spent) / count)
    }

    private static func spentTime() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    private var report: String {
        var table = Table(["opération", "par seconde", "openssl speed", "écart"])
        for line in lines {
            let reference = speed.best[line.reference]
            let share = reference.map { (line.best / $0 - 1) * 100 }
            table.add([
                line.label, Self.rate(line.best), reference.map(Self.rate) ?? "inconnu",
                share.map { "\(Int($0.rounded())) %" } ?? "",
            ])
        }
        return "\n" + table.text + """

            « le jeton entier » : découper, décoder, lire l'en-tête, vérifier ; 300 octets signés.
            « déchiffrer » est à côté de l'opération privée de RSA 2048, ou de l'accord sur P-256.

            """
    }

    private static func rate(_ each: Duration) -> String {
        String(Int((Duration.seconds(1) / each).rounded()))
    }
}

/// What « openssl speed » says on this machine.
struct OpenSSLSpeed {
    /// The operations that tokens rest on.
    enum Operation: Hashable {
        case rsaPublic
        case rsaPrivate
        case verifyP256
        case verifyP384
        case verifyEd25519
        case agreeP256

        /// The one under a signature's check.
        init(verifying algorithm: SignatureAlgorithm) {
            switch algorithm {
            case .rs256, .ps256: self = .rsaPublic
            case .es256: self = .verifyP256
            case .es384: self = .verifyP384
            case .edDSA: self = .verifyEd25519
            }
        }
    }

    /// The shortest time that each took so far.
    private(set) var best: [Operation: Duration] = [:]

    /// Runs it once more, a second for each operation.
    mutating func measure() throws {
        let command =
            "openssl speed -seconds 1 -mr rsa2048 ecdsap256 ecdsap384 ed25519 ecdhp256 2>/dev/null"
        guard let pipe = popen(command, "r") else { throw Self.missing }
        defer { pclose(pipe) }
        var line = [CChar](repeating: 0, count: 1024)
        var seen = 0
        while fgets(&line, Int32(line.count), pipe) != nil {
            let end = line.firstIndex(of: 0) ?? line.endIndex
            let text = String(decoding: line[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if read(text.split(whereSeparator: \.isWhitespace).first ?? "") { seen += 1 }
        }
        guard seen >= 5 else { throw Self.missing }
    }

    private static let missing = BenchFailure(
        "« openssl speed » ne répond pas.", remedy: "Installez le paquet « openssl ».")

    /// Reads one line that is meant for machines, `+F2:…:bits:per second:per second`.
    private mutating func read(_ line: Substring) -> Bool {
        let fields = line.split(separator: ":")
        guard fields.count >= 5 else { return false }
        let isLong = fields.count >= 6
        switch (fields[0], fields[2]) {
        case ("+F2", "2048"):
            keep(.rsaPrivate, fields[3])
            keep(.rsaPublic, fields[4])
        case ("+F4", "256"): keep(.verifyP256, fields[4])
        case ("+F4", "384"): keep(.verifyP384, fields[4])
        case ("+F5", "256"): keep(.agreeP256, fields[3])
        case ("+F6", "253") where isLong: keep(.verifyEd25519, fields[5])
        default: return false
        }
        return true
    }

    private mutating func keep(_ operation: Operation, _ rate: Substring) {
        guard let rate = Double(rate), rate > 0 else { return }
        let time = Duration.seconds(1 / rate)
        best[operation] = min(best[operation] ?? time, time)
    }
}
