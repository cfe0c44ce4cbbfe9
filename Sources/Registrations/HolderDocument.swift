package import JSONText
package import Vocabulary

/// What is known of a data holder beside its connectors: who it is, and what DINUM asked of it.
package struct HolderDocument: Sendable, Equatable {
    /// The day on which DINUM asked the holder for the two APIs of a data set.
    package struct Request: Sendable, Equatable {
        package let date: CalendarDate
        /// Where the letter is filed.
        package let reference: String?
        /// Whether the date is not public, and stands here as an example.
        package let isToConfirm: Bool

        /// The last day of the six months that the note of 17 July 2023 gives.
        package var deadline: CalendarDate {
            let month = date.yearMonth.adding(months: 6)
            let last = CalendarDate.days(in: month.month, of: month.year)
            return CalendarDate(
                year: month.year, month: month.month, day: min(date.day, last)) ?? date
        }
    }

    package let holder: HolderID
    package let label: String
    /// Whom to write to.
    package let contact: String?
    package let siret: Siret?
    /// By data set.
    package let requests: [DatasetID: Request]
}

/// The members of a holder's document.
package enum HolderMembers {
    static let format = "dlnuf/detenteur/v1"
    static let document = ["format", "libelle", "contact", "siret", "saisines"]
    static let request = ["date", "reference", "a_confirmer"]
}

/// What reading a holder's document gave.
package struct HolderDocumentReading: Sendable {
    package let holder: HolderDocument?
    package let mistakes: [JSONMistake]
}

/// Reads `connectors/<holder>/holder.json`, every mistake at once.
///
/// The data sets are those that have a contract; nil leaves that check out.
package func readHolder(
    _ bytes: [UInt8], named holder: HolderID, datasets: Set<DatasetID>? = nil
) -> HolderDocumentReading {
    do throws(JSONError) {
        let root = try parseJSON(bytes)
        var reader = HolderReader(datasets: datasets)
        let document = reader.document(JSONPlace(root: root), holder)
        return HolderDocumentReading(
            holder: reader.mistakes.isEmpty ? document : nil, mistakes: reader.mistakes.all)
    } catch {
        return HolderDocumentReading(
            holder: nil,
            mistakes: [
                JSONMistake(
                    path: error.path, position: error.position,
                    message: "Le document ne se lit pas : \(error.code.explanation)",
                    remedy: error.code.remedy)
            ])
    }
}

private struct HolderReader {
    let datasets: Set<DatasetID>?
    var mistakes = JSONMistakes(schema: holderSchema)

    mutating func document(_ place: JSONPlace, _ holder: HolderID) -> HolderDocument? {
        guard let object = mistakes.object(place, HolderMembers.document) else { return nil }
        _ = mistakes.required(object, "format") { (place) throws(JSONMistake) in
            guard try place.string() == HolderMembers.format else {
                throw place.mistake(
                    "Ce format de document n'est pas connu.",
                    remedy: "Écrivez « \(HolderMembers.format) ».")
            }
        }
        let label = mistakes.required(object, "libelle", sentence)
        let contact = mistakes.optional(object, "contact", sentence)
        let siret = mistakes.optional(object, "siret") { (place) throws(JSONMistake) in
            guard let siret = Siret(try place.string(maxBytes: 14)) else {
                throw place.mistake(
                    "Ce n'est pas un SIRET.", remedy: "Écrivez ses 14 chiffres, sans espace.")
            }
            return siret
        }
        let requests = requests(object.optional("saisines"))
        guard let label else { return nil }
        return HolderDocument(
            holder: holder, label: label, contact: contact, siret: siret, requests: requests)
    }

    private mutating func requests(_ place: JSONPlace?) -> [DatasetID: HolderDocument.Request] {
        guard let place,
            let object = mistakes.attempt({ () throws(JSONMistake) in try place.anyObject() })
        else { return [:] }
        var requests: [DatasetID: HolderDocument.Request] = [:]
        for (name, place) in object.members {
            guard let dataset = DatasetID(name), datasets?.contains(dataset) ?? true else {
                mistakes.add(
                    place.mistake(
                        "Ce jeu de données n'a pas de contrat.",
                        remedy: "Écrivez son contrat dans connectors/datasets, ou corrigez le "
                            + "nom."))
                continue
            }
            requests[dataset] = request(place)
        }
        return requests
    }

    private mutating func request(_ place: JSONPlace) -> HolderDocument.Request? {
        guard let object = mistakes.object(place, HolderMembers.request) else { return nil }
        let date = mistakes.required(object, "date") { (place) throws(JSONMistake) in
            guard let date = CalendarDate(try place.string(maxBytes: 10)) else {
                throw place.mistake(
                    "Ce n'est pas une date.", remedy: "Écrivez-la « AAAA-MM-JJ ».")
            }
            return date
        }
        let reference = mistakes.optional(object, "reference", sentence)
        let isToConfirm = mistakes.optional(object, "a_confirmer") {
            (place) throws(JSONMistake) in try place.bool()
        }
        return date.map {
            HolderDocument.Request(
                date: $0, reference: reference, isToConfirm: isToConfirm ?? false)
        }
    }

    private func sentence(_ place: JSONPlace) throws(JSONMistake) -> String {
        let text = try place.string(maxBytes: 500)
        guard text.contains(where: { $0 != " " }) else {
            throw place.mistake("Ce texte est vide.", remedy: "Écrivez-le, ou retirez-le.")
        }
        return text
    }
}

// MARK: - The schema

private let holderSchema = JSONSchema.object(
    "Un détenteur, et ce que la DINUM lui a demandé.", HolderMembers.document,
    required: ["format", "libelle"],
    [
        "format": .choice("Le format du document.", [HolderMembers.format]),
        "libelle": .text("Son nom.", max: 500, isFilled: true),
        "contact": .text("À qui écrire.", max: 500, isFilled: true),
        "siret": .text("Son SIRET.", pattern: "^[0-9]{14}$"),
        "saisines": .map(
            "Par jeu de données, la demande de la DINUM, d'où courent six mois.",
            of: .object(
                "Une saisine.", HolderMembers.request, required: ["date"],
                [
                    "date": .date("Le jour de la demande."),
                    "reference": .text("Où elle est rangée.", max: 500, isFilled: true),
                    "a_confirmer": .flag("Vrai quand la date n'est pas publique."),
                ]), names: "^[a-z][a-z0-9_-]{0,63}$"),
    ])

/// The schemas of the documents that this module reads.
package let registrationSchemas: [PublishedSchema] = [
    PublishedSchema(
        name: "detenteur", title: "Un détenteur : connectors/<détenteur>/holder.json",
        schema: holderSchema)
]
