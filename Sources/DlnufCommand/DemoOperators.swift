import API
import Cryptography
import JSONText
import Journal
import Platform
import Vocabulary

/// The operators of a demonstration and the credential of each holder: made anew at each start.
struct DemoOperators: Sendable {
    /// Somebody who connects to the operators' socket, with the key that the gateway knows by its
    /// digest alone.
    struct Key: Sendable {
        let party: OperatorsParty
        let key: String
    }

    let socket: String
    let revisions: String
    let keys: [Key]

    /// Two operators, since two must approve, and one credential for each holder.
    init(folder: String, holders: [String]) {
        socket = "\(folder)/operateurs.sock"
        revisions = "\(folder)/revisions"
        let people = ["aude.roux", "noe.blin"].compactMap { name in
            OperatorText(name).map { OperatorsParty.person($0) }
        }
        let owners = holders.compactMap { name -> OperatorsParty? in
            guard let holder = HolderID(name), let own = OperatorText("demo-\(name)") else {
                return nil
            }
            return .holder(holder, credential: own)
        }
        keys = (people + owners).map { party in
            Key(party: party, key: "dlnuf_ope_\(Base64URL.encode(Randomness.bytes(32)))")
        }
    }

    /// What the gateway is told of them.
    var configuration: OperatorsConfiguration {
        var credentials = OperatorsCredentials()
        for key in keys {
            // Names and keys were made different.
            _ = credentials.add(
                OperatorsCredential(
                    party: key.party, key: sha256(Array(key.key.utf8)), certificate: nil,
                    expiresAt: nil))
        }
        return OperatorsConfiguration(
            listeners: [.socket(path: socket)], revisions: revisions, credentials: credentials)
    }

    /// The key of the first operator, or of a holder.
    func key(of holder: String? = nil) -> String {
        keys.first { $0.holder?.text == holder }?.key ?? ""
    }

    /// Writes the member of `demo.json`, keys included.
    func write(to writer: inout JSONWriter) {
        writer.member("socket", socket)
        writer.member(
            "personnes",
            array: { writer in
                for key in keys where key.holder == nil { key.write("cle", key.key, to: &writer) }
            })
        writer.member(
            "detenteurs",
            array: { writer in
                for key in keys where key.holder != nil { key.write("cle", key.key, to: &writer) }
            })
    }

    /// Writes the member of a configuration, which has digests in place of keys.
    func writeConfiguration(to writer: inout JSONWriter) {
        writer.member(
            "ecoute", array: { list in list.object { $0.member("socket", socket) } })
        writer.member("dossier", revisions)
        for (name, isHolder) in [("personnes", false), ("detenteurs", true)] {
            writer.member(
                name,
                array: { writer in
                    for key in keys where (key.holder != nil) == isHolder {
                        let digest = Hex.encode(sha256(Array(key.key.utf8)))
                        key.write("cle", digest, to: &writer)
                    }
                })
        }
    }
}

extension DemoOperators.Key {
    var holder: HolderID? {
        if case .holder(let holder, _) = party { holder } else { nil }
    }

    fileprivate func write(_ member: String, _ value: String, to writer: inout JSONWriter) {
        writer.object { writer in
            if let holder { writer.member("detenteur", holder.text) }
            writer.member("nom", party.name.text)
            writer.member(member, value)
        }
    }
}
