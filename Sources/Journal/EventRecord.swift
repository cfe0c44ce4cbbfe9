package import Vocabulary

/// A record of no exchange: something that the gateway, or its operator, did to all of them.
///
/// It names documents, credentials, policies and operators, never a usager.
package struct EventRecord: Hashable, Sendable {
    /// The event's own identifier, where the other records have their exchange's.
    package let id: ExchangeID
    /// When it happened; the writer stamps its own time beside it.
    package let instant: Timestamp
    /// The hash of the policy set in force once it has happened, in hexadecimal.
    package let generation: String
    /// What happened.
    package let act: EventAct

    /// Gathers what is known of an event.
    package init(id: ExchangeID, instant: Timestamp, generation: String, act: EventAct) {
        self.id = id
        self.instant = instant
        self.generation = generation
        self.act = act
    }
}

/// What an event did.
package enum EventAct: Hashable, Sendable {
    /// A set of documents serves from now on.
    case generationInForce(GenerationMark)
    /// A set of documents was refused; the one that served still does.
    case generationRefused(mistakes: Int)
    /// An access lost one mode of one purpose, since a bound was passed.
    case accessSuspended(AccessMark, found: FoundCount)
    /// An operator gave it back, and says why.
    case accessRestored(AccessMark, motive: OperatorText)
    /// What became of a connector that a holder proposed.
    case revision(RevisionStep, RevisionMark)

    /// The act alone.
    package var kind: EventKind {
        switch self {
        case .generationInForce: .generationInForce
        case .generationRefused: .generationRefused
        case .accessSuspended: .accessSuspended
        case .accessRestored: .accessRestored
        case .revision(let step, _): step.kind
        }
    }

    /// The access that the act is about, where it is about one.
    package var access: AccessMark? {
        switch self {
        case .generationInForce, .generationRefused, .revision: nil
        case .accessSuspended(let access, _), .accessRestored(let access, _): access
        }
    }
}

/// The acts' names, as records write them.
package enum EventKind: String, Sendable, CaseIterable {
    /// A set of documents serves from now on.
    case generationInForce = "generation_en_vigueur"
    /// A set of documents was refused.
    case generationRefused = "generation_refusee"
    /// An access lost one mode of one purpose.
    case accessSuspended = "acces_suspendu"
    /// An operator gave it back.
    case accessRestored = "acces_retabli"
    /// A holder proposed a connector, which passed its check.
    case revisionProposed = "revision_proposee"
    /// An operator approved it.
    case revisionApproved = "revision_approuvee"
    /// It serves from now on.
    case revisionInForce = "revision_en_vigueur"
    /// It was approved, and the whole set did not pass with it.
    case revisionRefused = "revision_refusee"
    /// An operator withdrew it: what was in force before is again.
    case revisionReverted = "revision_retiree"
}

/// Which documents serve, and who vouched for them.
package struct GenerationMark: Hashable, Sendable {
    /// What made the documents serve.
    package enum Cause: String, Sendable, CaseIterable {
        /// The gateway started.
        case start = "demarrage"
        /// It was told to read its documents again.
        case reload = "rechargement"
        /// A connector was approved or withdrawn.
        case revision = "revision"
    }

    /// What made them serve.
    package let cause: Cause
    /// SHA-256, in hexadecimal, of the document kept beside the journal that lists every file of
    /// the set with its own.
    package let inventory: String
    /// The manifest that was signed, where there was one.
    package let manifest: ManifestMark?
    /// Where it serves, which says since when each mode does; nil in records of before.
    package let environment: HolderEnvironment?

    /// Gathers what is known of a set.
    package init(
        cause: Cause, inventory: String, manifest: ManifestMark?,
        environment: HolderEnvironment? = nil
    ) {
        self.cause = cause
        self.inventory = inventory
        self.manifest = manifest
        self.environment = environment
    }
}

/// A signed manifest, as a record names it.
package struct ManifestMark: Hashable, Sendable {
    /// SHA-256 of its bytes in hexadecimal; the store keeps them under it.
    package let hash: String
    /// Its serial number, which never decreases.
    package let serial: Int64
    /// Who signed, by role.
    package let signers: [SignerMark]

    /// Gathers what is known of a manifest.
    package init(hash: String, serial: Int64, signers: [SignerMark]) {
        self.hash = hash
        self.serial = serial
        self.signers = signers
    }
}

/// Somebody who signed, and as what.
package struct SignerMark: Hashable, Sendable {
    /// What somebody vouches for.
    package enum Role: String, Sendable, CaseIterable {
        /// That they wrote the documents.
        case author = "auteur"
        /// That they read what another wrote.
        case approver = "approbateur"
    }

    /// The name that the deployment gives to the signer.
    package let name: OperatorText
    /// As what they signed.
    package let role: Role

    /// Names a signer.
    package init(name: OperatorText, role: Role) {
        self.name = name
        self.role = role
    }
}

/// One mode of one purpose, by one credential of one service.
package struct AccessMark: Hashable, Sendable {
    /// The service.
    package let service: ServiceID
    /// The registry's identifier of the credential.
    package let credential: String
    /// The purpose.
    package let purpose: PurposeID
    /// The mode that is closed or open again.
    package let mode: Mode

    /// Names an access.
    package init(service: ServiceID, credential: String, purpose: PurposeID, mode: Mode) {
        self.service = service
        self.credential = credential
        self.purpose = purpose
        self.mode = mode
    }
}

/// What an operator wrote: one line, neither empty nor long.
package struct OperatorText: Hashable, Sendable {
    /// The most bytes that such a line takes.
    package static let maximumBytes = 200

    /// The line.
    package let text: String

    /// Takes a line; nil where it is empty, too long, or holds a control character.
    package init?(_ text: String) {
        let isOneLine = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isDefaultIgnorableCodePoint
                && ![.control, .lineSeparator, .paragraphSeparator].contains(
                    scalar.properties.generalCategory)
        }
        guard (1...OperatorText.maximumBytes).contains(text.utf8.count), isOneLine,
            text.first != " ", text.last != " "
        else { return nil }
        self.text = text
    }
}
