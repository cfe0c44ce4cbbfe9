/// A name as the holders compare it: ASCII capitals, hyphens and apostrophes as spaces.
func folded(_ text: String) -> String {
    var words: [String] = []
    var word = ""
    for character in plainCapitals(text) {
        if character.isASCII, character.isLetter || character.isNumber {
            word.append(character)
        } else if !word.isEmpty {
            words.append(word)
            word = ""
        }
    }
    if !word.isEmpty { words.append(word) }
    return words.joined(separator: " ")
}

/// A name in ASCII capitals, its hyphens and apostrophes kept.
func plainCapitals(_ text: String) -> String {
    var output = ""
    for character in text.uppercased() {
        if let plain = plainLetters[character] {
            output.append(contentsOf: plain)
        } else {
            output.append(character)
        }
    }
    return output
}

/// Whether a name holds only what the social security counter takes: ASCII letters and separators.
func isPlainName(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "'"):
                true
            default: false
            }
        }
}

private let plainLetters: [Character: String] = [
    "À": "A", "Á": "A", "Â": "A", "Ã": "A", "Ä": "A", "Å": "A", "Ā": "A",
    "Ç": "C", "Č": "C", "È": "E", "É": "E", "Ê": "E", "Ë": "E", "Ē": "E",
    "Ì": "I", "Í": "I", "Î": "I", "Ï": "I", "Ī": "I", "Ñ": "N",
    "Ò": "O", "Ó": "O", "Ô": "O", "Õ": "O", "Ö": "O", "Ō": "O", "Ø": "O",
    "Ù": "U", "Ú": "U", "Û": "U", "Ü": "U", "Ū": "U", "Ý": "Y", "Ÿ": "Y",
    "Š": "S", "Ž": "Z", "Œ": "OE", "Æ": "AE", "’": "'",
]
