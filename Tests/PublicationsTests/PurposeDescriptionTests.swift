import Policies
import Publications
import Testing
import Vocabulary

@Suite struct `What is published of a purpose` {
    private static let noon: Int64 = 43_200_000
    private static let now = Timestamp(
        milliseconds: Shipped.day.daysSinceEpoch * 86_400_000 + noon)

    private func question(
        _ description: PurposeDescription, _ field: String, _ mode: Mode
    ) throws -> ExchangeQuestion {
        let quality = try #require(description.initiators(in: mode).first)
        return ExchangeQuestion(
            service: description.policy.id.service,
            recipient: try #require(description.recipients.first),
            purpose: description.policy.id, fields: [field], periods: [:], mode: mode,
            initiator: Initiator(
                quality: quality, agent: quality == .agent ? Sensitive("a") : nil),
            role: nil, now: Self.now)
    }

    /// Every leaf, every composite field and every form of the catalogue: it is published where,
    /// and only where, a decision grants it.
    @Test(arguments: Shipped.purposes)
    func `is what a decision grants, text by text`(name: String) throws {
        let policies = try Shipped.policies()
        let purpose = try #require(PurposeID(name))
        let description = try #require(
            PurposeDescription(of: purpose, in: policies, on: Shipped.day))
        var texts: Set<String> = []
        for field in policies.catalogue.fields.allFields {
            let parts = field.path.text.split(separator: ".")
            for length in 2...parts.count {
                texts.insert(parts.prefix(length).joined(separator: "."))
            }
            for kind in FormKind.allCases where kind != .valeur {
                texts.insert("\(field.path.text)@\(kind.rawValue)")
            }
        }
        for mode in description.modes {
            let published = Set(description.requestTexts(in: mode))
            #expect(published.isSubset(of: texts))
            for text in texts {
                let decision = policies.decide(try question(description, text, mode))
                #expect(decision.isPermitted == published.contains(text), "\(text) \(mode)")
            }
        }
    }

    /// The examples ask for all that may be asked, and pass.
    @Test(arguments: Shipped.purposes)
    func `has examples that pass, and mistakes that do not`(name: String) throws {
        let policies = try Shipped.policies()
        let purpose = try #require(PurposeID(name))
        let description = try #require(
            PurposeDescription(of: purpose, in: policies, on: Shipped.day))
        for mode in description.modes {
            let example = try #require(ExampleRequest(of: description, in: mode))
            #expect(policies.decide(example.question(at: Self.now)).isPermitted)
            #expect(
                Set(example.fields) == Set(description.offers(in: mode).map(\.request.text)))
        }
        let refusals = description.expectedRefusals(in: policies)
        #expect(refusals.count >= 4)
        let reasons = Set(refusals.map(\.refusal.reason))
        #expect(reasons.isSuperset(of: [.champHorsFinalite, .champInconnu]))
        #expect(refusals.allSatisfy { !$0.mistake.isEmpty })
    }

    @Test func `does not exist for a draft`() throws {
        let policies = try Shipped.policies { name, text in
            name == "cnaf/rsa"
                ? text.replacing("\"etat\": \"active\"", with: "\"etat\": \"brouillon\"") : text
        }
        let purpose = try #require(PurposeID("cnaf/rsa"))
        #expect(policies[purpose]?.isPublic == false)
        #expect(!String(decoding: PublicPurposes(policies).json, as: UTF8.self).contains("rsa"))
    }

    @Test func `points to files in an export and to addresses elsewhere`() throws {
        let purpose = try #require(PurposeID("cnaf/rsa"))
        let origin = PublishedDocument.purposePage(purpose)
        let served = PublishedLinks(isExport: false)
        let exported = PublishedLinks(isExport: true)
        #expect(
            served.reference(to: .notice(purpose), from: origin)
                == "../../v1/finalites/cnaf/rsa/notice")
        #expect(
            exported.reference(to: .notice(purpose), from: origin)
                == "../../v1/finalites/cnaf/rsa/notice.txt")
        #expect(
            served.reference(to: origin, from: .purposesPage) == "finalites/cnaf/rsa")
        #expect(
            exported.reference(to: origin, from: .register(.html))
                == "../finalites/cnaf/rsa.html")
    }
}
