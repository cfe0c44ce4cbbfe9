internal import CCurl
internal import HTTPMessages
internal import Platform

/// One libcurl easy handle and the transfer it carries; used again for later transfers.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    var suspension: Suspension<TransferResult>?
    var deadline: TimerHandle?
    var firstByte: TimerHandle?
    var place = 0

    private unowned let driver: MultiDriver
    private var list: UnsafeMutablePointer<curl_slist>?
    private var trusted = ""
    private var identity: ClientCertificate?
    private var rule: AddressRule
    private var allowsPlain: Bool?
    private var maxBytes = 0
    private var headers = HTTPHeaders()
    private var headBytes = 0
    private var headFields = 0
    private var isHeadComplete = false
    private var body: [UInt8] = []
    private var isAddressRefused = false
    private var isTooLarge = false
    private var isMalformed = false

    init(driver: MultiDriver) throws(TransferError) {
        guard let easy = curl_easy_init() else { throw TransferError(.failed) }
        self.driver = driver
        self.easy = easy
        rule = driver.configuration.addressRule
        let isAccepted = setLimits() && setTrust() && setCallbacks()
        guard isAccepted else {
            curl_easy_cleanup(easy)
            throw TransferError(.failed)
        }
    }

    /// Gives the handle back; it must not be in the multi handle any more.
    func release() {
        curl_easy_cleanup(easy)
    }

    // MARK: - Options that never change

    private func setLimits() -> Bool {
        let configuration = driver.configuration
        return set(CURLOPT_NOSIGNAL, 1)
            && set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
            && set(CURLOPT_FOLLOWLOCATION, 0)
            && set(CURLOPT_HTTP09_ALLOWED, 0)
            && set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
            && set(CURLOPT_PATH_AS_IS, 1)
            && set(CURLOPT_HTTP_VERSION, ccurl_http11)
            && set(CURLOPT_TCP_NODELAY, 1)
            && set(CURLOPT_TCP_KEEPALIVE, 1)
            && set(CURLOPT_BUFFERSIZE, 16_384)
            // The environment's proxies would otherwise be obeyed.
            && set(CURLOPT_PROXY, "")
            && set(CURLOPT_NOPROXY, "*")
            && set(CURLOPT_NETRC, ccurl_netrc_ignored)
            && set(CURLOPT_MAXAGE_CONN, milliseconds(configuration.maxIdleTime) / 1000)
            // Leaving a name lookup must not wait for its thread: that would stop the loop.
            && set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setTrust() -> Bool {
        // A default folder of authorities would disable the cache of the parsed file, and cost
        // 15 ms a connection.
        ccurl_set_pointer(easy, CURLOPT_CAPATH, nil) == CURLE_OK
            && set(CURLOPT_SSL_VERIFYPEER, 1)
            && set(CURLOPT_SSL_VERIFYHOST, 2)
            && set(CURLOPT_SSLVERSION, ccurl_tls12_or_later)
            // A key that has a password would have one asked for at the terminal.
            && set(CURLOPT_KEYPASSWD, "")
    }

    private func setCallbacks() -> Bool {
        let mine = Unmanaged.passUnretained(self).toOpaque()
        // A connection keeps this one after its first transfer is gone: it must be the loop's.
        let lasting = Unmanaged.passUnretained(driver).toOpaque()
        return ccurl_set_receive(easy, CURLOPT_WRITEFUNCTION, onBody) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_WRITEDATA, mine) == CURLE_OK
            && ccurl_set_receive(easy, CURLOPT_HEADERFUNCTION, onHeader) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_HEADERDATA, mine) == CURLE_OK
            && ccurl_set_open_socket(easy, onOpenSocket) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, mine) == CURLE_OK
            && ccurl_set_close_socket(easy, onCloseSocket) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, lasting) == CURLE_OK
            && ccurl_set_before_request(easy, onBeforeRequest) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_PREREQDATA, mine) == CURLE_OK
            && ccurl_set_pointer(easy, CURLOPT_PRIVATE, mine) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        ccurl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        ccurl_set_pointer(easy, option, value) == CURLE_OK
    }

    /// Sets a text, or takes it back.
    private func set(_ option: CURLoption, _ value: String?) -> Bool {
        guard let value else { return ccurl_set_pointer(easy, option, nil) == CURLE_OK }
        return set(option, value)
    }

    private func milliseconds(_ span: Duration) -> Int {
        let (seconds, attoseconds) = span.components
        return Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    // MARK: - One transfer

    /// Sets what differs between requests; throws for what must not be sent.
    func prepare(_ request: OutboundRequest) throws(TransferError) {
        try RequestCheck.check(request)
        maxBytes = request.maxResponseBytes
        rule = request.reach.map(AddressRule.init) ?? driver.configuration.addressRule
        let connect = request.connectTimeout ?? driver.configuration.connectTimeout
        var isAccepted =
            set(CURLOPT_URL, request.url.reveal()) && setMethod(request)
            // What announces more than is wanted is left at its head.
            && ccurl_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, Int64(max(1, maxBytes))) == CURLE_OK
            // Zero would mean libcurl's own five minutes.
            && set(CURLOPT_CONNECTTIMEOUT_MS, max(1, milliseconds(connect)))
        if allowsPlain != request.allowsPlainHTTP {
            allowsPlain = request.allowsPlainHTTP
            isAccepted =
                isAccepted
                && set(CURLOPT_PROTOCOLS_STR, request.allowsPlainHTTP ? "http,https" : "https")
        }
        let caFile = request.caFile ?? driver.configuration.caFile
        if trusted != caFile {
            trusted = caFile
            isAccepted = isAccepted && set(CURLOPT_CAINFO, caFile)
        }
        if identity != request.clientCertificate {
            identity = request.clientCertificate
            // Both are part of what libcurl compares before it uses a connection again.
            isAccepted =
                isAccepted && set(CURLOPT_SSLCERT, identity?.chainFile)
                && set(CURLOPT_SSLKEY, identity?.keyFile)
        }
        guard isAccepted, setHeaders(request) else {
            clear()
            throw TransferError(.invalidRequest)
        }
    }

    private func setMethod(_ request: OutboundRequest) -> Bool {
        guard ccurl_set_pointer(easy, CURLOPT_CUSTOMREQUEST, nil) == CURLE_OK else { return false }
        switch request.method {
        case .get where request.body.isEmpty: return set(CURLOPT_HTTPGET, 1)
        case .head where request.body.isEmpty: return set(CURLOPT_NOBODY, 1)
        case .post: return set(CURLOPT_POST, 1) && setBody(request.body)
        case .put, .patch:
            return set(CURLOPT_POST, 1) && setBody(request.body)
                && set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .delete, .options, .get, .head:
            guard request.body.isEmpty else { return false }
            return set(CURLOPT_HTTPGET, 1)
                && set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setBody(_ body: [UInt8]) -> Bool {
        guard ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, Int64(body.count)) == CURLE_OK
        else { return false }
        // Without a pointer libcurl would read the body from standard input.
        guard !body.isEmpty else { return set(CURLOPT_COPYPOSTFIELDS, "") }
        return body.withUnsafeBytes { raw in
            ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, raw.baseAddress) == CURLE_OK
        }
    }

    private func setHeaders(_ request: OutboundRequest) -> Bool {
        // A name followed by nothing removes what libcurl would add of its own.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            lines.append("Content-Type:")
        }
        for (name, value) in request.headers {
            // A semicolon is how libcurl is told of a field that is empty on purpose.
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { return false }
            list = longer
        }
        return ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, list) == CURLE_OK
    }

    /// Forgets the transfer, its secrets first; the handle can carry another.
    func clear() {
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, nil)
        ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, nil)
        ccurl_set_pointer(easy, CURLOPT_URL, nil)
        curl_slist_free_all(list)
        list = nil
        suspension = nil
        deadline = nil
        firstByte = nil
        headers = HTTPHeaders()
        headBytes = 0
        headFields = 0
        isHeadComplete = false
        body = []
        isAddressRefused = false
        isTooLarge = false
        isMalformed = false
    }

    /// What the transfer gave, once libcurl says that it is over.
    func result(_ code: CURLcode) -> TransferResult {
        if isAddressRefused { return .failure(TransferError(.addressRefused)) }
        if isTooLarge { return .failure(TransferError(.responseTooLarge)) }
        if isMalformed { return .failure(TransferError(.malformedResponse)) }
        if code == CURLE_OUT_OF_MEMORY, !isHeadComplete {
            // libcurl's own bound on one line of a head, under the only name it has for it.
            return .failure(TransferError(.responseTooLarge, reason: Int32(code.rawValue)))
        }
        guard code == CURLE_OK else {
            var error = TransferError(code)
            error.isAnswerBegun = hasBegun
            return .failure(error)
        }
        let status = ccurl_response_code(easy)
        guard isHeadComplete, (200...599).contains(status) else {
            return .failure(TransferError(.malformedResponse))
        }
        return .success(InboundResponse(status: status, headers: headers, body: body))
    }

    /// Whether a byte of the answer has come.
    var hasBegun: Bool { headBytes > 0 }

    // MARK: - Callbacks

    fileprivate func received(head line: UnsafeBufferPointer<UInt8>) -> Bool {
        headBytes += line.count
        guard headBytes <= driver.configuration.maxHeadBytes else {
            isTooLarge = true
            return false
        }
        let text = UnsafeBufferPointer(rebasing: line.prefix { $0 != 0x0D && $0 != 0x0A })
        if text.isEmpty {
            // After an interim answer (1xx) the real one follows.
            isHeadComplete = ccurl_response_code(easy) >= 200
        } else if !isHeadComplete {
            if line.starts(with: "HTTP/".utf8) {
                // Another version than what was spoken is no answer to it.
                guard line.starts(with: "HTTP/1.".utf8) else {
                    isMalformed = true
                    return false
                }
                headers = HTTPHeaders()
            } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
                guard headFields < driver.configuration.maxHeadFields else {
                    isTooLarge = true
                    return false
                }
                headFields += 1
                let value = text[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
                headers.add(
                    String(decoding: text[..<colon], as: UTF8.self),
                    String(decoding: value, as: UTF8.self)
                )
            }
        }
        return true
    }

    fileprivate func received(body bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= maxBytes - body.count else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    fileprivate func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let all = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(address) + ccurl_address_offset,
            count: Int(address.pointee.addrlen)
        )
        guard rule.allows(SocketAddress(copying: all)) else {
            isAddressRefused = true
            return -1
        }
        // One refused address among several that work is no failure of the transfer.
        isAddressRefused = false
        return driver.open(address) ?? -1
    }

    fileprivate func mayAsk(_ host: String, _ port: Int32) -> Bool {
        if let address = SocketAddress(host: host, port: UInt16(clamping: port)),
            rule.allows(address)
        {
            return true
        }
        isAddressRefused = true
        return false
    }
}

