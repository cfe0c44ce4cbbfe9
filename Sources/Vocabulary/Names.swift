/// A name of the catalogue: a data set, a holder, a service.
///
/// Lower-case ASCII letters, digits, `_` and `-`, 1 to 64 bytes, beginning with a letter: such a
/// name is safe in a path, a log line and a metric label, and says nothing of a person.
package protocol CatalogueName: Hashable, Comparable, Sendable, CustomStringConvertible {
    var text: String { get }
    init(checked text: String)
}

extension CatalogueName {
    /// The name, or nil where the text is none.
    package init?(_ text: String) {
        guard isCatalogueName(text) else { return nil }
        self.init(checked: text)
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool {
        left.text < right.text
    }
}

/// Whether a text has the form of a catalogue name.
package func isCatalogueName(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, (97...122).contains(first), bytes.count <= 64 else {
        return false
    }
    return bytes.allSatisfy { byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 95 || byte == 45
    }
}

/// A data set (jeu de données): `revenu_fiscal`.
package struct DatasetID: CatalogueName {
    package let text: String
    package init(checked text: String) { self.text = text }
}

/// A data holder (détenteur): `dgfip`.
package struct HolderID: CatalogueName {
    package let text: String
    package init(checked text: String) { self.text = text }
}

/// A service provider (fournisseur de services): `cnaf`.
package struct ServiceID: CatalogueName {
    package let text: String
    package init(checked text: String) { self.text = text }
}

/// A purpose (finalité), named under its service: `cnaf/aide-logement`.
package struct PurposeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let service: ServiceID
    package let name: String

    package init(service: ServiceID, name: String) {
        self.service = service
        self.name = name
    }

    /// The purpose that a text of the form `service/finalite` names, or nil where it names none.
    package init?(_ text: String) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")),
            let service = ServiceID(String(text[..<slash]))
        else { return nil }
        let name = String(text[text.utf8.index(after: slash)...])
        guard isCatalogueName(name) else { return nil }
        self.init(service: service, name: name)
    }

    package var text: String { "\(service.text)/\(name)" }
    package var description: String { text }

    package static func < (left: PurposeID, right: PurposeID) -> Bool {
        left.text < right.text
    }
}

/// The client identifier of a service at FranceConnect, as the deployment knows it.
///
/// Policies name a client by a symbol (`fc:cnaf`); the deployment binds the symbol to the
/// identifier that FranceConnect gave.
package struct FranceConnectClient: Hashable, Sendable {
    package let symbol: String

    package init(symbol: String) {
        self.symbol = symbol
    }
}
