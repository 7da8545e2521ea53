// SPDX-License-Identifier: Apache-2.0
#include "rclone/rclone.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "http/curl.h"
#include "os/file.h"
#include "support/source_tree.h"
#include "support/test_server.h"
#include "support/transport_suite.h"

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
using rclone::RcloneTransport;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using transport::BytesSource;

const TestServer& server() {
  return TestServer::shared("rclone-up.sh");
}

const TestServer& ceph() {
  return TestServer::shared("ceph-up.sh");
}

std::unique_ptr<RcloneTransport> open_with(std::vector<std::string> program, const std::string& url,
                                           const std::atomic<bool>* stop = nullptr) {
  EXPECT_OK(http::load_curl());
  auto address = rclone::parse_address(url);
  EXPECT_OK(address);
  return std::make_unique<RcloneTransport>(*address, stop, std::move(program));
}

std::unique_ptr<RcloneTransport> open_at(const std::string& url, const std::atomic<bool>* stop = nullptr) {
  return open_with({"rclone", "--config=" + server().folder() + "/rclone.conf"}, url, stop);
}

/// A new folder, two levels below what is there, of a remote of rclone that keeps its files in `kept`.
class FolderPlace : public TransportPlace {
 public:
  FolderPlace(std::string remote, const std::string& kept)
      : remote_(std::move(remote)), folder_(server().folder() + "/" + kept + "/" + name_ + "/a b+c") {}
  std::unique_ptr<transport::Transport> open() override {
    return open_at("rclone:" + remote_ + ":" + name_ + "/a b+c");
  }
  void fill(const std::string& prefix, int count) override {
    fs::create_directories(folder_ + "/" + prefix);
    for (int i = 0; i < count; ++i) {
      write_text(folder_ + "/" + prefix + std::to_string(i), "");
    }
    ::sleep(2);  // the server remembers what is in a folder for one
  }
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string name_ = os::random_name();
  std::string remote_;
  std::string folder_;
};

/// A folder of a new bucket of S3: rclone cannot rename there. Its address has all settings in it.
class BucketPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override { return open_at("rclone:" + remote()); }
  /// By one rclone that copies many at once: a request of its own for each takes minutes.
  void fill(const std::string& prefix, int count) override {
    const std::string files = server().folder() + "/" + os::random_name();
    fs::create_directories(files);
    for (int i = 0; i < count; ++i) {
      write_text(files + "/" + std::to_string(i), "");
    }
    const std::string command = "rclone --config=" + server().folder() +
                                "/rclone.conf copy --transfers=32 --no-check-dest --s3-no-head '" + files +
                                "' '" + remote() + "/" + prefix + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
  }

 private:
  /// As rclone writes it.
  [[nodiscard]] std::string remote() const {
    return ":s3,provider=Ceph,access_key_id=CAIRN,secret_access_key=cairn-secret,endpoint=\"http://"
           "127.0.0.1:" +
           std::to_string(ceph().port()) + "\":" + bucket_ + "/some/where";
  }

  std::string bucket_ = "b-" + os::random_name();
};

INSTANTIATE_TEST_SUITE_P(
    Rclone, TransportSuite,
    ::testing::Values(TransportCase{"folder", [] { return std::make_unique<FolderPlace>("disk", "disk"); }},
                      TransportCase{"webdav", [] { return std::make_unique<FolderPlace>("dav", "files"); }},
                      TransportCase{"bucket", [] { return std::make_unique<BucketPlace>(); },
                                    [] { return ceph().missing(); }}),
    transport_case_name);

std::string noise(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) {
    text += std::to_string(i * 2654435761u);
  }
  text.resize(size);
  return text;
}

/// The processes of rclone that this one has started.
std::vector<pid_t> children() {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc/self/task")) {
    std::istringstream ids(read_text(entry.path().string() + "/children"));
    for (pid_t process = 0; ids >> process;) {
      if (read_text("/proc/" + std::to_string(process) + "/cmdline").find("rcd") != std::string::npos) {
        found.push_back(process);
      }
    }
  }
  return found;
}

void kill_children() {
  for (const pid_t process : children()) {
    ::kill(process, SIGKILL);
  }
}

/// Ends rclone when half of it was read the first time.
class KillingSource : public BytesSource {
 public:
  explicit KillingSource(Bytes bytes) : BytesSource(bytes) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    CAIRN_TRY_ASSIGN(const std::size_t count, BytesSource::read(out));
    done_ += count;
    if (done_ > size() / 2 && !std::exchange(killed_, true)) {
      kill_children();
    }
    return count;
  }

 private:
  std::size_t done_ = 0;
  bool killed_ = false;
};

Status listed(transport::Transport& transport) {
  auto objects = transport.list("");
  return objects.ok() ? Status() : Status(objects.error());
}

TEST(Rclone, StartsNothingBeforeItIsAskedAndLeavesNothing) {
  FolderPlace place("disk", "disk");
  auto transport = place.open();
  EXPECT_THAT(children(), IsEmpty());
  std::thread([&transport] { EXPECT_OK(transport->prepare()); }).join();
  EXPECT_THAT(children(), SizeIs(1));  // it outlives the thread that was the first to ask
  const pid_t child = children().front();
  ASSERT_OK(transport->put_replace("hint", as_bytes("text")));
  EXPECT_EQ(children(), std::vector<pid_t>{child});
  transport.reset();
  EXPECT_THAT(children(), IsEmpty());
  EXPECT_EQ(read_text(place.folder() + "/hint"), "text");
}

