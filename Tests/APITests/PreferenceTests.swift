import Testing

@testable import API

@Suite struct `A preference to wait` {
    @Test(arguments: [
        (["wait=5"], 5), (["wait=1"], 1), (["wait=600"], 600), (["Wait = 7"], 7),
        (["respond-async, wait=9"], 9), (["respond-async", "wait=8"], 8), (["wait=5;foo=bar"], 5),
        (["wait=x, wait=4"], 4), (["wait=\"6\""], 6), (["wait = \"6\"; x"], 6),
        (["wait=3, wait=4"], 3),
    ])
    func `is read where it is well formed`(fields: [String], seconds: Int) {
        #expect(Preference.wait(fields) == .seconds(seconds))
    }

    @Test(arguments: [
        [], [""], ["wait"], ["wait="], ["wait=0"], ["wait=601"], ["wait=-1"], ["wait=+5"],
        ["wait=5.5"], ["wait=99999999999999999999"], ["await=5"], ["wait=\""], ["wait=\"5"],
        ["wait=\"\""], ["wait=5=6"], [",,;,"],
        ["wait=５"], ["return=minimal"], [";wait=5"],
    ])
    func `is ignored where it is not`(fields: [String]) {
        #expect(Preference.wait(fields) == nil)
    }
}
