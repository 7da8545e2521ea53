// SPDX-License-Identifier: Apache-2.0
#include "os/root_resolve.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "os/file.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace cairn::os {
namespace {

using test::write_text;

struct Way {
  const char* name;
  Fd (*open)(int dir, const std::string& path, int flags, unsigned mode);
};

/// Both ways must give the same answers; where the kernel lacks openat2 its tests are skipped.
class OpenBeneathTest : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    root_ = std::move(open_file(dir_ / "root", O_PATH | O_DIRECTORY)).value();
    if (!open(".", O_PATH).valid() && errno == ENOSYS) {
      GTEST_SKIP() << "no openat2";
    }
  }
  Fd open(const std::string& path, int flags, unsigned mode = 0) {
    return GetParam().open(root_.get(), path, flags, mode);
  }
  void expect_error(const std::string& path, int flags, int expected) {
    errno = 0;
    Fd fd = open(path, flags, (flags & O_CREAT) != 0 ? 0600 : 0);
    int err = errno;
    EXPECT_FALSE(fd.valid()) << path;
    EXPECT_EQ(err, expected) << path << " flags " << flags;
  }
  std::string read(const std::string& path) {
    Fd fd = open(path, O_RDONLY);
    Buffer out(100);
    auto got = read_at(fd.get(), out, 0, path);
    return got.ok() ? std::string(as_text(Bytes(out).first(*got))) : "cannot read";
  }

  test::TempDir dir_;
  // Made before the descriptor below is opened.
  bool made_ = [this] {
    write_text(dir_ / "outside/secret", "secret");
    write_text(dir_ / "root/a/b/file", "content");
    write_text(dir_ / "root/top", "top");
    std::filesystem::create_symlink(dir_ / "outside", dir_ / "root/out");
    std::filesystem::create_symlink("../outside", dir_ / "root/relative");
    std::filesystem::create_symlink("a", dir_ / "root/inside");
    std::filesystem::create_symlink("top", dir_ / "root/alias");
    std::filesystem::create_symlink("gone", dir_ / "root/dangling");
    return true;
  }();
  Fd root_;
};

TEST_P(OpenBeneathTest, OpensFilesAndFolders) {
  EXPECT_EQ(read("top"), "top");
  EXPECT_EQ(read("a/b/file"), "content");
  EXPECT_TRUE(open("a/b", O_PATH | O_DIRECTORY).valid());
  EXPECT_TRUE(open(".", O_PATH | O_DIRECTORY).valid());
  EXPECT_TRUE(open("a/b", O_RDONLY | O_DIRECTORY).valid());
}

TEST_P(OpenBeneathTest, IsCloseOnExec) {
  EXPECT_EQ(::fcntl(open("top", O_RDONLY).get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST_P(OpenBeneathTest, CreatesWithTheMode) {
  EXPECT_TRUE(open("a/new", O_WRONLY | O_CREAT | O_EXCL, 0600).valid());
  EXPECT_EQ(find_stat(dir_ / "root/a/new")->value().mode, 0600u);
  expect_error("a/new", O_WRONLY | O_CREAT | O_EXCL, EEXIST);
}

TEST_P(OpenBeneathTest, SaysWhatIsMissingOrNoFolder) {
  expect_error("gone", O_RDONLY, ENOENT);
  expect_error("gone/x", O_RDONLY, ENOENT);
  expect_error("top/x", O_RDONLY, ENOTDIR);
  expect_error("top", O_PATH | O_DIRECTORY, ENOTDIR);
}

TEST_P(OpenBeneathTest, FollowsNoSymlinkWhereverItStandsAndPoints) {
  for (const char* path : {"out/secret", "relative/secret", "inside/b/file", "out/new"}) {
    expect_error(path, O_RDONLY, ELOOP);
    expect_error(path, O_PATH, ELOOP);
    expect_error(path, O_WRONLY | O_CREAT, ELOOP);
  }
  for (const char* path : {"out", "relative", "inside", "alias", "dangling"}) {
    expect_error(path, O_RDONLY, ELOOP);
    expect_error(path, O_PATH, ELOOP);
    expect_error(path, O_RDONLY | O_DIRECTORY, ELOOP);
    expect_error(path, O_PATH | O_DIRECTORY, ELOOP);
    expect_error(path, O_WRONLY | O_CREAT, ELOOP);
  }
  EXPECT_FALSE(std::filesystem::exists(dir_ / "outside/new"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "root/gone"));
}

TEST_P(OpenBeneathTest, AParentThatIsSwappedForASymlinkIsNeverFollowed) {
  write_text(dir_ / "root/swap/file", "inside");
  write_text(dir_ / "outside/file", "outside");
  std::filesystem::create_symlink("../outside", dir_ / "root/link");
  ASSERT_OK_AND_ASSIGN(Fd fd, open_file(dir_ / "root", O_RDONLY | O_DIRECTORY));
  std::atomic<bool> done{false};
  std::thread swapper([&] {
    while (!done) {  // exchanges the folder and the link, so that one of them always stands there
      ::renameat2(fd.get(), "swap", fd.get(), "link", RENAME_EXCHANGE);
    }
  });
  int inside = 0;
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = read("swap/file");
    inside += text == "inside" ? 1 : 0;
    refused += text == "cannot read" ? 1 : 0;
  }
  done = true;
  swapper.join();
  EXPECT_EQ(inside + refused, 20'000);
}

INSTANTIATE_TEST_SUITE_P(Ways, OpenBeneathTest,
                         testing::Values(Way{"kernel", open_beneath_by_kernel},
                                         Way{"parts", open_beneath_by_parts}, Way{"chosen", open_beneath}),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace cairn::os
