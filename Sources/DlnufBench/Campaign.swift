import Platform

/// Measures each way of doing the work in turn, again and again.
struct Campaign: ~Copyable {
    let setting: Setting
    let options: BenchOptions

    init(setting: consuming Setting, options: BenchOptions) {
        self.setting = setting
        self.options = options
    }

    /// Every round measures nginx and both modes one after the other, so that what the machine
    /// does meanwhile weighs on all.
    func run() async throws -> CampaignResult {
        var result = CampaignResult()
        let meter = MachineMeter(own: setting.processes)
        let rounds = options.rounds * options.connections.count
        var done = 0
        for connections in options.connections {
            var series = Series(connections: connections)
            for _ in 0..<options.rounds {
                done += 1
                write("Tour \(done) sur \(rounds) : \(connections) connexions…\n")
                series.add(
                    Round(
                        nginx: try await measured(setting.nginxLoad, connections, setting.nginx),
                        identity: try await measured(
                            setting.identityLoad, connections, setting.gateway),
                        franceConnect: try await measured(
                            setting.franceConnectLoad, connections, setting.gateway)))
            }
            result.series.append(series)
        }
        result.othersShare = meter?.othersShare()
        return result
    }

    private func measured(
        _ load: Load, _ connections: Int, _ process: Int32
    ) async throws -> Measurement {
        var load = load
        load.connections = connections
        load.duration = .seconds(options.seconds)
        return try await measure(load, process: process, on: EventLoop.required())
    }
}

/// The processor time of the whole machine, to know what others took meanwhile.
struct MachineMeter {
    private let own: [Int32]
    private let machine: Duration
    private let ours: Duration
    private let start = ContinuousClock.now

    init?(own: [Int32]) {
        guard let machine = ProcessCPU.ofMachine() else { return nil }
        self.own = own
        self.machine = machine.busy
        ours = Self.spent(own)
    }

    /// The share of all processors that neither we nor idleness had since the start.
    func othersShare() -> Double? {
        guard let now = ProcessCPU.ofMachine() else { return nil }
        let busy = now.busy - machine
        let others = max(.zero, busy - (Self.spent(own) - ours))
        return others / ((ContinuousClock.now - start) * now.processors)
    }

    private static func spent(_ processes: [Int32]) -> Duration {
        processes.reduce(.zero) { $0 + (ProcessCPU.ofTree($1) ?? .zero) }
    }
}
