// SPDX-License-Identifier: Apache-2.0
#include "sftp/sftp.h"

#include <sys/mount.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/source_tree.h"
#include "support/temp_dir.h"
#include "support/test_server.h"
#include "support/transport_suite.h"

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
using sftp::Address;
using sftp::Connecting;
using sftp::SftpTransport;
using transport::BytesSource;

TestServer& sshd() {
  return TestServer::shared("sshd-up.sh");
}

Address address_of(const std::string& folder, const std::string& host = "here") {
  Address address;
  address.remote = "origin";
  address.host = host;
  address.folder = folder;
  return address;
}

std::vector<std::string> ssh() {
  return {"ssh", "-F", sshd().folder() + "/ssh_config"};
}

/// A folder of the test server, by way of one of the hosts in its ssh_config.
std::unique_ptr<SftpTransport> open_at(const std::string& folder, const std::string& host = "here") {
  return std::make_unique<SftpTransport>(address_of(folder, host), nullptr, Connecting{ssh()});
}

class SftpPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override { return open_at(dir_ / "remote"); }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(dir_ / ("remote/" + prefix + std::to_string(i)), "");
    }
  }

 private:
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Backend, TransportSuite,
                         ::testing::Values(TransportCase{"sftp", [] { return std::make_unique<SftpPlace>(); },
                                                         [] { return sshd().missing(); }}),
                         transport_case_name);

class SftpTransportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!sshd().missing().empty()) {
      GTEST_SKIP() << sshd().missing();
    }
  }

  static Status put(transport::Transport& transport, const std::string& name, std::string_view content) {
    BytesSource source(as_bytes(content));
    return transport.put_if_absent(name, source);
  }
  static std::string get(transport::Transport& transport, const std::string& name) {
    auto bytes = transport::find_object(transport, name, 1u << 30);
    EXPECT_OK(bytes);
    return bytes.ok() && *bytes ? std::string(as_text(**bytes)) : "nothing";
  }

  TempDir dir_;
  std::string path_ = dir_ / "a/remote";
};

TEST_F(SftpTransportTest, TakesAMissingFolderForAnErrorAndNeverForAnEmptyOne) {
  const auto transport = open_at(path_);
  EXPECT_EQ(transport->describe(), "ssh://here" + path_);
  EXPECT_THAT(transport->list(""), FailsWith(Code::remote, path_));
  EXPECT_THAT(transport->list("packs/"), FailsWith(Code::remote, path_));
  EXPECT_THAT(put(*transport, "packs/a", "1"),
              FailsWith(Code::remote, "the folder '" + path_ + "' is not there"));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(SftpTransportTest, LeavesNoTemporaryFile) {
  const auto transport = open_at(path_);
  ASSERT_OK(transport->prepare());
  ASSERT_OK(put(*transport, "packs/a", "1"));
  ASSERT_OK(put(*transport, "packs/a", "1"));
  ASSERT_OK(transport->put_replace("hint", as_bytes("2")));
  ASSERT_OK(transport->put_replace("hint", as_bytes("3")));
  EXPECT_TRUE(fs::is_empty(path_ + "/tmp"));
}

TEST_F(SftpTransportTest, RemovesOldLeftoversOfKilledWritersOnly) {
  write_text(path_ + "/tmp/old", "x");
  write_text(path_ + "/tmp/young", "y");
  fs::last_write_time(path_ + "/tmp/old", fs::file_time_type::clock::now() - std::chrono::hours(25));
  const auto transport = open_at(path_);
  ASSERT_OK(put(*transport, "packs/a", "1"));
  EXPECT_FALSE(fs::exists(path_ + "/tmp/old"));
  EXPECT_TRUE(fs::exists(path_ + "/tmp/young"));
  ASSERT_OK_AND_ASSIGN(const auto objects, transport->list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"packs/a", 1}));
}

TEST_F(SftpTransportTest, RefusesNamesThatLeaveTheRemote) {
  const auto transport = open_at(path_);
  ASSERT_OK(transport->prepare());
  EXPECT_FALSE(put(*transport, "../x", "1").ok());
  EXPECT_FALSE(put(*transport, "/x", "1").ok());
  EXPECT_FALSE(fs::exists(dir_ / "a/x"));
}

TEST_F(SftpTransportTest, MakesPacksThatNobodyWrites) {
  const auto transport = open_at(path_);
  ASSERT_OK(transport->prepare());
  ASSERT_OK(put(*transport, "packs/a", "1"));
  EXPECT_EQ(fs::status(path_ + "/packs/a").permissions() & fs::perms(0222), fs::perms::none);
}

