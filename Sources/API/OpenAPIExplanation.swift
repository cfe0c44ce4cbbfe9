import JSONText
import Vocabulary

// The schemas of the dry run's answer.
extension JSONWriter {
    mutating func explanationSchemas() {
        record(
            "Explication", "La décision que l'échange prendrait, et ce qui s'ensuivrait.",
            required: [
                "permis", "finalite", "destinataire", "mode", "identifiants_necessaires",
                "identifiants_admis", "champs", "detenteurs", "periodes", "refus",
            ]
        ) { writer in
            writer.property("permis", "boolean", "Si l'échange serait permis.")
            writer.explainedPurpose()
            writer.property("titre", "TitreExplique")
            writer.list("champs", of: "ChampExplique")
            writer.list("detenteurs", of: "DetenteurInterroge")
            writer.object("periodes") { writer in
                writer.member("type", "object")
                writer.object("additionalProperties") { $0.reference("Periode") }
            }
            writer.list("refus", of: "Refus")
            writer.property("corrigee", "DemandeCorrigee")
            writer.property("conservation", "Conservation")
            writer.list("quotas", of: "Quota")
            writer.texts("obligations", "Ce que le service doit une fois servi.")
            writer.property(
                "information_usager", "string", "Ce qu'il faut dire à l'usager, en texte.")
        }
        explainedCredentialSchema()
        explainedFieldSchemas()
        correctionSchema()
    }

    private mutating func explainedPurpose() {
        property("finalite", "string", "La finalité.")
        property("intitule", "string", "Ce à quoi elle sert.")
        property("demarche", "string", "La démarche.")
        property("regle", "string", "La finalité et sa version.")
        property("destinataire", "string", "Le SIRET du destinataire.")
        choice("mode", "Comment l'usager serait identifié.", Mode.self)
        choice(
            "niveau_requis", "Le niveau FranceConnect requis.",
            AssuranceLevel.allCases.map(\.text))
        texts("clients_franceconnect", "Les clients FranceConnect dont le jeton conviendrait.")
        texts("identifiants_necessaires", "Ce qu'un détenteur exige en plus de l'identité.")
        texts("identifiants_admis", "Ce qui peut être donné à côté de l'identité.")
    }

    private mutating func explainedFieldSchemas() {
        record(
            "ChampExplique", "Un champ de la demande, et son verdict.",
            required: ["champ", "verdict", "feuilles"]
        ) { writer in
            writer.property("champ", "string", "Le champ tel qu'il a été demandé.")
            writer.choice(
                "verdict", "« non_examine » quand aucune finalité ne l'a été.",
                ["permis", "refuse", "non_examine"])
            writer.choice("motif", "Pourquoi il est refusé.", RefusalReason.self)
            writer.property("explication", "string", "Le motif en une phrase.")
            writer.property("regle", "string", "La finalité et sa version.")
            writer.property("alternative", "string", "Ce qui serait permis.")
            writer.property("contact", "string", "À qui écrire.")
            writer.list("feuilles", of: "FeuilleExpliquee")
        }
        record(
            "FeuilleExpliquee", "Une feuille que le champ vaut, telle que la finalité l'accorde.",
            required: ["champ", "libelle", "forme", "recu", "detenteur", "repli"]
        ) { writer in
            writer.property("champ", "string", "La feuille et sa forme.")
            writer.property("libelle", "string", "Son nom, pour un formulaire.")
            writer.property("forme", "string", "La forme accordée.")
            writer.property("recu", "string", "Ce que le service recevrait, en mots.")
            writer.property("limite", "string", "Ce que la forme ne dit pas, en mots.")
            writer.property("detenteur", "string", "Qui serait interrogé.")
            writer.texts("portees", "Les portées FranceConnect dont une suffit.")
            writer.choice("repli", "Ce que fait le formulaire sans elle.", Fallback.self)
        }
        record(
            "DetenteurInterroge", "Ce qui serait demandé à un détenteur.",
            required: [
                "detenteur", "jeu", "champs", "lus", "portees", "recoit_identite", "recoit_jeton",
            ]
        ) { writer in
            writer.property("detenteur", "string", "L'administration interrogée.")
            writer.property("jeu", "string", "Le jeu de données.")
            writer.texts("champs", "Les feuilles accordées.")
            writer.texts("lus", "Les feuilles lues, celles dont une forme se calcule comprises.")
            writer.property("periode", "Periode")
            writer.texts("portees", "Les portées qui annoncent ces feuilles.")
            writer.property(
                "identifiant_necessaire", "string", "Sans quoi il ne peut pas être interrogé.")
            writer.property("recoit_identite", "boolean", "S'il reçoit l'identité de l'usager.")
            writer.property("recoit_jeton", "boolean", "S'il reçoit le jeton FranceConnect.")
        }
    }

    private mutating func correctionSchema() {
        record(
            "DemandeCorrigee", "La demande la plus proche d'une demande refusée.",
            required: ["permis", "changements", "demande"]
        ) { writer in
            writer.property("permis", "boolean", "Si elle serait permise.")
            writer.texts("changements", "Ce qui change, une phrase par changement.")
            writer.property("demande", "DemandeDExplication")
            writer.list("refus", of: "Refus")
        }
    }
}
