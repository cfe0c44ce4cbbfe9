import Testing
import Vocabulary

@Suite struct `What is sensitive` {
    private static let secret = "Éluard-1990-05-17"

    @Test func `prints nothing of a text`() {
        expectHidden(Sensitive(Self.secret))
        expectHidden(Sensitive([Self.secret]))
        expectHidden([Self.secret: Sensitive(Self.secret)].values.first)
        expectHidden(Optional(Sensitive(Optional(Self.secret))))
        expectHidden(Sensitive(FieldValue.text(Self.secret)))
        expectHidden([Sensitive(Sensitive(Self.secret))])
        expectHidden(Result<Sensitive<String>, Problem>.success(Sensitive(Self.secret)))
    }

    @Test func `prints nothing of an identity`() throws {
        expectHidden(Self.pivot)
        expectHidden(Sensitive(Self.pivot))
        expectHidden([Self.pivot])
        expectHidden(
            ReturnedIdentity(
                birthName: Self.secret, usageName: Self.secret, givenNames: Self.secret,
                birthDate: PartialDate("1990-05-17"), sex: .feminin, birthCountry: Self.secret,
                birthCommune: Self.secret))
    }

    @Test func `prints nothing inside what carries it`() throws {
        let path = try #require(FieldPath("revenu_fiscal.annee_revenus"))
        let value = Sensitive(FieldValue.text(Self.secret))
        let instance = LeafInstance(path: path)
        let leaf = ReleasedLeaf(instance: instance, form: .value, value: value)
        expectHidden(leaf)
        expectHidden(Release(leaves: [leaf]))
        let reading = HolderReading(leaves: [instance: .value(value)])
        expectHidden(reading)
        expectHidden(HolderReply(status: .obtenu, reading: reading))
        expectHidden(
            Usager.franceConnect(token: Sensitive(Self.secret), pivot: Sensitive(Self.pivot)))
        expectHidden(
            Usager.identity(
                pivot: Sensitive(Self.pivot),
                identifiers: [.numeroFiscal: Sensitive(Self.secret)]))
        expectHidden(Initiator(quality: .agent, agent: Sensitive(Self.secret)))
    }

    @Test func `is still the value for the one who asks`() {
        let secret = Sensitive(Self.secret)
        #expect(secret.reveal() == Self.secret)
        #expect(secret.map(\.count).reveal() == Self.secret.count)
        #expect(secret == Sensitive(Self.secret))
        #expect(secret != Sensitive("other"))
    }

    private static let pivot = PivotIdentity(
        birthName: secret, usageName: secret, givenNames: [secret],
        birthDate: .year(1990), mayBePresumed: true, sex: .feminin, birthCountry: secret,
        birthCommune: secret)
}

/// Turns a value into text in every way that Swift has, and expects none of the secret.
private func expectHidden(
    _ value: some Any, sourceLocation: SourceLocation = #_sourceLocation
) {
    var dumped = ""
    dump(value, to: &dumped)
    var printed = ""
    print(value, to: &printed)
    var texts = [
        dumped, printed, "\(value)", String(describing: value), String(reflecting: value),
        "\(String(describing: Optional(value)))", "\([value])",
    ]
    collect(Mirror(reflecting: value), into: &texts, depth: 0)
    for text in texts {
        for trace in ["luard", "1990", "05-17"] {
            #expect(!text.contains(trace), sourceLocation: sourceLocation)
        }
    }
}

/// Gathers the text of everything that reflection reaches.
private func collect(_ mirror: Mirror, into texts: inout [String], depth: Int) {
    guard depth < 12 else { return }
    for child in mirror.children {
        texts.append("\(child.label ?? "") \(child.value) \(String(reflecting: child.value))")
        collect(Mirror(reflecting: child.value), into: &texts, depth: depth + 1)
    }
    if let above = mirror.superclassMirror { collect(above, into: &texts, depth: depth + 1) }
}
