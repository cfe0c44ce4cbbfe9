import Foundation
import Vocabulary

/// The first decision again, slow and obvious, from the words of the design and of the documents.
///
/// It knows no index and shares nothing with the evaluator but the vocabulary: names are compared
/// as texts, and each question is answered by going through the policy's members in order.
struct ReferenceDecision {
    let world: DrawnWorld
    let request: DrawnRequest
    private(set) var verdict = Verdict()
    /// The leaves that are granted, by path, with their form and holder.
    private(set) var granted: [(leaf: DrawnLeaf, form: DrawnForm, holder: HolderService)] = []

    init(_ world: DrawnWorld, _ request: DrawnRequest) {
        self.world = world
        self.request = request
        guard let purpose = world.purposes.first(where: { $0.id == request.purpose }),
            purpose.service == request.service
        else {
            let service = world.services.first { $0.name == request.service }
            verdict.refusals = [
                Verdict.Line(
                    field: nil, reason: .finaliteInconnue, rule: nil,
                    contact: service?.contacts.first)
            ]
            return
        }
        verdict.retention = purpose.retention
        if request.mode == .franceconnect { verdict.level = purpose.franceConnect?.level }
        judgeWho(purpose)
        for field in request.fields { judge(field, purpose) }
        judgePeriods(purpose)
        verdict.isPermitted = verdict.refusals.isEmpty && !granted.isEmpty
        if !verdict.refusals.isEmpty {
            verdict.grants = []
            verdict.periods = [:]
        }
    }

    private mutating func refuse(_ reason: RefusalReason, _ purpose: DrawnPurpose) {
        refuse(reason, nil, purpose)
    }

    private mutating func refuse(
        _ reason: RefusalReason, _ field: String?, _ purpose: DrawnPurpose
    ) {
        verdict.refusals.insert(
            Verdict.Line(
                field: field, reason: reason, rule: "\(purpose.id)@\(purpose.version)",
                contact: purpose.contact))
    }

    // MARK: - Who asks

    private mutating func judgeWho(_ purpose: DrawnPurpose) {
        if purpose.state != "active" {
            refuse(.finaliteInactive, purpose)
        }
        judgeHabilitation(purpose)
        let admits = admits(request.mode, purpose)
        if !admits {
            refuse(.modeNonAutorise, purpose)
        }
        var mayBegin = false
        for initiator in purpose.initiators where initiator.quality == request.quality {
            if !admits || modes(of: initiator, purpose).contains(request.mode) {
                mayBegin = true
            }
        }
        if request.mode == .franceconnect, request.quality != .usager {
            mayBegin = false
        }
        if !mayBegin {
            refuse(.initiateurNonAutorise, purpose)
        } else if request.quality == .agent, request.agent == nil {
            refuse(.agentNonNomme, purpose)
        }
        if let role = request.role, !purpose.roles.contains(role) {
            refuse(.roleNonAutorise, purpose)
        }
    }

    private mutating func judgeHabilitation(_ purpose: DrawnPurpose) {
        let siret = world.services.first { $0.name == request.service }?.siret
        var hasOne = false
        var isValid = false
        var isToCome = false
        for habilitation in purpose.habilitations
        where habilitation.recipient == request.recipient && siret != nil {
            let isOwn = habilitation.recipient == siret || habilitation.delegate == siret
            guard isOwn else { continue }
            hasOne = true
            if habilitation.from <= today, today <= habilitation.to { isValid = true }
            if habilitation.from > today { isToCome = true }
        }
        if !hasOne {
            refuse(.destinataireNonHabilite, purpose)
        } else if !isValid {
            refuse(isToCome ? .habilitationPasEncoreValable : .habilitationExpiree, purpose)
        }
    }

    private func admits(_ mode: Mode, _ purpose: DrawnPurpose) -> Bool {
        switch mode {
        case .franceconnect: purpose.franceConnect != nil
        case .identite: purpose.identity != nil
        }
    }

    /// An initiator acts in the modes that the document names; where it names none, the usager in
    /// all those of the purpose, and anybody else with an identity.
    private func modes(of initiator: DrawnInitiator, _ purpose: DrawnPurpose) -> [Mode] {
        if !initiator.modes.isEmpty { return initiator.modes }
        if initiator.quality != .usager { return [.identite] }
        return Mode.allCases.filter { admits($0, purpose) }
    }

