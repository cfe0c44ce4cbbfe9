import Platform
import Testing

@testable import DlnufBench

@Suite struct `A latency histogram` {
    /// Compares with a sorted list.
    @Test(arguments: 0..<20)
    func `gives quantiles within 1.6 % of the exact ones`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        var histogram = LatencyHistogram()
        var all: [Int64] = []
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // Every order of magnitude, from nanoseconds to minutes.
            let value = Int64((state >> 28) >> (state >> 40 & 31))
            all.append(value)
            histogram.add(.nanoseconds(value))
        }
        all.sort()
        for share in [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
            let exact = Double(all[Int((share * 2000).rounded(.up)) - 1])
            let given = histogram.quantile(share) / .nanoseconds(1)
            #expect(given > exact - 0.5 && given <= exact * 1.016 + 1)
        }
        #expect(histogram.largest == .nanoseconds(all[1999]))
        #expect(histogram.mean == .nanoseconds(all.reduce(0, +) / 2000))
    }

    @Test func `is silent about nothing`() {
        let histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == .zero && histogram.mean == .zero)
    }
}

@Suite struct `An answer reader` {
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ])
    func `finds the end wherever the bytes are cut`(answer: String) {
        let bytes = Array(answer.utf8)
        for cut in 0...bytes.count {
            var reader = AnswerReader()
            let first = reader.feed(bytes[..<cut])
            #expect(first == (cut == bytes.count ? 200 : nil))
            if first == nil { #expect(reader.feed(bytes[cut...]) == 200) }
        }
    }
}

@Suite struct `Another process` {
    @Test func `has its time read from its line in proc, whatever its name`() throws {
        let line = "42 (a) b) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 9 9 20 0 1 0 1 1 1"
        let read = try #require(ProcessCPU.parse(line, ticks: 100))
        #expect(read.parent == 7 && read.spent == .seconds(2))
        #expect(ProcessCPU.parse("42 (a", ticks: 100) == nil)
    }

    @Test func `is started, seen and ended`() throws {
        let process = try ChildProcess("/bin/sleep", ["600"])
        #expect(process.isRunning && ProcessCPU.ofTree(process.identifier) != nil)
        #expect(ProcessCPU.memoryOfTree(process.identifier) > 0)
        let identifier = process.identifier
        _ = consume process
        #expect(ProcessCPU.ofTree(identifier) == nil)
    }
}

@Suite struct `A table` {
    @Test func `aligns words left and numbers right`() {
        var table = Table(["", "requêtes/s"])
        table.add(["nginx", "12"])
        table.add(["é"])
        #expect(
            table.text == """
                       requêtes/s
                ─────  ──────────
                nginx          12
                é

                """)
    }
}

@Suite struct `The options of the bench` {
    @Test func `are read in both spellings`() throws {
        let options = try #require(
            try BenchOptions(["--secondes", "7", "--connexions=8,32", "--tours", "2"]))
        #expect(options.seconds == 7 && options.connections == [8, 32] && options.rounds == 2)
        #expect(try BenchOptions(["--help"]) == nil)
    }

    @Test(arguments: [["--vite"], ["--secondes"], ["--tours", "0"], ["--connexions", "8,,16"]])
    func `are refused when they make no sense`(words: [String]) {
        #expect(throws: BenchFailure.self) { try BenchOptions(words) }
    }
}

@Suite struct `The result of a campaign` {
    private func measurement(_ microseconds: Int, requests: Int = 1000) -> Measurement {
        var load = LoadResult()
        for _ in 0..<requests { load.latencies.add(.milliseconds(1)) }
        load.elapsed = .seconds(1)
        return Measurement(load: load, spent: .microseconds(microseconds * requests), memory: 0)
    }

    @Test func `compares within a round, and takes the middle`() {
        var series = Series(connections: 16)
        // The second round ran on a machine half as fast, the third met an accident.
        for (nginx, ours) in [(10, 40), (20, 82), (10, 900)] {
            series.add(
                Round(
                    nginx: measurement(nginx), identity: measurement(ours),
                    franceConnect: measurement(ours)))
        }
        #expect(abs(series.ratio { $0.identity } - 4.1) < 0.001)
        #expect(series.spread { $0.nginx } == 1)
        let report = CampaignResult(series: [series], othersShare: 0.25).report
        #expect(report.contains("tenu (4,1)") && report.contains("manqué (1000)"))
        #expect(report.contains("25 % du CPU"))
    }
}
