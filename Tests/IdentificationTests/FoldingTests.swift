import Foundation
import TestSupport
import Testing
import Vocabulary

@Suite struct `A folded name` {
    @Test(arguments: [
        ("Dubois", "DUBOIS"), ("DUBINÔRE", "DUBINORE"), ("d'Artagnan", "D ARTAGNAN"),
        ("d’Artagnan", "D ARTAGNAN"), ("Anne-Laure", "ANNE LAURE"), ("Œuvrard", "OEUVRARD"),
        ("DURANDŒÆŸ", "DURANDOEAEY"), ("Lætitia", "LAETITIA"), ("Straße", "STRASSE"),
        ("Wałęsa", "WALESA"), ("Ðoković", "DOKOVIC"), ("Þór", "THOR"), ("Nguyễn", "NGUYEN"),
        ("Ștefan", "STEFAN"), ("  a - b  ", "A B"), ("e\u{301}te\u{301}", "ETE"), ("", ""),
        ("--''", ""), ("Ça va", "CA VA"), ("ﬀ", "FF"), ("Иван", "U1048U1074U1072U1085"),
    ])
    func `is in ASCII capitals`(name: String, expected: String) {
        #expect(foldedToCapitals(name) == expected)
    }

    @Test(arguments: 0xC0...0x17F)
    func `loses marks as Unicode decomposes letters`(value: Int) throws {
        let scalar = try #require(Unicode.Scalar(value))
        let letter = String(scalar)
        let decomposed = letter.decomposedStringWithCanonicalMapping.unicodeScalars
        guard let base = decomposed.first, base.isASCII else { return }
        #expect(foldedToCapitals(letter) == String(base).uppercased())
    }

    @Test(arguments: 0..<200)
    func `does not change when folded again, or with case`(seed: UInt64) {
        var generator = Seeded(seed)
        let name = generator.name()
        let folded = foldedToCapitals(name)
        #expect(foldedToCapitals(folded) == folded)
        #expect(foldedToCapitals(name.decomposedStringWithCanonicalMapping) == folded)
        #expect(foldedToCapitals(name.lowercased()) == foldedToCapitals(name.uppercased()))
        #expect(folded.utf8.allSatisfy { $0 == 32 || (65...90).contains($0) })
    }
}
