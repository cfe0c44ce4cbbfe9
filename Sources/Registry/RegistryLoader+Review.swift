import Policies
import Vocabulary

// What a jurist is told of the policies that nothing forbids.
extension RegistryLoader {
    /// Adds the remarks on over-asking, each at its place in its file.
    mutating func review(_ set: PolicySet, _ files: [Document], _ today: CalendarDate) {
        let bytes = Dictionary(
            files.filter { $0.names.last == "policy.json" }
                .compactMap { file in file.purpose.map { ($0, file.bytes) } }
        ) { first, _ in first }
        let together = remarks(across: set.policies, catalogue: set.catalogue)
        for policy in set.policies {
            let remarks =
                policy.remarks(catalogue: set.catalogue, today: today)
                + (together[policy.id] ?? [])
            for remark in remarks {
                diagnostics.append(
                    Diagnostic(
                        .avertissement, file: "policies/\(policy.id.text)/policy.json",
                        remark.located(in: bytes[policy.id] ?? [])))
            }
        }
    }
}
