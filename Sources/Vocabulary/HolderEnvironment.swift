/// Which of a holder's installations is meant.
package enum HolderEnvironment: String, CaseIterable, Sendable {
    case sandbox = "bac_a_sable"
    case production
}
