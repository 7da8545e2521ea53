// SPDX-License-Identifier: Apache-2.0
#include "s3/config.h"

#include <cstdlib>

#include "s3/credential_chain.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::s3 {
namespace {

using cairn::test::FailsWith;
using ::testing::HasSubstr;
using Settings = std::map<std::string, std::string, std::less<>>;

/// An environment without anything of AWS, in an empty home.
class S3ConfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name :
         {"AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_REGION", "AWS_DEFAULT_REGION",
          "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"}) {
      ::unsetenv(name);
    }
    set("HOME", dir_.path());
  }

  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
  [[nodiscard]] static transport::Place place(const Settings& settings,
                                              const std::string& url = "s3://bucket/a/b") {
    return {"origin", url, settings, "/project", nullptr};
  }
  /// With a profile "default" and a profile "work".
  void write_files() {
    test::write_text(dir_ / ".aws/credentials",
                     "# keys\n[default]\naws_access_key_id = D\naws_secret_access_key=DS\n\n"
                     "[work]\naws_access_key_id = W\naws_secret_access_key = WS=\naws_session_token = WT\n");
    test::write_text(
        dir_ / ".aws/config",
        "[default]\nregion = eu-west-1\n[profile work]\nregion = eu-west-3\ns3 =\n  x = 1\n"
        "[profile tool]\ncredential_process = echo '{\"AccessKeyId\": \"P\", \"SecretAccessKey\": \"S\"}'\n"
        "[profile login]\nsso_session = x\n");
  }
  /// The key's id and its source, or the error's message.
  static std::string found(const Settings& settings) {
    const transport::Place where = place(settings);
    auto config = read_config(where);
    EXPECT_OK(config);
    http::Client client({});
    auto credentials = CredentialChain(where, *config, client).get();
    return credentials.ok() ? credentials->access_key_id + " from " + credentials->source
                            : credentials.error().message();
  }

  test::TempDir dir_;
};

TEST_F(S3ConfigTest, TakesAwsByDefault) {
  ASSERT_OK_AND_ASSIGN(const Config config, read_config(place({})));
  EXPECT_EQ(config.scheme, "https");
  EXPECT_EQ(config.host, "bucket.s3.us-east-1.amazonaws.com");
  EXPECT_EQ(config.path, "");
  EXPECT_EQ(config.prefix, "a/b/");
  EXPECT_TRUE(config.is_encrypted());
}

TEST_F(S3ConfigTest, TakesAnEndpointWithTheBucketInThePath) {
  ASSERT_OK_AND_ASSIGN(const Config config,
                       read_config(place({{"endpointurl", "http://host:7480/base/"}}, "s3://bucket")));
  EXPECT_EQ(config.host, "host:7480");
  EXPECT_EQ(config.path, "/base/bucket");
  EXPECT_EQ(config.prefix, "");
  ASSERT_OK_AND_ASSIGN(const Config other,
                       read_config(place({{"endpointurl", "http://host:7480"}, {"path_style", "false"}})));
  EXPECT_EQ(other.host, "bucket.host:7480");
  EXPECT_EQ(other.path, "");
}

TEST_F(S3ConfigTest, RefusesAddressesThatNameNoBucket) {
  for (const char* url : {"s3://", "s3:///x", "s3://a b", "s3://b/../x", "s3://user:secret@host/x"}) {
    EXPECT_THAT(read_config(place({}, url)), FailsWith(Code::usage, "names no place in a bucket")) << url;
  }
  EXPECT_THAT(read_config(place({{"endpointurl", "http://me:secret@host"}})),
              FailsWith(Code::usage, "address"));
  EXPECT_THAT(read_config(place({{"endpointurl", "host:7480"}})), FailsWith(Code::usage, "address"));
  EXPECT_THAT(read_config(place({{"region", "evil.com/"}})), FailsWith(Code::usage, "no region"));
}

TEST_F(S3ConfigTest, TakesTheRegionFromSettingsEnvironmentAndProfile) {
  write_files();
  EXPECT_EQ(read_config(place({}))->region, "eu-west-1");
  EXPECT_EQ(read_config(place({{"profile", "work"}}))->region, "eu-west-3");
  set("AWS_DEFAULT_REGION", "env-2");
  EXPECT_EQ(read_config(place({}))->region, "env-2");
  set("AWS_REGION", "env-1");
  EXPECT_EQ(read_config(place({}))->region, "env-1");
  EXPECT_EQ(read_config(place({{"region", "own"}}))->region, "own");
}

TEST_F(S3ConfigTest, RefusesAProfileThatIsNowhere) {
  write_files();
  EXPECT_THAT(read_config(place({{"profile", "none"}})), FailsWith(Code::usage, "no profile 'none'"));
}

TEST_F(S3ConfigTest, NamesTheLineOfABadFileAndNotItsText) {
  const auto bad = parse_aws_file("[a]\nhidden secret\n", "/home/x");
  EXPECT_THAT(bad, FailsWith(Code::malformed, "/home/x:2"));
  EXPECT_THAT(bad.error().message(), ::testing::Not(HasSubstr("hidden")));
}

TEST_F(S3ConfigTest, LooksForKeysInOrder) {
  EXPECT_THAT(found({}), HasSubstr("no credentials for S3"));
  write_files();
  EXPECT_EQ(found({}), "D from profile 'default'");
  EXPECT_EQ(found({{"profile", "tool"}}), "P from credential_process of profile 'tool'");
  set("AWS_PROFILE", "work");
  EXPECT_EQ(found({}), "W from profile 'work'");
  set("AWS_ACCESS_KEY_ID", "E");
  set("AWS_SECRET_ACCESS_KEY", "ES");
  EXPECT_EQ(found({}), "E from AWS_ACCESS_KEY_ID");
  EXPECT_EQ(found({{"profile", "work"}}), "W from profile 'work'");
  EXPECT_EQ(found({{"access_key_id", "S"}, {"secret_access_key", "SS"}}), "S from the remote's settings");
}

TEST_F(S3ConfigTest, TakesAnotherFileOfCredentials) {
  test::write_text(dir_ / "other", "[default]\naws_access_key_id=O\naws_secret_access_key=OS\n");
  EXPECT_EQ(found({{"credentialpath", dir_ / "other"}}), "O from profile 'default'");
  set("AWS_SHARED_CREDENTIALS_FILE", dir_ / "other");
  EXPECT_EQ(found({}), "O from profile 'default'");
}

TEST_F(S3ConfigTest, RunsACredentialProcess) {
  EXPECT_THAT(found({{"credential_process", "echo no; echo hidden; echo why >&2; exit 3"}}),
              HasSubstr("failed with status 3: why"));
  EXPECT_THAT(found({{"credential_process", "true"}}), HasSubstr("printed no JSON"));
}

TEST_F(S3ConfigTest, SaysWhatIsHalfSetOrMustBeExported) {
  write_files();
  EXPECT_THAT(found({{"access_key_id", "S"}}), HasSubstr("but not secret_access_key"));
  EXPECT_THAT(found({{"profile", "login"}}), HasSubstr("only the AWS tools know"));
}

TEST_F(S3ConfigTest, SaysThatKeysHaveExpiredBeforeTheyAreUsed) {
  set("AWS_ACCESS_KEY_ID", "E");
  set("AWS_SECRET_ACCESS_KEY", "ES");
  set("AWS_CREDENTIAL_EXPIRATION", "2013-05-24T00:00:00Z");
  EXPECT_THAT(found({}), HasSubstr("the session token has expired (credentials from AWS_ACCESS_KEY_ID)"));
}

}  // namespace
}  // namespace cairn::s3