    // MARK: - What is asked

    private mutating func judge(_ field: String, _ purpose: DrawnPurpose) {
        let parts = field.components(separatedBy: "@")
        let leaves = leaves(of: parts[0])
        guard parts.count <= 2, !leaves.isEmpty else {
            refuse(.champInconnu, field, purpose)
            return
        }
        let form = parts.count == 2 ? parts[1] : "valeur"
        guard isForm(form) else {
            refuse(.formeInconnue, field, purpose)
            return
        }
        for leaf in leaves where purpose.forbidden.contains(where: { covers($0, leaf.path) }) {
            refuse(.champInterdit, field, purpose)
            return
        }
        let found = leaves.compactMap { leaf in
            forms(of: leaf, purpose).first { $0.form.text == form }
        }
        if found.count < leaves.count {
            let isKnownLeaf = leaves.count == 1 && !forms(of: leaves[0], purpose).isEmpty
            refuse(isKnownLeaf ? .formeNonAutorisee : .champHorsFinalite, field, purpose)
            return
        }
        guard admits(request.mode, purpose) else { return }
        // Of a composite field, the holders may serve a part.
        let servesSome = zip(leaves, found).contains { leaf, rule in
            holder(of: leaf, rule.form, purpose).serves
        }
        for (leaf, rule) in zip(leaves, found) {
            take(leaf, rule.form, rule.fallback, asked: field, servesSome, purpose)
        }
    }

    private mutating func take(
        _ leaf: DrawnLeaf, _ form: DrawnForm, _ fallback: Fallback?, asked field: String,
        _ servesSome: Bool, _ purpose: DrawnPurpose
    ) {
        let (holder, serves) = holder(of: leaf, form, purpose)
        guard let holder else {
            let hasHolder = world.holders.contains {
                $0.dataset.text == dataset(of: leaf.path) && $0.mode == request.mode
            }
            refuse(hasHolder ? .concordanceImpossible : .modeNonServi, field, purpose)
            return
        }
        if !serves, !servesSome {
            refuse(.modeNonServi, field, purpose)
            return
        }
        if let first = granted.first(where: { $0.leaf.path == leaf.path }) {
            if first.form.text != form.text { refuse(.formesMultiples, field, purpose) }
            return
        }
        granted.append((leaf, form, holder))
        let needsScopes = request.mode == .franceconnect && !holder.introspectsToken
        let own = world.datasets.first { $0.name == dataset(of: leaf.path) }?.fallback
        verdict.grants.append(
            Verdict.Grant(
                request: text(leaf, form), form: form, holder: holder.holder.text,
                fallback: fallback ?? own ?? .saisie, scopes: needsScopes ? leaf.scopes : []))
        if let identifier = holder.neededIdentifier { verdict.identifiers.insert(identifier) }
        if let level = verdict.level, let own = holder.minimumLevel, own > level {
            verdict.level = own
        }
    }

    /// The first holder, by name, that serves the leaf; else the first whose answer can be trusted
    /// to be about the usager.
    private func holder(
        of leaf: DrawnLeaf, _ form: DrawnForm, _ purpose: DrawnPurpose
    ) -> (holder: HolderService?, serves: Bool) {
        let name = dataset(of: leaf.path)
        let trusted = world.holders
            .filter { $0.dataset.text == name && $0.mode == request.mode }
            .filter { $0.returnsIdentity || purpose.withoutIdentity.contains(name) }
            .sorted { $0.holder.text < $1.holder.text }
        for holder in trusted {
            let served = holder.fields.map(\.text)
            let end = form.kind == .enVigueur ? leaf.intervalEnd : nil
            if served.contains(leaf.path), end.map({ served.contains($0) }) ?? true {
                return (holder, true)
            }
        }
        return (trusted.first, false)
    }

    /// Every form under which the purpose allows a leaf, with what the form does without it.
    private func forms(
        of leaf: DrawnLeaf, _ purpose: DrawnPurpose
    ) -> [(form: DrawnForm, fallback: Fallback?)] {
        var forms: [(DrawnForm, Fallback?)] = []
        for field in purpose.fields where covers(field.path, leaf.path) {
            for form in field.forms { forms.append((form, field.fallback)) }
        }
        return forms
    }

