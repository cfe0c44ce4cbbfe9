import JSONText
import Policies
import Publications
import Testing
import Vocabulary

@testable import API

@Suite struct `A purpose that is not in force` {
    private let day = CalendarDate("2026-11-21") ?? CalendarDate(daysSinceEpoch: 0)
    private let links = PublishedLinks(isExport: false)

    /// The shipped purpose in another state.
    private func policies(_ state: Policy.State) throws -> PolicySet {
        let shipped = try Shipped.policies()
        let purpose = try #require(shipped.policies.first).id
        let text = String(
            decoding: try Shipped.bytes("policies/\(purpose.text)/policy.json"), as: UTF8.self
        ).replacing("\"etat\": \"active\"", with: "\"etat\": \"\(state.rawValue)\"")
        let reading = readPolicy(
            Array(text.utf8), of: purpose, catalogue: shipped.catalogue,
            service: shipped.services[purpose.service])
        return PolicySet(
            generation: "\(state)", catalogue: shipped.catalogue,
            services: Array(shipped.services.values),
            policies: [try #require(reading.value, "\(reading.mistakes)")],
            holders: shipped.holders)
    }

    @Test func `is nobody's business while it is a draft`() throws {
        let policies = try policies(.brouillon)
        let purpose = try #require(policies.policies.first).id
        for document in PublishedDocument.ofPurpose(purpose) {
            #expect(document.bytes(in: policies, on: day, links) == nil)
        }
        for document in PublishedDocument.general {
            let bytes = try #require(document.bytes(in: policies, on: day, links))
            #expect(!String(decoding: bytes, as: UTF8.self).contains(purpose.text))
        }
    }

    @Test(arguments: [Policy.State.suspendue, .retiree])
    func `stays readable once it was in force, and says so`(state: Policy.State) throws {
        let policies = try policies(state)
        let purpose = try #require(policies.policies.first).id
        let page = try #require(
            PublishedDocument.purposePage(purpose).bytes(in: policies, on: day, links))
        let text = String(decoding: page, as: UTF8.self)
        #expect(text.contains("toute demande est refusée"))
        #expect(!text.contains("curl"))
        let register = try #require(
            PublishedDocument.register(.json).bytes(in: policies, on: day, links))
        #expect(!String(decoding: register, as: UTF8.self).contains(purpose.text))
    }

    @Test func `is made again when the generation or the day changes`() throws {
        let cache = PublicationCache()
        let active = try Shipped.policies()
        let suspended = try policies(.suspendue)
        let purpose = try #require(active.policies.first).id
        let page = PublishedDocument.purposePage(purpose)
        let first = try #require(cache.entry(page, in: active, on: day))
        #expect(cache.entry(page, in: active, on: day)?.tag == first.tag)
        #expect(cache.entry(page, in: suspended, on: day)?.tag != first.tag)
        let later = CalendarDate(daysSinceEpoch: day.daysSinceEpoch + 900)
        let ended = try #require(cache.entry(page, in: active, on: later))
        #expect(String(decoding: ended.bytes, as: UTF8.self).contains("Aucune habilitation"))
        // However little the cache holds, it answers.
        let tiny = PublicationCache(maximumBytes: 10)
        #expect(tiny.entry(page, in: active, on: day)?.tag == first.tag)
        #expect(tiny.entry(page, in: active, on: day)?.tag == first.tag)
    }
}
