extension DemoExample {
    private static let family = "maelle-kerouanton"
    private static let cnaf = "99900101900010"
    private static let town = "99900106800017"

    /// The examples of `demo.json`: each data set in both modes, then a refusal and partial
    /// answers.
    static let all: [DemoExample] = dataSets + outcomes

    private static let dataSets: [DemoExample] = [
        DemoExample(
            "revenu-fiscal-franceconnect", dataset: "revenu_fiscal", mode: "franceconnect",
            service: "cnaf", person: family, purpose: "cnaf/aide-logement", recipient: cnaf,
            fields: ["revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference"]),
        DemoExample(
            "revenu-fiscal-identite", dataset: "revenu_fiscal", mode: "identite",
            service: "cnaf", person: family, purpose: "cnaf/aide-logement", recipient: cnaf,
            fields: ["revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference"],
            identifiers: ["numero_fiscal"]),
        DemoExample(
            "revenu-fiscal-etat-civil", dataset: "revenu_fiscal", mode: "identite",
            service: "cnaf", person: "petru-santarelli", purpose: "cnaf/aide-logement",
            recipient: cnaf,
            fields: ["revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference"]),
        DemoExample(
            "quotient-familial-franceconnect", dataset: "quotient_familial",
            mode: "franceconnect", service: "commune-demo", person: family,
            purpose: "commune-demo/tarification-cantine", recipient: town,
            fields: cantine),
        DemoExample(
            "quotient-familial-identite", dataset: "quotient_familial", mode: "identite",
            service: "commune-demo", person: "yannick-oberthuer",
            purpose: "commune-demo/tarification-cantine", recipient: town,
            fields: cantine),
        DemoExample(
            "statut-etudiant-franceconnect", dataset: "statut_etudiant", mode: "franceconnect",
            service: "cnaf", person: "nolwenn-stephanopoli",
            purpose: "cnaf/aide-logement-etudiant", recipient: cnaf,
            fields: ["statut_etudiant.est_inscrit"]),
        DemoExample(
            "statut-etudiant-identite", dataset: "statut_etudiant", mode: "identite",
            service: "cnaf", person: "zoe-lannezval",
            purpose: "cnaf/aide-logement-etudiant", recipient: cnaf,
            fields: ["statut_etudiant.est_inscrit"], identifiers: ["ine"]),
        DemoExample(
            "demandeur-emploi-franceconnect", dataset: "demandeur_emploi",
            mode: "franceconnect", service: "cnaf", person: family,
            purpose: "cnaf/prime-activite", recipient: cnaf,
            fields: allowances),
        DemoExample(
            "demandeur-emploi-identite", dataset: "demandeur_emploi", mode: "identite",
            service: "cnaf", person: family, purpose: "cnaf/aide-logement", recipient: cnaf,
            fields: ["demandeur_emploi.est_inscrit"],
            identifiers: ["identifiant_france_travail"]),
        DemoExample(
            "salaires-franceconnect", dataset: "salaires", mode: "franceconnect",
            service: "cnaf", person: family, purpose: "cnaf/prime-activite", recipient: cnaf,
            fields: pay),
        DemoExample(
            "salaires-identite", dataset: "salaires", mode: "identite",
            service: "cnaf", person: "karim-benslimane-roche", purpose: "cnaf/prime-activite",
            recipient: cnaf, fields: pay),
    ]

    private static let outcomes: [DemoExample] = [
        DemoExample(
            "demande-complete-identite", dataset: "revenu_fiscal", mode: "identite",
            service: "cnaf", person: family, purpose: "cnaf/aide-logement", recipient: cnaf,
            fields: housing, identifiers: ["numero_fiscal", "identifiant_france_travail"]),
        DemoExample(
            "demande-complete-franceconnect", dataset: "revenu_fiscal", mode: "franceconnect",
            service: "cnaf", person: family, purpose: "cnaf/aide-logement", recipient: cnaf,
            fields: housing),
        DemoExample(
            "refus-hors-finalite", dataset: "revenu_fiscal", mode: "franceconnect",
            service: "commune-demo", person: family,
            purpose: "commune-demo/tarification-cantine", recipient: town,
            fields: [
                "quotient_familial.valeur", "quotient_familial.adresse.commune",
                "revenu_fiscal.revenu_fiscal_reference",
            ], status: 403),
        DemoExample(
            "reponse-partielle", dataset: "demandeur_emploi", mode: "franceconnect",
            service: "cnaf", person: "bixente-etchebarne", purpose: "cnaf/aide-logement",
            recipient: cnaf, fields: housing),
        DemoExample(
            "refus-identifiant-manquant", dataset: "demandeur_emploi", mode: "identite",
            service: "cnaf", person: "zoe-lannezval", purpose: "cnaf/aide-logement",
            recipient: cnaf, fields: ["demandeur_emploi.est_inscrit"], status: 403),
    ]

    private static let cantine = [
        "quotient_familial.valeur@tranche", "quotient_familial.mois", "quotient_familial.annee",
        "quotient_familial.nombre_enfants",
    ]

    private static let allowances = [
        "demandeur_emploi.indemnites[].date_versement",
        "demandeur_emploi.indemnites[].montant_allocations",
    ]

    private static let pay = [
        "salaires.mensuels[].mois", "salaires.mensuels[].montant_net_social",
    ]

    private static let housing = [
        "revenu_fiscal.annee_revenus", "revenu_fiscal.revenu_fiscal_reference",
        "salaires.mensuels[].mois", "salaires.mensuels[].remuneration_nette_fiscale",
        "demandeur_emploi.est_inscrit",
    ]
}
