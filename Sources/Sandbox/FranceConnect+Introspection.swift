import Cryptography
import HTTPMessages
import Platform

extension FranceConnect {
    /// Answers a data provider that asks what a token is worth.
    func checkToken(
        _ request: DoubleRequest, issuer: String, at seconds: Int64, fault: Fault?,
        note: inout CallNote
    ) async -> DoubleReply {
        guard let form = request.form, form.pairs.count == 3,
            let clientID = form.only("client_id"), let secret = form.only("client_secret"),
            let token = form.only("token"), !clientID.isEmpty, !secret.isEmpty, !token.isEmpty
        else {
            return Self.error(
                400, "invalid_request", "Required parameter missing or invalid.")
        }
        guard let provider = state.provider(clientID), provider.secret == secret,
            fault != .secret
        else { return Self.error(401, "invalid_client", "Client authentication failed.") }
        note.recipient = provider.holder
        let standing = state.standing(of: token, at: seconds)
        if case .loggedOut = standing { return loggedOut }
        guard fault != .deconnecte else { return loggedOut }
        guard fault != .cles, let set = await fetchKeys(provider.keysURL) else {
            return Self.error(500, "server_error", "failed to fetch JWKS")
        }
        guard let key = EncryptionKey.first(in: set, for: provider.keyAlgorithm) else {
            return Self.error(500, "server_error", "invalid JWKS format")
        }
        if case .active(_, let session) = standing { note.identifiers = [session.personID] }
        let payload = introspection(
            standing, token: token, provider: provider, issuer: issuer, at: seconds, fault: fault)
        return sealed(payload, for: provider, key: key, fault: fault)
    }

    private var loggedOut: DoubleReply {
        Self.error(401, "access_denied", "user authentication aborted")
    }

    /// The signed part: four members, whatever the token is worth.
    private func introspection(
        _ standing: FranceConnectState.Standing, token: String,
        provider: SandboxConfiguration.DataProvider, issuer: String, at seconds: Int64,
        fault: Fault?
    ) -> Document {
        let shift: Int64 =
            switch fault {
            case .iatFutur: 3600
            case .iatAncien: -3600
            default: 0
            }
        return .members([
            "iss": .string(fault == .emetteur ? "https://autre.example/api/v2" : issuer),
            "aud": .string(fault == .audience ? "un-autre-fournisseur" : provider.clientID),
            "iat": .integer(Int(seconds + shift)),
            "token_introspection": worth(
                standing, token: token, provider: provider, expired: fault == .expire),
        ])
    }

    private func worth(
        _ standing: FranceConnectState.Standing, token: String,
        provider: SandboxConfiguration.DataProvider, expired: Bool
    ) -> Document {
        guard case .active(let known, let session) = standing,
            let person = town.person(session.personID)
        else { return .members(["active": false]) }
        let open = session.scopes.filter { provider.scopes.contains($0) }
        let end = expired ? known.issuedAt - 1 : known.endsAt
        let facts: [(String, Document)] = [
            ("active", true),
            ("aud", .string(session.clientID)),
            ("sub", .string(subject(of: person, for: provider.clientID))),
            ("iat", .integer(Int(expired ? known.issuedAt - 61 : known.issuedAt))),
            ("exp", .integer(Int(end))),
            ("acr", .string(session.acr)),
            ("jti", .string(token)),
            ("scope", .string(open.joined(separator: " "))),
        ]
        return .object(
            facts.map { Document.Member(name: $0.0, value: $0.1) }
                + Self.identityClaims(person.identity))
    }

    private func sealed(
        _ payload: Document, for provider: SandboxConfiguration.DataProvider,
        key: EncryptionKey, fault: Fault?
    ) -> DoubleReply {
        let rsaKey = provider.signsWithRSA ? self.rsaKey : nil
        let keyID = rsaKey == nil ? Self.ecKeyID : Self.rsaKeyID
        let signature: Sealing.Signature =
            switch fault {
            case .signature: .spoilt(ecKey)
            case .algNone: .none
            case .hs256: .hs256(secret: publicText)
            case .mauvaiseCle, .kidInconnu: .es256(strangeKey)
            default: rsaKey.map { .rs256($0) } ?? .es256(ecKey)
            }
        let type =
            fault == .typeMedia ? "application/json" : "application/token-introspection+jwt"
        do {
            let signed = try Sealing.sign(
                payload, keyID: fault == .kidInconnu ? "pkcs11:ES256:inconnu" : keyID, signature)
            guard fault != .enClair else {
                return DoubleReply(
                    200, Array(signed.utf8), headers: [(name: "Content-Type", value: type)])
            }
            var token = Array(
                try Sealing.encrypt(signed, to: key, random: Randomness.bytes(44)).utf8)
            if fault == .chiffrement {
                // The first character of the tag: its bits all count, unlike the last one's.
                let tag = token.count - 22
                token[tag] = token[tag] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            }
            return DoubleReply(200, token, headers: [(name: "Content-Type", value: type)])
        } catch {
            return Self.error(500, "server_error", "failed to encrypt")
        }
    }

    /// The public key as a text that a careless verifier could take for a shared secret.
    private var publicText: String {
        let pem = try? ecKey.publicKey().pem()
        return String(decoding: pem ?? [], as: UTF8.self)
    }

    static func error(_ status: Int, _ error: String, _ description: String) -> DoubleReply {
        .json(
            status,
            .members(["error": .string(error), "error_description": .string(description)]))
    }
}
