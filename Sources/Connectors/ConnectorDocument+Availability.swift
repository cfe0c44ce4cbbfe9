import JSONText
package import Vocabulary

/// Since when a mode answers, as its connector announces it.
package struct ModeAvailability: Sendable, Hashable {
    /// The days that a connector announces; an environment that it leaves out is not open.
    package struct Dates: Sendable, Hashable {
        package let sandbox: CalendarDate?
        package let production: CalendarDate?
    }

    /// Nil where nothing is announced: the mode answers wherever it is served.
    package let announced: Dates?

    /// The first day on which the mode answers in an environment.
    package func opening(in environment: HolderEnvironment) -> OpeningDay {
        guard let announced else { return .always }
        let date =
            switch environment {
            case .sandbox: announced.sandbox
            case .production: announced.production
            }
        return date.map { .from($0) } ?? .never
    }

    /// Whether the mode answers in an environment on a day.
    package func isOpen(in environment: HolderEnvironment, on today: CalendarDate) -> Bool {
        switch opening(in: environment) {
        case .always: true
        case .from(let date): date <= today
        case .never: false
        }
    }
}

/// When a mode opens.
package enum OpeningDay: Sendable, Hashable {
    case always
    case from(CalendarDate)
    case never
}

extension Connector {
    /// Since when a mode answers; nil where the connector does not describe it.
    package func availability(of mode: Mode) -> ModeAvailability? {
        modes[mode]?.availability
    }

    /// What each mode serves in an environment: those that open there at some day, with that day.
    ///
    /// Without an environment every mode that is described is served, for whoever only reads the
    /// documents.
    package func services(in environment: HolderEnvironment?) -> [HolderService] {
        guard let environment else { return services }
        return services.compactMap { service in
            switch availability(of: service.mode)?.opening(in: environment) ?? .never {
            case .always: service
            case .from(let date): service.opening(on: date)
            case .never: nil
            }
        }
    }
}

extension ConnectorDocumentReader {
    /// Reads « disponibilite » of a mode.
    mutating func availability(_ place: JSONPlace?) -> ModeAvailability {
        guard let object = mistakes.object(place, ConnectorMembers.availability) else {
            return ModeAvailability(announced: nil)
        }
        func date(_ place: JSONPlace) throws(JSONMistake) -> CalendarDate {
            guard let date = CalendarDate(try place.string(maxBytes: 10)) else {
                throw place.mistake(
                    "Ce n'est pas une date.", remedy: "Écrivez-la « AAAA-MM-JJ ».")
            }
            return date
        }
        return ModeAvailability(
            announced: ModeAvailability.Dates(
                sandbox: mistakes.optional(
                    object, HolderEnvironment.sandbox.rawValue, date),
                production: mistakes.optional(
                    object, HolderEnvironment.production.rawValue, date)))
    }
}

extension ConnectorMembers {
    static let availability = HolderEnvironment.allCases.map(\.rawValue)
}

extension ConnectorSchema {
    static let availability = JSONSchema.object(
        "Depuis quand ce mode répond, par environnement ; un environnement omis n'est pas ouvert.",
        ConnectorMembers.availability,
        [
            HolderEnvironment.sandbox.rawValue: .date("Le premier jour dans le bac à sable."),
            HolderEnvironment.production.rawValue: .date("Le premier jour en production."),
        ])
}
