import Connectors
import Cryptography
import Curl
import HTTPMessages
import HolderClients
import JSONText
import Platform
import Vocabulary

extension ConfigurationReader {
    static let maximumAddresses = 8
    static let maximumNetworks = 32

    /// Reads what each holder's connectors are given.
    mutating func holders(
        _ place: JSONPlace?
    ) -> [HolderID: GatewayConfiguration.HolderGrant] {
        var holders: [HolderID: GatewayConfiguration.HolderGrant] = [:]
        guard let place, let object = anyObject(place) else { return holders }
        for (name, member) in object.members {
            guard let holder = self.holder(name, member),
                let grant = mistakes.object(member, ConfigurationMembers.holder)
            else { continue }
            holders[holder] = GatewayConfiguration.HolderGrant(
                origins: origins(mistakes.required(grant, "origines", whole)),
                secrets: secrets(mistakes.required(grant, "secrets", whole)),
                receives: received(grant), resilience: resilience(grant))
        }
        return holders
    }

    /// What the deployment knows better than the holder's connectors.
    private mutating func resilience(_ grant: JSONObjectPlace) -> ResilienceChanges {
        var reader = ResilienceReader()
        reader.readLimits(grant.optional("resilience"))
        reader.readMaintenances(grant.optional("maintenances"))
        for mistake in reader.mistakes.all { mistakes.add(mistake) }
        return reader.changes
    }

    private mutating func secrets(_ place: JSONPlace?) -> [String: Sensitive<String>] {
        var secrets: [String: Sensitive<String>] = [:]
        guard let place, let object = anyObject(place) else { return secrets }
        for (name, member) in object.members {
            secrets[name] = mistakes.attempt { [self] () throws(JSONMistake) in
                let secret = try self.secret(member)
                // A key that signs is several lines; anything else may go into a header.
                let isKey = secret.reveal().hasPrefix("-----BEGIN ")
                let isFine = secret.reveal().utf8.allSatisfy {
                    (0x20...0x7E).contains($0) || isKey && ($0 == 0x0A || $0 == 0x0D)
                }
                guard isFine, !secret.reveal().isEmpty else {
                    throw member.mistake(
                        "Ce secret est vide, ou porte un caractère qu'un en-tête n'admet pas.",
                        remedy: "Donnez-le sur une ligne, en ASCII ; une clé privée, en PEM.")
                }
                return secret
            }
        }
        return secrets
    }

    private mutating func received(_ grant: JSONObjectPlace) -> Set<Relayed> {
        var received: Set<Relayed> = []
        let places = mistakes.required(grant, "recoit") { (place) throws(JSONMistake) in
            try place.array(max: Relayed.grantNames.count)
        }
        for place in places ?? [] {
            let granted = mistakes.attempt { () throws(JSONMistake) in
                guard let granted = Relayed.granted(by: try place.string(maxBytes: 64)) else {
                    throw place.mistake(
                        "Rien de tel ne se transmet à un détenteur.",
                        remedy: "Choisissez parmi : "
                            + Relayed.grantNames.joined(separator: ", ") + ".")
                }
                return granted
            }
            received.formUnion(granted ?? [])
        }
        return received
    }

    // MARK: - Origins

    private mutating func origins(
        _ place: JSONPlace?
    ) -> [String: GatewayConfiguration.Origin] {
        var origins: [String: GatewayConfiguration.Origin] = [:]
        guard let place, let object = anyObject(place) else { return origins }
        for (name, member) in object.members {
            guard let origin = mistakes.object(member, ConfigurationMembers.origin) else {
                continue
            }
            origins[name] = GatewayConfiguration.Origin(
                addresses: addresses(origin),
                authorities: mistakes.optional(origin, "autorites", authorityFile),
                networks: networks(origin.optional("reseaux")),
                certificate: origin.optional("certificat").flatMap { certificate($0) })
        }
        return origins
    }

    private mutating func addresses(_ origin: JSONObjectPlace) -> [String] {
        let places = mistakes.required(origin, "adresses") { (place) throws(JSONMistake) in
            let places = try place.array(max: Self.maximumAddresses)
            guard !places.isEmpty else {
                throw place.mistake(
                    "Cette origine n'a pas d'adresse.", remedy: "Donnez-lui-en une au moins.")
            }
            return places
        }
        var addresses: [String] = []
        for place in places ?? [] {
            let address = mistakes.attempt { [self] () throws(JSONMistake) in
                let address = try baseURL(place)
                guard !addresses.contains(address) else {
                    throw place.mistake(
                        "Cette adresse est donnée deux fois.", remedy: "Retirez-en une.")
                }
                return address
            }
            if let address { addresses.append(address) }
        }
        return addresses
    }

