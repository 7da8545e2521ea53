// SPDX-License-Identifier: Apache-2.0
#include "os/parallel.h"

#include <sched.h>

#include <atomic>
#include <barrier>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "support/matchers.h"

namespace cairn::os {
namespace {

using test::FailsWith;
using testing::Each;

TEST(AvailableProcessors, HonoursTheAffinityOfTheProcess) {
  EXPECT_GE(available_processors(), 1u);
  cpu_set_t old;
  ASSERT_EQ(::sched_getaffinity(0, sizeof old, &old), 0);
  EXPECT_LE(available_processors(), static_cast<unsigned>(CPU_COUNT(&old)));
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(available_processors(), 1u);
  ASSERT_EQ(::sched_setaffinity(0, sizeof old, &old), 0);
}

TEST(RunWorkers, RunsEachOnItsOwnThreadAndTheFirstOnTheCallers) {
  constexpr unsigned kWorkers = 4;
  std::barrier all_there(kWorkers);  // reached only if all run at the same time
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::vector<int> calls(kWorkers, 0);
  std::thread::id of_first;
  EXPECT_OK(run_workers(kWorkers, [&](unsigned worker) -> Status {
    all_there.arrive_and_wait();
    std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    calls[worker] += 1;
    if (worker == 0) {
      of_first = std::this_thread::get_id();
    }
    return {};
  }));
  EXPECT_EQ(threads.size(), kWorkers);
  EXPECT_THAT(calls, Each(1));
  EXPECT_EQ(of_first, std::this_thread::get_id());
}

TEST(RunWorkers, ReturnsTheErrorAfterAllHaveEnded) {
  std::atomic<int> ended{0};
  Status status = run_workers(3, [&](unsigned worker) -> Status {
    ended += 1;
    return worker == 1 ? Status(Error(Code::io, "worker 1 broke")) : Status();
  });
  EXPECT_THAT(status, FailsWith(Code::io, "worker 1 broke"));
  EXPECT_EQ(ended, 3);
}

TEST(RunWorkers, NoWorkersMeansOne) {
  int calls = 0;
  EXPECT_OK(run_workers(0, [&](unsigned) -> Status {
    ++calls;
    return {};
  }));
  EXPECT_EQ(calls, 1);
}

TEST(ParallelFor, CallsTheBodyOnceForEveryIndex) {
  struct Case {
    std::size_t count;
    unsigned workers;
    std::size_t grain;
  };
  for (Case c : {Case{0, 4, 1}, Case{1, 4, 1}, Case{7, 3, 2}, Case{1000, 4, 7}, Case{1000, 1, 1},
                 Case{10, 0, 0}, Case{10, 4, 100}, Case{10, 2, SIZE_MAX}}) {
    std::vector<std::atomic<int>> calls(c.count);
    EXPECT_OK(parallel_for(c.count, c.workers, c.grain, [&](std::size_t i) -> Status {
      calls[i] += 1;
      return {};
    }));
    for (std::size_t i = 0; i < c.count; ++i) {
      EXPECT_EQ(calls[i], 1) << i << " of " << c.count << " by " << c.grain;
    }
  }
}

TEST(ParallelFor, OneWorkerGoesInOrderOnTheCallersThread) {
  std::vector<std::size_t> order;
  std::thread::id caller = std::this_thread::get_id();
  EXPECT_OK(parallel_for(5, 1, 2, [&](std::size_t i) -> Status {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    order.push_back(i);
    return {};
  }));
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(ParallelFor, StopsAfterTheFirstErrorAndReturnsIt) {
  std::size_t calls = 0;
  Status status = parallel_for(1000, 1, 10, [&](std::size_t i) -> Status {
    ++calls;
    return i == 25 ? Status(Error(Code::corrupt, "item 25")) : Status();
  });
  EXPECT_THAT(status, FailsWith(Code::corrupt, "item 25"));
  EXPECT_EQ(calls, 26u);
}

TEST(ParallelFor, AnErrorStopsTheOtherWorkers) {
  // Worker A fails on its first item; B, held in its own first item until then, must not take many more.
  std::atomic<bool> broken{false};
  std::atomic<std::size_t> calls{0};
  Status status = parallel_for(1'000'000, 2, 1, [&](std::size_t i) -> Status {
    calls += 1;
    if (i == 0) {
      broken = true;
      return Error(Code::io, "item 0");
    }
    while (!broken) {
      std::this_thread::yield();
    }
    return {};
  });
  EXPECT_THAT(status, FailsWith(Code::io, "item 0"));
  EXPECT_LT(calls, 1'000'000u);
}

}  // namespace
}  // namespace cairn::os
