import Vocabulary

/// The words of a justification, as far as a program may judge them.
struct Justification {
    private let text: String
    /// In capitals without accents, one space between two words and one at each end.
    private let folded: String
    private let words: [Substring]

    init(_ text: String) {
        self.text = text
        let capitals = foldedToCapitals(text)
        folded = " \(capitals) "
        words = capitals.split(separator: " ")
    }

    /// Whether it is no sentence: fewer than five words, or than thirty characters.
    var isTooShort: Bool { words.count < 5 || text.count < 30 }

    /// Whether it says nothing that the field's own name does not say.
    func onlyRepeats(_ path: FieldPath, _ labels: [String]) -> Bool {
        let known = Set(
            (labels + [path.text]).flatMap { label in
                foldedToCapitals(label).split(separator: " ").map(String.init)
            })
        return words.allSatisfy { word in
            word.utf8.count < 3 || Justification.fillers.contains(String(word))
                || known.contains(String(word))
        }
    }

    /// The words that say a threshold or a bracket where the justification has one of them.
    var thresholdWord: String? {
        Justification.thresholds.first { folded.contains(" \($0.folded) ") }?.shown
    }

    private static let thresholds: [(folded: String, shown: String)] = [
        ("PLAFOND", "plafond"), ("PLAFONDS", "plafonds"), ("SEUIL", "seuil"),
        ("SEUILS", "seuils"), ("TRANCHE", "tranche"), ("TRANCHES", "tranches"),
        ("AU DESSUS", "au-dessus"), ("AU DESSOUS", "au-dessous"),
        ("EN DESSOUS", "en dessous"), ("INFERIEUR A", "inférieur à"),
        ("INFERIEURE A", "inférieure à"), ("INFERIEURS A", "inférieurs à"),
        ("INFERIEURES A", "inférieures à"), ("SUPERIEUR A", "supérieur à"),
        ("SUPERIEURE A", "supérieure à"), ("SUPERIEURS A", "supérieurs à"),
        ("SUPERIEURES A", "supérieures à"), ("DEPASSE", "dépasse"), ("DEPASSENT", "dépassent"),
    ]

    /// Words that any justification may hold and that justify nothing.
    private static let fillers: Set<String> = [
        "AFIN", "AUX", "AVEC", "AVOIR", "BESOIN", "CELUI", "CES", "CET", "CETTE", "CHAMP",
        "CONNAITRE", "CONNAISSANCE", "DANS", "DEMANDE", "DEMARCHE", "DES", "DONNEE", "DONNEES",
        "DOSSIER", "EST", "ETRE", "FAUT", "INDISPENSABLE", "INFORMATION", "INFORMATIONS",
        "INSTRUCTION", "INSTRUIRE", "LES", "LEUR", "NECESSAIRE", "NECESSAIRES", "NOTRE", "NOUS",
        "OBLIGATOIRE", "OBTENIR", "PAR", "POUR", "QUE", "QUI", "REQUIS", "REQUISE", "SERVICE",
        "SES", "SONT", "SUR", "TRAITEMENT", "TRAITER", "UNE", "UTILE", "USAGER", "SAVOIR",
    ]
}