    private func baseURL(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 2048)
        if isProduction, text.hasPrefix("http://") {
            throw place.mistake(
                "En production, un détenteur s'appelle en https.",
                remedy: "Donnez une URL en « https:// ».")
        }
        guard HolderBinding.Origin.isBaseURL(text, allowsPlainHTTP: true) else {
            throw place.mistake(
                "Ce n'est pas une URL de base.",
                remedy: "Écrivez « https://hote[:port] », sans barre finale.")
        }
        if isProduction, namesThisMachine(text) {
            throw place.mistake(
                "En production, cette machine et ses liens ne sont pas des détenteurs.",
                remedy: "Donnez le nom d'hôte du détenteur.")
        }
        return text
    }

    /// Whether the host of a URL is written as this machine's; what other names resolve to is
    /// checked at each connection.
    private func namesThisMachine(_ url: String) -> Bool {
        let authority = url.dropFirst("https://".count).prefix { $0 != "/" }
        if authority.hasPrefix("[") {
            let host = authority.dropFirst().prefix { $0 != "]" }
            return AddressRange("\(host)/128")?.isUngrantable ?? true
        }
        let host = authority.prefix { $0 != ":" }.lowercased()
        return host == "localhost" || host.hasSuffix(".localhost")
            || AddressRange("\(host)/32")?.isUngrantable ?? false
    }

    private mutating func networks(_ place: JSONPlace?) -> [AddressRange] {
        guard let place else { return [] }
        let places = mistakes.attempt { () throws(JSONMistake) in
            let places = try place.array(max: Self.maximumNetworks)
            guard !places.isEmpty else {
                throw place.mistake(
                    "Cette liste de réseaux est vide.",
                    remedy:
                        "Retirez « reseaux » : seules les adresses publiques sont alors admises.")
            }
            return places
        }
        return (places ?? []).compactMap { place in
            mistakes.attempt { [isProduction] () throws(JSONMistake) in
                guard let range = AddressRange(try place.string(maxBytes: 64)) else {
                    throw place.mistake(
                        "Ce n'est pas un réseau.", remedy: "Écrivez-le comme « 10.20.0.0/16 ».")
                }
                if isProduction, range.isUngrantable {
                    throw place.mistake(
                        "Ce réseau contient des adresses de cette machine ou de ses liens.",
                        remedy: "Donnez un réseau plus étroit, que le détenteur occupe seul.")
                }
                return range
            }
        }
    }

    // MARK: - Certificates

    private func authorityFile(_ place: JSONPlace) throws(JSONMistake) -> String {
        let path = try path(place)
        let text = String(decoding: try bytes(of: path, at: place), as: UTF8.self)
        guard text.contains("-----BEGIN CERTIFICATE-----") else {
            throw place.mistake(
                "Ce fichier ne contient aucune autorité de certification.",
                remedy: "Donnez un fichier PEM de certificats d'autorités.")
        }
        return path
    }

    private mutating func certificate(_ place: JSONPlace) -> ClientCertificate? {
        guard let object = mistakes.object(place, ConfigurationMembers.certificate) else {
            return nil
        }
        let chain = mistakes.required(object, "chaine", path)
        let key = mistakes.required(object, "cle", path)
        guard let chain, let key, let chainPlace = object.optional("chaine"),
            let keyPlace = object.optional("cle")
        else { return nil }
        return mistakes.attempt { [self] () throws(JSONMistake) in
            let chainBytes = try bytes(of: chain, at: chainPlace)
            let keyBytes = try bytes(of: key, at: keyPlace)
            guard let mode = try? Files.mode(key), mode & 0o077 == 0 else {
                throw keyPlace.mistake(
                    "D'autres que son propriétaire peuvent lire cette clé privée.",
                    remedy: "Retirez-leur ce droit : chmod 600 \(key)")
            }
            do throws(CryptographyError) {
                _ = try TLSContext.server(certificateChainPEM: chainBytes, keyPEM: keyBytes)
            } catch {
                throw place.mistake(
                    "Cette chaîne et cette clé ne vont pas ensemble, ou ne sont pas du PEM.",
                    remedy: "Donnez la chaîne complète, et la clé de son premier certificat.")
            }
            return ClientCertificate(chainFile: chain, keyFile: key)
        }
    }

    private func bytes(of path: String, at place: JSONPlace) throws(JSONMistake) -> [UInt8] {
        do {
            return try Files.read(path, maxBytes: 1 << 20)
        } catch {
            throw place.mistake(
                "Ce fichier ne se lit pas (\(error.text)).", remedy: "Vérifiez chemin et droits.")
        }
    }
}
