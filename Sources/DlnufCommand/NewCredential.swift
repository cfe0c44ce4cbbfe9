import Credentials
import Cryptography
import JOSE
import JSONText
import Platform
import Vocabulary

/// A credential about to be entered, and the one secret that its owner is shown.
struct NewCredential {
    let credential: ClientCredential
    /// A new key, which nobody will see again.
    private let secret: String?

    /// The longest life of a credential, in days.
    private static let longestDays: Int64 = 1_096

    init(
        _ arguments: Arguments, client: String, in environment: CredentialEnvironment
    ) throws(CommandFailure) {
        let now = Timestamp(milliseconds: WallClock.milliseconds())
        let (kind, secret) = try NewCredential.kind(arguments, in: environment)
        let suffix = Hex.encode(Randomness.bytes(2))
        let name = arguments["nom"] ?? "\(client.prefix(40))-\(now.parisDate.text)-\(suffix)"
        guard ServiceRegistry.isName(name) else { throw CommandFailure.badName("--nom") }
        self.secret = secret
        credential = ClientCredential(
            name: name, kind: kind, createdAt: now,
            expiresAt: try NewCredential.end(arguments["fin"], after: now))
    }

    /// What the terminal shows, this once.
    func text(client: String) -> String {
        let end = "jusqu'au \(credential.expiresAt.parisDate.text)"
        switch credential.kind {
        case .apiKey:
            return """
                Clé d'API « \(credential.name) » du client « \(client) », \(end).
                Elle n'est montrée qu'ici : remettez-la au service par un canal sûr.

                \(secret ?? "")

                """
        case .publicKey(let algorithm, let key):
            let thumbprint = (try? JWK.thumbprint(of: key.key)) ?? ""
            return """
                Clé publique « \(credential.name) » du client « \(client) », \(end).
                Ses assertions : iss et sub « \(client) », alg \(algorithm.rawValue), kid \
                « \(credential.name) » ou « \(thumbprint) ».

                """
        case .certificate(let thumbprint):
            return """
                Certificat « \(credential.name) » du client « \(client) », \(end).
                Empreinte SHA-256 : \(Hex.encode(thumbprint))

                """
        }
    }

    private static func kind(
        _ arguments: Arguments, in environment: CredentialEnvironment
    ) throws(CommandFailure) -> (ClientCredential.Kind, String?) {
        if arguments.has("cle-publique"), arguments.has("certificat") {
            throw CommandFailure(
                .usage, "Un titre est une clé publique ou un certificat, pas les deux.",
                remedy: "Lancez la commande deux fois.")
        }
        if arguments.has("algorithme"), !arguments.has("cle-publique") {
            throw CommandFailure(
                .usage, "--algorithme va avec --cle-publique.", remedy: "Retirez-le.")
        }
        if let file = arguments["cle-publique"] {
            return (try publicKey(try read(file), file, arguments["algorithme"]), nil)
        }
        if let file = arguments["certificat"] {
            return (.certificate(thumbprint: try thumbprint(try read(file), file)), nil)
        }
        let key = APIKey.text(Randomness.bytes(APIKey.secretBytes), for: environment)
        return (.apiKey(digest: APIKey.digest(key)), key)
    }

    private static func read(_ file: String) throws(CommandFailure) -> [UInt8] {
        do throws(SystemError) {
            return try Files.read(file, maxBytes: 1 << 16)
        } catch {
            throw CommandFailure(
                .data, "Le fichier \(file) ne se lit pas (\(error.text)).",
                remedy: "Vérifiez le chemin et les droits.")
        }
    }

    /// A public key in PEM or as a JWK; a private one is refused before anything is kept of it.
    private static func publicKey(
        _ bytes: [UInt8], _ file: String, _ named: String?
    ) throws(CommandFailure) -> ClientCredential.Kind {
        if String(decoding: bytes, as: UTF8.self).contains("PRIVATE KEY") {
            throw CommandFailure(
                .data, "\(file) est une clé privée, qui ne doit pas quitter le service.",
                remedy: "Donnez sa moitié publique : openssl pkey -in CLE.pem -pubout")
        }
        let jwk: JWK
        if let key = try? PublicKey(pem: bytes) {
            jwk = JWK(key: key, use: nil, algorithm: nil, keyID: nil)
        } else if let node = try? parseJSON(bytes), let read = try? JWK(node) {
            jwk = read
        } else {
            throw CommandFailure(
                .data, "\(file) n'est pas une clé publique qui serve ici.",
                remedy: "Donnez une clé RSA de 2048 bits au moins, P-256 ou Ed25519, en PEM "
                    + "(BEGIN PUBLIC KEY) ou en JWK, sans partie privée.")
        }
        let fitting = SignatureAlgorithm.allCases.filter { $0.keyKind == jwk.key.kind }
        let wanted = named ?? jwk.algorithm
        let algorithm = fitting.first { wanted == nil || $0.rawValue == wanted }
        guard let algorithm else {
            throw CommandFailure(
                .data, "Cet algorithme n'est pas de cette sorte de clé.",
                remedy: "Choisissez parmi : "
                    + fitting.map(\.rawValue).joined(separator: ", ") + ".")
        }
        return .publicKey(
            algorithm,
            JWK(key: jwk.key, use: .signature, algorithm: algorithm.rawValue, keyID: jwk.keyID))
    }

    /// SHA-256 of the first certificate of a PEM text (RFC 8705, 3.1).
    private static func thumbprint(
        _ bytes: [UInt8], _ file: String
    ) throws(CommandFailure) -> [UInt8] {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let body = lines.drop { $0 != "-----BEGIN CERTIFICATE-----" }.dropFirst()
            .prefix { $0 != "-----END CERTIFICATE-----" }
        guard let der = Base64.decode(body.joined()), der.first == 0x30, der.count > 100 else {
            throw CommandFailure(
                .data, "\(file) n'est pas un certificat.",
                remedy: "Donnez le certificat du client, en PEM (BEGIN CERTIFICATE).")
        }
        return sha256(der)
    }

    private static func end(
        _ text: String?, after now: Timestamp
    ) throws(CommandFailure) -> Timestamp {
        let today = now.parisDate.daysSinceEpoch
        guard let text else {
            return CalendarDate(daysSinceEpoch: today + 365).parisMidnight
        }
        guard let date = CalendarDate(text), date.daysSinceEpoch > today,
            date.daysSinceEpoch - today <= longestDays
        else {
            throw CommandFailure(
                .usage, "--fin n'est pas un jour à venir, de trois ans au plus.",
                remedy: "Écrivez-le « AAAA-MM-JJ ».")
        }
        return date.parisMidnight
    }
}
