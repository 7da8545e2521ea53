// SPDX-License-Identifier: Apache-2.0
#include "os/root_resolve.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/// Makes openat2 fail with `err` from here on, as an old kernel or a sandbox does.
bool forbid_openat2(unsigned err) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),  // the number of the call
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program{static_cast<unsigned short>(std::size(code)), code};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// Exit status 0 when files open and symlinks are refused although openat2 fails with `err`.
[[noreturn]] void use_without_openat2(unsigned err, const std::string& root) {
  if (!forbid_openat2(err) || open_beneath_by_kernel(AT_FDCWD, ".", O_PATH, 0).valid()) {
    ::_exit(2);
  }
  Fd fd(::open(root.c_str(), O_PATH | O_DIRECTORY));
  bool opens = open_beneath(fd.get(), "a/file", O_RDONLY, 0).valid();
  bool refuses = !open_beneath(fd.get(), "link/file", O_RDONLY, 0).valid() && errno == ELOOP;
  ::_exit(opens && refuses ? 0 : 1);
}

TEST(OpenBeneathDeathTest, WorksWhereTheKernelLacksOpenat2OrASandboxForbidsIt) {
  // Started anew, for the kernel is asked only once a process.
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  test::TempDir dir;
  write_text(dir / "a/file", "x");
  std::filesystem::create_symlink("a", dir / "link");
  EXPECT_EXIT(use_without_openat2(ENOSYS, dir.path()), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(use_without_openat2(EPERM, dir.path()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace cairn::os
