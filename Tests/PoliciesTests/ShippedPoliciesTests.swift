import JSONText
import Policies
import Testing
import Vocabulary

@Suite struct `The shipped policies` {
    @Test(arguments: Shipped.purposes)
    func `keep the promises of their cases`(purpose: String) throws {
        let set = try Shipped.policySet()
        let id = try #require(PurposeID(purpose))
        var verdicts: [Bool] = []
        for file in try Shipped.names(in: "policies/\(purpose)/cases") {
            let reading = readCase(try Shipped.bytes("policies/\(purpose)/cases/\(file)"), of: id)
            let policyCase = try #require(reading.value, "\(file): \(reading.mistakes)")
            let failure = set.failure(of: policyCase)
            #expect(failure == nil, "\(file): \(failure?.message ?? "")")
            verdicts.append(policyCase.isPermitted)
        }
        #expect(verdicts.count { $0 } >= 1)
        #expect(verdicts.count { !$0 } >= 2)
    }

    @Test func `give one purpose alone a FranceConnect client of its own`() throws {
        let set = try Shipped.policySet()
        let others = set.policies.filter { policy in
            guard let clients = policy.modes[.franceconnect]?.clients else {
                return false
            }
            return clients != [FranceConnectClient(symbol: "fc:\(policy.id.service.text)")]
        }
        #expect(others.map(\.id.text) == ["cnaf/rsa"])
    }

    @Test func `serve several communes through one editor`() throws {
        let policy = try #require(
            try Shipped.policySet().policies.first { $0.id.service.text == "commune-demo" })
        #expect(Set(policy.habilitations.map(\.recipient)).count >= 2)
        #expect(policy.habilitations.allSatisfy { $0.delegate != nil })
    }

    @Test func `list what was not read again`() throws {
        let set = try Shipped.policySet()
        let policy = try #require(set.policies.first { $0.id.text == "cnaf/aide-logement" })
        #expect(policy.legalBases.count { $0.isToConfirm } == 1)
    }
}
