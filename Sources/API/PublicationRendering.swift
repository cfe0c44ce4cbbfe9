import JSONText
package import Policies
package import Publications
package import Vocabulary

extension PublishedDocument {
    /// The document as it is on a day, or nil where it names a purpose that is not public.
    package func bytes(
        in policies: PolicySet, on day: CalendarDate, _ links: PublishedLinks
    ) -> [UInt8]? {
        switch self {
        case .purposesPage: return Array(PublicPurposes(policies).page(links).utf8)
        case .purposes: return PublicPurposes(policies).json
        case .register(let format):
            let register = ExchangeRegister(policies, on: day)
            switch format {
            case .json: return register.json
            case .csv: return Array(register.csv.utf8)
            case .html: return Array(register.page(links).utf8)
            }
        default:
            guard let purpose, policies[purpose]?.isPublic == true,
                let description = PurposeDescription(of: purpose, in: policies, on: day)
            else {
                return nil
            }
            return bytes(of: description, in: policies, links)
        }
    }

    private func bytes(
        of description: PurposeDescription, in policies: PolicySet, _ links: PublishedLinks
    ) -> [UInt8]? {
        switch self {
        case .description: return description.json
        case .openAPI: return description.openAPI(in: policies)
        case .requestSchema: return description.requestSchema
        case .answerSchema: return description.answerSchema
        case .purposePage: return description.page(in: policies, links)
        case .notice(let purpose):
            return UsagerNotice(of: purpose, in: policies, on: description.day)
                .map { Array($0.text.utf8) }
        case .noticeFragment(let purpose):
            return UsagerNotice(of: purpose, in: policies, on: description.day)
                .map { Array($0.html.utf8) }
        case .noticeParts(let purpose):
            return UsagerNotice(of: purpose, in: policies, on: description.day)?.json
        case .agreement: return UsageAgreement(description).json
        case .processing(_, .csv): return Array(ProcessingRecord(description).csv.utf8)
        case .processing(_, .json): return ProcessingRecord(description).json
        case .purposesPage, .purposes, .register, .processing(_, .html): return nil
        }
    }
}

extension PurposeDescription {
    /// The page of the purpose, with examples in the API's own words.
    fileprivate func page(in policies: PolicySet, _ links: PublishedLinks) -> [UInt8] {
        let samples = PurposeSamples(self, in: policies)
        let examples = PurposeExamples(
            requests: samples.requests.map { request in
                PurposeExamples.Request(
                    mode: request.mode,
                    exchange: indentedJSON(request.exchangeBody(token: "$JETON")),
                    explanation: indentedJSON(request.explanationBody))
            },
            answer: samples.answer.map { indentedJSON($0) },
            refusal: samples.refusal.map { indentedJSON($0) })
        return Array(PurposePage(self, examples: examples, in: policies, links).html.utf8)
    }
}
