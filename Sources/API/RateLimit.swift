import HTTPMessages
import JSONText
import Vocabulary

extension HTTPResponse {
    /// Adds what is left of bounds, as draft-ietf-httpapi-ratelimit-headers writes it: `q` calls a
    /// window of `w` seconds, `r` of them left, `t` seconds until the count begins anew.
    mutating func addRateLimits(_ quotas: [Quota], at now: Timestamp) {
        guard !quotas.isEmpty else { return }
        let policies = quotas.map { quota in
            "\"\(quota.bound.rawValue)\";q=\(quota.limit);w=\(quota.window.seconds)"
        }
        let limits = quotas.map { quota in
            "\"\(quota.bound.rawValue)\";r=\(quota.remaining)"
                + ";t=\(quota.window.secondsLeft(at: now))"
        }
        headers.add("RateLimit-Policy", policies.joined(separator: ", "))
        headers.add("RateLimit", limits.joined(separator: ", "))
    }
}

extension JSONWriter {
    /// Writes the member `quotas`, unless there is none.
    mutating func quotas(_ quotas: [Quota]) {
        guard !quotas.isEmpty else { return }
        member("quotas") { writer in
            for quota in quotas { quota.write(to: &writer) }
        }
    }
}

extension Quota {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("borne", bound.rawValue)
            writer.member("limite", limit)
            writer.member("reste", remaining)
            writer.member("remise_a_zero_le", window.end.rfc3339)
        }
    }
}
