package import Journal
package import Registrations
package import Vocabulary

/// What the operators' surface asks of whatever keeps the documents.
///
/// Each act is recorded before it is answered, and what it puts in force serves by then.
package protocol RevisionDesk: Sendable {
    /// Every proposal, as the journal tells it.
    var ledger: RevisionLedger { get }

    /// Reads a proposal and plays its examples, against the contracts in force.
    func read(
        _ bytes: [UInt8], from holder: HolderID, _ dataset: DatasetID
    ) async throws(Problem) -> RevisionReading

    /// Keeps a proposal that was read without a mistake.
    func propose(
        _ revision: Revision, _ bytes: [UInt8], by name: OperatorText
    ) async throws(Problem) -> RevisionEntry

    /// The bytes of a proposal, as they were sent.
    func bytes(of mark: RevisionMark) async throws(Problem) -> [UInt8]

    /// What a proposal changes of what is in force, in sentences.
    func differences(of mark: RevisionMark) async -> [String]

    /// Takes an approval; at the last that is needed, the connector serves.
    func approve(
        _ entry: RevisionEntry, by name: OperatorText
    ) async throws(Problem) -> RevisionEntry

    /// Withdraws a proposal; where it served, what did before does again.
    func withdraw(
        _ entry: RevisionEntry, by name: OperatorText
    ) async throws(Problem) -> RevisionEntry
}
