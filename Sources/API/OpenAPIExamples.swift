import Vocabulary

/// A document that the description shows; the requests work when pasted in the demonstration.
struct APIExample {
    let name: String
    let summary: String
    /// One JSON value.
    let value: [UInt8]

    private init(_ name: String, _ summary: String, _ text: String) {
        self.init(name, summary, Array(text.utf8))
    }

    init(_ name: String, _ summary: String, _ value: [UInt8]) {
        self.name = name
        self.summary = summary
        self.value = value
    }

    /// What a code of the catalogue gives.
    init(problem code: ProblemCode) {
        name = code.rawValue
        summary = code.entry.title
        value = Problem(code).body(exchange: nil)
    }

    static let identityRequest = APIExample(
        "identite",
        "Par l'identité, avec le numéro fiscal (personne fictive de la démonstration).",
        """
        {
          "finalite": "cnaf/aide-logement",
          "destinataire": "99900101900010",
          "champs": [
            "revenu_fiscal.annee_revenus",
            "revenu_fiscal.revenu_fiscal_reference",
            "salaires.mensuels[].mois",
            "salaires.mensuels[].remuneration_nette_fiscale"
          ],
          "usager": {
            "identite": {
              "nom_naissance": "KÉROUANTON",
              "prenoms": ["Maëlle", "Soizic"],
              "date_naissance": "1988-03-14",
              "sexe": "F",
              "code_pays_naissance": "99100",
              "code_commune_naissance": "29019"
            },
            "identifiants": {"numero_fiscal": "3091837462280"},
            "role": "demandeur"
          },
          "dossier": "D-2026-0012345"
        }
        """)

    static let tokenRequest = APIExample(
        "franceconnect",
        "Avec un jeton FranceConnect : il vit 60 secondes, remplacez-le par celui de la session.",
        """
        {
          "finalite": "commune-demo/tarification-cantine",
          "destinataire": "99900106800017",
          "champs": [
            "quotient_familial.valeur@tranche",
            "quotient_familial.mois",
            "quotient_familial.annee",
            "quotient_familial.nombre_enfants"
          ],
          "usager": {"franceconnect": {"jeton": "jeton-de-la-session"}}
        }
        """)

    static let explanationRequest = APIExample(
        "explication",
        "Les mêmes champs, sans personne.",
        """
        {
          "finalite": "cnaf/aide-logement",
          "destinataire": "99900101900010",
          "champs": [
            "revenu_fiscal.revenu_fiscal_reference",
            "salaires.mensuels[].remuneration_nette_fiscale"
          ],
          "mode": "identite",
          "role": "demandeur"
        }
        """)

    static let partialAnswer = APIExample(
        "partiel",
        "Un détenteur n'a pas répondu : ses feuilles manquent, les autres sont là.",
        """
        {
          "echange": "019aa3c5-3d80-7c1e-9b52-0f6b1f6f3c11",
          "statut": "partiel",
          "donnees": {
            "revenu_fiscal": {"annee_revenus": 2024, "revenu_fiscal_reference": 23417}
          },
          "sources": [
            {
              "jeu": "revenu_fiscal",
              "champs": [
                "revenu_fiscal.annee_revenus",
                "revenu_fiscal.revenu_fiscal_reference"
              ],
              "detenteur": "dgfip",
              "statut": "obtenu",
              "obtenu_le": "2026-11-20T09:30:00Z",
              "periode": {"annee": 2024}
            },
            {
              "jeu": "salaires",
              "champs": ["salaires.mensuels[].remuneration_nette_fiscale"],
              "detenteur": "gip-mds",
              "statut": "indisponible"
            }
          ],
          "manquants": [
            {
              "champ": "salaires.mensuels[].remuneration_nette_fiscale",
              "motif": "detenteur_indisponible",
              "reessayer_apres_s": 30,
              "repli": "saisie"
            }
          ],
          "conservation": {"jours_max": 365},
          "recu": {
            "indice": 1234,
            "empreinte": "5b0f6c0c7d5d4e0c9c7a1a3f2b8e4d6f7a9c0b1d2e3f405162738495a6b7c8d9"
          }
        }
        """)
}
