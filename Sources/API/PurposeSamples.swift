import JSONText
import Policies
import Publications
import Vocabulary

/// What is shown of a purpose in the API's own words: requests that work when pasted in the
/// demonstration, an answer, a refusal.
struct PurposeSamples {
    /// One for each mode in which something may be asked.
    let requests: [ExampleRequest]
    /// An answer to the first of them, with invented values.
    let answer: [UInt8]?
    /// The refusal of a usual mistake.
    let refusal: [UInt8]?

    init(_ description: PurposeDescription, in policies: PolicySet) {
        requests = description.modes.compactMap { ExampleRequest(of: description, in: $0) }
        let noon = description.day.daysSinceEpoch * 86_400_000 + 43_200_000
        let now = Timestamp(milliseconds: noon)
        answer = requests.first.map { request in
            let decision = policies.decide(request.question(at: now))
            return SampleAnswer(decision, at: now).bytes
        }
        refusal = description.expectedRefusals(in: policies).first.map { expected in
            Problem(.demandeRefusee, refusals: [expected.refusal]).body(exchange: .sample)
        }
    }
}

extension ExchangeID {
    /// The identifier of every exchange that is only shown.
    fileprivate static var sample: ExchangeID {
        ExchangeID(
            time: Timestamp(milliseconds: 1_795_219_467_123),
            random: [0x9B, 0x52, 0x0F, 0x6B, 0x1F, 0x6F, 0x3C, 0x11, 0x5D, 0x7A])
    }
}

/// What an answer to a request looks like, with values that nobody has.
private struct SampleAnswer {
    private let decision: Decision
    private let now: Timestamp

    init(_ decision: Decision, at now: Timestamp) {
        self.decision = decision
        self.now = now
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("echange", ExchangeID.sample.text)
            writer.member("statut", "complet")
            writer.key("donnees")
            AnswerTree([release]).write(to: &writer)
            writer.member("sources", array: writeSources)
            writer.member("manquants", [String]())
            if let days = decision.retentionDays {
                writer.member("conservation", object: { $0.member("jours_max", days) })
            }
            writer.member(
                "recu",
                object: { writer in
                    writer.member("indice", 1234)
                    writer.member("empreinte", String(repeating: "5b0f6c0c7d5d4e0c", count: 4))
                })
        }
        return writer.bytes
    }

    private func writeSources(to writer: inout JSONWriter) {
        let datasets = decision.granted.map(\.contract.path.dataset)
            .reduce(into: [DatasetID]()) { all, one in
                if !all.contains(one) { all.append(one) }
            }
        for dataset in datasets {
            let own = decision.granted.filter { $0.contract.path.dataset == dataset }
            writer.object { writer in
                writer.member("jeu", dataset.text)
                writer.member("champs", own.map(\.request.text))
                writer.member("detenteur", own.first?.holder.text ?? "")
                writer.member("statut", SourceStatus.obtenu.rawValue)
                writer.member("obtenu_le", now.rfc3339)
                if let period = decision.periods[dataset] {
                    writer.key("periode")
                    period.write(to: &writer)
                }
            }
        }
    }

    // MARK: - Invented values

    private var release: Release {
        var release = Release()
        for leaf in decision.granted {
            let path = leaf.contract.path
            let isWhole = !leaf.form.isPerElement && path.arrayDepth > 0
            let indices = isWhole ? [] : Array(repeating: 0, count: path.arrayDepth)
            release.leaves.append(
                ReleasedLeaf(
                    instance: LeafInstance(path: path, indices: indices), form: leaf.request.form,
                    value: Sensitive(value(of: leaf))))
        }
        return release
    }

    private func value(of leaf: GrantedLeaf) -> FieldValue {
        switch leaf.form {
        case .valeur: value(of: leaf.contract)
        case .seuil, .presence, .enVigueur: .boolean(true)
        case .tranche(let brackets): .text(brackets.first?.label ?? "")
        case .nombre, .nombreMoinsDe: .integer(2)
        case .age: .integer(34)
        case .somme, .moyenne: .decimal(ExactDecimal(units: 2_140_050, scale: 2))
        case .annee: .integer(Int64(today.year - 2))
        case .initiale: .text("A")
        }
    }

    private var today: CalendarDate { now.parisDate }

    private func value(of contract: FieldContract) -> FieldValue {
        let name = contract.path.steps.last?.name ?? ""
        switch contract.type {
        case .entier where name.hasPrefix("annee"): return .integer(Int64(year(of: contract)))
        case .entier where name == "mois": return .integer(Int64(today.month))
        case .entier where name.hasPrefix("nombre"): return .integer(2)
        case .entier: return .integer(1234)
        case .decimal: return .decimal(ExactDecimal(units: 123_456, scale: 2))
        case .booleen: return .boolean(true)
        case .texte: return .text("TEXTE")
        case .date:
            return PartialDate("\(today.yearMonth.adding(months: -1).text)-15").map { .date($0) }
                ?? .text("")
        case .mois: return .month(today.yearMonth.adding(months: -1))
        case .enumeration: return .text(contract.values.first ?? "")
        }
    }

    /// The year that was asked for, or this one.
    private func year(of contract: FieldContract) -> Int {
        guard case .year(let year)? = decision.periods[contract.path.dataset] else {
            return today.year
        }
        return year
    }
}
