// SPDX-License-Identifier: Apache-2.0
#include "transport/dir.h"

#include <sys/stat.h>

#include <filesystem>

#include "support/temp_dir.h"
#include "support/transport_suite.h"

namespace cairn::test {
namespace {

namespace fs = std::filesystem;
using transport::BytesSource;
using transport::DirTransport;

class DirPlace : public TransportPlace {
 public:
  std::unique_ptr<transport::Transport> open() override {
    return std::make_unique<DirTransport>(dir_ / "remote");
  }
  void fill(const std::string& prefix, int count) override {
    for (int i = 0; i < count; ++i) {
      write_text(dir_ / ("remote/" + prefix + std::to_string(i)), "");
    }
  }

 private:
  TempDir dir_;
};

INSTANTIATE_TEST_SUITE_P(Backend, TransportSuite,
                         ::testing::Values(TransportCase{"dir", [] { return std::make_unique<DirPlace>(); }}),
                         transport_case_name);

class DirTransportTest : public ::testing::Test {
 protected:
  Status put(const std::string& name, std::string_view content) {
    BytesSource source(as_bytes(content));
    return transport_.put_if_absent(name, source);
  }
  TempDir dir_;
  std::string path_ = dir_ / "a/remote";
  DirTransport transport_{path_};
};

TEST_F(DirTransportTest, NamesItsFolder) {
  EXPECT_EQ(transport_.describe(), "folder '" + path_ + "'");
}

TEST_F(DirTransportTest, TakesAMissingFolderForAnErrorAndNeverForAnEmptyOne) {
  EXPECT_THAT(transport_.list(""), FailsWith(Code::remote, path_));
  EXPECT_THAT(put("packs/a", "1"), FailsWith(Code::remote, path_));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(DirTransportTest, LeavesNoTemporaryFile) {
  ASSERT_OK(transport_.prepare());
  ASSERT_OK(put("packs/a", "1"));
  ASSERT_OK(put("packs/a", "1"));
  ASSERT_OK(transport_.put_replace("hint", as_bytes("2")));
  EXPECT_TRUE(fs::is_empty(path_ + "/tmp"));
}

TEST_F(DirTransportTest, RemovesOldLeftoversOfKilledWritersOnly) {
  write_text(path_ + "/tmp/old", "x");
  write_text(path_ + "/tmp/young", "y");
  fs::last_write_time(path_ + "/tmp/old", fs::file_time_type::clock::now() - std::chrono::hours(25));
  ASSERT_OK(put("packs/a", "1"));
  EXPECT_FALSE(fs::exists(path_ + "/tmp/old"));
  EXPECT_TRUE(fs::exists(path_ + "/tmp/young"));
}

TEST_F(DirTransportTest, DoesNotListWhatIsBeingWritten) {
  write_text(path_ + "/tmp/young", "y");
  ASSERT_OK(put("packs/a", "1"));
  ASSERT_OK_AND_ASSIGN(auto objects, transport_.list(""));
  EXPECT_THAT(objects, ::testing::ElementsAre(transport::ObjectInfo{"packs/a", 1}));
}

TEST_F(DirTransportTest, FollowsNoSymlinkInsideTheRemote) {
  ASSERT_OK(transport_.prepare());
  write_text(dir_ / "outside/secret", "s");
  fs::create_directory_symlink(dir_ / "outside", path_ + "/packs");
  auto sink = [](Bytes) { return Status(); };
  EXPECT_THAT(transport_.get("packs/secret", std::nullopt, sink), FailsWith(Code::remote, "symlink"));
  EXPECT_THAT(put("packs/new", "1"), FailsWith(Code::remote, ""));
  EXPECT_FALSE(fs::exists(dir_ / "outside/new"));
}

TEST_F(DirTransportTest, RefusesNamesThatLeaveTheRemote) {
  ASSERT_OK(transport_.prepare());
  EXPECT_FALSE(put("../x", "1").ok());
  EXPECT_FALSE(put("/x", "1").ok());
  EXPECT_FALSE(fs::exists(dir_ / "a/x"));
}

TEST_F(DirTransportTest, MakesPacksThatOthersMayReadButNobodyWrites) {
  ASSERT_OK(transport_.prepare());
  mode_t old = ::umask(0022);
  ASSERT_OK(put("packs/a", "1"));
  ::umask(old);
  auto mode = fs::status(path_ + "/packs/a").permissions();
  EXPECT_EQ(mode, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
}

}  // namespace
}  // namespace cairn::test
