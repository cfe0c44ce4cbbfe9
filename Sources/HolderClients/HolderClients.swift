package import Connectors
import Exchanges
import HTTPMessages
import Identification
package import Journal
import Platform
package import Policies
package import Resilience
package import Vocabulary

/// Asks the data holders, as their connectors say.
///
/// Shared by all loops: each call goes out from the loop of the exchange that asks, and only the
/// tokens and the lanes are common.
package final class HolderClients: HolderPort {
    /// How the holders are asked.
    package struct Configuration: Sendable {
        /// What the deployment gives each connector.
        package var bindings: [ConnectorKey: HolderBinding]
        /// How long asking for a token may take.
        package var tokenTimeout = Duration.seconds(4)
        /// What a service is told to wait where the holder says nothing.
        package var retryAfterSeconds = 30
        /// What the deployment changes of how holders are treated.
        package var resilience: [HolderID: ResilienceChanges] = [:]

        package init(bindings: [ConnectorKey: HolderBinding]) {
            self.bindings = bindings
        }
    }

    private let connectors: [ConnectorKey: Connector]
    private let configuration: Configuration
    private let send: HolderTransport
    private let lanes: [HolderID: LaneUse]
    private let tokens: TokenRegister

    /// Binds connectors to what the deployment gives them.
    ///
    /// What is known of the holders is in `lanes`, which outlives a set of documents; its settings
    /// change with the first call of this set.
    ///
    /// - Throws: every origin and secret that is missing, and every address that is not allowed.
    package init(
        _ connectors: [Connector],
        configuration: Configuration,
        send: @escaping HolderTransport,
        lanes register: LaneRegister
    ) throws(HolderBindingError) {
        let faults = connectors.flatMap { connector in
            (configuration.bindings[ConnectorKey(connector)] ?? .none).faults(for: connector)
        }
        guard faults.isEmpty else { throw HolderBindingError(faults: faults) }
        self.connectors = Dictionary(
            connectors.map { (ConnectorKey($0), $0) }, uniquingKeysWith: { first, _ in first })
        self.configuration = configuration
        self.send = send
        let lanes = Self.lanes(connectors, configuration, register)
        self.lanes = lanes
        let endpoint = TokenEndpoint(
            bindings: configuration.bindings, lanes: lanes, send: send,
            time: register.edge.wall, random: Randomness.bytes)
        tokens = TokenRegister(
            timeout: configuration.tokenTimeout, now: register.edge.now
        ) { key, deadline in
            await endpoint.fetch(key, until: deadline)
        }
    }

    /// Binds connectors, with lanes of their own.
    package convenience init(
        _ connectors: [Connector],
        configuration: Configuration,
        send: @escaping HolderTransport,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws(HolderBindingError) {
        try self.init(
            connectors, configuration: configuration, send: send,
            lanes: LaneRegister(LaneEdge(now: now)))
    }

    /// The lane of each holder, under what all its connectors and the deployment say.
    private static func lanes(
        _ connectors: [Connector], _ configuration: Configuration, _ register: LaneRegister
    ) -> [HolderID: LaneUse] {
        let generation = register.nextGeneration()
        return Dictionary(grouping: connectors, by: \.holder).mapValues { connectors in
            let holder = connectors[0].holder
            let asked = connectors.dropFirst().reduce(connectors[0].resilience) {
                $0.merged(with: $1.resilience)
            }
            let settings = configuration.resilience[holder]?.applied(to: asked) ?? asked
            let lane = register.lane(of: holder, settings, generation: generation)
            return LaneUse(lane: lane, settings: settings, generation: generation)
        }
    }

    /// How the holders are now, by name.
    package func states() -> [HolderState] {
        lanes.sorted { $0.key < $1.key }.map { holder, use in
            let own = connectors.values.filter { $0.holder == holder }
                .sorted { $0.dataset < $1.dataset }
            return HolderState(
                holder: holder, label: own.first?.label ?? holder.text,
                datasets: own.map(\.dataset), modes: Set(own.flatMap(\.services).map(\.mode)),
                funds: (use.settings.funds?.funds.values).map { Array(Set($0)).sorted() } ?? [],
                snapshot: use.entered().snapshot())
        }
    }

    /// Asks one holder what a permit granted; failures are replies.
    package func ask(
        _ ask: HolderAsk,
        recorded receipt: Receipt,
        until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        await answer(HolderQuestion(ask), from: ask.service.holder, until: deadline)
    }

    /// Puts a question to one holder.
    package func answer(
        _ question: HolderQuestion,
        from holder: HolderID,
        until deadline: ContinuousClock.Instant
    ) async -> HolderReply {
        let key = ConnectorKey(holder: holder, dataset: question.dataset)
        guard let connector = connectors[key], let binding = configuration.bindings[key],
            let lane = lanes[holder]
        else { return HolderReply(status: .refuse, missing: .passerelleEnDefaut) }
        let caller = HolderCaller(
            key: key, binding: binding, send: send, tokens: tokens, lane: lane,
            mode: question.mode)
        let conversation = Conversation(
            connector: connector, caller: caller, pivot: question.pivot, deadline: deadline)
        var brought = await conversation.hold(question)
        if brought.ending == .personneInconnue, connector.retriesPresumedDate(for: question),
            let date = question.pivot.reveal().presumedDate
        {
            brought = await conversation.hold(question.asking(birthDate: date))
        }
        var reply = brought.reply(
            to: question, coverage: connector.coverageSentence,
            retryAfter: configuration.retryAfterSeconds)
        reply.upToDate = connector.upToDate(on: question.today)
        return reply
    }
}

extension HolderQuestion {
    /// What a connector may know of what a permit granted.
    convenience init(_ ask: HolderAsk) {
        let mode: Mode = ask.usager.token == nil ? .identite : .franceconnect
        self.init(
            dataset: ask.service.dataset,
            mode: mode,
            leaves: ask.read,
            period: ask.period,
            today: ask.today,
            pivot: ask.usager.pivot,
            identifiers: ask.usager.identifiers,
            // A holder that does not judge the token itself never sees it.
            token: ask.service.introspectsToken ? ask.usager.token : nil,
            recipient: ask.recipient,
            purpose: ask.purpose,
            exchange: ask.exchange
        )
    }
}
