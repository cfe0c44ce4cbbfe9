import Policies
import Publications
import Testing
import Vocabulary

@Suite struct `The usager's notice` {
    /// The eight notices, to be read aloud.
    @Test(arguments: Shipped.purposes)
    func `reads as its golden file`(name: String) throws {
        let purpose = try #require(PurposeID(name))
        let notice = try #require(
            UsagerNotice(of: purpose, in: try Shipped.policies(), on: Shipped.day))
        try expectGolden(
            notice.text, "notice-\(name.replacing("/", with: "-")).txt")
    }
}
