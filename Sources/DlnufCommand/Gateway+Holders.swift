import Connectors
import Curl
import Exchanges
import HTTPMessages
import HolderClients
import Registry
import Vocabulary

extension GatewayConfiguration {
    /// The port to the holders, every origin and secret bound.
    func holders(
        _ connectors: [Connector], over clients: [HTTPClient], lanes: LaneRegister
    ) throws(CommandFailure) -> HolderClients {
        var bindings: [ConnectorKey: HolderBinding] = [:]
        for connector in connectors {
            bindings[ConnectorKey(connector)] =
                holders[connector.holder].map(binding) ?? HolderBinding.none
        }
        var settings = HolderClients.Configuration(bindings: bindings)
        settings.resilience = holders.mapValues(\.resilience)
        do throws(HolderBindingError) {
            return try HolderClients(
                connectors,
                configuration: settings,
                send: holderTransport(over: clients),
                lanes: lanes)
        } catch {
            throw CommandFailure(
                .configuration, "Des connecteurs ne peuvent pas appeler leur détenteur.",
                remedy: error.faults.joined(separator: "\n        "))
        }
    }

    private func binding(_ grant: HolderGrant) -> HolderBinding {
        let isSandbox = environment == .bacASable
        let origins = grant.origins.mapValues { origin in
            HolderBinding.Origin(
                baseURLs: origin.addresses,
                reach: Reach(ranges: origin.networks, admitsThisMachine: isSandbox),
                caFile: origin.authorities, clientCertificate: origin.certificate,
                allowsPlainHTTP: isSandbox)
        }
        return HolderBinding(
            origins: origins, secrets: grant.secrets, receives: grant.receives)
    }
}
