import Foundation
import Glibc
import HTTPMessages
import JSONText
import Platform
import Testing

/// A holder that means harm, or is broken beyond its content: what it costs, and whom.
@Suite(.serialized) struct `A hostile holder` {
    /// One fault of the sandbox, and the reason that the service is then given.
    struct Trial: Sendable {
        let fault: String
        let reason: String

        init(_ fault: String, _ reason: String = "reponse_irrecevable") {
            self.fault = fault
            self.reason = reason
        }
    }

    /// A gateway of its own for each: a breaker that has opened would hide what comes next.
    static let groups: [(name: String, trials: [Trial])] = [
        (
            "time",
            [
                Trial("goutte_tete", "detenteur_trop_lent"),
                Trial("goutte_corps", "detenteur_trop_lent"), Trial("muet", "detenteur_trop_lent"),
                Trial("arret", "detenteur_indisponible"), Trial("coupe_tete"),
                Trial("redirection"),
            ]
        ),
        (
            "measure",
            [
                Trial("sans_fin"), Trial("geant"), Trial("enorme"), Trial("gzip"),
                Trial("gzip_transfert"), Trial("entetes"), Trial("ligne_statut"),
                Trial("interimaires"),
            ]
        ),
        (
            "where a message ends",
            [
                Trial("longueur_courte"), Trial("longueur_longue"), Trial("longueur_fausse"),
                Trial("morceaux"), Trial("protocole"), Trial("page"),
            ]
        ),
        (
            "what bytes mean",
            [
                Trial("profond"), Trial("doublons"), Trial("utf16"), Trial("latin1"), Trial("bom"),
                Trial("jeu_de_caracteres"), Trial("illisible"),
                Trial("identite", "identite_discordante"),
            ]
        ),
    ]

    /// The holders that fail in turn, each with an exchange that needs it alone.
    private static let victims = [
        ("gip-mds", "salaires-identite"), ("mesri", "statut-etudiant-identite"),
        ("cnav", "quotient-familial-identite"), ("gip-mds", "salaires-identite"),
    ]

    /// What a gateway may grow by in an exchange with a hostile holder, other exchanges beside it.
    private static let memoryMax = 16 << 20

    @Test(arguments: groups.indices)
    func `costs a bounded time and memory, has an outcome, and harms no other exchange`(
        group: Int
    ) async throws {
        let deployment = try Deployment()
        let demo = deployment.demo
        let serving = try deployment.serve()
        let other = try demo.example("revenu-fiscal-identite")
        for (_, name) in [("", other.name)] + Self.victims {
            let whole = try await demo.send(try demo.example(name))
            #expect(whole.member("statut") == "complet", "\(whole.text)")
        }
        for (index, trial) in Self.groups[group].trials.enumerated() {
            let (holder, name) = Self.victims[index % Self.victims.count]
            let example = try demo.example(name)
            try await demo.breakHolder(holder, by: trial.fault)
            try Memory.forgetPeak(of: serving.identifier)
            let before = try Memory.peak(of: serving.identifier)
            let start = ContinuousClock.now
            async let pending = demo.send(example)
            for _ in 0..<3 {
                let reply = try await demo.send(other)
                #expect(reply.member("statut") == "complet", "beside \(trial.fault): \(reply.text)")
            }
            let reply = try await pending
            let took = ContinuousClock.now - start
            let grown = try Memory.peak(of: serving.identifier) - before
            try await demo.breakHolder(holder, by: nil)
            #expect(reply.status == 200)
            #expect(reply.member("statut") == "aucun", "\(trial.fault): \(reply.text)")
            let reason = try #require(reply.member("manquants.0.motif"))
            // A cut connection may be told from a broken message or not.
            let isCut = ["morceaux", "coupe_tete"].contains(trial.fault)
            #expect(
                reason == trial.reason || (isCut && reason == "detenteur_indisponible"),
                "\(trial.fault)")
            #expect(grown < Self.memoryMax, "\(trial.fault)")
            print("hostile: \(trial.fault) at \(holder): \(reason), \(took), \(grown >> 10) KiB")
            let mended = try await demo.send(example)
            #expect(mended.member("statut") == "complet", "after \(trial.fault): \(mended.text)")
        }
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
    }

    @Test func `cannot be made of a word that the sandbox does not know`() async throws {
        let deployment = try Deployment()
        let reply = try await deployment.demo.send(
            .post, "\(deployment.demo.sandbox)/sandbox/pannes",
            body: Array(#"{"cible": "mesri", "panne": "orage"}"#.utf8))
        #expect(reply.status == 400)
        let message = try #require(reply.member("erreur"))
        #expect(message.contains("Panne inconnue pour cette cible : « orage »."))
        for trial in Self.groups.flatMap(\.trials) { #expect(message.contains(trial.fault)) }
    }
}

/// The memory of another process, as the kernel counts it.
private enum Memory {
    static func forgetPeak(of process: Int32) throws {
        let file = open("/proc/\(process)/clear_refs", O_WRONLY)
        defer { close(file) }
        try #require(file >= 0 && Glibc.write(file, "5", 1) == 1)
    }

    /// The most that was resident since.
    static func peak(of process: Int32) throws -> Int {
        let text = String(
            decoding: try Files.read("/proc/\(process)/status", maxBytes: 1 << 16), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) << 10
    }
}

extension RunningDemo {
    /// Makes a holder fail until it is told otherwise, which nil does.
    fileprivate func breakHolder(_ holder: String, by fault: String?) async throws {
        let words = fault.map { "\"panne\": \"\($0)\", \"pendant_s\": 600" } ?? "\"pendant_s\": 0"
        let reply = try await send(
            .post, "\(sandbox)/sandbox/pannes",
            body: Array("{\"cible\": \"\(holder)\", \(words), \"delai_ms\": 500}".utf8))
        try #require(reply.status == 200, "\(reply.text)")
    }
}
