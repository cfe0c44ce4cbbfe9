import Testing
import Vocabulary

@testable import Journal

@Suite struct `An audit` {
    @Test func `counts what became of each field, leaf by leaf`() throws {
        var statistics = FieldStatistics(catalogue: Sample.catalogue)
        var whole = try Sample.decision()
        whole.verdict = .refused
        whole.requested = RecordedFields(["quotient_familial.enfants[]"], known: Sample.names)
        whole.refused = [RefusedField(field: nil, reason: .destinataireNonHabilite)]
        var partly = try Sample.decision()
        partly.verdict = .refused
        partly.refused = [
            RefusedField(field: .known("revenu_fiscal.nombre_parts"), reason: .champHorsFinalite)
        ]
        for record in [
            JournalRecord.decision(try Sample.decision()), .outcome(try Sample.outcome()),
            .decision(whole), .decision(partly),
        ] {
            statistics.add(record)
        }
        let expected = """
            champ,demande,remis,refuse,manquant,jamais_demande\r
            quotient_familial.enfants[].prenoms,1,0,1,0,non\r
            quotient_familial.enfants[].sexe,1,0,1,0,non\r
            quotient_familial.valeur,0,0,0,0,oui\r
            revenu_fiscal.annee_revenus,0,0,0,0,oui\r
            revenu_fiscal.nombre_parts,2,1,1,0,non\r
            revenu_fiscal.revenu_fiscal_reference@seuil.plus,2,0,0,1,non\r

            """
        #expect(statistics.text(.csv) == expected)
        #expect(statistics.text(.table).split(separator: "\n").count == 7)
        #expect(
            statistics.text(.json).hasPrefix(
                #"{"champs":[{"champ":"quotient_familial.enfants[].prenoms","demande":1,"#))
    }

    @Test func `shows a decision in sentences that name no person`() throws {
        let text = try stored(Draft(Sample.decision())).text
        let expected = """
            42  2026-11-21T00:04:27Z  décision : permise
                échange 01a1fb6b-2b73-7ff4-8fec-9beae13cc3a6, service cnaf, \
            destinataire 13002526500013
                finalité cnaf/aide-logement (version 3, 4bf5122f3445…), mode franceconnect
                accès cnaf-2026, initiateur usager, client fc:cnaf, niveau eidas1, \
            identifiants numero_fiscal
                demandés : revenu_fiscal.nombre_parts, \
            revenu_fiscal.revenu_fiscal_reference@seuil.plus
                périodes : revenu_fiscal 2024
                comptes : personne-jour 2 sur 20
                dossier 9f475fe382e5e599… (compteurs-2026)
                personne baf30891bf1f83b5… (pseudonymes-2026)
            """
        #expect(text.hasPrefix(expected))
    }

    @Test func `shows an outcome with what was released, missing and dropped`() throws {
        let text = try stored(Draft(Sample.outcome(decision: 41))).text
        let expected = """
            42  2026-11-21T00:04:27Z  issue : partielle (décision 41)
                échange 01a1fb6b-2b73-7ff4-8fec-9beae13cc3a6, service cnaf, \
            destinataire 13002526500013
                finalité cnaf/aide-logement (version 3, 4bf5122f3445…), mode franceconnect
                dgfip, revenu_fiscal : indisponible (detenteur_trop_lent)
                dgfip, revenu_fiscal : repondu
                remis : revenu_fiscal.nombre_parts
                manquants : revenu_fiscal.revenu_fiscal_reference@seuil.plus (propre_a_la_personne)
                écartés : revenu_fiscal.annee_revenus, inconnu
            """
        #expect(text.hasPrefix(expected))
    }

    @Test func `gives the record itself in JSON, byte for byte`() throws {
        let record = try stored(Draft(Sample.decision()))
        #expect(record.json.hasSuffix(String(decoding: record.bytes, as: UTF8.self) + "}"))
        #expect(record.isIntact)
        let altered = try StoredRecord(
            bytes: record.bytes, salt: record.salt.reversed(), leaf: record.leaf)
        #expect(!altered.isIntact)
    }

    @Test func `looks at the records that its filter admits`() throws {
        let placed = try stored(Draft(Sample.decision())).placed
        let other = try #require(ServiceID("dss"))
        #expect(AuditFilter().admits(placed))
        #expect(AuditFilter(service: ServiceID("cnaf")).admits(placed))
        #expect(!AuditFilter(service: other).admits(placed))
        #expect(!AuditFilter(purpose: PurposeID("cnaf/rsa")).admits(placed))
        #expect(!AuditFilter(recipient: Siret("18003502400009")).admits(placed))
        // 21 November, 00:04 UTC is 01:04 in Paris, the same day; its eve is out.
        #expect(AuditFilter(from: CalendarDate("2026-11-21")).admits(placed))
        #expect(!AuditFilter(to: CalendarDate("2026-11-20")).admits(placed))
    }

    @Test func `finds a person under the keys of every year, and no homonym`() throws {
        let other = YearKey(year: 2027, secret: [UInt8](64..<96))
        let keyring = Keyring(
            pseudonyms: [YearKey(year: 2026, secret: [UInt8](0..<32)), other], counters: [other])
        var search = PersonSearch(Sample.pivot, keyring: keyring)
        var record = try Sample.decision(1)
        #expect(search.match(.decision(record)) == .person)
        #expect(search.match(.outcome(try Sample.outcome(1))) == .person)
        #expect(search.match(.outcome(try Sample.outcome(2))) == .none)
        record.person = keyring.person(
            Sample.pivot, at: Timestamp(milliseconds: 1_800_000_000_000))
        #expect(record.person?.key == "pseudonymes-2027")
        #expect(search.match(.decision(record)) == .person)
        record.person = keyring.person(pivot(["Anaïs", "Marie"]), at: Sample.instant)
        #expect(search.match(.decision(record)) == .none)
        record.person = keyring.person(pivot(["Anaïs"]), at: Sample.instant)
        #expect(search.match(.decision(record)) == .possibleHomonym)
        record.person = keyring.person(pivot(["Zoé"]), at: Sample.instant)
        #expect(search.match(.decision(record)) == .none)
        record.person = nil
        #expect(search.match(.decision(record)) == .none)
    }

    private func stored(_ draft: Draft) throws -> StoredRecord {
        let salt = [UInt8](1...32)
        let bytes = draft.record(index: 42, time: Sample.instant)
        let leaf = Leaf.hash(ofEntry: Leaf.entry(salt: salt, record: bytes))
        return try StoredRecord(bytes: bytes, salt: salt, leaf: leaf)
    }

    private func pivot(_ givenNames: [String]) -> PivotIdentity {
        PivotIdentity(
            birthName: "Éluard-Cœur", usageName: nil, givenNames: givenNames,
            birthDate: .year(1990), mayBePresumed: true, sex: .feminin,
            birthCountry: PivotIdentity.france, birthCommune: "2A004")
    }
}
