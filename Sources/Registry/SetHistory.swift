import JSONText
package import Journal
import Policies
package import Vocabulary

/// What was in force before, as the events of a journal tell it.
package struct SetHistory: Sendable {
    /// One set, from when it came into force until another did.
    package struct Period: Sendable {
        /// The first event that put it in force.
        package let index: Int64
        package let since: Timestamp
        /// When another set followed; nil for the one in force.
        package fileprivate(set) var until: Timestamp?
        /// The hash of the documents that decide.
        package let generation: String
        package let mark: GenerationMark
    }

    /// In their order; a set that came into force again after itself, at a restart, is one period.
    package let periods: [Period]

    /// Reads the events of a journal.
    package init(_ events: [StoredRecord]) {
        var periods: [Period] = []
        for event in events {
            guard case .event(let record) = event.placed.record,
                case .generationInForce(let mark) = record.act
            else { continue }
            if let last = periods.last, last.generation == record.generation,
                last.mark.inventory == mark.inventory, last.mark.manifest == mark.manifest
            {
                continue
            }
            if !periods.isEmpty { periods[periods.count - 1].until = event.placed.time }
            periods.append(
                Period(
                    index: event.placed.index, since: event.placed.time, until: nil,
                    generation: record.generation, mark: mark))
        }
        self.periods = periods
    }

    /// The manifest with the highest serial that was ever in force.
    package var lastManifest: ManifestMark? {
        periods.compactMap(\.mark.manifest).max { $0.serial < $1.serial }
    }

    /// Why a set may not follow what was in force; every mistake at once.
    ///
    /// The body gives a document that the journal kept, by its hash; nil where it kept none.
    package func mistakes(
        of registry: Registry, document: (String) throws -> [UInt8]?
    ) rethrows -> [Diagnostic] {
        var diagnostics = serialMistakes(of: registry)
        let used = try usedVersions(besides: registry, document)
        for file in registry.files where file.kind == "politique" {
            guard let policy = registry.policy(of: file), let own = used[file.path] else {
                continue
            }
            if let mistake = own.mistake(of: file, version: policy.version) {
                diagnostics.append(Diagnostic(.erreur, file: file.path, mistake))
            }
        }
        return diagnostics
    }

    // MARK: - Serials

    private func serialMistakes(of registry: Registry) -> [Diagnostic] {
        guard let manifest = registry.manifest, let last = lastManifest else { return [] }
        let next = "« dlnuf policies sign --serie \(last.serial + 1) »"
        if manifest.serial < last.serial {
            return [
                Diagnostic(
                    .erreur, file: Manifest.path, path: "serie",
                    message: "Le manifeste porte la série \(manifest.serial), et la série "
                        + "\(last.serial) a déjà été en vigueur.",
                    remedy: "Un ensemble ancien ne revient que signé de nouveau : faites-le signer "
                        + "par l'auteur et l'approbateur avec \(next).")
            ]
        }
        if manifest.serial == last.serial, manifest.hash != last.hash {
            return [
                Diagnostic(
                    .erreur, file: Manifest.path, path: "serie",
                    message: "La série \(manifest.serial) a déjà servi pour un autre manifeste.",
                    remedy: "Faites signer ces documents avec \(next).")
            ]
        }
        return []
    }

    // MARK: - Versions

    /// The versions of each policy that were in force with other bytes than now.
    private func usedVersions(
        besides registry: Registry, _ document: (String) throws -> [UInt8]?
    ) rethrows -> [String: UsedVersions] {
        let current = Dictionary(
            registry.files.filter { $0.kind == "politique" }.map { ($0.path, $0.hash) },
            uniquingKeysWith: { first, _ in first })
        var used: [String: UsedVersions] = [:]
        var seen: Set<Inventory.Entry> = []
        var inventories: Set<String> = []
        for period in periods where inventories.insert(period.mark.inventory).inserted {
            guard let bytes = try document(period.mark.inventory),
                let inventory = Inventory(bytes)
            else { continue }
            for entry in inventory.entries {
                guard let hash = current[entry.path], seen.insert(entry).inserted else { continue }
                if entry.hash == hash {
                    used[entry.path, default: UsedVersions()].wasInForceItself = true
                } else if let bytes = try document(entry.hash),
                    let version = UsedVersions.version(of: bytes)
                {
                    used[entry.path, default: UsedVersions()].note(
                        version, hash: entry.hash, since: period.since)
                }
            }
        }
        return used
    }
}

/// The versions of one policy that were in force with other bytes than the document at hand.
private struct UsedVersions {
    struct Use {
        let hash: String
        let since: Timestamp
    }

    /// Whether these very bytes were in force: then they may be so again, whatever their number.
    var wasInForceItself = false
    private var uses: [Int: Use] = [:]

    mutating func note(_ version: Int, hash: String, since: Timestamp) {
        if uses[version] == nil { uses[version] = Use(hash: hash, since: since) }
    }

    /// The version of a document that could be asked under; nil for a draft, which nobody used.
    static func version(of bytes: [UInt8]) -> Int? {
        guard let root = try? parseJSON(bytes),
            root["etat"]?.string != Policy.State.brouillon.rawValue
        else { return nil }
        return root["version"]?.integer.map { Int($0) }
    }

    /// Why a document of that version may not come into force.
    ///
    /// Its bytes alone make a version: what was in force comes back as it was. Other bytes take a
    /// number above all that were used, since whoever reads the journal takes the higher number
    /// for the later text.
    func mistake(of file: SetFile, version: Int) -> JSONMistake? {
        guard let place = versionPlace(of: file), !wasInForceItself,
            let highest = uses.keys.max(), version <= highest
        else { return nil }
        let remedy = "Changez « version » : écrivez \(highest + 1)."
        if let use = uses[version] {
            return place.mistake(
                "La version \(version) a été en vigueur à partir du \(use.since.parisDate.text) "
                    + "avec un autre contenu (empreinte \(use.hash.prefix(12))…).",
                remedy: remedy)
        }
        return place.mistake(
            "La version \(version) n'a jamais été en vigueur, et la version \(highest) l'a été.",
            remedy: remedy)
    }

    private func versionPlace(of file: SetFile) -> JSONPlace? {
        (try? parseJSON(file.bytes)).flatMap {
            try? JSONPlace(root: $0).anyObject().required("version")
        }
    }
}

extension Registry {
    /// The policy that a file states.
    fileprivate func policy(of file: SetFile) -> Policy? {
        let names = file.path.split(separator: "/")
        guard names.count == 4 else { return nil }
        return PurposeID("\(names[1])/\(names[2])").flatMap { policies[$0] }
    }
}
