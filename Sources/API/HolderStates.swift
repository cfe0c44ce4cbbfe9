import Exchanges
import HTTPMessages
import JSONText
import Resilience
import Vocabulary

// `GET /v1/detenteurs`: how the holders are, for the forms that wait for them and for the people
// who look after them. Nothing of a person, of a service or of one exchange: shares to five per
// cent, counts by leaps, in slots of time that are over.
extension GatewayAPI {
    /// Answers with how the holders are.
    func holderStates() -> HTTPResponse {
        let body = holderStatesDocument(parts.holders(), at: parts.clocks.wall())
        var response = HTTPResponse(status: 200, contentType: "application/json", body: body)
        response.headers.add("Cache-Control", "public, max-age=1")
        return response
    }
}

/// The document of `GET /v1/detenteurs`.
func holderStatesDocument(_ states: [HolderState], at now: Timestamp) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
        writer.member("etabli_le", now.rfc3339)
        writer.member("periode_observee_s", Int(HolderHealth.span.components.seconds))
        writer.array("detenteurs") { writer in
            for state in states {
                writer.object { $0.holder(state, now) }
            }
        }
    }
    return writer.bytes
}

extension JSONWriter {
    fileprivate mutating func holder(_ state: HolderState, _ now: Timestamp) {
        member("detenteur", state.holder.text)
        member("libelle", state.label)
        member("jeux", state.datasets.map(\.text))
        if let snapshot = state.snapshot {
            lane(snapshot, of: state, now)
        } else {
            condition(.unconnected)
        }
        guard !state.openings.isEmpty else { return }
        array("ouvertures") { writer in
            for opening in state.openings { writer.object { $0.opening(opening) } }
        }
    }

    private mutating func lane(
        _ snapshot: LaneSnapshot, of state: HolderState, _ now: Timestamp
    ) {
        condition(snapshot.condition)
        if let seconds = snapshot.secondsToWait(at: now) { member("reessayer_apres_s", seconds) }
        if let window = snapshot.maintenance { self.window("maintenance", window) }
        if let window = snapshot.nextMaintenance { self.window("prochaine_maintenance", window) }
        activity(snapshot.health)
        array("modes") { writer in
            for mode in Mode.allCases where state.modes.contains(mode) {
                writer.object { writer in
                    writer.member("mode", mode.rawValue)
                    writer.condition(snapshot.condition(of: mode))
                }
            }
        }
        guard !state.funds.isEmpty else { return }
        array("caisses") { writer in
            for fund in state.funds {
                writer.object { writer in
                    writer.member("nom", fund)
                    writer.condition(snapshot.illFunds.contains(fund) ? .degraded : .available)
                }
            }
        }
    }

    private mutating func condition(_ condition: HolderCondition) {
        member("etat", condition.rawValue)
        member("phrase", condition.sentence)
    }

    private mutating func window(_ name: String, _ window: MaintenanceCalendar.Window) {
        object(name) { writer in
            writer.member("debut", window.start.rfc3339)
            writer.member("fin", window.end.rfc3339)
        }
    }

    private mutating func activity(_ health: HolderHealth) {
        guard let percent = health.answeredPercent else { return }
        object("activite") { writer in
            writer.member("appels_environ", health.roughCalls)
            writer.member("reponses_pour_cent", percent)
            if let middle = health.milliseconds(ofPercent: 50) {
                writer.member("moitie_sous_ms", middle)
            }
            if let most = health.milliseconds(ofPercent: 95) {
                writer.member("presque_tous_sous_ms", most)
            }
        }
    }

    private mutating func opening(_ opening: ModeOpening) {
        member("jeu", opening.dataset.text)
        member("mode", opening.mode.rawValue)
        member("etat", opening.state)
        if let date = opening.requested { member("demandee_le", date.text) }
        if let date = opening.due { member("echeance", date.text) }
        if let date = opening.sandbox { member("bac_a_sable_le", date.text) }
        if let date = opening.production { member("production_le", date.text) }
    }
}

// MARK: - How the document is described

