import HTTPMessages
import JSONText

/// The ministry of higher education (SupData): by INE, and by civil status under another key.
struct MESRI: HolderDouble {
    let id = "mesri"
    let town: Town
    let keyForINE: String
    let keyForCivilStatus: String

    /// Makes the double.
    init(town: Town, keyForINE: String, keyForCivilStatus: String) {
        self.town = town
        self.keyForINE = keyForINE
        self.keyForCivilStatus = keyForCivilStatus
    }

    private static let path = "/supdata/v1/statut-etudiant"

    func answer(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        note.correlation = request.header("X-Correlation-ID")
        note.recipient = request.header("X-Caller")
        let route = request.route
        guard route.segments == ["supdata", "v1", "statut-etudiant"] else {
            return error(404, "Ressource inconnue", request)
        }
        note.template = Self.path
        guard let caller = request.header("X-Caller"), !caller.isEmpty else {
            return error(400, "X-Caller est obligatoire", request)
        }
        switch route.method {
        case .get:
            guard request.header("X-API-Key") == keyForINE else {
                return error(401, "Clé refusée", request)
            }
            return byINE(request, at: now, note: &note)
        case .post:
            guard request.header("X-API-Key") == keyForCivilStatus else {
                return error(401, "Clé refusée", request)
            }
            return byCivilStatus(request, at: now, note: &note)
        default: return error(405, "Méthode non prévue", request)
        }
    }

    private func byINE(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        guard let number = request.parameter("INE") else {
            return error(400, "INE est obligatoire", request)
        }
        note.identifiers.append(number)
        guard number.utf8.count == 11, number.allSatisfy({ $0.isASCII }) else {
            return error(400, "INE incorrect", request)
        }
        guard let person = town.owner(of: number.uppercased()),
            let record = town.studentRecord(of: person.id)
        else { return error(404, "Étudiant non trouvé", request) }
        return sheet(person, record, withNumber: true, at: now)
    }

    private func byCivilStatus(
        _ request: DoubleRequest, at now: Int64, note: inout CallNote
    ) -> DoubleReply {
        guard request.header("Content-Type")?.lowercased().hasPrefix("application/json") == true
        else { return error(415, "Le corps doit être en JSON", request) }
        guard let criteria = StudentCriteria(request.body) else {
            return error(400, "Critères incorrects", request)
        }
        note.identifiers = [criteria.name, criteria.given, criteria.birth]
        let found = town.people(named: folded(criteria.name)).compactMap { person in
            town.studentRecord(of: person.id).flatMap { record in
                criteria.matches(person.identity) ? (person, record) : nil
            }
        }
        guard let (person, record) = found.first else {
            return error(404, "Étudiant non trouvé", request)
        }
        guard found.count == 1 else {
            return error(404, "Plusieurs étudiants correspondent", request)
        }
        return sheet(person, record, withNumber: false, at: now)
    }

    private func sheet(
        _ person: Person, _ record: StudentRecord, withNumber: Bool, at now: Int64
    ) -> DoubleReply {
        let identity = person.identity
        let today = CivilDate(milliseconds: now)
        let currentYear = today.month >= 9 ? today.year : today.year - 1
        return .json(
            200,
            .members([
                "ine": withNumber ? person.studentNumber.map { .string($0) } : nil,
                "nomFamille": .string(plainCapitals(identity.birthName)),
                "prenom": .string(plainCapitals(identity.givenNames[0])),
                "dateNaissance": .string(identity.birth.completed),
                "inscriptions": .array(
                    record.enrolments.map { enrolment in
                        self.enrolment(enrolment, startingIn: currentYear - enrolment.yearsBack)
                    }),
            ]))
    }

    private func enrolment(_ enrolment: Enrolment, startingIn year: Int) -> Document {
        .members([
            "dateDebutInscription": .string("\(year)-09-01"),
            "dateFinInscription": .string("\(year + 1)-08-31"),
            "statut": .string(enrolment.enrolled ? "inscrit" : "admis"),
            "regime": .string(enrolment.regime),
            "codeCommune": .string(enrolment.townCode),
            "etablissement": .members([
                "uai": .string(enrolment.uai), "nomEtablissement": .string(enrolment.school),
            ]),
            "diplome": .members(["code": "6001234", "libelle": "DIPLOME FICTIF"]),
            "boursier": false,
        ])
    }

    private func error(
        _ status: Int, _ message: String, _ request: DoubleRequest
    ) -> DoubleReply {
        .json(
            status,
            .members([
                "message": .string(message),
                "uid": "00000000-0000-4000-8000-000000000000",
                "details": .members([
                    "method": .string(request.head.method.rawValue),
                    "endpoint": .string(Self.path),
                    "parameter": .string(request.head.method == .get ? "INE" : "body"),
                ]),
            ]))
    }
}

/// Whom the search by civil status asks for.
struct StudentCriteria {
    let name: String
    let given: String
    let birth: String
    let sex: String
    let place: String?

    /// Reads the body; `nil` where it is not what SupData takes.
    init?(_ body: [UInt8]) {
        do {
            let known = ["nomFamille", "prenom1", "dateNaissance", "sexe", "lieuNaissance"]
            let place = JSONPlace(root: try parseJSON(body))
            let object = try place.object(known)
            name = try object.required("nomFamille").string()
            given = try object.required("prenom1").string()
            birth = try object.required("dateNaissance").string()
            sex = try object.required("sexe").string()
            self.place = try object.optional("lieuNaissance")?.string()
        } catch {
            return nil
        }
        guard CivilDate(birth) != nil, sex == "1" || sex == "2" else { return nil }
    }

    /// Names are held in capitals without accents: one that has an accent is nobody's.
    func matches(_ identity: CivilIdentity) -> Bool {
        isPlainName(name) && isPlainName(given)
            && folded(identity.givenNames[0]) == folded(given)
            && identity.birth.completed == birth
            && (identity.sex == .unspecified || identity.digit == sex)
            && (place == nil || place == identity.commune || place == identity.country)
    }
}

extension Town {
    /// The enrolments of a person.
    func studentRecord(of id: String) -> StudentRecord? {
        students.first { $0.person == id }
    }
}
