// SPDX-License-Identifier: Apache-2.0
#include "sftp/address.h"

#include "support/matchers.h"

namespace cairn::sftp {
namespace {

using cairn::test::FailsWith;

Result<Address> parse(std::string url, std::map<std::string, std::string, std::less<>> settings = {}) {
  return parse_address({"origin", std::move(url), std::move(settings), "/home/me/project"});
}

Address parsed(std::string url) {
  auto address = parse(std::move(url));
  EXPECT_OK(address);
  return address.ok() ? *address : Address();
}

TEST(SftpAddress, TakesHostUserPortAndFolder) {
  const Address address = parsed("ssh://me@data.example.org:2222/srv/our%20data");
  EXPECT_EQ(address.remote, "origin");
  EXPECT_EQ(address.host, "data.example.org");
  EXPECT_EQ(address.user, "me");
  EXPECT_EQ(address.port, 2222);
  EXPECT_EQ(address.folder, "/srv/our data");
  EXPECT_EQ(address.describe(), "ssh://me@data.example.org:2222/srv/our data");
  EXPECT_EQ(address.ssh_arguments(), "-p 2222 me@data.example.org");
  EXPECT_EQ(address.known_host(), "[data.example.org]:2222");
}

TEST(SftpAddress, LeavesToSshWhatItDoesNotSay) {
  const Address address = parsed("sftp://alias_1/data/");
  EXPECT_EQ(address.user, "");
  EXPECT_EQ(address.port, 0);
  EXPECT_EQ(address.folder, "/data");
  EXPECT_EQ(address.describe(), "ssh://alias_1/data");
  EXPECT_EQ(address.ssh_arguments(), "alias_1");
  EXPECT_EQ(address.known_host(), "alias_1");
}

TEST(SftpAddress, TakesFoldersInTheHomeFolder) {
  EXPECT_EQ(parsed("ssh://host/~/data/x").folder, "data/x");
  EXPECT_EQ(parsed("ssh://host/~/data/x").describe(), "ssh://host/~/data/x");
  EXPECT_EQ(parsed("ssh://host/~").folder, ".");
  EXPECT_EQ(parsed("ssh://host/~/").describe(), "ssh://host/~");
  EXPECT_THAT(parse("ssh://host/~other/data"), FailsWith(Code::usage, "another user"));
}

TEST(SftpAddress, TakesAddressesOfIpVersion6) {
  const Address address = parsed("ssh://[::1]:22/data");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 22);
  EXPECT_EQ(address.describe(), "ssh://[::1]:22/data");
  EXPECT_THAT(parse("ssh://[::1/data"), FailsWith(Code::usage, "host"));
}

TEST(SftpAddress, LetsSettingsWin) {
  ASSERT_OK_AND_ASSIGN(const Address address,
                       parse("ssh://me@host:1/data",
                             {{"user", "you"}, {"port", "2"}, {"keyfile", "~/.ssh/data"}, {"timeout", "7"}}));
  EXPECT_EQ(address.describe(), "ssh://you@host:2/data");
  EXPECT_EQ(address.keyfile, "~/.ssh/data");
  EXPECT_EQ(address.timeout.count(), 7);
  ASSERT_OK_AND_ASSIGN(const Address relative, parse("ssh://host/data", {{"keyfile", "key"}}));
  EXPECT_EQ(relative.keyfile, "/home/me/project/key");
  EXPECT_THAT(parse("ssh://host/data", {{"port", "x"}}), FailsWith(Code::usage, "'x' is no port"));
  EXPECT_THAT(parse("ssh://host/data", {{"timeout", "0"}}), FailsWith(Code::usage, "'0' is no time"));
  EXPECT_THAT(parse("ssh://host/data", {{"user", "-oProxyCommand=x"}}), FailsWith(Code::usage, "user"));
}

/// What ssh could take for an option, and what a shell could take for more than a name where the user's
/// ssh_config hands it to one (ProxyCommand, Match exec).
TEST(SftpAddress, RefusesWhatIsNoPlainWord) {
  for (const char* url :
       {"ssh://-oProxyCommand=x/data", "ssh://a b/data", "ssh://$(touch x)/data", "ssh://a;b/data",
        "ssh://`x`/data", "ssh://a%20b/data", "ssh:///data", "ssh://host:/data", "ssh://host:0/data",
        "ssh://host:65536/data", "ssh://host:2x/data", "ssh://[-x]/data", "ssh://-l@host/data",
        "ssh://$(x)@host/data", "ssh://@host/data", "ssh://a%zz@host/data", "ssh://a%27b@host/data"}) {
    EXPECT_THAT(parse(url), FailsWith(Code::usage, "the remote URL '")) << url;
  }
}

TEST(SftpAddress, RefusesAUrlWithoutFolder) {
  EXPECT_THAT(parse("ssh://host"), FailsWith(Code::usage, "names no folder"));
  EXPECT_THAT(parse("ssh://host/a%00b"), FailsWith(Code::usage, "names no folder"));
  EXPECT_THAT(parse("ssh://host/a%0"), FailsWith(Code::usage, "names no folder"));
}

TEST(SftpAddress, RefusesAPasswordAndDoesNotShowIt) {
  for (const char* url : {"ssh://me:s3cret@host/data", "ssh://me:s3cret@host", "ssh://:s3cret@host/data"}) {
    auto address = parse(url);
    EXPECT_THAT(address, FailsWith(Code::usage, "password"));
    EXPECT_EQ(address.error().message().find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace cairn::sftp
