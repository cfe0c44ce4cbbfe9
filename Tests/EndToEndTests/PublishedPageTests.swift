import Foundation
import HTTPMessages
import Platform
import Testing

extension `The demonstration` {
    /// What anybody reads, over HTTP and as an export.
    @Suite struct `A published document` {
        private static let paths = [
            "/finalites", "/finalites/cnaf/rsa", "/v1/finalites", "/v1/finalites/cnaf/rsa",
            "/v1/finalites/cnaf/rsa/openapi.json", "/v1/finalites/cnaf/rsa/schema-demande.json",
            "/v1/finalites/cnaf/rsa/schema-reponse.json", "/v1/finalites/cnaf/rsa/notice",
            "/v1/finalites/cnaf/rsa/notice.html", "/v1/finalites/cnaf/rsa/notice.json",
            "/v1/finalites/cnaf/rsa/odrl.jsonld",
            "/v1/finalites/cnaf/rsa/rgpd-30.csv", "/v1/finalites/cnaf/rsa/rgpd-30.json",
            "/v1/registre.json", "/v1/registre.csv", "/v1/registre.html",
        ]

        /// A cache asks once, then only whether anything changed.
        @Test(arguments: paths)
        func `is tagged by its hash, and is not sent twice`(path: String) async throws {
            let demo = try await Shared.demo
            let first = try await demo.send(.get, demo.gateway + path)
            #expect(first.status == 200)
            #expect(first.headers["Cache-Control"] == "public, max-age=300")
            #expect(first.headers["X-Content-Type-Options"] == "nosniff")
            let isHTML = first.headers["Content-Type"]?.hasPrefix("text/html") == true
            let policy = first.headers["Content-Security-Policy"]
            #expect((policy?.hasPrefix("default-src 'none'; ") == true) == isHTML)
            let tag = try #require(first.headers["ETag"])
            let again = try await demo.send(
                .get, demo.gateway + path, headers: [("If-None-Match", "\"x\", W/\(tag)")])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again.headers["ETag"] == tag)
            let other = try await demo.send(
                .get, demo.gateway + path, headers: [("If-None-Match", "\"x\"")])
            #expect(other.body == first.body)
            let head = try await demo.send(.head, demo.gateway + path)
            #expect(head.status == 200)
            #expect(head.headers["ETag"] == tag)
            #expect(head.body.isEmpty)
        }

        @Test func `that does not exist is the catalogue's, or a page that can be read`()
            async throws
        {
            let demo = try await Shared.demo
            for path in ["/v1/finalites/cnaf/rsaa/notice", "/finalites/cnaf/rsaa"] {
                let reply = try await demo.send(.get, demo.gateway + path)
                #expect(reply.status == 404)
                #expect(reply.member("code") == "ressource_inconnue")
                #expect(reply.member("detail")?.contains("« cnaf/rsa »") == true)
                let page = try await demo.send(
                    .get, demo.gateway + path, headers: [("Accept", "text/html,*/*")])
                #expect(page.status == 404)
                #expect(page.headers["Content-Type"]?.hasPrefix("text/html") == true)
                #expect(page.text.contains("<h1>Cette page n&#39;existe pas</h1>"))
            }
            let hostile = try await demo.send(
                .get, demo.gateway + "/finalites/cnaf/%3Cscript%3E",
                headers: [("Accept", "text/html")])
            #expect(hostile.status == 404)
            #expect(!hostile.text.contains("<script"))
            let written = try await demo.send(
                .post, demo.gateway + "/v1/registre.json",
                headers: [("Content-Type", "application/json")], body: Array("{}".utf8))
            #expect(written.status == 405)
        }

        /// Every page, every link of every page; then the ODRL agreements and the tables, as
        /// their own standards have them.
        @Test(.enabled(if: hasPython, "apt-get install python3"))
        func `follows its standard, and every link leads somewhere`() async throws {
            let demo = try await Shared.demo
            let outcome = try Shell.run(
                "python3 -c \"$SCRIPT\"",
                ["SCRIPT": pageReading + servedReading, "BASE": demo.gateway])
            #expect(outcome.status == 0, "\(outcome.output)")
        }

        /// The export is the same set as files, which work wherever they lie.
        @Test(.enabled(if: hasPython, "apt-get install python3"))
        func `is exported with links that lead to files`() throws {
            let folder = try Files.temporaryDirectory(prefix: "dlnuf-public")
            defer { try? Files.removeTree(folder) }
            let outcome = try Program.run(["policies", "publish", "--vers", "\(folder)/site"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("8 finalités"))
            let check = try Shell.run(
                "python3 -c \"$SCRIPT\"",
                ["SCRIPT": pageReading + exportReading, "BASE": "\(folder)/site"])
            #expect(check.status == 0, "\(check.output)")
        }
    }
}

