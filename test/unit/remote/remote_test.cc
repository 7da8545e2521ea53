// SPDX-License-Identifier: Apache-2.0
#include "remote/remote.h"

#include <filesystem>

#include "remote/layout.h"
#include "transport/dir.h"
#include "unit/remote/transfer_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::read_text;
using cairn::test::write_text;

class RemoteTest : public test::TransferFixture {
 protected:
  Result<Remote> open(Purpose purpose) {
    return Remote::open(std::make_unique<transport::DirTransport>(folder_), "origin", paths_, purpose, log_);
  }
  std::string folder_ = dir_ / "remote";
  store::StorePaths paths_{dir_ / "store"};
};

TEST_F(RemoteTest, StartsAtTheFirstPush) {
  ASSERT_OK_AND_ASSIGN(Remote first, open(Purpose::write));
  EXPECT_EQ(read_text(folder_ + "/format"), encode_format(first.id()));
  EXPECT_EQ(first.describe(), "remote 'origin' (folder '" + folder_ + "')");
  ASSERT_OK_AND_ASSIGN(Remote again, open(Purpose::write));
  EXPECT_EQ(again.id(), first.id());
  EXPECT_TRUE(fs::is_directory(again.cache()));
}

TEST_F(RemoteTest, TwoRemotesHaveDifferentIds) {
  ASSERT_OK_AND_ASSIGN(Remote first, open(Purpose::write));
  folder_ = dir_ / "other";
  ASSERT_OK_AND_ASSIGN(Remote second, open(Purpose::write));
  EXPECT_NE(first.id(), second.id());
}

TEST_F(RemoteTest, IsNotStartedByReading) {
  EXPECT_THAT(open(Purpose::read), FailsWith(Code::remote, "nothing was pushed"));
  EXPECT_FALSE(fs::exists(folder_));
}

TEST_F(RemoteTest, IsNeverStartedAnewOnceItWasUsed) {
  ASSERT_OK(open(Purpose::write));
  fs::remove_all(folder_);
  for (Purpose purpose : {Purpose::read, Purpose::write}) {
    auto opened = open(purpose);
    EXPECT_THAT(opened, FailsWith(Code::remote, "remote 'origin': folder '" + folder_ + "' is gone"));
    EXPECT_NE(opened.error().hint().find("cairn remote"), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(folder_));
  fs::create_directory(folder_);  // the mount point of a disk that is not mounted
  EXPECT_THAT(open(Purpose::write), FailsWith(Code::remote, "is gone"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RemoteTest, IsStartedAnewOnceForgotten) {
  ASSERT_OK(open(Purpose::write));
  fs::remove_all(folder_);
  ASSERT_OK(forget_remote(transport::DirTransport(folder_), paths_));
  EXPECT_OK(open(Purpose::write));
}

TEST_F(RemoteTest, WarnsWhenAnotherRemoteStandsThere) {
  ASSERT_OK(open(Purpose::write));
  std::string id(32, 'a');
  write_text(folder_ + "/format", encode_format(id));
  ASSERT_OK_AND_ASSIGN(Remote other, open(Purpose::read));
  EXPECT_EQ(other.id(), id);
  EXPECT_EQ(log_.warnings.size(), 1u);
  ASSERT_OK(open(Purpose::read));
  EXPECT_EQ(log_.warnings.size(), 1u);
}

TEST_F(RemoteTest, DoesNotStartInAFolderWithOtherFiles) {
  write_text(folder_ + "/photos/1.jpg", "x");
  EXPECT_THAT(open(Purpose::write), FailsWith(Code::remote, "photos/1.jpg"));
  EXPECT_FALSE(fs::exists(folder_ + "/format"));
}

TEST_F(RemoteTest, RefusesAFormatThatIsSomethingElse) {
  write_text(folder_ + "/format", "hello\n");
  EXPECT_THAT(open(Purpose::write), FailsWith(Code::remote, "not a cairn remote"));
  write_text(folder_ + "/format", "cairn remote 7\n");
  EXPECT_THAT(open(Purpose::read), FailsWith(Code::unsupported, "format 7"));
}

}  // namespace
}  // namespace cairn::remote
