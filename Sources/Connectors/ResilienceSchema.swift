package import JSONText

/// The schemas of how a holder is treated, for connectors and configurations.
package enum ResilienceSchema {
    private static let clock = "([01][0-9]|2[0-3]):[0-5][0-9]"

    /// The member `resilience`.
    package static let resilience = JSONSchema.object(
        "Ce que le détenteur supporte ; absent, des bornes prudentes.",
        ConnectorMembers.resilience,
        [
            "simultanes": .integer("Les appels en cours à la fois.", 1...1000),
            "file": .integer("Les appels qui attendent leur tour.", 0...5000),
            "attente_ms": .integer("Le temps d'attente au plus.", 0...30_000),
            "par_seconde": .integer("Le quota d'une seconde.", 1...10_000_000),
            "par_minute": .integer("Le quota d'une minute.", 1...10_000_000),
            "par_heure": .integer("Le quota d'une heure.", 1...10_000_000),
            "par_jour": .integer("Le quota de vingt-quatre heures.", 1...10_000_000),
            "disjoncteur": breaker, "repetition": repetition,
        ])

    private static let breaker = JSONSchema.object(
        "Quand laisser un détenteur qui défaille, et comment l'essayer de nouveau.",
        ConnectorMembers.breaker,
        [
            "echecs_consecutifs": .integer("Les échecs de suite qui l'ouvrent.", 1...1000),
            "echecs_pour_cent": .integer("La part d'échecs qui l'ouvre.", 1...100),
            "appels_minimum": .integer("Les appels sans lesquels la part ne dit rien.", 1...10_000),
            "fenetre_s": .integer("La durée sur laquelle la part se compte.", 1...3600),
            "ouverture_s": .integer("La durée sans aucun appel.", 1...3600),
            "sondes": .integer("Les appels qui l'essaient ensuite.", 1...100),
        ])

    private static let repetition = JSONSchema.object(
        "Combien d'appels se refont.", ConnectorMembers.repetition,
        [
            "nombre": .integer("Les répétitions d'un appel.", 0...3),
            "pour_cent": .integer("La part des appels récents qui se refait.", 0...100),
            "minimum": .integer("Les répétitions récentes toujours permises.", 0...100),
            "pause_ms": .integer("La pause avant la première, au plus.", 1...10_000),
        ])

    /// The member `maintenances`.
    package static let maintenances = JSONSchema.list(
        "Les maintenances annoncées, à l'heure légale française.",
        of: .anyOf(
            "Une maintenance hebdomadaire ou datée.",
            [
                .object(
                    "Chaque semaine.", ["jours", "de", "a"], required: ["jours", "de", "a"],
                    [
                        "jours": .list(
                            "Les jours.", of: .choice("Un jour.", ResilienceReader.days), min: 1,
                            max: 7),
                        "de": .text("L'heure où elle commence.", pattern: "^\(clock)$"),
                        "a": .text(
                            "L'heure où elle finit, le lendemain si elle n'est pas plus tard.",
                            pattern: "^(\(clock)|24:00)$"),
                    ]),
                .object(
                    "Une fois.", ["du", "au"], required: ["du", "au"],
                    ["du": moment("Quand elle commence."), "au": moment("Quand elle finit.")]),
            ]), max: ResilienceReader.maximumWindows)

    private static func moment(_ description: String) -> JSONSchema {
        .text(
            description,
            pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T\(clock)$")
    }

    static let health = JSONSchema.object(
        "Comment savoir laquelle de plusieurs caisses a répondu.", ConnectorMembers.health,
        required: ConnectorMembers.health,
        [
            "entete": .text("L'en-tête de la réponse.", max: 64),
            "caisses": .map(
                "Le nom de chaque caisse, par valeur de l'en-tête.",
                of: .text("Un nom.", max: 40, isFilled: true)
            ).with("minProperties", .integer(1)).with("maxProperties", .integer(20)),
        ])

    static let times = JSONSchema.object(
        "Le temps au plus de chaque partie, dans « delai_ms ».", ConnectorMembers.times,
        [
            "connexion_ms": .integer("Pour la connexion ; 2000 sans cela.", 50...60_000),
            "premier_octet_ms": .integer("Jusqu'au premier octet de la réponse.", 50...60_000),
        ])
}
