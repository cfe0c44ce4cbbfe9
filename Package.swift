// swift-tools-version: 6.2

import PackageDescription

#if canImport(Glibc)
    import Glibc
#endif

// The architecture, top to bottom.
// A module may use only modules of lower layers; a C library has exactly one owner.

let layers: [[Module]] = [
    // Programs: read the configuration, wire the parts, run.
    [
        .program(
            "DlnufCommand",
            uses: [
                "API", "Exchanges", "Publications", "Registrations", "Policies", "Connectors",
                "Identification", "Credentials", "Journal", "Onboarding", "Resilience",
                "Vocabulary", "HTTPServing", "HolderClients", "FranceConnectClient", "Storage",
                "Registry", "Reviews", "Sandbox", "Platform", "Curl", "HTTPMessages", "JOSE",
                "JSONText", "Cryptography",
            ]
        ),
        .program(
            "DlnufBench",
            uses: [
                "Connectors", "Identification",
                "Exchanges", "Journal", "Storage", "Policies", "Vocabulary", "Registry",
                "Platform", "Curl", "HTTPMessages", "JOSE", "JSONText", "Cryptography",
            ]
        ),
    ],
    // Doubles: the outside world as real HTTP servers, written apart from what it tests.
    [
        .module(
            "Sandbox",
            uses: [
                "HTTPServing", "Curl", "Platform", "HTTPMessages", "JSONText",
                "Cryptography",
            ]
        )
    ],
    // Edges: reach callers, holders, FranceConnect, disks.
    [
        .module(
            "HTTPServing", uses: ["Platform", "HTTPMessages", "Cryptography"], tests: ["Curl"]
        ),
        .module(
            "HolderClients",
            uses: [
                "Curl", "Platform", "Exchanges", "Policies", "Connectors", "Identification",
                "Journal", "Resilience", "Vocabulary", "HTTPMessages", "JOSE", "JSONText",
                "Cryptography",
            ],
            tests: ["HTTPServing"]
        ),
        .module(
            "FranceConnectClient",
            uses: [
                "Curl", "Platform", "Exchanges", "Identification", "Vocabulary", "HTTPMessages",
                "JOSE", "JSONText", "Cryptography",
            ],
            tests: ["Sandbox"]
        ),
        .module(
            "Storage",
            uses: [
                "SQLite", "Platform", "Exchanges", "Journal", "Credentials", "Vocabulary",
                "Cryptography",
            ]
        ),
        .module(
            "Registry",
            uses: [
                "Platform", "Onboarding", "Registrations", "Policies", "Connectors", "Journal",
                "Vocabulary", "JSONText", "Cryptography",
            ]
        ),
    ],
    // Drivers: own what the C libraries lend.
    [
        .module("Curl", uses: ["CCurl", "Platform", "HTTPMessages"]),
        .module("SQLite", uses: ["CSQLite"]),
    ],
    // Platform: owns what the operating system lends.
    [
        .module("Platform", uses: ["CLinux"])
    ],
    // ── Nothing below this line opens a socket, reads a file or asks the time. ──
    // Surfaces.
    [
        .module(
            "API",
            uses: [
                "Exchanges", "Publications", "Registrations", "Policies", "Connectors",
                "Identification", "Credentials", "Journal", "Resilience", "Vocabulary",
                "HTTPMessages", "JOSE", "JSONText", "Cryptography",
            ]
        ),
        .module(
            "Onboarding",
            uses: [
                "Publications", "Policies", "Connectors", "Identification", "Vocabulary",
                "HTTPMessages", "JSONText",
            ]
        ),
        .module(
            "Reviews",
            uses: ["Publications", "Policies", "Journal", "Vocabulary", "JSONText"],
            tests: ["API", "Exchanges", "Registry", "Cryptography"]
        ),
    ],
    // Use cases.
    [
        .module(
            "Exchanges",
            uses: ["Policies", "Journal", "Vocabulary"]
        ),
        .module("Publications", uses: ["Policies", "Vocabulary", "JSONText"]),
        .module(
            "Registrations",
            uses: ["Connectors", "Journal", "Vocabulary", "JSONText", "Cryptography"],
            tests: ["Policies"]
        ),
    ],
    // Decisions.
    [
        .module("Policies", uses: ["Vocabulary", "JSONText", "Cryptography"]),
        .module(
            "Connectors", uses: ["Resilience", "Vocabulary", "HTTPMessages", "JSONText"],
            tests: ["Policies", "Identification"]
        ),
        .module("Identification", uses: ["Vocabulary", "JOSE", "JSONText", "Cryptography"]),
        .module("Credentials", uses: ["Vocabulary", "JOSE", "JSONText", "Cryptography"]),
        .module("Journal", uses: ["Vocabulary", "JSONText", "Cryptography"]),
    ],
    // Ways to a holder.
    [
        .module("Resilience", uses: ["Vocabulary"])
    ],
    // Vocabulary.
    [
        .module("Vocabulary", uses: [])
    ],
    // Formats.
    [
        .module("HTTPMessages", uses: []),
        .module("JOSE", uses: ["JSONText", "Cryptography"]),
    ],
    // Text.
    [
        .module("JSONText", uses: [])
    ],
    // Primitives.
    [
        .module("Cryptography", uses: ["COpenSSL"])
    ],
    // C libraries.
    [
        .shim("CLinux"),
        .library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
        .library("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        .library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    ],
]

/// Test suites that belong to no single module.
let suites: [Suite] = [
    Suite(
        "EndToEndTests",
        uses: [
            "API", "Connectors", "Curl", "Cryptography", "DlnufCommand", "Exchanges",
            "HTTPMessages", "HTTPServing", "HolderClients", "JOSE", "JSONText", "Journal",
            "Platform", "Policies", "Registrations", "Registry", "Sandbox", "Storage",
            "SQLite", "Vocabulary",
        ]
    ),
    Suite("BenchTests", uses: ["DlnufBench", "Platform"]),
    Suite("TidyTests", uses: []),
]

/// What the test suites share, and nothing else may use: it draws random cases.
let testSupport = Target.target(
    name: "TestSupport", path: "Tests/TestSupport", swiftSettings: .strict)

let package = Package(
    name: "dlnuf",
    products: [
        .executable(name: "dlnuf", targets: ["DlnufCommand"]),
        .executable(name: "dlnuf-bench", targets: ["DlnufBench"]),
    ],
    targets: layers.targets() + suites.map(\.target) + [testSupport]
)

// MARK: - How the table becomes targets

/// One row of the table.
struct Module {
    enum Kind {
        case swift
        case program
        case shim
        case library(pkgConfig: String, apt: String)
    }

    let name: String
    let kind: Kind
    let uses: [String]
    let tests: [String]

    static func module(_ name: String, uses: [String], tests: [String] = []) -> Module {
        Module(name: name, kind: .swift, uses: uses, tests: tests)
    }

    static func program(_ name: String, uses: [String]) -> Module {
        Module(name: name, kind: .program, uses: uses, tests: [])
    }

    static func shim(_ name: String) -> Module {
        Module(name: name, kind: .shim, uses: [], tests: [])
    }

    static func library(_ name: String, pkgConfig: String, apt: String) -> Module {
        Module(name: name, kind: .library(pkgConfig: pkgConfig, apt: apt), uses: [], tests: [])
    }

    /// The target itself and, for a Swift module, the tests that it must have.
    var targets: [Target] {
        switch kind {
        case .shim:
            return [.systemLibrary(name: name)]
        case .library(let pkgConfig, let apt):
            return [.systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])]
        case .program:
            return [
                .executableTarget(
                    name: name,
                    dependencies: uses.map { .byName(name: $0) },
                    swiftSettings: .strict
                )
            ]
        case .swift:
            let visible = uses.filter { !isCLibrary($0) }
            return [
                .target(
                    name: name,
                    dependencies: uses.map { .byName(name: $0) },
                    swiftSettings: .strict
                ),
                .testTarget(
                    name: name + "Tests",
                    dependencies: ([name] + visible + tests + ["TestSupport"])
                        .map { .byName(name: $0) },
                    swiftSettings: .strict
                ),
            ]
        }
    }
}

