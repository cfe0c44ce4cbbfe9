import Connectors
import Vocabulary

extension HolderBinding {
    /// What is wrong with the keys and certificates that a connector needs, in French sentences.
    func credentialFaults(for connector: Connector) -> [String] {
        let key = ConnectorKey(connector)
        let place = "detenteurs.\(key.holder)"
        var faults: [String] = []
        for assertion in connector.assertions {
            guard let pem = secrets[assertion.key.text]?.reveal(), !pem.isEmpty,
                !AssertionSigner.isKey(pem, for: assertion.algorithm)
            else { continue }
            faults.append(
                "Le secret « \(assertion.key.text) » du connecteur \(key) n'est pas une clé privée "
                    + "PEM pour \(assertion.algorithm.rawValue) ; donnez sous « \(place).secrets » "
                    + "celle dont le détenteur connaît la clé publique.")
        }
        for origin in connector.certificateOrigins.sorted()
        where origins[origin.text].map({ $0.clientCertificate == nil }) ?? false {
            faults.append(
                "Le connecteur \(key) dit que l'origine « \(origin.text) » demande un certificat, et "
                    + "aucun ne lui est donné ; ajoutez « certificat » à cette origine sous "
                    + "« \(place).origines ».")
        }
        return faults
    }
}