TEST_F(SftpTransportTest, TellsWhyItDoesNotConnect) {
  EXPECT_THAT(open_at(path_, "stranger")->list(""), FailsWith(Code::remote, "is not known yet"));
  EXPECT_THAT(open_at(path_, "changed")->list(""),
              FailsWith(Code::remote, "host key of the server has changed"));
  EXPECT_THAT(open_at(path_, "refused")->list(""), FailsWith(Code::remote, "accepts none of our keys"));
  EXPECT_THAT(open_at(path_, "no.such.host.invalid")->list(""),
              FailsWith(Code::remote, "no host of that name"));
  Address address = address_of(path_);
  address.port = free_port();
  SftpTransport closed(address, nullptr, {ssh()});
  EXPECT_THAT(closed.list(""), FailsWith(Code::remote, "nobody answers at that port"));
  SftpTransport no_sftp(address_of(path_), nullptr,
                        {{"sh", "-c", "exec ssh -F '" + sshd().folder() + "/ssh_config' -s here nothing"}});
  EXPECT_THAT(no_sftp.list(""), FailsWith(Code::remote, "the server has no SFTP"));
}

TEST_F(SftpTransportTest, TellsOfAMissingSsh) {
  SftpTransport transport(address_of(path_), nullptr, {{"no-such-ssh"}});
  EXPECT_THAT(transport.get("format", std::nullopt, [](Bytes) { return Status(); }),
              FailsWith(Code::remote, "no-such-ssh"));
}

TEST_F(SftpTransportTest, TellsAFullDisk) {
  TempDir small;
  if (::mount("none", small.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
    GTEST_SKIP() << "cannot mount a small file system here";
  }
  const auto transport = open_at(small.path());
  EXPECT_THAT(put(*transport, "packs/large", std::string(2u << 20, 'x')),
              FailsWith(Code::remote, "the disk of the server is full"));
  EXPECT_OK(put(*transport, "packs/small", "1"));
  ASSERT_OK_AND_ASSIGN(const auto objects, transport->list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"packs/small", 1}));
  EXPECT_TRUE(fs::is_empty(small / "tmp"));
  EXPECT_EQ(::umount2(small.path().c_str(), MNT_DETACH), 0);  // the connection still holds it
}

/// Faults of a connection in the middle of a transfer.
class SftpFaultTest : public SftpTransportTest {
 protected:
  static constexpr std::uint64_t kSize = 20'000'000;

  /// A transport whose ssh tells its process id.
  SftpTransport open_watched(std::chrono::milliseconds stall_limit = std::chrono::minutes(2)) {
    fs::create_directories(path_);
    const std::string script =
        "echo $$ >>'" + ids_ + "'; exec ssh -F '" + sshd().folder() + "/ssh_config' \"$@\"";
    return {address_of(path_), &stop_, {{"sh", "-c", script, "ssh"}, stall_limit}};
  }

  /// Process ids of all connections so far.
  std::vector<pid_t> connections() {
    std::ifstream in(ids_);
    return {std::istream_iterator<pid_t>(in), std::istream_iterator<pid_t>()};
  }
  void signal_last(int signal) { ASSERT_EQ(::kill(connections().back(), signal), 0); }

  /// `kSize` bytes; in the middle of them something happens.
  class TroubledSource : public transport::Source {
   public:
    explicit TroubledSource(std::function<void()> trouble) : trouble_(std::move(trouble)) {}
    [[nodiscard]] std::uint64_t size() const override { return kSize; }
    Status rewind() override {
      done_ = 0;
      return {};
    }
    Result<std::size_t> read(std::span<std::uint8_t> out) override {
      const std::uint64_t before = done_;
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), kSize - done_));
      for (std::size_t i = 0; i < count; ++i) {
        out[i] = byte_at(before + i);
      }
      done_ += count;
      if (before <= kSize / 2 && done_ > kSize / 2) {
        trouble_();
      }
      return count;
    }

   private:
    std::function<void()> trouble_;
    std::uint64_t done_ = 0;
  };

  static std::uint8_t byte_at(std::uint64_t place) {
    return static_cast<std::uint8_t>(place * 0x9e3779b1U >> 13);
  }
  static bool is_right(const std::string& path) {
    const std::string content = read_text(path);
    bool right = content.size() == kSize;
    for (std::size_t i = 0; right && i < content.size(); ++i) {
      right = static_cast<std::uint8_t>(content[i]) == byte_at(i);
    }
    return right;
  }
  [[nodiscard]] std::string object() const { return path_ + "/packs/a"; }

  std::atomic<bool> stop_{false};
  std::string ids_ = dir_ / "ids";
};

TEST_F(SftpFaultTest, SendsAgainWhenTheConnectionBreaks) {
  SftpTransport transport = open_watched();
  bool broken = false;
  TroubledSource source([&] {
    if (!std::exchange(broken, true)) {
      signal_last(SIGKILL);
    }
  });
  EXPECT_OK(transport.put_if_absent("packs/a", source));
  EXPECT_TRUE(is_right(object()));
  EXPECT_EQ(connections().size(), 2U);
}

