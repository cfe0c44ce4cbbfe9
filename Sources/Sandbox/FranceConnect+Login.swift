import HTTPMessages

extension FranceConnect {
    /// Shows the page on which somebody chooses whom to be.
    func authorize(_ request: DoubleRequest, at seconds: Int64) -> DoubleReply {
        let fields: FormFields?
        if request.head.method == .post {
            fields = request.form
        } else {
            fields = try? FormEncoding.parse(query: request.head.query)
        }
        guard let fields else {
            return ChoicePage.error(code: "Y030007", message: "La demande n'est pas lisible.")
        }
        do {
            let wanted = try AuthorizationRequest.read(
                fields, clients: clients, known: knownScopes)
            let id = randomText()
            state.remember(
                FranceConnectState.Interaction(
                    request: wanted, endsAt: seconds + Self.interactionLife),
                as: id, at: seconds)
            let page = ChoicePage(
                interaction: id, service: clients[wanted.clientID]?.title ?? wanted.clientID,
                scopes: wanted.scopes, people: town.people.filter(\.usesFranceConnect))
            return page.reply
        } catch {
            return reply(to: error)
        }
    }

    /// Takes the choice, opens the session and sends the browser back with a code.
    func choose(
        _ request: DoubleRequest, interaction id: String, issuer: String, at seconds: Int64
    ) -> DoubleReply {
        guard let interaction = state.takeInteraction(id, at: seconds), let form = request.form
        else {
            return ChoicePage.error(
                code: "Y000400", message: "Cette connexion est terminée ou expirée.")
        }
        let wanted = interaction.request
        guard let personID = form.only("personne") else {
            return reply(
                to: .redirect(
                    uri: wanted.redirectURI, state: wanted.state, error: "access_denied",
                    description: "User auth aborted"))
        }
        guard let person = town.person(personID), person.usesFranceConnect else {
            return ChoicePage.error(
                code: "Y010004", message: "FranceConnect ne connaît pas cette personne.")
        }
        let sessionID = randomText()
        state.open(
            FranceConnectState.Session(
                personID: person.id, clientID: wanted.clientID, scopes: wanted.scopes,
                nonce: wanted.nonce, acr: wanted.acr, startedAt: seconds),
            as: sessionID)
        let code = randomText()
        state.remember(
            FranceConnectState.Code(
                sessionID: sessionID, redirectURI: wanted.redirectURI,
                challenge: wanted.challenge, endsAt: seconds + Self.codeLife),
            as: code)
        return redirect(
            to: wanted.redirectURI,
            [("code", code), ("state", wanted.state), ("iss", issuer)])
    }

    /// Ends the session that an id token names.
    func endSession(_ request: DoubleRequest) -> DoubleReply {
        guard let hint = request.parameter("id_token_hint"),
            let claims = verifiedClaims(of: hint), let sessionID = claims["sid"],
            let client = claims["aud"].flatMap({ clients[$0] })
        else {
            return ChoicePage.error(code: "Y046CD1", message: "id_token_hint n'est pas valable.")
        }
        state.close(sessionID)
        guard let target = request.parameter("post_logout_redirect_uri"),
            client.postLogoutURIs.contains(target)
        else {
            return ChoicePage.page(200, title: "Vous êtes déconnecté", body: "")
        }
        return redirect(
            to: target, request.parameter("state").map { [("state", $0)] } ?? [])
    }

    private func reply(to refusal: AuthorizationRequest.Refusal) -> DoubleReply {
        switch refusal {
        case .page(let code, let message):
            ChoicePage.error(code: code, message: message)
        case .redirect(let uri, let state, let error, let description):
            redirect(
                to: uri,
                [("error", error), ("error_description", description), ("state", state)])
        }
    }

    private func redirect(to uri: String, _ fields: [(String, String)]) -> DoubleReply {
        let separator = uri.contains("?") ? "&" : "?"
        let query = fields.isEmpty ? "" : separator + FormEncoding.serialize(fields)
        return DoubleReply(
            303,
            headers: [
                (name: "Location", value: uri + query), (name: "Cache-Control", value: "no-store"),
            ])
    }
}
