import Cryptography
import JSONText
import Journal
import Platform
import Registry

extension AuthorisedSigner {
    /// Reads « signataires »: each with a name, a key that no other has, and at least one role.
    ///
    /// An author and an approver who are two people must be among them, or nothing could ever be
    /// signed.
    static func read(_ place: JSONPlace) throws(JSONMistake) -> [AuthorisedSigner] {
        var signers: [AuthorisedSigner] = []
        for element in try place.array(max: 100) {
            let signer = try one(element)
            // One name or one key for two entries would make one person pass for two.
            guard !signers.contains(where: { $0.name == signer.name || $0.key == signer.key })
            else {
                throw element.mistake(
                    "Deux signataires ont le même nom ou la même clé.",
                    remedy: "Donnez à chaque personne une entrée, avec tous ses rôles.")
            }
            signers.append(signer)
        }
        let isEnough = signers.contains { author in
            author.roles.contains(.author)
                && signers.contains { $0 != author && $0.roles.contains(.approver) }
        }
        guard isEnough else {
            throw place.mistake(
                "Il faut un auteur et un approbateur, qui soient deux personnes.",
                remedy: "Complétez les signataires et leurs « roles ».")
        }
        return signers
    }

    private static func one(_ place: JSONPlace) throws(JSONMistake) -> AuthorisedSigner {
        let object = try place.object(ConfigurationMembers.signer)
        let name = try object.required("nom")
        guard let text = OperatorText(try name.string()) else {
            throw name.mistake(
                "Ce n'est pas un nom.", remedy: "Écrivez-le sur une ligne, en 200 octets au plus.")
        }
        let key = try object.required("cle")
        guard let verification = DocumentVerificationKey(text: try key.string()) else {
            throw key.mistake(
                "Ce n'est pas une clé publique Ed25519.",
                remedy: "Donnez la ligne que montre : "
                    + "openssl pkey -in CLE.pem -pubout | sed -n 2p")
        }
        var roles: Set<SignerMark.Role> = []
        let list = try object.required("roles")
        for role in try list.array(max: 2) {
            guard let known = SignerMark.Role(rawValue: try role.string()),
                roles.insert(known).inserted
            else {
                throw role.mistake(
                    "Ce rôle n'existe pas, ou est écrit deux fois.",
                    remedy: "Choisissez parmi : auteur, approbateur.")
            }
        }
        guard !roles.isEmpty else {
            throw list.mistake("Ce signataire n'a aucun rôle.", remedy: "Donnez-lui-en un.")
        }
        return AuthorisedSigner(name: text, key: verification, roles: roles)
    }

    /// Reads the signers of a file: a gateway's configuration, or an object with « signataires »
    /// alone.
    static func read(file: String) throws(CommandFailure) -> [AuthorisedSigner] {
        do {
            let root = try parseJSON(try Files.read(file, maxBytes: 1 << 20))
            let object = try JSONPlace(root: root).anyObject()
            return try read(try object.required("signataires"))
        } catch let mistake as JSONMistake {
            let position = "\(mistake.position.line):\(mistake.position.column)"
            throw CommandFailure(
                .configuration, "\(file):\(position) : \(mistake.path) : \(mistake.message)",
                remedy: mistake.remedy)
        } catch let error as JSONError {
            throw CommandFailure(
                .configuration, "\(file) : \(error.message)",
                remedy: "Corrigez le fichier, puis relancez.")
        } catch {
            throw CommandFailure(
                .configuration, "Le fichier \(file) ne se lit pas (\(error)).",
                remedy: "Vérifiez le chemin et les droits.")
        }
    }
}
