package import Connectors
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

/// What the deployment gives one connector: where its origins are, and its secrets.
///
/// A connector names both and holds neither, so that its author can neither choose whom the gateway
/// calls nor learn what it calls with.
package struct HolderBinding: Sendable {
    /// Where an origin is.
    package struct Origin: Sendable, Hashable {
        /// `https://host[:port][/prefix]`, without a slash at its end.
        package let baseURL: String
        /// The certification authorities to trust instead of the system's.
        package let caFile: String?
        /// Whether plain `http` may be used: for doubles on this machine, never in production.
        package let allowsPlainHTTP: Bool

        package init(baseURL: String, caFile: String? = nil, allowsPlainHTTP: Bool = false) {
            self.baseURL = baseURL
            self.caFile = caFile
            self.allowsPlainHTTP = allowsPlainHTTP
        }
    }

    package let origins: [String: Origin]
    package let secrets: [String: Sensitive<String>]

    package init(origins: [String: Origin], secrets: [String: Sensitive<String>]) {
        self.origins = origins
        self.secrets = secrets
    }

    /// What is missing or wrong for a connector, in French sentences; empty when it can be asked.
    func faults(for connector: Connector) -> [String] {
        let key = ConnectorKey(connector)
        var faults: [String] = []
        for origin in connector.origins.sorted() {
            guard let bound = origins[origin.text] else {
                faults.append(
                    "Le connecteur \(key) nomme l'origine « \(origin.text) », qui n'a pas d'adresse ; "
                        + "donnez-lui une adresse dans la configuration.")
                continue
            }
            if !bound.isAcceptable {
                faults.append(
                    "L'adresse de l'origine « \(origin.text) » du connecteur \(key) n'est pas admise ; "
                        + "écrivez https://hôte, sans « / » à la fin.")
            }
        }
        for secret in connector.secrets.sorted()
        where (secrets[secret.text]?.reveal() ?? "").isEmpty {
            faults.append(
                "Le connecteur \(key) nomme le secret « \(secret.text) », que rien ne lui donne ; "
                    + "ajoutez-le à ses secrets.")
        }
        return faults
    }
}

extension HolderBinding.Origin {
    /// Whether the address is an origin, perhaps with a prefix, and of an allowed scheme.
    var isAcceptable: Bool {
        let scheme = allowsPlainHTTP && baseURL.hasPrefix("http://") ? "http://" : "https://"
        guard baseURL.hasPrefix(scheme) else { return false }
        let rest = baseURL.dropFirst(scheme.count)
        return !rest.isEmpty && !rest.hasPrefix("/") && !rest.hasSuffix("/")
            && rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !rest.contains { "@?#\\".contains($0) }
    }
}

/// Why the holders cannot be asked: everything that the deployment leaves unbound, in French
/// sentences.
package struct HolderBindingError: Error, Sendable, Equatable {
    package let faults: [String]
}
