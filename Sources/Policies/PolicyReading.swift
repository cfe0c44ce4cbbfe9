import Cryptography
import JSONText
package import Vocabulary

/// Reads `policies/<service>/<purpose>/policy.json` and checks it against the catalogue.
///
/// Every mistake is told at once. A policy with one mistake is no policy.
package func readPolicy(
    _ bytes: [UInt8], of purpose: PurposeID, catalogue: Catalogue, service: ServiceDescription?
) -> DocumentReading<Policy> {
    var reader = PolicyReader(catalogue: catalogue, service: service, purpose: purpose)
    let policy = reader.policy(bytes)
    let isSound = reader.mistakes.isEmpty
    return DocumentReading(
        value: isSound ? policy : nil,
        mistakes: reader.mistakes.all,
        warnings: reader.warnings
    )
}

/// What one policy document may weigh.
let policyLimits = JSONLimits(bytes: 1 << 19, depth: 10, nodes: 50_000)

/// Reads one policy document.
struct PolicyReader {
    let catalogue: Catalogue
    let service: ServiceDescription?
    let purpose: PurposeID
    var mistakes = JSONMistakes(schema: PolicyReader.schema)
    var warnings: [JSONMistake] = []

    static let retentionMembers = ["jours", "motif"]

    static let members = [
        "finalite", "version", "etat", "intitule", "demarche", "etape", "type", "rgpd",
        "bases_legales", "habilitations", "modes", "initiateurs", "roles", "champs",
        "champs_interdits", "periodes", "bornes", "sans_concordance", "conservation",
        "obligations", "categories_dpv", "contact", "relecteur", "note",
    ]

    mutating func policy(_ bytes: [UInt8]) -> Policy? {
        guard let root = readRoot(bytes, limits: policyLimits, &mistakes),
            let object = mistakes.object(root, PolicyReader.members)
        else {
            return nil
        }
        checkPurpose(object)
        mistakes.note(object)
        let version = mistakes.integer(object, "version", in: 1...1_000_000)
        let state = mistakes.choice(object, "etat", Policy.State.self)
        let title = mistakes.text(object, "intitule")
        let demarche = mistakes.text(object, "demarche")
        let step = mistakes.choice(object, "etape", Policy.Step.self)
        let kind = mistakes.choice(object, "type", Policy.Kind.self)
        let rgpd = rgpdArticle(object)
        let contact = mistakes.text(object, "contact", max: 200)
        let reviewer = mistakes.text(object, "relecteur", max: 200)
        let retention = retention(object)
        let rules = rules(object)
        let obligations = mistakes.choices(object, "obligations", Policy.Obligation.self)
        let categories = categories(object, kind)
        guard let version, let state, let title, let demarche, let step, let kind, let rgpd,
            let contact, let reviewer, let retention
        else {
            return nil
        }
        checkKind(kind, retention: retention.days, obligations: obligations, at: object.place)
        return Policy(
            id: purpose, version: version, state: state, title: title, demarche: demarche,
            step: step, kind: kind, rgpdArticle: rgpd, legalBases: rules.legalBases,
            habilitations: rules.habilitations, modes: rules.modes, initiators: rules.initiators,
            roles: rules.roles, fields: rules.fields, forbidden: rules.forbidden,
            periods: rules.periods, bounds: rules.bounds,
            acceptedWithoutIdentity: rules.withoutIdentity,
            retentionDays: retention.days, retentionReason: retention.reason,
            obligations: obligations, dpvCategories: categories,
            contact: contact, reviewer: reviewer, hash: Hex.encode(sha256(bytes))
        )
    }

    /// The parts of a policy that are lists or objects.
    struct Rules {
        var legalBases: [LegalBasis] = []
        var habilitations: [Habilitation] = []
        var modes: [Mode: ModeRule] = [:]
        var initiators: [InitiatorRule] = []
        var roles: Set<DossierRole> = []
        var fields: [FieldRule] = []
        var forbidden: [FieldPath] = []
        var periods: [DatasetID: PeriodRule] = [:]
        var bounds = Bounds.none
        var withoutIdentity: [DatasetID: String] = [:]
    }

