// SPDX-License-Identifier: Apache-2.0
#include "remote/gc_lock.h"

#include <filesystem>
#include <thread>

#include "unit/remote/gc_fixture.h"

namespace cairn::remote {
namespace {

namespace fs = std::filesystem;
using cairn::test::FailsWith;
using cairn::test::text_bytes;
using std::chrono::milliseconds;
using std::chrono::seconds;

class GcLockTest : public test::GcFixture {
 protected:
  void SetUp() override { fs::create_directories(remote_ + "/locks"); }
  Result<std::unique_ptr<GcLock>> take(bool force = false) {
    return GcLock::take(place_, "remote 'origin'", force, context(), kTimes);
  }
  void write_lock(const std::string& name, const std::string& text) {
    overwrite(remote_ + "/locks/" + name, as_bytes(text));
  }
  static Time now() { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }

  transport::DirTransport place_{remote_};
};

TEST_F(GcLockTest, IsThereWhileItIsHeld) {
  {
    ASSERT_OK_AND_ASSIGN(const auto lock, take());
    ASSERT_EQ(remote_names("locks").size(), 1u);
    const Buffer text = test::read_bytes(remote_ + "/locks/" + remote_names("locks").front());
    ASSERT_OK_AND_ASSIGN(const Time time, decode_gc_lock(as_text(text)));
    EXPECT_LE(time, now());
    EXPECT_OK(lock->check());
    EXPECT_THAT(take(), FailsWith(Code::locked, "another 'cairn remote gc'"));
    EXPECT_EQ(remote_names("locks").size(), 1u);
  }
  EXPECT_TRUE(remote_names("locks").empty());
}

TEST_F(GcLockTest, RemovesADeadOneAndLeavesOneThatMayLive) {
  write_lock("gc-1", encode_gc_lock(now() - seconds(10)));
  EXPECT_THAT(take(), FailsWith(Code::locked, "another"));
  write_lock("gc-1", "cairn gc 2\n");
  EXPECT_THAT(take(), FailsWith(Code::locked, ""));
  write_lock("gc-1", encode_gc_lock(now() + seconds(7200)));  // another clock
  EXPECT_THAT(take(), FailsWith(Code::locked, ""));
  write_lock("gc-1", encode_gc_lock(now() - seconds(7200)));
  EXPECT_OK(take());
  EXPECT_TRUE(remote_names("locks").empty());
}

TEST_F(GcLockTest, ForceRemovesAny) {
  ASSERT_OK_AND_ASSIGN(const auto first, take());
  ASSERT_OK_AND_ASSIGN(const auto second, take(true));
  EXPECT_EQ(remote_names("locks").size(), 1u);
  EXPECT_OK(second->check());
}

TEST_F(GcLockTest, IsRenewedAndNoticesThatItIsGone) {
  LockTimes times = kTimes;
  times.beat = milliseconds(1);
  ASSERT_OK_AND_ASSIGN(const auto lock, GcLock::take(place_, "remote", false, context(), times));
  fs::remove_all(remote_ + "/locks");
  // The thread that renews it looks all the time here.
  while (lock->check().ok()) {
    std::this_thread::yield();
  }
  EXPECT_THAT(lock->check(), FailsWith(Code::locked, "removed by another"));
}

TEST_F(GcLockTest, OneThatIsRenewedIsAliveHoweverOldItsTimeIs) {
  write_lock("gc-1", encode_gc_lock(Time(seconds(1))));
  LockTimes times = kTimes;
  times.observed = milliseconds(3'600'000);
  times.patience = milliseconds(0);
  int looks = 0;
  test::HookedTransport renewed(remote_, [&](const std::string& name) -> Status {
    if (name == "locks/gc-1") {
      write_lock("gc-1", encode_gc_lock(Time(seconds(++looks))));
    }
    return {};
  });
  const std::vector<std::string> locks{"locks/gc-1"};
  EXPECT_THAT(wait_for_gc(renewed, "remote", locks, context(), times),
              FailsWith(Code::locked, "does not end"));
  EXPECT_GE(looks, 2);
}

TEST_F(GcLockTest, WaitsUntilItIsGone) {
  write_lock("gc-1", encode_gc_lock(now()));
  int looks = 0;
  test::HookedTransport vanishing(remote_, [&](const std::string& name) -> Status {
    if (name == "locks/gc-1" && ++looks == 5) {
      fs::remove(remote_ + "/locks/gc-1");
    }
    return {};
  });
  const std::vector<std::string> locks{"locks/gc-1"};
  EXPECT_OK(wait_for_gc(vanishing, "remote", locks, context(), kTimes));
  EXPECT_EQ(looks, 5);
}

}  // namespace
}  // namespace cairn::remote
