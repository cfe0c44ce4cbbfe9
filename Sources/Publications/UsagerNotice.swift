package import Policies
package import Vocabulary

/// What the person concerned must be told of an exchange (RGPD 13 and 14, CRPA L114-8), in plain
/// French: which data, from whom, why, on which basis, for how long, and with which rights.
///
/// It is made from the policy alone and knows no person.
package struct UsagerNotice: Sendable, Equatable {
    /// One thing said, and what explains it.
    package struct Line: Sendable, Equatable {
        package let text: String
        package let detail: String?
        /// An official text that can be read there.
        package let link: String?

        init(_ text: String, detail: String? = nil, link: String? = nil) {
            self.text = text
            self.detail = detail
            self.link = link
        }
    }

    /// Lines under a heading of their own.
    package struct Group: Sendable, Equatable {
        package let heading: String?
        package let lines: [Line]

        init(_ heading: String? = nil, _ lines: [Line]) {
            self.heading = heading
            self.lines = lines
        }
    }

    /// One question of the person, and its answer.
    package struct Section: Sendable, Equatable {
        /// A word that forms may rely on, such as `donnees` or `droits`.
        package let code: String
        package let title: String
        package let paragraphs: [String]
        package let groups: [Group]
        /// What is said after the groups.
        package let closing: [String]

        init(
            _ code: String, _ title: String, _ paragraphs: [String] = [], groups: [Group] = [],
            closing: [String] = []
        ) {
            self.code = code
            self.title = title
            self.paragraphs = paragraphs
            self.groups = groups
            self.closing = closing
        }
    }

    package let purpose: PurposeID
    /// The policy and its version: `cnaf/aide-logement@3`.
    package let rule: String
    /// The mode of which alone the notice speaks, nil where it speaks of all.
    package let mode: Mode?
    package let title: String
    package let sections: [Section]

    /// The notice of a purpose, for all that it may ask, or for one mode.
    ///
    /// - Returns: nil where there is no such purpose, or where it has no such mode.
    package init?(
        of purpose: PurposeID, mode: Mode? = nil, in policies: PolicySet, on day: CalendarDate
    ) {
        guard let policy = policies[purpose], mode.map({ policy.modes[$0] != nil }) ?? true else {
            return nil
        }
        let offers = policies.offers(of: purpose).filter { offer in
            mode.map { offer.grants[$0] != nil } ?? !offer.grants.isEmpty
        }
        self.init(
            NoticeScope(
                policy: policy, policies: policies, mode: mode, offers: offers, periods: [:],
                recipients: policy.habilitations.filter { $0.covers(day) }, initiator: nil))
    }

    /// The notice of one exchange: of the fields, periods, mode and recipient that were granted.
    ///
    /// - Returns: nil where the request is refused, so that nothing would be exchanged.
    package init?(of decision: Decision, in policies: PolicySet) {
        let question = decision.question
        guard decision.isPermitted, let policy = policies[question.purpose] else {
            return nil
        }
        let granted = Set(decision.granted.map(\.request))
        let day = question.now.parisDate
        self.init(
            NoticeScope(
                policy: policy, policies: policies, mode: question.mode,
                offers: policies.offers(of: policy.id).filter { granted.contains($0.request) },
                periods: decision.periods,
                recipients: policy.habilitations.filter {
                    $0.recipient == question.recipient && $0.covers(day)
                }, initiator: question.initiator.quality))
    }

    private init(_ scope: NoticeScope) {
        purpose = scope.policy.id
        rule = scope.policy.ruleText
        mode = scope.mode
        title = "Vos données et la démarche « \(scope.policy.demarche) »"
        sections = scope.sections
    }
}

/// Of what a notice speaks.
struct NoticeScope {
    let policy: Policy
    let policies: PolicySet
    let mode: Mode?
    let offers: [FieldOffer]
    /// The periods that were asked; where there are none, the rules are told.
    let periods: [DatasetID: Period]
    /// The habilitations of those who receive the data.
    let recipients: [Habilitation]
    /// Who begins, nil where the notice speaks of all who may.
    let initiator: InitiatorQuality?

    var isProactive: Bool { policy.kind == .proactif }
    var service: ServiceDescription? { policies.services[policy.id.service] }

    /// The data sets, in the order in which the policy first names them.
    var datasets: [DatasetID] {
        var datasets: [DatasetID] = []
        for offer in offers where !datasets.contains(offer.contract.path.dataset) {
            datasets.append(offer.contract.path.dataset)
        }
        return datasets
    }

    var sections: [UsagerNotice.Section] {
        [
            essentials, requesters, reasons, data, identification, bases, retention, edits, rights,
            contacts,
        ]
    }
}