    /// The texts under which the purpose allows what a field stands for.
    func allowed(_ field: String) -> Set<String> {
        guard let purpose = world.purposes.first(where: { $0.id == request.purpose }) else {
            return []
        }
        let leaves = leaves(of: field.components(separatedBy: "@")[0])
        return Set(leaves.flatMap { leaf in forms(of: leaf, purpose).map { text(leaf, $0.form) } })
    }

    // MARK: - Names

    /// The leaves that a name stands for: its own, or those below it.
    func leaves(of name: String) -> [DrawnLeaf] {
        guard name.contains(".") else { return [] }
        return world.datasets.flatMap(\.leaves).filter { covers(name, $0.path) }
    }

    private func covers(_ name: String, _ leaf: String) -> Bool {
        leaf == name || leaf.hasPrefix(name + ".")
    }

    private func dataset(of path: String) -> String {
        path.components(separatedBy: ".")[0]
    }

    private func text(_ leaf: DrawnLeaf, _ form: DrawnForm) -> String {
        form.text == "valeur" ? leaf.path : "\(leaf.path)@\(form.text)"
    }

    /// `seuil`, or `seuil.plus`: one of the twelve, and a name in small letters.
    private func isForm(_ text: String) -> Bool {
        let parts = text.components(separatedBy: ".")
        let isKnown = FormKind.allCases.map(\.rawValue).contains(parts[0])
        return isKnown && parts.count <= 2 && parts.dropFirst().allSatisfy { isName($0) }
    }

    private func isName(_ text: String) -> Bool {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        guard let first = text.unicodeScalars.first, letters.unicodeScalars.contains(first),
            text.utf8.count <= 64
        else { return false }
        return text.unicodeScalars.allSatisfy {
            (letters + "0123456789_-").unicodeScalars.contains($0)
        }
    }

    // MARK: - For when

    private mutating func judgePeriods(_ purpose: DrawnPurpose) {
        let names = Set(granted.map { dataset(of: $0.leaf.path) })
        for name in request.periods.keys where !names.contains(name) {
            if !request.fields.contains(where: { isWellFormed($0, in: name) }) {
                refuse(.periodeNonAutorisee, name, purpose)
            }
        }
        for dataset in world.datasets where names.contains(dataset.name) {
            let rule = purpose.periods[dataset.name] ?? dataset.rule
            let own = granted.filter { self.dataset(of: $0.leaf.path) == dataset.name }
            let isOverMonths = own.contains { $0.leaf.path.contains("[]") }
            let asked = request.periods[dataset.name] ?? RequestedPeriod()
            let reference = ReferencePeriod(rule: rule, asked: asked, today: today)
            if let period = reference.resolve(dataset.kind, overMonths: isOverMonths) {
                verdict.periods[dataset.name] = period
            } else {
                for leaf in own {
                    refuse(.periodeNonAutorisee, text(leaf.leaf, leaf.form), purpose)
                }
            }
        }
    }

    /// Whether a field is written as a name of that data set, known or not.
    private func isWellFormed(_ field: String, in dataset: String) -> Bool {
        let parts = field.components(separatedBy: "@")
        let steps = parts[0].components(separatedBy: ".")
        guard parts.count <= 2, steps[0] == dataset, (2...7).contains(steps.count),
            parts.count == 1 || isForm(parts[1])
        else { return false }
        return steps.dropFirst().allSatisfy { step in
            isName(step.hasSuffix("[]") ? String(step.dropLast(2)) : step)
        }
    }

    /// The legal day, which begins at midnight in Paris.
    private var today: CalendarDate { parisDay(request.now) }
}

/// The calendar's own answer, from the tables of time zones.
func parisDay(_ moment: Timestamp) -> CalendarDate {
    let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
    let parts = paris.dateComponents([.year, .month, .day], from: date)
    return CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
        ?? CalendarDate(daysSinceEpoch: 0)
}

private let paris: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: "Europe/Paris") ?? .gmt
    return calendar
}()
