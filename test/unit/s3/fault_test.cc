// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "ceph.h"
#include "s3/web_identity.h"
#include "support/temp_dir.h"

namespace cairn::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using transport::BytesSource;
using transport::ObjectInfo;

/// Ceph behind a proxy that breaks answers.
class S3Faults : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!proxy().missing().empty()) {
      GTEST_SKIP() << proxy().missing();
    }
    write_text(proxy().folder() + "/target", std::to_string(ceph().port()));
    order("");
    S3Service service = plain();
    service.endpoint = endpoint();
    place_ = std::make_unique<S3Place>(service, kSmallParts);
    transport_ = place_->open();
  }

  static const TestServer& proxy() { return TestServer::shared("fault-proxy-up.sh"); }
  static std::string endpoint() { return "http://" + host("127.0.0.1", proxy().port()); }
  /// Faults of the next requests, as fault_proxy.py reads them.
  static void order(const std::string& faults) { write_text(proxy().folder() + "/faults", faults + "\n"); }
  /// What the fault "refuse" says.
  static void say(const std::string& body) { write_text(proxy().folder() + "/body", body); }

  Status put(const std::string& name, std::string_view content) {
    BytesSource source(as_bytes(content));
    return transport_->put_if_absent(name, source);
  }
  void expect_content(const std::string& name, std::string_view content) {
    ASSERT_OK_AND_ASSIGN(const auto bytes, transport::find_object(*transport_, name, 1u << 30));
    EXPECT_TRUE(bytes && as_text(*bytes) == content);
  }

  std::unique_ptr<S3Place> place_;
  std::unique_ptr<transport::Transport> transport_;
};

TEST_F(S3Faults, StoresOnceThoughTheAnswerIsLost) {
  order("1 PUT packs/a lose");
  ASSERT_OK(put("packs/a", "content"));
  expect_content("packs/a", "content");
}

TEST_F(S3Faults, StoresNothingThatArrivesChanged) {
  order("1 PUT packs/a spoil");
  EXPECT_THAT(put("packs/a", "content"), FailsWith(Code::remote, "what arrived differs from what was sent"));
  ASSERT_OK_AND_ASSIGN(const auto size, transport_->stat("packs/a"));
  EXPECT_FALSE(size.has_value());
}

TEST_F(S3Faults, SendsPartsAgainAndFinishesOnce) {
  const std::string content = noise((4u << 20) + 9);
  order(
      "1 PUT partNumber=2 drop\n1 PUT partNumber=3 status 503\n1 PUT partNumber=1 lose\n1 POST uploadId= "
      "lose");
  ASSERT_OK(put("packs/large", content));
  expect_content("packs/large", content);
}

TEST_F(S3Faults, ReadsOnAfterABrokenConnection) {
  const std::string content = noise(1u << 19);
  ASSERT_OK(put("packs/a", content));
  order("1 GET packs/a reset 100000\n1 GET packs/a short 1000\n1 GET packs/a status 503");
  expect_content("packs/a", content);
}

TEST_F(S3Faults, TakesNoBrokenListForTheWholeOne) {
  ASSERT_OK(put("packs/a", "1"));
  for (const char* fault : {"cut 300", "cut 0", "status 400", "gzip"}) {
    order("1 GET list-type " + std::string(fault));
    const auto listed = transport_->list("");
    EXPECT_FALSE(listed.ok() && listed->empty()) << fault;
    EXPECT_TRUE(!listed.ok() || listed->size() == 1) << fault;
  }
  order("1 GET list-type short 100\n1 GET list-type status 500");
  ASSERT_OK_AND_ASSIGN(const auto objects, transport_->list(""));
  EXPECT_THAT(objects, ElementsAre(ObjectInfo{"packs/a", 1}));
}

TEST_F(S3Faults, TakesNoSpuriousAnswerForTheSize) {
  ASSERT_OK(put("packs/a", "12345"));
  order("1 GET packs/a status 416");
  const auto size = transport_->stat("packs/a");
  EXPECT_TRUE(!size.ok() || *size == 5u);
  order("1 GET packs/a status 404");
  EXPECT_FALSE(transport_->stat("packs/a").ok()) << "404 of a proxy that does not name the object";
}

TEST_F(S3Faults, SaysThatTheTokenHasExpiredAndTheClockIsWrong) {
  say("<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>");
  order("1 GET list-type refuse 400");
  EXPECT_THAT(transport_->list(""), FailsWith(Code::remote, "the session token has expired"));
  say("<Error><Code>RequestTimeTooSkewed</Code></Error>");
  order("1 GET list-type refuse 403");
  EXPECT_THAT(transport_->list(""), FailsWith(Code::remote, "the clock of this machine is wrong"));
}

TEST_F(S3Faults, GetsKeysForAWebIdentity) {
  TempDir dir;
  write_text(dir / "token", "web-token\n");
  http::Client client({});
  const s3::WebIdentity identity{dir / "token", "arn:aws:iam::1:role/x", "cairn", endpoint()};
  say("<AssumeRoleWithWebIdentityResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'>"
      "<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>S"
      "</SecretAccessKey><SessionToken>T</SessionToken><Expiration>2013-05-24T00:00:00Z</Expiration>"
      "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>");
  order("1 POST / refuse 200");
  ASSERT_OK_AND_ASSIGN(const s3::Credentials made, s3::assume_role(identity, client));
  EXPECT_EQ(made.access_key_id + made.secret_access_key + made.session_token, "AST");
  EXPECT_EQ(made.expires, s3::parse_time("2013-05-24T00:00:00Z"));
  say("<ErrorResponse><Error><Code>InvalidIdentityToken</Code></Error></ErrorResponse>");
  order("1 POST / refuse 400");
  const auto refused = s3::assume_role(identity, client);
  EXPECT_THAT(refused, FailsWith(Code::remote, "InvalidIdentityToken"));
  EXPECT_THAT(refused.error().message(), ::testing::Not(HasSubstr("web-token")));
}

}  // namespace
}  // namespace cairn::test