TEST_F(SftpFaultTest, GoesOnReadingWhenTheConnectionBreaks) {
  SftpTransport transport = open_watched();
  TroubledSource source([] {});
  ASSERT_OK(transport.put_if_absent("packs/a", source));
  std::uint64_t got = 0;
  bool right = true;
  EXPECT_OK(transport.get("packs/a", std::nullopt, [&](Bytes piece) {
    for (std::uint8_t byte : piece) {
      right = right && byte == byte_at(got++);
    }
    if (got >= kSize / 2 && connections().size() == 1) {
      signal_last(SIGKILL);
    }
    return Status();
  }));
  EXPECT_TRUE(right);
  EXPECT_EQ(got, kSize);
  EXPECT_EQ(connections().size(), 2U);
}

TEST_F(SftpFaultTest, GivesUpOnAConnectionThatAlwaysBreaks) {
  SftpTransport transport = open_watched();
  TroubledSource source([&] { signal_last(SIGKILL); });
  EXPECT_THAT(transport.put_if_absent("packs/a", source), FailsWith(Code::remote, "the connection broke"));
  EXPECT_FALSE(fs::exists(object()));
  EXPECT_EQ(connections().size(), 3U);
}

TEST_F(SftpFaultTest, ShowsNothingOfAnObjectWhoseServerDied) {
  TestServer server("sshd-up.sh");
  fs::create_directories(path_);
  SftpTransport transport(address_of(path_), nullptr, {{"ssh", "-F", server.folder() + "/ssh_config"}});
  TroubledSource source([&] {
    const std::string children = "/proc/" + std::to_string(server.processes().front()) + "/task/" +
                                 std::to_string(server.processes().front()) + "/children";
    std::ifstream in(children);
    for (pid_t child = 0; in >> child;) {
      ::kill(child, SIGKILL);
    }
    ::kill(server.processes().front(), SIGKILL);
  });
  EXPECT_THAT(transport.put_if_absent("packs/a", source), FailsWith(Code::remote, "nobody answers"));
  EXPECT_FALSE(fs::exists(object()));
}

TEST_F(SftpFaultTest, GivesUpOnAServerThatStalls) {
  SftpTransport transport = open_watched(std::chrono::seconds(3));
  TroubledSource source([&] { signal_last(SIGSTOP); });
  EXPECT_THAT(transport.put_if_absent("packs/a", source), FailsWith(Code::remote, "did not answer for 3 s"));
  EXPECT_FALSE(fs::exists(object()));
  wait_gone(connections().back());
}

TEST_F(SftpFaultTest, EndsAStalledTransferWhenItIsStopped) {
  SftpTransport transport = open_watched();
  TroubledSource source([&] {
    signal_last(SIGSTOP);
    stop_ = true;
  });
  EXPECT_THAT(transport.put_if_absent("packs/a", source), FailsWith(Code::interrupted, ""));
  EXPECT_FALSE(fs::exists(object()));
}

TEST_F(SftpFaultTest, EndsItsSsh) {
  {
    SftpTransport transport = open_watched();
    ASSERT_OK(transport.list(""));
    ASSERT_OK(transport.list(""));
  }
  ASSERT_EQ(connections().size(), 1U);
  EXPECT_EQ(::kill(connections().front(), 0), -1);
}

/// A server that means harm, or is none at all: an error each time, and nothing worse.
class HostileServer : public ::testing::TestWithParam<const char*> {};

TEST_P(HostileServer, DoesNoHarm) {
  const std::string script = source_path("test/unit/sftp/hostile_server.py");
  SftpTransport transport(address_of("/data"), nullptr, {{"python3", script, GetParam()}});
  std::uint64_t got = 0;
  const Status read = transport.get("packs/a", std::nullopt, [&](Bytes piece) {
    got += piece.size();
    return Status();
  });
  EXPECT_THAT(read, FailsWith(Code::remote, "ssh://here/data: "));
  EXPECT_LE(got, 10U);
}

INSTANTIATE_TEST_SUITE_P(Sftp, HostileServer,
                         ::testing::Values("text", "version", "huge", "tiny", "unasked", "short", "other",
                                           "much", "empty", "end"),
                         [](const auto& one) { return std::string(one.param); });

TEST(HostileServerNames, AreLeftOutOfAList) {
  const std::string script = source_path("test/unit/sftp/hostile_server.py");
  SftpTransport transport(address_of("/data"), nullptr, {{"python3", script, "names"}});
  ASSERT_OK_AND_ASSIGN(const auto objects, transport.list(""));
  EXPECT_THAT(objects, ::testing::IsEmpty());
}

}  // namespace
}  // namespace cairn::test
