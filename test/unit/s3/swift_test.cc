// SPDX-License-Identifier: Apache-2.0
#include "s3_place.h"
#include "support/test_server.h"

namespace cairn::test {
namespace {

S3Service swift() {
  return {"http://127.0.0.1:" + std::to_string(TestServer::shared("swift-up.sh").port()),
          {{"access_key_id", "test:tester"}, {"secret_access_key", "testing"}}};
}

INSTANTIATE_TEST_SUITE_P(Swift, TransportSuite,
                         ::testing::Values(TransportCase{"swift",
                                                         [] { return std::make_unique<S3Place>(swift()); }}),
                         transport_case_name);

TEST(SwiftTest, NamesTheRegionThatIsRight) {
  const S3Place place(swift());
  const auto listed = place.open_as({{"region", "eu-west-3"}})->list("");
  EXPECT_THAT(listed, FailsWith(Code::remote, "not in the region that is set, but in 'us-east-1'"));
  EXPECT_EQ(listed.error().hint(), "cairn config remote.origin.region us-east-1");
}

TEST(SwiftTest, SendsLargeObjectsInParts) {
  S3Place place(swift(), {5u << 20, 5u << 20, 2});
  const std::string content((11u << 20) + 3, 'x');
  transport::BytesSource source(as_bytes(content));
  ASSERT_OK(place.open()->put_if_absent("packs/large", source));
  ASSERT_OK_AND_ASSIGN(const auto bytes, transport::find_object(*place.open(), "packs/large", 1u << 30));
  EXPECT_TRUE(bytes && as_text(*bytes) == content);
}

/// Skips all when the server is not installed.
class SwiftEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    if (const std::string& missing = TestServer::shared("swift-up.sh").missing(); !missing.empty()) {
      GTEST_SKIP() << missing;
    }
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new SwiftEnvironment);

}  // namespace
}  // namespace cairn::test