let holdersOperation = APIOperation(
    path: GatewayAPI.holdersPath, name: "lireLesDetenteurs", tag: .reference, kind: .reading,
    summary: "Comment vont les détenteurs.",
    description: """
        Tiré des appels réels des dernières minutes, arrondi et sans rien d'une personne, d'un \
        service ni d'un échange. « reessayer_apres_s » dit quand un détenteur sera de nouveau \
        appelé ; « activite » manque tant qu'il y a eu moins de vingt appels. Une caisse n'est \
        dite dégradée qu'après de nombreux échecs : une caisse sans appel passe pour disponible.
        """,
    answer: "L'état des détenteurs.", answerSchema: "Detenteurs")

/// Writes the schemas of the holders' states.
func writeHolderSchemas(to writer: inout JSONWriter) {
    writer.record(
        "Detenteurs", "Comment vont les détenteurs.",
        required: ["etabli_le", "periode_observee_s", "detenteurs"]
    ) { writer in
        writer.property("etabli_le", "string", "Quand le document a été établi (RFC 3339).")
        writer.property("periode_observee_s", "integer", "La durée observée, en secondes.")
        writer.list("detenteurs", of: "Detenteur")
    }
    writer.record(
        "Detenteur", "Comment va un détenteur.",
        required: ["detenteur", "libelle", "jeux", "etat", "phrase"]
    ) { writer in
        writer.property("detenteur", "string", "Son nom dans le catalogue.")
        writer.property("libelle", "string", "Son nom pour les personnes.")
        writer.object("jeux") { writer in
            writer.member("type", "array")
            writer.member("description", "Les jeux de données qu'il sert.")
            writer.object("items") { $0.member("type", "string") }
        }
        writer.conditionProperties()
        writer.property(
            "reessayer_apres_s", "integer", "Dans combien de secondes il sera de nouveau appelé.")
        writer.property("maintenance", "Intervalle")
        writer.property("prochaine_maintenance", "Intervalle")
        writer.property("activite", "Activite")
        writer.list("modes", of: "ModeDeDetenteur")
        writer.list("caisses", of: "Caisse")
        writer.list("ouvertures", of: "Ouverture")
    }
    writer.record("ModeDeDetenteur", "L'état d'un mode.", required: ["mode", "etat", "phrase"]) {
        $0.choice("mode", "Comment l'usager est identifié.", Mode.self)
        $0.conditionProperties()
    }
    writer.record(
        "Caisse", "Une caisse derrière un guichet commun.", required: ["nom", "etat", "phrase"]
    ) {
        $0.property("nom", "string", "Le nom de la caisse.")
        $0.conditionProperties()
    }
    writer.record("Intervalle", "D'un moment à un autre.", required: ["debut", "fin"]) {
        $0.property("debut", "string", "Le début (RFC 3339).")
        $0.property("fin", "string", "La fin (RFC 3339).")
    }
    writer.record(
        "Activite", "Les appels des dernières minutes, arrondis.",
        required: ["appels_environ", "reponses_pour_cent"]
    ) {
        $0.property("appels_environ", "integer", "Le nombre d'appels, arrondi vers le bas.")
        $0.property("reponses_pour_cent", "integer", "La part de réponses, à cinq pour cent.")
        $0.property("moitie_sous_ms", "integer", "La moitié des appels durent moins.")
        $0.property("presque_tous_sous_ms", "integer", "Dix-neuf appels sur vingt durent moins.")
    }
    writer.record(
        "Ouverture", "Où en est l'API d'un jeu dans un mode.", required: ["jeu", "mode", "etat"]
    ) {
        $0.property("jeu", "string", "Le jeu de données.")
        $0.choice("mode", "Comment l'usager est identifié.", Mode.self)
        $0.property("etat", "string", "Attendue, en bac à sable, ouverte ou en retard.")
        $0.property("demandee_le", "string", "La date de la saisine.")
        $0.property("echeance", "string", "La date à laquelle elle est due.")
        $0.property("bac_a_sable_le", "string", "La date à partir de laquelle elle s'essaie.")
        $0.property("production_le", "string", "La date à partir de laquelle elle sert.")
    }
}

extension JSONWriter {
    fileprivate mutating func conditionProperties() {
        choice("etat", "L'état.", HolderCondition.self)
        property("phrase", "string", "L'état, en une phrase.")
    }
}
