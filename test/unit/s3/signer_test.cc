// SPDX-License-Identifier: Apache-2.0
#include "s3/signer.h"

#include "support/matchers.h"

namespace cairn::s3 {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr std::string_view kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The keys of the examples in AWS's documentation.
Credentials example_keys() {
  return {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", "example", {}};
}

std::string authorization(const ToSign& what, const Credentials& credentials, const std::string& time,
                          http::Headers headers) {
  sign(what, credentials, *parse_time(time), headers);
  EXPECT_EQ(headers.back().first, "Authorization");
  return headers.back().second;
}

ToSign example(const std::string& method, const std::string& path, const Query& query,
               std::string_view hash = kEmptyHash) {
  return {method,     "examplebucket.s3.amazonaws.com", path, canonical_query(query), std::string(hash),
          "us-east-1"};
}

// The four examples of "Signature Calculations for the Authorization Header", Amazon S3 API Reference.
TEST(Signer, AgreesWithThePublishedExamples) {
  const std::string time = "2013-05-24T00:00:00Z";
  EXPECT_EQ(authorization(example("GET", "/test.txt", {}), example_keys(), time, {{"Range", "bytes=0-9"}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_THAT(authorization(
                  example("PUT", "/test%24file.text", {},
                          "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"),
                  example_keys(), time,
                  {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}),
              EndsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  EXPECT_THAT(authorization(example("GET", "/", {{"lifecycle", ""}}), example_keys(), time, {}),
              EndsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  EXPECT_THAT(
      authorization(example("GET", "", {{"prefix", "J"}, {"max-keys", "2"}}), example_keys(), time, {}),
      EndsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

// The signature was computed with Python's hmac and hashlib from the documented steps.
TEST(Signer, SignsTokensPortsOddNamesAndBlanks) {
  Credentials keys = example_keys();
  keys.session_token = "token/+=";
  const ToSign what{"PUT",
                    "127.0.0.1:7480",
                    "/bucket/a%20b/%C3%A9%2B",
                    canonical_query({{"uploadId", "2~x/y"}, {"partNumber", "1"}}),
                    std::string(kUnsignedPayload),
                    "eu-west-3"};
  EXPECT_EQ(what.query, "partNumber=1&uploadId=2~x%2Fy");
  const std::string made =
      authorization(what, keys, "2026-01-02T03:04:05Z", {{"Content-Type", " text/plain ;   x "}});
  EXPECT_THAT(
      made,
      HasSubstr("SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token"));
  EXPECT_THAT(made, EndsWith("Signature=d1504eb607bbbfe7a5b65dc550d6c5f67c93c3612022573705d11dccb6458e08"));
}

TEST(Credentials, ReadTimes) {
  const auto time = parse_time("2013-05-24T00:00:00Z");
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->time_since_epoch().count(), 1369353600);
  EXPECT_EQ(parse_time("2013-05-24T00:00:00.123Z"), time);
  EXPECT_EQ(parse_time("2013-05-24T00:00:00+00:00"), time);
  EXPECT_EQ(parse_time("2013-05-24"), std::nullopt);
  EXPECT_EQ(parse_time(""), std::nullopt);
}

TEST(Credentials, ComeFromWhatAProcessPrints) {
  using cairn::test::FailsWith;
  ASSERT_OK_AND_ASSIGN(const Credentials made,
                       parse_process_output(R"({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S",
                          "SessionToken": "T", "Expiration": "2013-05-24T00:00:00Z"})",
                                            "helper"));
  EXPECT_EQ(made.access_key_id, "A");
  EXPECT_EQ(made.secret_access_key, "S");
  EXPECT_EQ(made.session_token, "T");
  EXPECT_EQ(made.expires, parse_time("2013-05-24T00:00:00Z"));
  for (const char* text : {"", "hidden", R"({"AccessKeyId": "hidden"})"}) {
    const auto bad = parse_process_output(text, "helper");
    EXPECT_THAT(bad, FailsWith(Code::remote, "helper printed no JSON"));
    EXPECT_THAT(bad.error().message(), ::testing::Not(HasSubstr("hidden")));
  }
}

}  // namespace
}  // namespace cairn::s3
