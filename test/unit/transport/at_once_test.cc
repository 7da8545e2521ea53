// SPDX-License-Identifier: Apache-2.0
#include "transport/at_once.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "support/matchers.h"
#include "support/store_fixture.h"

namespace cairn::test {
namespace {

using transport::each_at_once;
using transport::RequestCount;

/// The count after `measurements` of a network whose rate for a count is `rate_of`.
unsigned settled(RequestCount& count, int measurements, const std::function<double(unsigned)>& rate_of) {
  for (int i = 0; i < measurements; ++i) {
    count.measured(rate_of(count.now()));
  }
  return count.now();
}

/// Each connection brings 10, all together at most `link`.
std::function<double(unsigned)> network(double link) {
  return [link](unsigned count) { return std::min(link, count * 10.0); };
}

TEST(RequestCountTest, GrowsUntilTheLinkIsFull) {
  RequestCount count(4, 32);
  EXPECT_EQ(settled(count, 6, network(150)), 16U);
}

TEST(RequestCountTest, StaysWhereOneConnectionFillsTheLink) {
  RequestCount count(4, 32);
  EXPECT_EQ(settled(count, 6, network(10)), 4U);
}

TEST(RequestCountTest, GoesBackWhereMoreIsSlower) {
  RequestCount count(4, 32);
  EXPECT_EQ(settled(count, 6, [](unsigned at_once) { return at_once <= 8 ? at_once * 10.0 : 20.0; }), 8U);
}

TEST(RequestCountTest, NeverGoesAboveTheMost) {
  RequestCount count(4, 6);
  for (int i = 0; i < 100; ++i) {
    count.measured(count.now() * 10.0);
    EXPECT_LE(count.now(), 6U);
  }
  EXPECT_EQ(count.now(), 6U);
}

TEST(RequestCountTest, FollowsALinkThatBecomesFaster) {
  RequestCount count(4, 32);
  ASSERT_EQ(settled(count, 6, network(40)), 4U);
  settled(count, 200, network(1000));
  EXPECT_GE(count.now(), 16U);
}

TEST(RequestCountTest, LearnsNothingWhileNothingComes) {
  RequestCount count(4, 32);
  EXPECT_EQ(settled(count, 50, [](unsigned) { return 0.0; }), 4U);
}

class EachAtOnceTest : public StoreFixture {
 protected:
  /// A body that takes 20 ms and brings 1 MB; notes how many ran at the same time.
  Status slow(std::size_t i) {
    const unsigned running = ++running_;
    unsigned most = most_;
    while (running > most && !most_.compare_exchange_weak(most, running)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    progress_.bytes_done += 1'000'000;
    --running_;
    const std::lock_guard lock(mutex_);
    EXPECT_TRUE(seen_.insert(i).second) << i << " came twice";
    return {};
  }

  std::atomic<unsigned> running_{0};
  std::atomic<unsigned> most_{0};
  std::mutex mutex_;
  std::set<std::size_t> seen_;
};

TEST_F(EachAtOnceTest, TakesMoreAtOnceWhileThatIsFaster) {
  ASSERT_OK(each_at_once(400, context(), [this](std::size_t i) { return slow(i); }));
  EXPECT_EQ(seen_.size(), 400U);
  EXPECT_GT(most_, 4U);
  EXPECT_LE(most_, 32U);
}

TEST_F(EachAtOnceTest, TakesAsManyAsTheUserSaid) {
  Context context = this->context();
  context.requests = 2;
  ASSERT_OK(each_at_once(100, context, [this](std::size_t i) { return slow(i); }));
  EXPECT_EQ(seen_.size(), 100U);
  EXPECT_LE(most_, 2U);
}

TEST_F(EachAtOnceTest, HandsOutNothingAfterAnError) {
  std::atomic<int> calls{0};
  const Status status = each_at_once(100'000, context(), [&](std::size_t) -> Status {
    ++calls;
    return Error(Code::remote, "the line is cut");
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code(), Code::remote);
  EXPECT_LE(calls, 32);
}

TEST_F(EachAtOnceTest, NothingToDoIsDone) {
  EXPECT_OK(each_at_once(0, context(), [](std::size_t) { return Status(); }));
}

}  // namespace
}  // namespace cairn::test
