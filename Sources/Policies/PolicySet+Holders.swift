package import Vocabulary

extension PolicySet {
    /// The holders under whose registrations a token is introspected, at least one.
    ///
    /// A holder that is handed the token introspects it itself: doing so in its name as well would
    /// tell the usager of one exchange twice.
    package func holdersToIntrospectFor(_ decision: Decision) -> [HolderID] {
        let services = services(for: decision.granted, decision.question.mode)
        let handed = services.filter { $0.receivesIdentity || !$0.introspectsToken }
        let holders = Set((handed.isEmpty ? Array(services.prefix(1)) : handed).map(\.holder))
        return holders.sorted()
    }

    /// The holders' services that the granted leaves need, one for each holder and data set.
    func services(for granted: [GrantedLeaf], _ mode: Mode) -> [HolderService] {
        holders.filter { service in
            service.mode == mode
                && granted.contains {
                    $0.holder == service.holder && $0.contract.path.dataset == service.dataset
                }
        }
    }
}
