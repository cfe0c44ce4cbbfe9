import Publications
import Vocabulary

/// The public documents, as the general description lists them.
let publicationOperations: [APIOperation] =
    PublishedDocument.general.map { document in
        document.operation(path: document.path)
    }
    + PublishedDocument.purposeDocuments.map { make in
        let path = PublishedDocument.pattern(of: make)
        return make(PublishedDocument.anyPurpose).operation(path: path)
    }

extension PublishedDocument {
    /// How each document of a purpose is made from the purpose's name.
    static let purposeDocuments: [@Sendable (PurposeID) -> PublishedDocument] = [
        { .purposePage($0) }, { .description($0) }, { .openAPI($0) }, { .requestSchema($0) },
        { .answerSchema($0) }, { .notice($0) }, { .noticeFragment($0) }, { .noticeParts($0) },
        { .agreement($0) },
        { .processing($0, .json) }, { .processing($0, .csv) },
    ]

    fileprivate static let anyPurpose = PurposeID(
        service: ServiceID(checked: "{service}"), name: "{nom}")

    /// The pattern of the addresses of one kind of document.
    static func pattern(of make: (PurposeID) -> PublishedDocument) -> String {
        make(anyPurpose).path
    }

    fileprivate func operation(path: String) -> APIOperation {
        let words = words
        let type = mediaType.split(separator: ";").first.map(String.init) ?? mediaType
        return APIOperation(
            path: path, name: words.name, tag: .finalites, kind: .publication,
            summary: words.summary, description: words.description, mediaType: type,
            answer: words.summary,
            answerSchema: type.hasSuffix("json") ? "Document" : "Texte")
    }

    private var words: (name: String, summary: String, description: String) {
        switch self {
        case .purposesPage:
            ("lireLaPageDesFinalites", "Les finalités, à lire.", "Une page complète, sans script.")
        case .purposePage:
            (
                "lireLaPageDUneFinalite", "Une finalité, à lire et à essayer.",
                "Ce qu'elle peut demander, pourquoi, des requêtes à copier, les refus à prévoir."
            )
        case .purposes:
            ("lireLesFinalites", "Les finalités.", "Celles qui ont été en vigueur, avec leur état.")
        case .description:
            (
                "lireUneFinalite", "Une finalité.",
                "Champs, formes, périodes, modes, habilitations, obligations, empreinte."
            )
        case .openAPI:
            (
                "lireLaDescriptionDUneFinalite", "L'API pour cette seule finalité.",
                "Une description OpenAPI 3.1 de ce qu'elle peut demander et recevra."
            )
        case .requestSchema:
            (
                "lireLeSchemaDesDemandes", "Le schéma des demandes de cette finalité.",
                "JSON Schema 2020-12."
            )
        case .answerSchema:
            (
                "lireLeSchemaDesReponses", "Le schéma des réponses à cette finalité.",
                "JSON Schema 2020-12."
            )
        case .notice:
            (
                "lireLaNotice", "Ce que l'usager doit savoir, en texte.",
                "Quelles données, de qui, pourquoi, sur quelle base, avec quels droits."
            )
        case .noticeFragment:
            (
                "lireLaNoticeEnHTML", "Ce que l'usager doit savoir, en fragment HTML.",
                "À insérer dans le formulaire, sans style ni script."
            )
        case .noticeParts:
            (
                "lireLaNoticeEnJSON", "Ce que l'usager doit savoir, en parties.",
                "Sections, lignes et explications, pour un formulaire qui met en page lui-même."
            )
        case .agreement:
            ("lireLAccordODRL", "La finalité en ODRL 2.2.", "Un accord en JSON-LD.")
        case .processing(_, let format):
            (
                "lireLaLigneRGPD\(format.rawValue.uppercased())",
                "La ligne du registre de l'article 30 du RGPD.", "En \(format.rawValue)."
            )
        case .register(let format):
            (
                "lireLeRegistre\(format.rawValue.uppercased())",
                "Le registre public des échanges.",
                "Qui échange quoi et sur quelle base légale, ce jour (CRPA L114-8, III)."
            )
        }
    }
}
