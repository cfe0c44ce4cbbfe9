package import JSONText
import Vocabulary

extension ModeStanding {
    /// The columns of a table, in the order of `cells`.
    package static let columns = [
        "detenteur", "jeu", "mode", "etat", "saisine", "a_confirmer", "echeance", "bac_a_sable",
        "production", "reference",
    ]

    /// One row: dates as they are, nothing where there is none.
    package var cells: [String] {
        [
            holder.text, dataset.text, mode.rawValue, state.rawValue, request?.date.text ?? "",
            request.map { $0.isToConfirm ? "oui" : "non" } ?? "", request?.deadline.text ?? "",
            sandbox?.text ?? "", production?.text ?? "", request?.reference ?? "",
        ]
    }

    /// Writes the members of one entry.
    package func write(to writer: inout JSONWriter) {
        writer.member("detenteur", holder.text)
        writer.member("libelle", label)
        writer.member("jeu", dataset.text)
        writer.member("mode", mode.rawValue)
        writer.member("etat", state.rawValue)
        if let request {
            writer.member(
                "saisine",
                object: { writer in
                    writer.member("date", request.date.text)
                    writer.member("reference", ifPresent: request.reference)
                    if request.isToConfirm { writer.member("a_confirmer", true) }
                })
            writer.member("echeance", request.deadline.text)
        }
        writer.member("bac_a_sable", ifPresent: sandbox?.text)
        writer.member("production", ifPresent: production?.text)
    }
}