// MARK: - Callbacks from C

private func transfer(_ data: UnsafeMutableRawPointer?) -> Transfer? {
    data.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private func bytes(_ start: UnsafeMutablePointer<CChar>?, _ count: Int)
    -> UnsafeBufferPointer<UInt8>
{
    UnsafeBufferPointer(
        start: start.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) },
        count: count
    )
}

private func onHeader(
    _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ data: UnsafeMutableRawPointer?
) -> Int {
    transfer(data)?.received(head: bytes(start, size * count)) == true ? size * count : 0
}

private func onBody(
    _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ data: UnsafeMutableRawPointer?
) -> Int {
    // A count that differs from the given one is how libcurl is told to stop.
    let isTaken = transfer(data)?.received(body: bytes(start, size * count)) == true
    return isTaken ? size * count : size * count + 1
}

private func onOpenSocket(
    _ data: UnsafeMutableRawPointer?,
    _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let transfer = transfer(data) else { return -1 }
    return transfer.open(address)
}

private func onCloseSocket(_ data: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
    data.map { Unmanaged<MultiDriver>.fromOpaque($0).takeUnretainedValue() }?.close(socket)
    return 0
}

private func onBeforeRequest(
    _ data: UnsafeMutableRawPointer?,
    _ peer: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ localPort: Int32
) -> Int32 {
    guard let peer, let transfer = transfer(data) else { return CURL_PREREQFUNC_ABORT }
    let isAllowed = transfer.mayAsk(String(cString: peer), peerPort)
    return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
