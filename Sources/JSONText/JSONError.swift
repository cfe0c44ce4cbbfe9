/// Why a text is not an acceptable JSON document.
package struct JSONError: Error, Equatable, Sendable {
    /// The kinds of failure.
    package enum Code: String, Sendable, CaseIterable {
        case tooLarge
        case tooDeep
        case tooMany
        case unexpectedEnd
        case unexpectedByte
        case byteOrderMark
        case invalidUTF8
        case invalidEscape
        case loneSurrogate
        case controlCharacter
        case invalidNumber
        case duplicateMember
        case trailingData
        case unexpectedType
    }

    /// The kind of failure.
    package let code: Code
    /// The byte at which it was found.
    package let position: JSONPosition
    /// Where in the document: `champs[2]`; empty at the root.
    package internal(set) var path: String

    /// Creates an error.
    package init(code: Code, position: JSONPosition, path: String = "") {
        self.code = code
        self.position = position
        self.path = path
    }

    /// What happened, then what to do, in French; never quotes a value.
    package var message: String {
        let inside = path.isEmpty ? "" : " (dans « \(path) »)"
        return "JSON illisible à la ligne \(position.line), colonne \(position.column)\(inside) : "
            + code.explanation + " " + code.remedy
    }
}

extension JSONError.Code {
    /// What happened, in French.
    package var explanation: String {
        switch self {
        case .tooLarge: "le document dépasse la taille permise."
        case .tooDeep: "les objets et les listes sont imbriqués trop profondément."
        case .tooMany: "le document contient trop de valeurs."
        case .unexpectedEnd: "le document s'arrête avant la fin d'une valeur."
        case .unexpectedByte: "ce caractère n'est pas permis à cet endroit."
        case .byteOrderMark: "le document commence par une marque d'ordre d'octets (BOM)."
        case .invalidUTF8: "ces octets ne sont pas du texte UTF-8."
        case .invalidEscape: "cette séquence d'échappement n'existe pas en JSON."
        case .loneSurrogate: "une moitié de paire de substitution UTF-16 est seule."
        case .controlCharacter: "un caractère de commande figure tel quel dans un texte."
        case .invalidNumber: "ce nombre n'est pas écrit comme JSON le demande."
        case .duplicateMember: "deux membres du même objet portent le même nom."
        case .trailingData: "du texte suit la fin du document."
        case .unexpectedType: "la valeur n'est pas du type attendu."
        }
    }

    /// What to do about it, in French.
    package var remedy: String {
        switch self {
        case .tooLarge, .tooMany: "Réduisez le document."
        case .tooDeep: "Réduisez l'imbrication."
        case .unexpectedEnd: "Vérifiez qu'il a été transmis en entier et que rien n'y manque."
        case .unexpectedByte: "Vérifiez les virgules, les guillemets et les accolades."
        case .byteOrderMark: "Enregistrez-le en UTF-8 sans BOM."
        case .invalidUTF8: "Enregistrez ou envoyez le document en UTF-8."
        case .invalidEscape: "Seules \\\" \\\\ \\/ \\b \\f \\n \\r \\t et \\uXXXX existent."
        case .loneSurrogate: "Écrivez le caractère en UTF-8, ou les deux moitiés de la paire."
        case .controlCharacter: "Écrivez-le par une séquence d'échappement, par exemple \\n."
        case .invalidNumber: "Écrivez-le comme 12, -3.5 ou 1e6, sans zéro en tête."
        case .duplicateMember: "Gardez un seul des deux."
        case .trailingData: "Envoyez un seul document, sans rien après."
        case .unexpectedType: "Donnez une valeur du type attendu."
        }
    }
}
