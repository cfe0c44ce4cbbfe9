import Cryptography
import HTTPMessages
package import Journal
package import Vocabulary

/// Who speaks on the operators' listener.
package enum OperatorsParty: Sendable, Hashable {
    /// Somebody who runs the gateway.
    case person(OperatorText)
    /// A data holder, by its credential of that name.
    case holder(HolderID, credential: OperatorText)

    /// The name that the deployment gives to the credential.
    package var name: OperatorText {
        switch self {
        case .person(let name), .holder(_, let name): name
        }
    }
}

/// One credential of the operators' listener: what a key or a certificate hashes to, never either.
package struct OperatorsCredential: Sendable, Hashable {
    package let party: OperatorsParty
    /// SHA-256 of a 256-bit key, as it is sent.
    package let key: [UInt8]?
    /// SHA-256 of a client certificate's DER.
    package let certificate: [UInt8]?
    /// The moment from which the credential is refused, nil where it has no end.
    package let expiresAt: Timestamp?

    package init(
        party: OperatorsParty, key: [UInt8]?, certificate: [UInt8]?, expiresAt: Timestamp?
    ) {
        self.party = party
        self.key = key
        self.certificate = certificate
        self.expiresAt = expiresAt
    }
}

/// What a connection and a request show of who calls.
package struct ShownCredentials: Sendable {
    /// The values of `Authorization`.
    package let authorization: [String]
    /// SHA-256 of the client certificate that the handshake verified.
    package let certificate: [UInt8]?
    /// Whether the caller came by the Unix socket, which only the gateway's own user can open.
    package let isLocal: Bool

    package init(authorization: [String], certificate: [UInt8]?, isLocal: Bool) {
        self.authorization = authorization
        self.certificate = certificate
        self.isLocal = isLocal
    }
}

/// The credentials that open the operators' listener, by digest.
package struct OperatorsCredentials: Sendable {
    private var byKey: [[UInt8]: OperatorsCredential] = [:]
    private var byCertificate: [[UInt8]: OperatorsCredential] = [:]

    private var names: Set<OperatorText> = []

    /// Nobody yet.
    package init() {}

    /// Adds a credential; false where its name, key or certificate is another's already.
    package mutating func add(_ credential: OperatorsCredential) -> Bool {
        var isNew = names.insert(credential.party.name).inserted
        if let key = credential.key {
            isNew = byKey.updateValue(credential, forKey: key) == nil && isNew
        }
        if let certificate = credential.certificate {
            isNew = byCertificate.updateValue(credential, forKey: certificate) == nil && isNew
        }
        return isNew
    }

    /// The longest key that is worth a digest, in bytes.
    private static let maximumKeyBytes = 256

    /// Whom the shown credentials name.
    ///
    /// Over the network an operator is known by a certificate alone: a key could be replayed by
    /// whoever read it once. Where both are shown, both must be one party's.
    package func party(
        _ shown: ShownCredentials, at now: Timestamp
    ) throws(Problem) -> OperatorsParty {
        let certified = shown.certificate.flatMap { byCertificate[$0] }
        let keyed = try credential(shown.authorization)
        if let certified, let keyed, certified.party != keyed.party {
            throw refusal("Le certificat et la clé ne sont pas à la même personne.")
        }
        guard let credential = certified ?? keyed else {
            throw refusal(
                shown.certificate == nil
                    ? "L'en-tête « Authorization » manque."
                    : "Ce certificat n'est celui de personne ici.")
        }
        if let end = credential.expiresAt, end <= now {
            throw refusal("Cette accréditation a pris fin ; demandez-en une autre.")
        }
        if case .person = credential.party, certified == nil, !shown.isLocal {
            throw refusal("Par le réseau, un opérateur se présente par son certificat.")
        }
        return credential.party
    }

    private func credential(_ authorization: [String]) throws(Problem) -> OperatorsCredential? {
        guard let field = authorization.first else { return nil }
        guard authorization.count == 1 else {
            throw refusal("L'en-tête « Authorization » est donné plusieurs fois.")
        }
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")),
            field[..<space].lowercased() == "bearer"
        else {
            throw refusal("L'en-tête « Authorization » n'est pas « Bearer » suivi d'une clé.")
        }
        let key = Array(field.utf8[space...].dropFirst())
        guard (1...Self.maximumKeyBytes).contains(key.count), let credential = byKey[sha256(key)]
        else {
            throw refusal("Cette clé n'est celle de personne ici.")
        }
        return credential
    }

    private func refusal(_ detail: String) -> Problem {
        Problem(.operateurNonAuthentifie, detail: detail)
    }
}
