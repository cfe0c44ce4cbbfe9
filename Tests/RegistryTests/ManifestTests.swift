import Cryptography
import Foundation
import Journal
import Policies
import Testing
import Vocabulary

@testable import Registry

@Suite struct `A signed set` {
    @Test func `is loaded, and says who signed`() throws {
        let desk = try SigningDesk()
        defer { desk.folders.remove() }
        try desk.sign()
        let registry = try #require(desk.load().registry)
        let manifest = try #require(registry.manifest)
        #expect(manifest.serial == 7)
        #expect(manifest.signers.map(\.name.text) == ["Aude Roux", "Noé Blin"])
        #expect(manifest.signers.map(\.role) == [.author, .approver])
        #expect(registry.presentManifest?.differences(from: registry.files).isEmpty == true)
        // Whoever asks for no signature passes the manifest over.
        let unsigned = try #require(desk.folders.load().registry)
        #expect(unsigned.manifest == nil)
        #expect(unsigned.policies.generation == registry.policies.generation)
        #expect(unsigned.files.count { $0.isSeal } == 3)
    }

    @Test func `may do without a manifest only where none is demanded`() throws {
        let desk = try SigningDesk()
        defer { desk.folders.remove() }
        #expect(desk.load(isRequired: false).registry?.manifest == nil)
        #expect(desk.load(isRequired: false).registry != nil)
        let errors = desk.load().errors
        #expect(errors.map(\.file) == ["policies/manifeste.json"])
        #expect(errors.first?.message.contains("ne sont pas signés") == true)
    }

    @Test func `is refused, where a manifest is there, even if none is demanded`() throws {
        let desk = try SigningDesk()
        defer { desk.folders.remove() }
        try desk.sign()
        try desk.folders.delete("policies/manifeste.approbateur.json")
        #expect(desk.load(isRequired: false).registry == nil)
    }

    @Test(arguments: Forgery.all)
    func `is refused with its own message where something is wrong`(forgery: Forgery) throws {
        let desk = try SigningDesk()
        defer { desk.folders.remove() }
        try desk.sign()
        try forgery.apply(desk)
        let reading = desk.load()
        #expect(reading.registry == nil)
        let remark = reading.errors.first {
            $0.file == forgery.file && $0.message.contains(forgery.message)
        }
        #expect(remark != nil, "\(reading.errors.map(\.text))")
        #expect(remark?.remedy.isEmpty == false)
    }

    @Test func `has a manifest that reads back into what was written`() throws {
        let desk = try SigningDesk()
        defer { desk.folders.remove() }
        let registry = try #require(desk.folders.load().registry)
        let manifest = Manifest(
            serial: 3, createdAt: Timestamp(milliseconds: 5), of: registry.files)
        let file = SetFile(Document(path: Manifest.path, bytes: manifest.bytes))
        #expect(Manifest.read(file).manifest == manifest)
        #expect(Manifest.read(file).diagnostics.isEmpty)
        #expect(Inventory(manifest.inventory.bytes) == manifest.inventory)
    }

    @Test(
        arguments: [
            "", "zz  policies/a/service.json\n",
            "\(String(repeating: "0", count: 64)) policies/a\n",
            "\(String(repeating: "0", count: 64))  policies/../etc\n",
            "\(String(repeating: "0", count: 64))  /etc/passwd\n",
            "\(String(repeating: "0", count: 64))  policies//a\n",
            "\(String(repeating: "0", count: 64))  autre/a.json\n",
        ])
    func `has no inventory that leaves its folders`(text: String) {
        #expect(text.isEmpty == (Inventory(Array(text.utf8)) != nil))
    }
}

/// One way to forge or break a signed set, and what must be said of it.
struct Forgery: Sendable, CustomTestStringConvertible {
    let file: String
    let message: String
    let apply: @Sendable (SigningDesk) throws -> Void

    var testDescription: String { "\(file) : \(message)" }

    private static let policy = "policies/cnaf/rsa/policy.json"
    private static let author = "policies/manifeste.auteur.json"
    private static let approver = "policies/manifeste.approbateur.json"

