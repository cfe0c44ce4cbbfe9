/// One year of one tax household, as API Impôt Particulier writes it.
struct TaxSheet {
    let town: Town
    let household: TaxHousehold
    let assessment: Assessment
    let year: Int
    /// The FranceConnect scopes that open values; `nil` opens all.
    let visible: Set<String>?

    /// The whole sheet: identities and much that nobody asked for included.
    var document: Document {
        .members([
            "annRevenu": .integer(year),
            "rfr": opened(["dgfip_rfr"], .integer(assessment.reference)),
            "sitFam": opened(["dgfip_sitfam"], .string(assessment.situation)),
            "nbPart": opened(["dgfip_nbpart"], .decimal(assessment.parts)),
            "pac": opened(["dgfip_nbpac", "dgfip_pac", "dgfip_pac_nbPac"], dependants),
            "aft": opened(["dgfip_aft"], .string(address.street)),
            "aftDetail": opened(["dgfip_aft"], addressDetail),
            "sitPart": assessment.partial.map { .string($0) },
            "sitParIso": .bool(assessment.dependants > 0 && household.declarants.count == 1),
            "nmNaiDec1": declarant(0)?.name, "nmUsaDec1": declarant(0)?.usage,
            "prnmDec1": declarant(0)?.given, "dateNaisDec1": declarant(0)?.birth,
            "dptNaissDec1": declarant(0)?.department, "lieuNaissDec1": declarant(0)?.place,
            "nmNaiDec2": declarant(1)?.name, "nmUsaDec2": declarant(1)?.usage,
            "prnmDec2": declarant(1)?.given, "dateNaisDec2": declarant(1)?.birth,
            "dptNaissDec2": declarant(1)?.department, "lieuNaissDec2": declarant(1)?.place,
            "pensAlPer": 0,
            "indDeficit": false,
            "indOptionImpotSepar": false,
            "revenuBrutGlobal": .integer(assessment.reference + 2_309),
            "revImposable": .integer(assessment.reference),
            "mntRevbareme": .integer(assessment.reference),
            "impAvImput": .integer(assessment.reference / 17),
            "montTotIr": .integer(assessment.reference / 19),
            "datRec": .string("\(year + 1)-07-31"),
            "datEtab": .string("\(year + 1)-07-07"),
            "numRole": .string("\(221 + assessment.reference % 700)"),
            "fipNum": .string("29\(7_130_482 + assessment.reference)"),
            "rev": revenues,
        ])
    }

    private var address: PostalAddress { household.address }

    private func opened(_ scopes: Set<String>, _ value: Document) -> Document? {
        guard let visible else { return value }
        return visible.isDisjoint(with: scopes) ? nil : value
    }

    private var dependants: Document {
        .members([
            "nbPac": .integer(assessment.dependants), "nbPacF": .integer(assessment.dependants),
            "nbPacG": 0, "nbPacH": 0, "nbPacI": 0, "nbPacR": 0, "nbPacJ": 0, "nbPacN": 0,
            "nbPacP": 0,
        ])
    }

    private var addressDetail: Document {
        .members([
            "complementAdresse": .orNull(address.complement ?? address.hamlet),
            "voie": .string(address.street), "commune": .string(address.town),
            "codePostal": .string(address.postcode),
        ])
    }

    private var revenues: Document {
        .members([
            "tspr": [
                .members(["code": "1AJ", "valeur": .integer(assessment.reference + 2_309)])
            ],
            "rcm": [], "pv": [], "fonc": [], "pro": [], "chges": [], "rici": [], "alpha": [],
            "div": [],
        ])
    }

    private struct Declarant {
        let name: Document
        let usage: Document?
        let given: Document
        let birth: Document
        let department: Document
        let place: Document
    }

    private func declarant(_ index: Int) -> Declarant? {
        guard household.declarants.indices.contains(index), index == 0 || assessment.joint,
            let identity = town.person(household.declarants[index])?.identity
        else { return nil }
        let commune = identity.commune
        return Declarant(
            name: .string(plainCapitals(identity.birthName)),
            usage: identity.usageName.map { .string(plainCapitals($0)) },
            given: .string(plainCapitals(identity.givenNames.joined(separator: " "))),
            birth: .members([
                "jour": .string(identity.birth.day ?? "00"),
                "mois": .string(identity.birth.month ?? "00"),
                "annee": .string(identity.birth.year),
            ]),
            department: .string(commune.map { String($0.prefix(2)) } ?? "99"),
            place: .string(commune ?? identity.country))
    }
}

extension Town {
    /// The tax household of a person.
    func household(of id: String) -> TaxHousehold? {
        households.first { $0.declarants.contains(id) }
    }
}
