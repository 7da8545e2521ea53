// SPDX-License-Identifier: Apache-2.0
#include "http/url.h"

#include "support/matchers.h"

namespace cairn::http {
namespace {

using cairn::test::FailsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::string normalized(const std::string& text) {
  auto url = parse_url(text);
  EXPECT_OK(url);
  return url.ok() ? url->text() : "";
}

TEST(Url, TakesSchemeHostPortAndPath) {
  EXPECT_EQ(normalized("http://host"), "http://host");
  EXPECT_EQ(normalized("https://host:8443/a%20b/c/"), "https://host:8443/a%20b/c");
  EXPECT_EQ(normalized("https://host:443/a"), "https://host/a");
  EXPECT_EQ(normalized("webdavs://[::1]:1/x y"), "webdavs://[::1]:1/x%20y");
}

TEST(Url, RefusesWhatItCannotUseWithoutRepeatingSecrets) {
  for (const char* text : {"", "host/a", "http://", "http://host:99999/a", "http://h ost/"}) {
    EXPECT_THAT(parse_url(text), FailsWith(Code::usage, "SCHEME://HOST/PATH")) << text;
  }
  for (const char* text : {"http://me:hidden@host/a", "http://hidden@host/a"}) {
    const auto url = parse_url(text);
    EXPECT_THAT(url, FailsWith(Code::usage, "user or password"));
    EXPECT_THAT(url.error().message() + url.error().hint(), Not(HasSubstr("hidden")));
  }
  const auto query = parse_url("http://host/a?token=hidden");
  EXPECT_THAT(query, FailsWith(Code::usage, "query"));
  EXPECT_THAT(query.error().message(), Not(HasSubstr("hidden")));
}

TEST(Url, ResolvesRedirects) {
  EXPECT_EQ(*resolve_url("http://host/a/b", "/c"), "http://host/c");
  EXPECT_EQ(*resolve_url("http://host/a/b", "c?x=1"), "http://host/a/c?x=1");
  EXPECT_EQ(*resolve_url("http://host/a/b", "https://other/c"), "https://other/c");
  EXPECT_THAT(resolve_url("http://host/a/b", "http://"), FailsWith(Code::remote, "no address"));
}

TEST(Url, LeavesSecretsOutOfMessages) {
  EXPECT_EQ(redacted("https://me:hidden@host:8/a/b?X-Amz-Signature=hidden#hidden"), "https://host:8/a/b");
  EXPECT_EQ(redacted("nonsense"), "(no address)");
}

}  // namespace
}  // namespace cairn::http
