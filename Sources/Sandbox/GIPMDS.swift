import HTTPMessages

/// The declarations of employers, in a contract of ours: no public one exists.
struct GIPMDS: HolderDouble {
    let id = "gip-mds"
    let town: Town
    let tokens: ClientTokens

    /// Makes the double.
    init(town: Town, client: ClientCredentials) {
        self.town = town
        tokens = ClientTokens(holder: "gip-mds", client: client)
    }

    /// The name of the contract, given in each answer so that nobody takes it for a real one.
    static let contractName = "fictif-dsn-v1"

    func answer(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        note.correlation = request.header("X-Correlation-ID")
        let route = request.route
        if route.segments == ["token"] {
            note.template = "/token"
            guard route.method == .post else { return DoubleReply(405) }
            return tokens.answer(request, at: now)
        }
        guard route.segments == ["salaires"] else {
            return error(404, "NOT_FOUND", "Ressource inconnue.")
        }
        note.template = "/salaires"
        guard route.method == .get else { return DoubleReply(405) }
        guard tokens.granted(to: request, at: now) != nil else {
            return error(401, "NON_AUTORISE", "Jeton absent, inconnu ou expiré.")
        }
        note.identifiers = ["nom", "prenom", "dateNaissance"].compactMap(request.parameter)
        return salaries(request, at: now)
    }

    private func salaries(_ request: DoubleRequest, at now: Int64) -> DoubleReply {
        guard let name = request.parameter("nom"), let given = request.parameter("prenom"),
            let birth = request.parameter("dateNaissance"), isDigits(birth, count: 8)
        else {
            return error(
                400, "PARAMETRE_INCORRECT", "nom, prenom et dateNaissance sont obligatoires.")
        }
        guard let from = request.parameter("du").flatMap({ CivilMonth($0) }),
            let until = request.parameter("au").flatMap({ CivilMonth($0) }), from <= until,
            until.ordinal - from.ordinal < 36
        else {
            return error(
                400, "PERIODE_INCORRECTE", "du et au sont des mois, au plus trente-six de suite.")
        }
        let found = town.people(named: folded(name)).filter { person in
            town.payRecord(of: person.id) != nil
                && matches(person.identity, given: given, birth: birth)
        }
        guard found.count <= 1 else {
            return error(413, "TOO_MANY_INDIVIDU", "Plusieurs individus correspondent.")
        }
        guard let person = found.first, let record = town.payRecord(of: person.id) else {
            return error(404, "NOT_FOUND_INDIVIDU", "Aucun individu ne correspond.")
        }
        let sheet = PaySheet(
            person: person, record: record, from: from, until: until,
            today: CivilDate(milliseconds: now))
        guard !sheet.jobs.isEmpty else {
            return error(404, "NOT_FOUND_CONTRAT", "Aucun contrat sur la période.")
        }
        return .json(200, sheet.document, headers: [(name: "X-Contrat", value: "fictif")])
    }

    private func matches(
        _ identity: CivilIdentity, given: String, birth: String
    ) -> Bool {
        let held = [identity.birth.withZeros, identity.birth.completed].map { date in
            date.split(separator: "-").reversed().joined()
        }
        return folded(identity.givenNames[0]) == folded(given) && held.contains(birth)
    }

    private func error(_ status: Int, _ code: String, _ message: String) -> DoubleReply {
        .json(
            status,
            .members([
                "contrat": .string(Self.contractName),
                "erreurs": [
                    .members(["code": .string(code), "message": .string(message)])
                ],
            ]),
            headers: [(name: "X-Contrat", value: "fictif")])
    }
}

extension Town {
    /// What employers declared about a person.
    func payRecord(of id: String) -> PayRecord? {
        pay.first { $0.person == id }
    }
}
