// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "os/file.h"
#include "support/test_server.h"
#include "support/transport_suite.h"
#include "webdav/http_tree.h"
#include "webdav/webdav.h"

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using transport::BytesSource;
using Settings = std::map<std::string, std::string, std::less<>>;

const TestServer& nginx() {
  return TestServer::shared("nginx-up.sh");
}

std::string host() {
  return "127.0.0.1:" + std::to_string(nginx().port());
}

const Settings kLogin = {{"user", "cairn"}, {"password", "dav-secret"}};

std::unique_ptr<transport::Transport> open_webdav(const std::string& path,
                                                  const Settings& settings = kLogin) {
  auto made = webdav::WebdavTransport::open({"origin", "webdav://" + host() + path, settings, "/", nullptr});
  EXPECT_OK(made);
  return made.ok() ? *std::move(made) : nullptr;
}

std::unique_ptr<transport::Transport> open_http(const std::string& url, const Settings& settings = {}) {
  auto made = webdav::HttpTransport::open({"origin", url, settings, "/", nullptr});
  EXPECT_OK(made);
  return made.ok() ? *std::move(made) : nullptr;
}

/// A new folder, with a name that has to be encoded, two levels below what is there.
class WebdavPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override { return open_webdav("/dav/" + name_ + "/a%20b+c/"); }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(folder() + "/" + prefix + std::to_string(i), "");
    }
  }
  [[nodiscard]] std::string folder() const { return nginx().folder() + "/files/dav/" + name_ + "/a b+c"; }

 private:
  std::string name_ = os::random_name();
};

INSTANTIATE_TEST_SUITE_P(Nginx, TransportSuite,
                         ::testing::Values(TransportCase{"webdav",
                                                         [] { return std::make_unique<WebdavPlace>(); }}),
                         transport_case_name);

Status put(transport::Transport& transport, const std::string& name, std::string_view content) {
  BytesSource source(as_bytes(content));
  return transport.put_if_absent(name, source);
}

Status listed(transport::Transport& transport) {
  auto objects = transport.list("");
  return objects.ok() ? Status() : Status(objects.error());
}

TEST(Webdav, LeavesNoTemporaryFile) {
  WebdavPlace place;
  const auto transport = place.open();
  ASSERT_OK(transport->prepare());
  ASSERT_OK(put(*transport, "packs/a", "1"));
  ASSERT_OK(put(*transport, "packs/a", "1"));
  ASSERT_OK(transport->put_replace("hint", as_bytes("2")));
  EXPECT_TRUE(fs::is_empty(place.folder() + "/tmp"));
}

TEST(Webdav, RemovesWhatAKilledPushLeftADayAgo) {
  WebdavPlace place;
  const auto transport = place.open();
  ASSERT_OK(transport->prepare());
  write_text(place.folder() + "/tmp/old", "x");
  write_text(place.folder() + "/tmp/young", "y");
  fs::last_write_time(place.folder() + "/tmp/old", fs::file_time_type::clock::now() - std::chrono::hours(25));
  ASSERT_OK(put(*transport, "packs/a", "1"));
  EXPECT_FALSE(fs::exists(place.folder() + "/tmp/old"));
  EXPECT_TRUE(fs::exists(place.folder() + "/tmp/young"));
}

TEST(Webdav, TakesAMissingFolderForAnErrorAndNeverForAnEmptyOne) {
  WebdavPlace place;
  const auto transport = place.open();
  EXPECT_THAT(listed(*transport), FailsWith(Code::remote, "there is no such folder"));
  EXPECT_THAT(put(*transport, "packs/a", "1"), FailsWith(Code::remote, "there is no such folder"));
  EXPECT_FALSE(fs::exists(place.folder()));
}

TEST(Webdav, SaysThatTheLoginIsWrong) {
  for (const Settings& settings :
       {Settings{}, Settings{{"user", "cairn"}, {"password", "hidden"}}, Settings{{"token", "hidden"}}}) {
    const Status refused = listed(*open_webdav("/dav", settings));
    EXPECT_THAT(refused, FailsWith(Code::remote, "does not accept the login"));
    EXPECT_THAT(refused.error().hint(), HasSubstr("cairn config --local remote.origin.user"));
    EXPECT_THAT(refused.error().message(), ::testing::Not(HasSubstr("hidden")));
  }
}