@Suite struct `The commands of publication` {
    @Test func `print a notice, and say what is wrong otherwise`() throws {
        let text = try Program.run(["policies", "notice", "dss/simulation-droits"])
        #expect(text.status == 0)
        #expect(text.output.hasPrefix("Vos données et la démarche"))
        let html = try Program.run(
            ["policies", "notice", "cnaf/rsa", "--html", "--mode", "identite"])
        #expect(html.output.hasPrefix("<section class=\"dlnuf-notice\" lang=\"fr\""))
        #expect(!html.output.contains("FranceConnect a vérifiée"))
        let wrong = try Program.run(["policies", "notice", "cnaf/rsaa"])
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("Vouliez-vous dire « cnaf/rsa » ?"))
        let mode = try Program.run(
            ["policies", "notice", "minarm/recensement-citoyen", "--mode", "franceconnect"])
        #expect(mode.status == 64)
        #expect(mode.errors.contains("Choisissez parmi : identite."))
    }

    @Test func `print the register of a day`() throws {
        let csv = try Program.run(
            ["policies", "registre", "--format", "csv", "--date", "2026-06-30"])
        #expect(csv.status == 0)
        #expect(csv.output.contains("DLNUF-2026-0007"))
        let json = try Program.run(["policies", "registre", "--date", "2026-07-01"])
        #expect(!json.output.contains("DLNUF-2026-0007"))
        #expect(json.output.contains("\"en_vigueur_le\":\"2026-07-01\""))
        #expect(try Program.run(["policies", "registre", "--date", "hier"]).status == 64)
        #expect(try Program.run(["policies", "registre", "--format", "pdf"]).status == 64)
    }
}

private let hasPython: Bool = {
    (try? Shell.run("python3 -c 'import html.parser'"))?.status == 0
}()

/// Reads a page as a browser's parser does, and refuses what a reader of screens would stumble on.
private let pageReading = """
    import csv, io, json, os, posixpath, re, sys, urllib.parse, urllib.request
    from html.parser import HTMLParser
    VOID = {"meta", "br", "link", "img", "input", "hr"}
    class Page(HTMLParser):
        def __init__(self, name):
            super().__init__()
            self.name, self.open, self.links, self.ids = name, [], [], set()
            self.headings, self.title, self.lang = [], 0, None
        def fail(self, text): sys.exit(f"{self.name}: {text}")
        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            if tag in {"script", "img", "link", "iframe", "form", "object"}: self.fail(f"<{tag}>")
            if any(n == "style" or n.startswith("on") for n in values): self.fail(f"{values}")
            if tag == "html": self.lang = values.get("lang")
            if tag == "title": self.title += 1
            if tag == "th" and "scope" not in values: self.fail("<th> without scope")
            if re.fullmatch("h[1-6]", tag):
                level = int(tag[1])
                if self.headings and level > self.headings[-1] + 1: self.fail(f"{tag} jumps")
                self.headings.append(level)
            if "id" in values:
                if values["id"] in self.ids: self.fail(f"two ids {values['id']}")
                self.ids.add(values["id"])
            if tag == "a": self.links.append(values["href"])
            if tag not in VOID: self.open.append(tag)
        def handle_endtag(self, tag):
            if not self.open or self.open.pop() != tag: self.fail(f"</{tag}> out of place")
    def read(name, text, whole):
        page = Page(name)
        page.feed(text)
        page.close()
        if page.open: page.fail(f"left open: {page.open}")
        if whole:
            if not text.startswith("<!DOCTYPE html>"): page.fail("no doctype")
            if page.lang != "fr" or page.title != 1: page.fail("no language or title")
            if page.headings.count(1) != 1: page.fail(f"headings {page.headings}")
            if "viewport" not in text: page.fail("no viewport")
        return page
    """