TEST(Rclone, LeavesNoTemporaryFile) {
  FolderPlace place("disk", "disk");
  const auto transport = place.open();
  ASSERT_OK(transport->prepare());
  for (int i = 0; i < 2; ++i) {
    BytesSource source(as_bytes("1"));
    ASSERT_OK(transport->put_if_absent("packs/a", source));
    ASSERT_OK(transport->put_replace("hint", as_bytes("2")));
  }
  EXPECT_TRUE(fs::is_empty(place.folder() + "/tmp"));
}

TEST(Rclone, GoesOnWhenRcloneEndsInATransfer) {
  FolderPlace place("disk", "disk");
  const auto transport = place.open();
  ASSERT_OK(transport->prepare());
  const std::string content = noise(9'000'000);
  KillingSource source(as_bytes(content));
  ASSERT_OK(transport->put_if_absent("packs/a", source));
  EXPECT_TRUE(read_text(place.folder() + "/packs/a") == content);

  std::string got;
  bool killed = false;
  ASSERT_OK(transport->get("packs/a", std::nullopt, [&](Bytes piece) {
    got += as_text(piece);
    if (!std::exchange(killed, true)) {
      kill_children();
    }
    return Status();
  }));
  EXPECT_TRUE(got == content);
}

TEST(Rclone, SaysThatItEndsAgainAndAgain) {
  const auto transport = open_at("rclone:disk:x");
  const std::string content = noise(3'000'000);
  class Source : public BytesSource {
   public:
    using BytesSource::BytesSource;
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      kill_children();
      return BytesSource::read(out);
    }
  } source(as_bytes(content));
  const Status refused = transport->put_if_absent("packs/a", source);
  EXPECT_THAT(refused, FailsWith(Code::remote, "rclone remote 'disk:x': "));
  EXPECT_THAT(refused, FailsWith(Code::remote, "rclone ended"));
}

TEST(Rclone, TakesAMissingFolderForAnErrorAndNeverForAnEmptyOne) {
  const auto transport = open_at("rclone:disk:nowhere");
  EXPECT_THAT(listed(*transport), FailsWith(Code::remote, "there is no such folder"));
}

TEST(Rclone, HasItsOwnWordsForWhatIsWrong) {
  EXPECT_THAT(listed(*open_with({"no-such-rclone"}, "rclone:disk:x")),
              FailsWith(Code::remote, "there is no rclone on this machine"));
  EXPECT_THAT(listed(*open_with({"rclone", "--no-such-flag"}, "rclone:disk:x")),
              FailsWith(Code::remote, "no-such-flag"));
  const Status unknown = listed(*open_at("rclone:unknown:x"));
  EXPECT_THAT(unknown,
              FailsWith(Code::remote, "rclone remote 'unknown:x': rclone has no remote of that name"));
  EXPECT_THAT(unknown.error().hint(), HasSubstr("rclone listremotes"));
  const Status refused = listed(*open_at("rclone:wrong:x"));
  EXPECT_THAT(refused, FailsWith(Code::remote, "401 Unauthorized"));
  EXPECT_THAT(refused.error().message(), ::testing::Not(HasSubstr("hidden")));
  EXPECT_THAT(refused.error().hint(), HasSubstr("rclone lsd 'wrong:x'"));
}

TEST(Rclone, DoesNotBelieveGarbledAnswers) {
  const auto answering = [](const std::string& status, const std::string& body) {
    return open_with({"python3", source_path("test/unit/rclone/garbled_rclone.py"), status, body},
                     "rclone:disk:x");
  };
  for (const char* body : {"", "<html>", "{}", R"({"list": [{"Path": "y/a"}]})"}) {
    EXPECT_THAT(listed(*answering("200", body)), FailsWith(Code::remote, "rclone remote 'disk:x'")) << body;
    EXPECT_THAT(answering("200", body)->stat("a"), FailsWith(Code::remote, "not as expected")) << body;
  }
  EXPECT_THAT(listed(*answering("404", "404 page not found")), FailsWith(Code::remote, "status 404"));
  Buffer part(3);
  EXPECT_THAT(transport::read_range(*answering("200", "abc"), "a", 0, part), FailsWith(Code::remote, ""));
}

TEST(Rclone, StopsSoon) {
  std::atomic<bool> stop{false};
  const auto transport = open_at("rclone:dead:x", &stop);
  std::thread user([&stop] {
    ::usleep(300'000);
    stop = true;
  });
  EXPECT_THAT(listed(*transport), FailsWith(Code::interrupted, ""));
  user.join();
}

/// Skips all when rclone is not installed.
class RcloneEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    ::unsetenv("AWS_CA_BUNDLE");  // with it rclone 1.60 cannot use S3 at all
    if (!server().missing().empty()) {
      GTEST_SKIP() << server().missing();
    }
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new RcloneEnvironment);

}  // namespace
}  // namespace cairn::test