TEST(Webdav, StoresOnceThoughAnswersAreLost) {
  const TestServer& proxy = TestServer::shared("fault-proxy-up.sh");
  if (!proxy.missing().empty()) {
    GTEST_SKIP() << proxy.missing();
  }
  write_text(proxy.folder() + "/target", std::to_string(nginx().port()));
  ASSERT_OK_AND_ASSIGN(
      const auto transport,
      webdav::WebdavTransport::open(
          {"origin", "webdav://127.0.0.1:" + std::to_string(proxy.port()) + "/dav/" + os::random_name(),
           kLogin, "/", nullptr}));
  ASSERT_OK(transport->prepare());
  write_text(proxy.folder() + "/faults", "1 PUT tmp lose\n1 MOVE tmp lose\n1 MKCOL packs lose\n");
  ASSERT_OK(put(*transport, "packs/a", "12345"));
  ASSERT_OK_AND_ASSIGN(const auto objects, transport->list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"packs/a", 5}));
  write_text(proxy.folder() + "/faults", "1 MOVE tmp lose\n");
  ASSERT_OK(transport->put_replace("hint", as_bytes("text")));
  write_text(proxy.folder() + "/faults", "2 PROPFIND dav cut 100\n");
  EXPECT_THAT(listed(*transport), FailsWith(Code::remote, "not sound"));
}

TEST(Webdav, SaysThatThereIsNoWebdav) {
  EXPECT_THAT(put(*open_webdav("/plain", {}), "a", "1"), FailsWith(Code::remote, "does not speak WebDAV"));
}

TEST(HttpTree, GivesFilesAndPartsOfThem) {
  write_text(nginx().folder() + "/files/tree/packs/a", "0123456789");
  const auto transport = open_http("http://" + host() + "/tree/");
  EXPECT_EQ(transport->describe(), "web folder 'http://" + host() + "/tree'");
  EXPECT_FALSE(transport->capabilities().list || transport->capabilities().write);
  ASSERT_OK_AND_ASSIGN(const auto whole, transport::find_object(*transport, "packs/a", 100));
  EXPECT_EQ(as_text(*whole), "0123456789");
  Buffer part(3);
  ASSERT_OK(transport::read_range(*transport, "packs/a", 4, part));
  EXPECT_EQ(as_text(part), "456");
  EXPECT_THAT(transport::read_range(*transport, "packs/a", 8, part), FailsWith(Code::remote, "cut short"));
  ASSERT_OK_AND_ASSIGN(const auto size, transport->stat("packs/a"));
  EXPECT_EQ(size, 10u);
  ASSERT_OK_AND_ASSIGN(const auto none, transport::find_object(*transport, "packs/none", 100));
  EXPECT_FALSE(none.has_value());
  ASSERT_OK_AND_ASSIGN(const auto nothing, transport->stat("packs/none"));
  EXPECT_FALSE(nothing.has_value());
}

TEST(HttpTree, IsForReadingOnly) {
  const auto transport = open_http("http://" + host() + "/tree");
  EXPECT_THAT(put(*transport, "a", "1"), FailsWith(Code::unsupported, "reading only"));
  EXPECT_THAT(transport->put_replace("a", {}), FailsWith(Code::unsupported, "reading only"));
  EXPECT_THAT(transport->remove("a"), FailsWith(Code::unsupported, "reading only"));
  EXPECT_THAT(transport->prepare(), FailsWith(Code::unsupported, "reading only"));
  EXPECT_THAT(listed(*transport), FailsWith(Code::unsupported, "cannot be listed"));
}

TEST(HttpTree, TakesATokenAndTheOneOfACommand) {
  write_text(nginx().folder() + "/files/secret", "text");
  const std::string url = "http://" + host() + "/token";
  EXPECT_THAT(open_http(url)->stat("secret"),
              FailsWith(Code::remote, "does not accept the login (no user or token is set)"));
  EXPECT_OK(open_http(url, {{"token", "dav-token"}})->stat("secret"));
  EXPECT_OK(open_http(url, {{"token_command", "echo dav-token"}})->stat("secret"));
  EXPECT_THAT(open_http(url, {{"token_command", "echo no; echo why >&2; exit 3"}})->stat("secret"),
              FailsWith(Code::remote, "the token_command of remote 'origin' failed with status 3: why"));
}

/// Skips all when the server is not installed.
class NginxEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    if (!nginx().missing().empty()) {
      GTEST_SKIP() << nginx().missing();
    }
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new NginxEnvironment);

}  // namespace
}  // namespace cairn::test
