import Testing
import Vocabulary

@Suite struct `The catalogue of problems` {
    @Test func `changes only on purpose`() throws {
        var lines = ProblemCode.allCases.map { code in
            let entry = code.entry
            return """
                \(code.rawValue) \(entry.status) \(entry.blame.rawValue) \(entry.action.rawValue)
                    \(entry.title)
                    \(entry.remedy)
                """
        }
        lines.append("\n# Motifs de refus")
        lines += RefusalReason.allCases.map { "\($0.rawValue)\n    \($0.sentence)" }
        lines.append("\n# Motifs d'absence")
        lines += MissingReason.allCases.map { "\($0.rawValue) \($0.fallback.rawValue)" }
        try expectGolden(lines.joined(separator: "\n") + "\n", "problems.txt")
    }

    @Test(arguments: ProblemCode.allCases)
    func `says each failure in two sentences, with a status of failure`(code: ProblemCode) {
        let entry = code.entry
        #expect((400...599).contains(entry.status))
        #expect((entry.blame == .passerelle || entry.blame == .franceconnect) == isOurs(code))
        #expect(isSentence(entry.title))
        #expect(isSentence(entry.remedy))
        #expect(isPublishedName(code.rawValue))
    }

    /// A code that its table forgets falls into the internal error's entry, and so shares its
    /// title.
    @Test func `has one entry for each code`() {
        let titles = ProblemCode.allCases.map(\.entry.title)
        #expect(Set(titles).count == titles.count)
    }

    @Test func `never gives one name two meanings`() {
        let names =
            ProblemCode.allCases.map(\.rawValue) + RefusalReason.allCases.map(\.rawValue)
            + MissingReason.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
    }

    /// Only a credential is a matter of 401, only a decision or a right one of 403.
    @Test func `keeps 401 and 403 for one thing each on each listener`() {
        let ofCallers: Set<ProblemCode.Action> = [
            .verifierCle, .demanderUnJeton, .refaireLaPreuve, .refaireLAssertion,
        ]
        #expect(codes(401).allSatisfy { ofCallers.contains($0.entry.action) })
        #expect(codes(401).contains(.serviceNonAuthentifie))
        #expect(codes(403) == [.titreNonLie, .droitManquant, .demandeRefusee])
    }

    @Test(arguments: RefusalReason.allCases)
    func `explains each refusal`(reason: RefusalReason) {
        #expect(isSentence(reason.sentence))
        #expect(isPublishedName(reason.rawValue))
    }

    @Test func `tells apart what a reason says of the person and what it says of a call`() {
        for reason in MissingReason.allCases where !reason.concernsPerson {
            #expect(reason.fallback != .verifierIdentite)
        }
        for reason in MissingReason.allCases where reason.concernsPerson {
            #expect(reason.fallback != .reessayer)
        }
    }

    private func codes(_ status: Int) -> [ProblemCode] {
        ProblemCode.allCases.filter { $0.entry.status == status }
    }

    /// A status of the 500s is the gateway's or FranceConnect's, but for what HTTP says of itself.
    private func isOurs(_ code: ProblemCode) -> Bool {
        code.entry.status >= 500 && ![.httpNonPrisEnCharge, .versionHTTPRefusee].contains(code)
    }
}

/// Whether a text begins with a capital, ends with a full stop and has no double space.
private func isSentence(_ text: String) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return first.isUppercase && last == "." && !text.contains("  ")
}

private func isPublishedName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 }
}