/// Follows the pages of a gateway.
private let servedReading = """

    base = os.environ["BASE"]
    def get(path):
        with urllib.request.urlopen(base + path) as reply:
            return reply.headers, reply.read().decode()
    seen, waiting = set(), ["/finalites", "/v1/registre.html"]
    while waiting:
        path = waiting.pop()
        if path in seen: continue
        seen.add(path)
        headers, text = get(path)
        if not headers["Content-Type"].startswith("text/html"): continue
        page = read(path, text, not path.endswith("notice.html"))
        for link in page.links:
            target = urllib.parse.urljoin(path, link)
            if target.startswith("https://"): continue
            target, _, fragment = target.partition("#")
            if fragment and fragment not in page.ids: page.fail(f"{link} leads nowhere")
            waiting.append(target)
    if len(seen) < 84: sys.exit(f"only {len(seen)} documents: {sorted(seen)}")
    purposes = [p["finalite"] for p in json.loads(get("/v1/finalites")[1])["finalites"]]
    if len(purposes) != 8: sys.exit(f"{purposes}")
    # The information model of ODRL 2.2: which classes, which cardinalities.
    ACTIONS = {"use", "inform", "delete"}
    LEFT = {"purpose", "elapsedTime", "event", "dateTime"}
    OPERATORS = {"eq", "neq", "lt", "lteq", "gt", "gteq", "isA", "isAnyOf", "isNoneOf"}
    def party(node, name):
        if isinstance(node, list): sys.exit(f"{name}: more than one party of a function")
        if node["@type"] not in {"Party", "PartyCollection"} or not node["uid"]: sys.exit(name)
        if node["@type"] == "PartyCollection" and len(node["membres"]) < 2: sys.exit(name)
    def rule(node, name, needsTarget=True):
        if node["action"] not in ACTIONS: sys.exit(f"{name}: {node['action']}")
        if needsTarget and "target" not in node: sys.exit(f"{name}: no target")
        for constraint in node.get("constraint", []):
            if constraint["leftOperand"] not in LEFT: sys.exit(f"{name}: {constraint}")
            if constraint["operator"] not in OPERATORS: sys.exit(f"{name}: {constraint}")
            right = constraint["rightOperand"]
            if not (right.get("@id") or right.get("@value")): sys.exit(f"{name}: {constraint}")
    for purpose in purposes:
        policy = json.loads(get(f"/v1/finalites/{purpose}/odrl.jsonld")[1])
        description = json.loads(get(f"/v1/finalites/{purpose}")[1])
        if policy["@context"][0] != "http://www.w3.org/ns/odrl.jsonld": sys.exit(purpose)
        if policy["@type"] != "Agreement" or not policy["uid"]: sys.exit(purpose)
        if policy["conflict"] not in {"perm", "prohibit", "invalid"}: sys.exit(purpose)
        if len(policy["permission"]) != len(description["champs"]): sys.exit(purpose)
        for permission in policy["permission"]:
            rule(permission, purpose)
            if permission["target"]["@type"] != "Asset": sys.exit(purpose)
            party(permission["assigner"], purpose)
            party(permission["assignee"], purpose)
            if permission["constraint"][0]["rightOperand"]["@id"] != f"/v1/finalites/{purpose}":
                sys.exit(f"{purpose}: not under its purpose")
            for duty in permission.get("duty", []): rule(duty, purpose)
        for other in policy["prohibition"] + policy["obligation"]: rule(other, purpose)
        isProactive = description["type"] == "proactif"
        forbidsFraud = "PublicServiceFraudPreventionDetection" in json.dumps(policy)
        if isProactive != forbidsFraud: sys.exit(f"{purpose}: fraud")
        line = list(csv.reader(io.StringIO(get(f"/v1/finalites/{purpose}/rgpd-30.csv")[1])))
        record = json.loads(get(f"/v1/finalites/{purpose}/rgpd-30.json")[1])
        if len(line) != 2 or line[0] != list(record): sys.exit(f"{purpose}: article 30")
        for name in ["responsables_de_traitement", "categories_de_personnes", "base_legale",
                     "categories_de_donnees", "duree_de_conservation", "mesures_de_securite"]:
            if not record[name] or not all(record[name]): sys.exit(f"{purpose}: {name}")
    rows = list(csv.DictReader(io.StringIO(get("/v1/registre.csv")[1])))
    register = json.loads(get("/v1/registre.json")[1])
    if {r["finalite"] for r in rows} != set(purposes): sys.exit("the table's purposes")
    if [e["finalite"] for e in register["echanges"]] != sorted(purposes): sys.exit("the register")
    if not all(r["bases_legales"] and r["destinataire"] and r["champs"] for r in rows):
        sys.exit("the register has holes")
    """

/// Follows the pages of an export.
private let exportReading = """

    base, count = os.environ["BASE"], 0
    for folder, _, names in os.walk(base):
        for name in names:
            path = os.path.join(folder, name)
            count += 1
            if not name.endswith(".html"): continue
            page = read(path, open(path, newline="").read(), name != "notice.html")
            for link in page.links:
                if link.startswith("https://") or link.startswith("#"): continue
                target = posixpath.normpath(posixpath.join(folder, link))
                if not os.path.isfile(target): page.fail(f"{link} leads nowhere")
    if count != 93: sys.exit(f"{count} files")
    """