    static let all = [
        Forgery(file: policy, message: "a changé depuis la signature") {
            try $0.folders.replace(policy, "\"intitule\": \"", "\"intitule\": \"X")
        },
        Forgery(
            file: "policies/cnaf/rsa/cases/un-de-plus.json", message: "pas dans le manifeste"
        ) {
            let text = try $0.folders.read("policies/cnaf/rsa/cases/permet-l-usager.json")
            try $0.folders.write("policies/cnaf/rsa/cases/un-de-plus.json", text)
        },
        Forgery(
            file: "policies/cnaf/rsa/cases/permet-un-agent-nomme.json", message: "et manque"
        ) {
            try $0.folders.delete("policies/cnaf/rsa/cases/permet-un-agent-nomme.json")
        },
        Forgery(file: approver, message: "Il manque la signature de l'approbateur") {
            try $0.folders.delete(approver)
        },
        Forgery(file: author, message: "Il manque la signature de l'auteur") {
            try $0.folders.delete(author)
        },
        Forgery(file: approver, message: "n'est celle d'aucun signataire") {
            try $0.sign(approver: "Noé Blin", key: 9)
        },
        Forgery(file: approver, message: "sa clé est celle de « Noé Blin »") {
            try $0.sign(approver: "Aude Roux", key: 2)
        },
        Forgery(file: approver, message: "n'est pas autorisé à signer comme approbateur") {
            try $0.sign(approver: "Ève Petit", key: 3)
        },
        Forgery(file: approver, message: "comme auteur et comme approbateur") {
            try $0.sign(approver: "Aude Roux", key: 1)
        },
        Forgery(file: approver, message: "n'est pas celle de ce manifeste") {
            let manifest = try $0.folders.text("policies/manifeste.json")
            try $0.folders.write(
                "policies/manifeste.json",
                Data(manifest.replacing("\"serie\": 7", with: "\"serie\": 8").utf8))
        },
        Forgery(file: approver, message: "Cette signature est celle de l'auteur") {
            try $0.folders.write(approver, try $0.folders.read(author))
        },
        // The author's own signature under the other role's name: the role is signed too.
        Forgery(file: approver, message: "n'est pas celle de ce manifeste") {
            let text = try $0.folders.text(author).replacing("\"auteur\"", with: "\"approbateur\"")
            try $0.folders.write(approver, Data(text.utf8))
        },
        Forgery(file: author, message: "n'est pas une signature") {
            let text = try $0.folders.text(author)
            let short = try Regex("\"signature\": \"[^\"]*\"")
            try $0.folders.write(
                author, Data(text.replacing(short, with: "\"signature\": \"AAAA\"").utf8))
        },
        Forgery(file: "policies/manifeste.json", message: "deux fois dans le manifeste") {
            let line = try Regex(".*policies/cnaf/rsa/policy.json.*\n")
            let text = try $0.folders.text("policies/manifeste.json")
            let twice = text.replacing(line) { "\(text[$0.range])\(text[$0.range])" }
            try $0.folders.write("policies/manifeste.json", Data(twice.utf8))
        },
        Forgery(file: "policies/manifeste.json", message: "ne peut pas être celui d'un document") {
            let text = try $0.folders.text("policies/manifeste.json")
                .replacing("policies/cnaf/rsa/policy.json", with: "policies/../rsa/policy.json")
            try $0.folders.write("policies/manifeste.json", Data(text.utf8))
        },
        Forgery(file: "policies/manifeste.json", message: "serie") {
            let text = try $0.folders.text("policies/manifeste.json")
                .replacing("\"serie\": 7", with: "\"series\": 7")
            try $0.folders.write("policies/manifeste.json", Data(text.utf8))
        },
        Forgery(file: "policies/manifeste.json", message: "avant la fin") {
            try $0.folders.write("policies/manifeste.json", Data("{".utf8))
        },
        Forgery(file: "policies/manifeste.json", message: "ne sont pas signés") {
            try $0.folders.delete("policies/manifeste.json")
        },
    ]
}

/// A copy of the shipped documents, and four people with keys: an author, an approver, one who may
/// only write, and a stranger.
struct SigningDesk {
    let folders: Folders

    init() throws { folders = try Folders.copy() }

    static func key(_ number: UInt8) throws -> DocumentSigningKey {
        // The shell of a PKCS #8 key (RFC 8410, 7) around a seed.
        let bytes: [UInt8] =
            [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22]
            + [0x04, 0x20] + [UInt8](repeating: number, count: 32)
        let text =
            "-----BEGIN PRIVATE KEY-----\n\(Base64.encode(bytes))\n-----END PRIVATE KEY-----\n"
        return try DocumentSigningKey(pem: Array(text.utf8))
    }

    static func signers() throws -> [AuthorisedSigner] {
        let people: [(String, UInt8, Set<SignerMark.Role>)] = [
            ("Aude Roux", 1, [.author, .approver]), ("Noé Blin", 2, [.approver]),
            ("Ève Petit", 3, [.author]),
        ]
        return try people.map { name, number, roles in
            AuthorisedSigner(
                name: try #require(OperatorText(name)), key: try key(number).publicKey(),
                roles: roles)
        }
    }

    func sign(serial: Int64 = 7, approver: String = "Noé Blin", key: UInt8 = 2) throws {
        let registry = try #require(folders.load().registry)
        let manifest = Manifest(
            serial: serial, createdAt: Timestamp(milliseconds: 1_795_219_467_123),
            of: registry.files
        ).bytes
        try folders.write(Manifest.path, Data(manifest))
        for (role, name, number) in [
            (SignerMark.Role.author, "Aude Roux", 1), (.approver, approver, key),
        ] {
            let signature = try ManifestSignature(
                of: manifest, as: role, by: try #require(OperatorText(name)),
                with: try SigningDesk.key(number))
            try folders.write(ManifestSignature.path(role), Data(signature.bytes))
        }
    }

    func load(isRequired: Bool = true) -> RegistryReading {
        loadRegistry(
            connectors: folders.connectors, policies: folders.policies,
            signatures: SignatureRule(
                signers: (try? SigningDesk.signers()) ?? [], isRequired: isRequired))
    }
}

extension Folders {
    func read(_ path: String) throws -> Data { try Data(contentsOf: root.appending(path: path)) }

    func text(_ path: String) throws -> String {
        String(decoding: try read(path), as: UTF8.self)
    }
}
