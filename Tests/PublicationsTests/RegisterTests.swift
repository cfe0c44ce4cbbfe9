import JSONText
import Policies
import Publications
import Testing
import Vocabulary

@Suite struct `The public register` {
    @Test func `reads as its golden file`() throws {
        let register = ExchangeRegister(try Shipped.policies(), on: Shipped.day)
        try expectGolden(register.csv, "registre.csv")
    }

    /// One habilitation of the RSA ended on 30 June 2026.
    @Test func `holds what is in force on its day`() throws {
        let policies = try Shipped.policies()
        let before = ExchangeRegister(
            policies, on: try #require(CalendarDate("2026-06-30")))
        let after = ExchangeRegister(policies, on: try #require(CalendarDate("2026-07-01")))
        #expect(before.csv.contains("DLNUF-2026-0007"))
        #expect(!after.csv.contains("DLNUF-2026-0007"))
        #expect(after.purposes.count == 8)
        let never = ExchangeRegister(policies, on: try #require(CalendarDate("2030-01-01")))
        #expect(never.purposes.isEmpty)
        #expect(
            never.page(PublishedLinks(isExport: false)).contains("Aucun échange n&#39;est"))
    }

    @Test func `leaves out a purpose that is not active`() throws {
        let policies = try Shipped.policies { name, text in
            name == "cnaf/rsa"
                ? text.replacing("\"etat\": \"active\"", with: "\"etat\": \"suspendue\"") : text
        }
        let register = ExchangeRegister(policies, on: Shipped.day)
        #expect(!register.purposes.contains { $0.policy.id.text == "cnaf/rsa" })
        let list = String(decoding: PublicPurposes(policies).json, as: UTF8.self)
        #expect(list.contains("\"etat\":\"suspendue\""))
    }

    @Test func `says the same in JSON as in CSV`() throws {
        let register = ExchangeRegister(try Shipped.policies(), on: Shipped.day)
        let root = try parseJSON(register.json)
        let exchanges = try #require(root["echanges"]?.elements)
        let rows = exchanges.map { exchange in
            (exchange["destinataires"]?.elements?.count ?? 0)
                * (exchange["donnees"]?.elements?.count ?? 0)
        }
        let lines = register.csv.split(separator: "\r\n")
        #expect(lines.count == rows.reduce(1, +))
    }
}

@Suite struct `A table` {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+33", "'+33"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"),
        ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""),
        ("=A1,\"x\"", "\"'=A1,\"\"x\"\"\""), ("simple", "simple"), ("", ""),
    ])
    func `holds no formula, and quotes what RFC 4180 asks`(cell: String, written: String) {
        var writer = CSVWriter()
        writer.row([cell, "b"])
        #expect(writer.text == written + ",b\r\n")
    }
}

@Suite struct `HTML` {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\" onload=\"x", "&quot; onload=&quot;x"), ("l'eau & l'air", "l&#39;eau &amp; l&#39;air"),
        ("a\u{0}b\u{1B}c", "a\u{FFFD}b\u{FFFD}c"),
    ])
    func `escapes every text, in content and in attributes`(text: String, escaped: String) {
        var writer = HTMLWriter()
        writer.element("p", [("title", text)], text)
        #expect(writer.text == "<p title=\"\(escaped)\">\(escaped)</p>\n")
    }

    /// A hostile author of documents writes markup wherever a document takes a text.
    @Test func `never comes from a document`() throws {
        let policies = try Shipped.policies { _, text in
            text.replacing(
                "\"intitule\": \"", with: "\"intitule\": \"<script>alert(1)</script>\\\"'"
            )
            .replacing("\"justification\": \"", with: "\"justification\": \"<b onx=1>&")
            .replacing("\"contact\": \"", with: "\"contact\": \"<i>")
            .replacing("\"nom\": \"", with: "\"nom\": \"</title><img src=x>")
        }
        let links = PublishedLinks(isExport: false)
        let register = ExchangeRegister(policies, on: Shipped.day)
        var pages = [PublicPurposes(policies).page(links), register.page(links)]
        for description in register.purposes {
            let examples = PurposeExamples(requests: [], answer: "</code><s>", refusal: nil)
            pages.append(
                PurposePage(description, examples: examples, in: policies, links).html)
            let notice = UsagerNotice(
                of: description.policy.id, in: policies, on: Shipped.day)
            pages.append(try #require(notice).html)
        }
        for page in pages {
            for markup in ["<script", "<b ", "<i>", "<img", "<s>", "onx=1>"] {
                #expect(!page.contains(markup))
            }
        }
    }
}