/// A test suite across modules.
struct Suite {
    let name: String
    let uses: [String]

    init(_ name: String, uses: [String]) {
        self.name = name
        self.uses = uses
    }

    var target: Target {
        .testTarget(
            name: name,
            dependencies: (uses + ["TestSupport"]).map { .byName(name: $0) },
            swiftSettings: .strict
        )
    }
}

/// The C libraries' names, by the prefix that only they carry.
func isCLibrary(_ name: String) -> Bool {
    ["CLinux", "CCurl", "COpenSSL", "CSQLite", "CPostgres"].contains(name)
}

extension [[Module]] {
    /// All targets, once every arrow of the table has been found to point down.
    func targets() -> [Target] {
        var owners: [String: String] = [:]
        for (index, layer) in enumerated() {
            let below = Set(self[(index + 1)...].joined().map(\.name))
            for module in layer {
                for used in module.uses {
                    if !below.contains(used) {
                        reject("\(module.name) may not use \(used): it is not in a lower layer")
                    }
                    if isCLibrary(used),
                        let owner = owners.updateValue(module.name, forKey: used)
                    {
                        reject("\(module.name) may not use \(used): \(owner) owns it")
                    }
                }
            }
        }
        return joined().flatMap(\.targets)
    }
}

extension [SwiftSetting] {
    /// The settings of every Swift target.
    static var strict: [SwiftSetting] {
        [
            .swiftLanguageMode(.v6),
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .treatAllWarnings(as: .error),
        ]
    }
}

/// Stops any `swift` command with one line that says which arrow is wrong.
func reject(_ reason: String) -> Never {
    let line = "error: \(reason)\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
}
