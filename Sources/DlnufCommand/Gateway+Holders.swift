import Connectors
import Curl
import Exchanges
import HolderClients
import Registry
import Vocabulary

extension GatewayConfiguration {
    /// The port to the holders, every origin and secret bound.
    func holders(
        _ connectors: [Connector], over clients: [HTTPClient], clocks: Clocks
    ) throws(CommandFailure) -> HolderClients {
        var bindings: [ConnectorKey: HolderBinding] = [:]
        for connector in connectors {
            bindings[ConnectorKey(connector)] = binding(of: connector.holder)
        }
        do throws(HolderBindingError) {
            return try HolderClients(
                connectors,
                configuration: HolderClients.Configuration(bindings: bindings),
                send: holderTransport(over: clients),
                now: clocks.monotonic)
        } catch {
            throw CommandFailure(
                .configuration, "Des connecteurs ne peuvent pas appeler leur détenteur.",
                remedy: (error.faults + ["Complétez « origines » et « secrets »."])
                    .joined(separator: "\n        "))
        }
    }

    /// What one holder's connectors may use: origins and secrets that carry its name, and no
    /// other's.
    private func binding(of holder: HolderID) -> HolderBinding {
        func isOwn(_ name: String) -> Bool {
            name == holder.text || name.hasPrefix("\(holder.text)-")
        }
        let origins = origins.filter { isOwn($0.key) }.mapValues { origin in
            HolderBinding.Origin(
                baseURL: origin.url, caFile: origin.authorities,
                allowsPlainHTTP: environment == .bacASable)
        }
        return HolderBinding(origins: origins, secrets: secrets.filter { isOwn($0.key) })
    }
}
