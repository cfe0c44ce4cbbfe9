import HTTPMessages
import HTTPServing
import Platform

/// A double behind HTTP: notes the call, fails where it is told to, otherwise answers.
struct DoubleServer: HTTPHandler {
    /// What a double answers with; the fault is for those that fail in a way of their own.
    typealias Answer =
        @Sendable (DoubleRequest, Int64, Fault?, inout CallNote) async -> DoubleReply

    let target: String
    let faults: FaultBoard
    let log: CallLog
    let answer: Answer

    private static let bodyLimit = 1 << 20

    func respond(to failure: HTTPFailure) -> HTTPResponse {
        HTTPResponse(status: failure.status)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        let ticket = log.opened(
            target, method: request.head.method.rawValue, at: WallClock.milliseconds())
        let body: [UInt8]
        do {
            body = try await request.body.collect(limit: Self.bodyLimit)
        } catch {
            return closed(ticket, respond(to: error))
        }
        let asked = DoubleRequest(head: request.head, body: body)
        let now = WallClock.milliseconds()
        let entry = faults.entry(for: target, at: now)
        var note = CallNote()
        if let entry, entry.fault == .lent || entry.fault == .muet {
            // What a silent double was asked is noted before it falls silent.
            if entry.fault == .muet { note = await Self.note(of: asked, now, answer) }
            let noted = note
            log.update(ticket) { $0.note = noted }
            guard await pause(entry, ticket) else {
                log.update(ticket) { $0.abandoned = true }
                return HTTPResponse(status: 503)
            }
        }
        let reply = await answer(
            asked, WallClock.milliseconds(), entry?.fault, &note)
        note.confidences = asked.confidences(template: note.template)
        let noted = note
        log.update(ticket) { $0.note = noted }
        if let entry,
            let hostile = HostileAnswer.response(entry.fault, to: reply, every: entry.delay)
        {
            return closed(ticket, hostile)
        }
        return closed(ticket, Self.spoilt(reply, by: entry?.fault, request: asked))
    }

    /// What an answer would note, without the answer.
    private static func note(
        of request: DoubleRequest, _ now: Int64, _ answer: Answer
    ) async -> CallNote {
        var note = CallNote()
        _ = await answer(request, now, nil, &note)
        return note
    }

    /// Waits as the fault says; `false` when the caller has left meanwhile.
    private func pause(_ entry: FaultBoard.Entry, _ ticket: CallLog.Ticket?) async -> Bool {
        do {
            if entry.fault == .lent {
                try await EventLoop.wait(until: .now + entry.delay)
                return true
            }
            while faults.entry(for: target, at: WallClock.milliseconds())?.fault == .muet {
                try await EventLoop.wait(until: .now + .milliseconds(100))
            }
            return true
        } catch {
            return false
        }
    }

    private func closed(_ ticket: CallLog.Ticket?, _ response: HTTPResponse) -> HTTPResponse {
        log.update(ticket) { call in
            call.status = response.status
            call.abandoned = Task.isCancelled
        }
        return response
    }

    /// The response, or what a fault makes of it.
    private static func spoilt(
        _ reply: DoubleReply, by fault: Fault?, request: DoubleRequest
    ) -> HTTPResponse {
        switch fault {
        case .arret:
            HTTPResponse(status: 503, body: .stream(HTTPBodyStream { _ in throw Broken() }))
        case .coupe:
            HTTPResponse(
                status: reply.status, headers: HTTPHeaders(reply.headers),
                body: .stream(broken(reply.body)))
        case .erreur500:
            HTTPResponse(
                status: 500, contentType: "application/json",
                body: Document.members([
                    "erreur": .members(["code": "KO_TECHNIQUE", "message": "Erreur interne"])
                ]).bytes)
        case .illisible:
            HTTPResponse(
                status: 200, contentType: reply.header("Content-Type") ?? "application/json",
                body: Array("{\"rfr\":12,,\u{0}".utf8) + [0xFF, 0xFE] + reply.body.prefix(40))
        case .enorme:
            HTTPResponse(
                status: 200, headers: HTTPHeaders([("Content-Type", "application/json")]),
                body: .stream(endless))
        case .quota:
            HTTPResponse(
                status: 429, contentType: "application/json",
                body: Document.members([
                    "nextAccessTime": .string(instantText(WallClock.milliseconds() + 30_000))
                ]).bytes)
        case .maintenance:
            HTTPResponse(status: 503, headers: HTTPHeaders([("Retry-After", "3")]))
        case .secret where isTokenRequest(request):
            HTTPResponse(
                status: 401, contentType: "application/json",
                body: Document.members(["error": "invalid_client"]).bytes)
        case .jetonRefuse where !isTokenRequest(request):
            HTTPResponse(status: 401)
        case .identite:
            HTTPResponse(
                status: reply.status, headers: HTTPHeaders(reply.headers),
                body: .bytes(renamed(reply.body)))
        default:
            HTTPResponse(
                status: reply.status, headers: HTTPHeaders(reply.headers),
                body: .bytes(reply.body))
        }
    }

    private struct Broken: Error {}

    static func isTokenRequest(_ request: DoubleRequest) -> Bool {
        ["token", "access_token"].contains(request.route.segments.last)
    }

    private static func broken(_ body: [UInt8]) -> HTTPBodyStream {
        HTTPBodyStream(length: body.count + 1) { writer in
            try await writer.write(Array(body.prefix(body.count / 2)))
            throw Broken()
        }
    }

    /// The answer, with another birth name wherever there is one of somebody that we know.
    private static func renamed(_ body: [UInt8]) -> [UInt8] {
        var text = String(decoding: body, as: UTF8.self)
        for person in Town.standard.people {
            text =
                text.split(
                    separator: "\"\(plainCapitals(person.identity.birthName))\"",
                    omittingEmptySubsequences: false
                ).joined(separator: "\"QUELQU'UN-D'AUTRE\"")
        }
        return Array(text.utf8)
    }

    /// Thirty-two megabytes of JSON that could go on.
    private static let endless = HTTPBodyStream { writer in
        let piece = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 16)
        try await writer.write(Array("{\"remplissage\":[".utf8))
        for _ in 0..<512 { try await writer.write(piece) }
        try await writer.write(Array("]}".utf8))
    }
}
