package import Connectors
package import HTTPMessages
package import Vocabulary

/// Which connector a binding is for.
package struct ConnectorKey: Hashable, Sendable, CustomStringConvertible {
    package let holder: HolderID
    package let dataset: DatasetID

    package init(holder: HolderID, dataset: DatasetID) {
        self.holder = holder
        self.dataset = dataset
    }

    package init(_ connector: Connector) {
        self.init(holder: connector.holder, dataset: connector.dataset)
    }

    /// `dgfip/revenu_fiscal`, as the folders are named.
    package var description: String { "\(holder)/\(dataset)" }
}

/// What the deployment gives the connectors of one holder: where its origins are, its secrets, and
/// what it may be told of a usager.
///
/// A connector names all of these and holds none, so that its author can neither choose whom the
/// gateway calls, nor learn what it calls with, nor have it say more than the holder may know.
package struct HolderBinding: Sendable {
    /// Where an origin is, and how it is reached.
    package struct Origin: Sendable, Hashable {
        /// `https://host[:port][/prefix]` without a slash at the end, the preferred one first.
        package let baseURLs: [String]
        /// The addresses that the names may resolve to.
        package let reach: Reach
        /// The certification authorities to trust instead of the system's.
        package let caFile: String?
        /// Who we are to an origin that asks for a certificate.
        package let clientCertificate: ClientCertificate?
        /// Whether plain `http` may be used: for doubles on this machine, never in production.
        package let allowsPlainHTTP: Bool

        package init(
            baseURLs: [String], reach: Reach = Reach(), caFile: String? = nil,
            clientCertificate: ClientCertificate? = nil, allowsPlainHTTP: Bool = false
        ) {
            self.baseURLs = baseURLs
            self.reach = reach
            self.caFile = caFile
            self.clientCertificate = clientCertificate
            self.allowsPlainHTTP = allowsPlainHTTP
        }

        /// The address that is asked first.
        var baseURL: String { baseURLs.first ?? "" }

        /// A request to one of its addresses, bound to what the deployment says of the origin.
        func request(
            _ method: HTTPMethod, at baseURL: String? = nil, _ target: String,
            headers: [(String, String)], body: [UInt8], maxResponseBytes: Int
        ) -> OutboundRequest {
            OutboundRequest(
                method: method, url: (baseURL ?? self.baseURL) + target, headers: headers,
                body: body, maxResponseBytes: maxResponseBytes, caFile: caFile,
                allowsPlainHTTP: allowsPlainHTTP, clientCertificate: clientCertificate,
                reach: reach)
        }
    }

    package let origins: [String: Origin]
    package let secrets: [String: Sensitive<String>]
    /// What may be handed to the holder of what says who the usager is.
    package let receives: Set<Relayed>

    package init(
        origins: [String: Origin], secrets: [String: Sensitive<String>], receives: Set<Relayed>
    ) {
        self.origins = origins
        self.secrets = secrets
        self.receives = receives
    }

    /// Nothing at all: what a holder has that the deployment does not name.
    package static let none = HolderBinding(origins: [:], secrets: [:], receives: [])

    /// What is missing or wrong for a connector, in French sentences; empty when it can be asked.
    func faults(for connector: Connector) -> [String] {
        let key = ConnectorKey(connector)
        let place = "detenteurs.\(key.holder)"
        var faults: [String] = []
        for origin in connector.origins.sorted() {
            guard let bound = origins[origin.text] else {
                faults.append(
                    "Le connecteur \(key) nomme l'origine « \(origin.text) », qui n'a pas "
                        + "d'adresse ; donnez-lui en une sous « \(place).origines ».")
                continue
            }
            if !bound.isAcceptable {
                faults.append(
                    "Une adresse de l'origine « \(origin.text) » du connecteur \(key) n'est pas "
                        + "admise ; écrivez https://hôte sous « \(place).origines », sans « / » "
                        + "à la fin.")
            }
        }
        for secret in connector.secrets.sorted()
        where (secrets[secret.text]?.reveal() ?? "").isEmpty {
            faults.append(
                "Le connecteur \(key) nomme le secret « \(secret.text) », que rien ne lui donne ; "
                    + "ajoutez-le à « \(place).secrets ».")
        }
        faults += credentialFaults(for: connector)
        for relayed in connector.relayed.subtracting(receives).sorted() {
            faults.append(
                "Le connecteur \(key) transmet « \(relayed.text) », que ce détenteur n'a pas le "
                    + "droit de recevoir ; ajoutez-le à « \(place).recoit » si la convention avec "
                    + "lui le prévoit, sinon retirez-le du connecteur.")
        }
        return faults
    }
}

extension HolderBinding.Origin {
    /// Whether it has an address, and each is an origin, perhaps with a prefix, of an allowed
    /// scheme.
    var isAcceptable: Bool {
        !baseURLs.isEmpty
            && baseURLs.allSatisfy { Self.isBaseURL($0, allowsPlainHTTP: allowsPlainHTTP) }
    }

    /// Whether a text is `https://host[:port][/prefix]`, without credentials, query, fragment or a
    /// slash at its end.
    package static func isBaseURL(_ text: String, allowsPlainHTTP: Bool) -> Bool {
        let scheme = allowsPlainHTTP && text.hasPrefix("http://") ? "http://" : "https://"
        guard text.hasPrefix(scheme) else { return false }
        let rest = text.dropFirst(scheme.count)
        return !rest.isEmpty && !rest.hasPrefix("/") && !rest.hasPrefix(":")
            && !rest.hasSuffix("/") && !rest.hasSuffix(":")
            && rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !rest.contains { "@?#\\%\"<>^`{|}".contains($0) }
            && !rest.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                .contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }
}

/// Why the holders cannot be asked: everything that the deployment leaves unbound, in French
/// sentences.
package struct HolderBindingError: Error, Sendable, Equatable {
    package let faults: [String]
}
