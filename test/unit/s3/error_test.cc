// SPDX-License-Identifier: Apache-2.0
#include "s3/error.h"

#include "support/matchers.h"

namespace cairn::s3 {
namespace {

using ::testing::HasSubstr;

http::Response answer(int status, const std::string& code, const std::string& more = "") {
  return {status, {}, "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code>" + more + "</Error>"};
}

Config config() {
  Config made;
  made.remote_name = "origin";
  made.bucket = "data";
  return made;
}

Error explained(const http::Response& response) {
  return explain(read_error(response), config(), "profile 'work'");
}

TEST(S3Error, ReadsAnswersOfBothShapes) {
  const ServiceError error = read_error(answer(404, "NoSuchKey", "<Message>not here</Message>"));
  EXPECT_EQ(error.code, "NoSuchKey");
  EXPECT_EQ(error.text(), "NoSuchKey: not here");
  const http::Response nested{
      403, {}, "<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>"};
  EXPECT_EQ(read_error(nested).code, "ExpiredTokenException");
  EXPECT_EQ(read_error({404, {}, ""}).text(), "status 404");
  EXPECT_EQ(read_error({502, {}, "<html><p>Bad gateway"}).text(), "status 502");
}

TEST(S3Error, SaysWhatIsWrongAndWhatToDo) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"InvalidAccessKeyId", "access key id is unknown (credentials from profile 'work')",
       "remote.origin.access_key_id"},
      {"SignatureDoesNotMatch", "secret access key is wrong (credentials from profile 'work')",
       "secret_access_key"},
      {"ExpiredToken", "session token has expired (credentials from profile 'work')", "log in again"},
      {"InvalidToken", "session token is not valid", "log in again"},
      {"NoSuchBucket", "there is no bucket 'data'", "cairn remote list"},
      {"RequestTimeTooSkewed", "clock of this machine is wrong", "set the clock"},
      {"AccessDenied", "no permission", "ask the bucket's owner"},
      {"QuotaExceeded", "full", "make room"},
      {"SlowDown", "too busy or broken", "try again later"},
      {"SomethingNew", "the service refuses: SomethingNew", "try again"},
  };
  for (const auto& [code, message, hint] : cases) {
    const Error error = explained(answer(403, code));
    EXPECT_EQ(error.code(), Code::remote);
    EXPECT_THAT(error.message(), HasSubstr(message));
    EXPECT_THAT(error.message(), HasSubstr(code));
    EXPECT_THAT(error.hint(), HasSubstr(hint));
  }
}

TEST(S3Error, NamesTheRightRegion) {
  const Error told = explained(answer(400, "AuthorizationHeaderMalformed", "<Region>eu-west-3</Region>"));
  EXPECT_THAT(told.message(), HasSubstr("not in the region that is set, but in 'eu-west-3'"));
  EXPECT_EQ(told.hint(), "cairn config remote.origin.region eu-west-3");
  http::Response redirect{301, {{"x-amz-bucket-region", "eu-west-3"}}, ""};
  EXPECT_EQ(explained(redirect).hint(), "cairn config remote.origin.region eu-west-3");
  EXPECT_EQ(explained(answer(301, "PermanentRedirect")).hint(), "cairn config remote.origin.region REGION");
}

TEST(S3Error, EscapesWhatTheServiceSays) {
  EXPECT_THAT(explained(answer(400, "X", "<Message>a\x1b[31m</Message>")).message(),
              ::testing::Not(HasSubstr("\x1b")));
}

TEST(S3Error, KnowsWhatPassesAway) {
  EXPECT_TRUE(is_transient(answer(400, "RequestTimeout")));
  EXPECT_TRUE(is_transient(answer(200, "InternalError")));
  EXPECT_FALSE(is_transient(answer(400, "BadDigest")));
  EXPECT_FALSE(is_transient(answer(403, "RequestTimeout")));
  EXPECT_FALSE(is_transient({200, {}, "bytes"}));
  EXPECT_FALSE(is_transient({200, {}, ""}));
}

}  // namespace
}  // namespace cairn::s3
