import Foundation
import Testing

@Suite struct `The corpus of each fuzzed parser` {
    static let inputs: [(target: FuzzTarget, name: String, input: [UInt8])] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Corpus/jose/fuzz")
        return FuzzTarget.allCases.flatMap { target in
            let folder = root.appendingPathComponent(target.rawValue)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().compactMap { name in
                let data = try? Data(contentsOf: folder.appendingPathComponent(name))
                return data.map { (target, name, Array($0)) }
            }
        }
    }()

    @Test func `is there`() {
        for target in FuzzTarget.allCases {
            #expect(Self.inputs.count { $0.target == target } >= 8)
        }
    }

    @Test(arguments: inputs.indices)
    func `breaks no promise`(index: Int) {
        let input = Self.inputs[index]
        input.target.run(input.input)
    }

    /// So that the promises themselves are read to the end, not only the refusals before them.
    @Test func `holds inputs that are accepted`() {
        let signed = Self.inputs.filter { $0.target == .jws && $0.name.hasPrefix("accepte") }
        #expect(!signed.isEmpty)
    }
}
