import Foundation
import Platform
import Testing

/// Tokens bound to certificates, over TLS, with the system's own curl and openssl.
@Suite struct `A token bound to a certificate` {
    private static let authority = """
        cd "$DOSSIER"
        pair="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        openssl req -x509 $pair -keyout ac.key -out ac.pem -days 1 -subj /CN=AC 2>/dev/null
        for nom in serveur caf voleur; do
          openssl req $pair -keyout $nom.key -out $nom.csr -subj /CN=$nom 2>/dev/null
          echo subjectAltName=IP:127.0.0.1 > ext
          openssl x509 -req -in $nom.csr -CA ac.pem -CAkey ac.key -CAcreateserial -days 1 \\
            -extfile ext -out $nom.pem 2>/dev/null
        done
        """

    private static let ask = """
        curl -s --cacert "$DOSSIER/ac.pem" $CERT "$PASSERELLE/oauth2/token" \\
          -d grant_type=client_credentials -d client_assertion="$ASSERTION" -d \\
          client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer
        """

    private static let exchange = """
        curl -s --cacert "$DOSSIER/ac.pem" $CERT "$PASSERELLE/v1/echanges" --data-binary @- \\
          -H "Authorization: Bearer $JETON" -H 'Content-Type: application/json'
        """

    @Test func `is worth nothing on another's connection`() async throws {
        let deployment = try Deployment()
        let folder = deployment.folder
        let made = try Shell.run(Self.authority, ["DOSSIER": folder])
        try #require(made.status == 0, "\(made.output)")
        let plain = deployment.demo.gateway
        let url = plain.replacing("http://", with: "https://")
        let port = try #require(plain.split(separator: ":").last)
        let files = """
            {"certificat":"\(folder)/serveur.pem","cle":"\(folder)/serveur.key",\
            "autorites_clients":"\(folder)/ac.pem"}
            """
        try deployment.change("\"port\":\(port)", to: "\"port\":\(port),\"tls\":\(files)")
        try deployment.change("\"emetteur\":\"\(plain)\"", to: "\"emetteur\":\"\(url)\"")
        let config = ["--config", deployment.configuration]
        let entered = try Program.run(
            ["services", "key", "cnaf", "--certificat", "\(folder)/caf.pem", "--nom", "caf-cert"]
                + config)
        try #require(entered.status == 0, "\(entered.errors)")
        let serving = try deployment.serve()
        let demo = try TokenClient(deployment.demo, service: "cnaf")
        let client = TokenClient(
            demo: demo.demo, id: demo.id, keyID: demo.keyID, issuer: url, key: demo.key,
            proofKey: demo.proofKey)
        let curl = { (script: String, name: String?, more: [String: String], input: [UInt8]) in
            let certificate = name.map { "--cert \(folder)/\($0).pem --key \(folder)/\($0).key" }
            let variables = ["DOSSIER": folder, "PASSERELLE": url, "CERT": certificate ?? ""]
            return try Shell.run(script, variables.merging(more) { $1 }, input: input).output
        }
        let assertion = { try ["ASSERTION": client.assertion()] }
        #expect(try curl(Self.ask, nil, assertion(), []).contains("liaison_absente"))
        #expect(try curl(Self.ask, "voleur", assertion(), []).contains("certificat_autre"))
        let answer = try curl(Self.ask, "caf", assertion(), [])
        let found = answer.firstMatch(of: /"access_token":"([^"]+)","token_type":"Bearer"/)
        let token = ["JETON": String(try #require(found, "\(answer)").1)]
        let body = try deployment.demo.example("revenu-fiscal-identite").body
        #expect(try curl(Self.exchange, "caf", token, body).contains("\"statut\":\"complet\""))
        #expect(try curl(Self.exchange, nil, token, body).contains("certificat_absent"))
        #expect(try curl(Self.exchange, "voleur", token, body).contains("certificat_autre"))
        #expect(try Program.run(["services", "revoke", "caf-cert"] + config).status == 0)
        #expect(try curl(Self.exchange, "caf", token, body).contains("titre_revoque"))
        serving.signal(SIGTERM)
        #expect(serving.end() == 0)
        #expect(
            try deployment.records().contains {
                $0.record.contains("\"titre\":\"jeton_certificat\"")
            })
    }
}