    private mutating func rules(_ object: JSONObjectPlace) -> Rules {
        var rules = Rules()
        rules.legalBases = legalBases(object)
        rules.habilitations = habilitations(object)
        checkDeliberations(rules.legalBases, rules.habilitations, at: object)
        rules.modes = modes(object)
        rules.initiators = initiators(object, modes: rules.modes)
        rules.roles = Set(mistakes.choices(object, "roles", DossierRole.self))
        rules.forbidden = forbidden(object)
        rules.fields = fields(object)
        rules.periods = periods(object)
        rules.bounds = bounds(object, modes: rules.modes)
        rules.withoutIdentity = withoutIdentity(object)
        return rules
    }

    private mutating func checkPurpose(_ object: JSONObjectPlace) {
        let named = mistakes.text(object, "finalite", max: 130)
        if let named, named != purpose.text, let place = object.optional("finalite") {
            mistakes.add(
                place.mistake(
                    "« finalite » ne porte pas le nom de ses dossiers.",
                    remedy: "Écrivez « \(purpose.text) », ou déplacez le fichier."
                )
            )
        }
    }

    private mutating func retention(
        _ object: JSONObjectPlace
    ) -> (days: Int, reason: String)? {
        guard let place = object.optional("conservation") else {
            mistakes.add(
                object.place.mistake(
                    "Il manque le membre « conservation ».",
                    remedy:
                        "Ajoutez {\"jours\": …} : 0 quand les données ne quittent pas la session."
                )
            )
            return nil
        }
        guard let retention = mistakes.object(place, Self.retentionMembers) else {
            return nil
        }
        let reason = mistakes.text(retention, "motif")
        let days = mistakes.integer(retention, "jours", in: 0...3660)
        guard let days, let reason else {
            return nil
        }
        return (days, reason)
    }

    /// CRPA L114-8 II: twelve months at most, destruction, opposition, no other use.
    private mutating func checkKind(
        _ kind: Policy.Kind, retention: Int, obligations: [Policy.Obligation], at place: JSONPlace
    ) {
        guard kind == .proactif else {
            return
        }
        if retention > 365 {
            mistakes.add(
                place.mistake(
                    "Une finalité proactive garde les données plus de douze mois.",
                    remedy: "Ramenez « conservation.jours » à 365 au plus (CRPA L114-8, II)."
                )
            )
        }
        let needed: [Policy.Obligation] = [
            .detruireApresUsage, .accepterOpposition, .pasDeReutilisation,
        ]
        for obligation in needed where !obligations.contains(obligation) {
            mistakes.add(
                place.mistake(
                    "Une finalité proactive n'impose pas « \(obligation.rawValue) ».",
                    remedy: "Ajoutez cette obligation (CRPA L114-8, II)."
                )
            )
        }
    }

    /// DPV terms with their prefix, such as `dpv:ServiceProvision`; one at least.
    private mutating func categories(_ object: JSONObjectPlace, _ kind: Policy.Kind?) -> [String] {
        var categories: [String] = []
        for place in mistakes.filledList(object, "categories_dpv", max: 32) {
            let term = mistakes.attempt { () throws(JSONMistake) in try place.dpvTerm() }
            guard let term else {
                continue
            }
            if categories.contains(term) {
                mistakes.add(
                    place.mistake("Cette catégorie est déjà dite.", remedy: "Retirez-la."))
            }
            // CRPA L114-8 II: no later use, and above all none that seeks or punishes fraud.
            if kind == .proactif, Self.fightsFraud(term) {
                mistakes.add(
                    place.mistake(
                        "Une finalité proactive ne peut pas servir à détecter des fraudes.",
                        remedy: "Retirez cette catégorie, ou le type « proactif » "
                            + "(CRPA L114-8, II)."))
            }
            categories.append(term)
        }
        return categories
    }

    /// Whether a DPV term names the detection or the prevention of fraud or misuse.
    static func fightsFraud(_ term: String) -> Bool {
        let folded = term.lowercased()
        return ["fraud", "misuse", "moneylaundering"].contains { folded.contains($0) }
    }

    mutating func warn(_ place: JSONPlace, _ message: String, remedy: String) {
        warnings.append(place.mistake(message, remedy: remedy))
    }
}
