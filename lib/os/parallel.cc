// SPDX-License-Identifier: Apache-2.0
#include "os/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "os/cpu_quota.h"
#include "os/file.h"

namespace cairn::os {
namespace {

unsigned processors_by_affinity() {
  for (int most = 1024; most <= (1 << 20); most *= 4) {  // the kernel refuses a set smaller than its own
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(most));
    if (set == nullptr) {
      break;
    }
    std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(most));
    int count = ::sched_getaffinity(0, size, set) == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (count > 0) {
      return static_cast<unsigned>(count);
    }
  }
  return std::max(1u, std::thread::hardware_concurrency());
}

/// Keeps the first error that any thread reports.
class FirstError {
 public:
  void note(Status status) {
    if (!status.ok()) {
      std::lock_guard lock(mutex_);
      if (!error_.has_value()) {
        error_ = std::move(status.error());
      }
    }
  }
  Status take() { return error_.has_value() ? Status(std::move(*error_)) : Status(); }

 private:
  std::mutex mutex_;
  std::optional<Error> error_;
};

Status run_range(std::size_t begin, std::size_t end, const std::function<Status(std::size_t)>& body) {
  for (std::size_t i = begin; i < end; ++i) {
    CAIRN_TRY(body(i));
  }
  return {};
}

}  // namespace

unsigned available_processors() {
  unsigned count = processors_by_affinity();
  auto membership = find_file("/proc/self/cgroup");
  if (membership.ok() && membership->has_value()) {
    count = std::min(count, cpu_quota(std::string(as_text(**membership)), "/sys/fs/cgroup").value_or(count));
  }
  return count;
}

Status run_workers(unsigned workers, const std::function<Status(unsigned worker)>& work) {
  FirstError first;
  std::vector<std::thread> threads;
  unsigned next = 1;
  try {
    threads.reserve(workers);
    for (; next < workers; ++next) {
      threads.emplace_back([&first, &work, worker = next] { first.note(work(worker)); });
    }
  } catch (const std::system_error&) {
    // No thread left: the rest is done below, by the caller's.
  }
  first.note(work(0));
  for (; next < workers; ++next) {
    first.note(work(next));
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return first.take();
}

Status parallel_for(std::size_t count, unsigned workers, std::size_t grain,
                    const std::function<Status(std::size_t)>& body) {
  if (count == 0) {
    return {};
  }
  grain = std::max<std::size_t>(grain, 1);
  std::size_t portions = count / grain + (count % grain != 0);
  std::atomic<std::size_t> next_portion{0};
  std::atomic<bool> failed{false};
  auto take_portions = [&](unsigned) -> Status {
    while (!failed.load(std::memory_order_relaxed)) {
      std::size_t portion = next_portion.fetch_add(1, std::memory_order_relaxed);
      if (portion >= portions) {
        break;
      }
      std::size_t begin = portion * grain;
      Status status = run_range(begin, begin + std::min(grain, count - begin), body);
      if (!status.ok()) {
        failed.store(true, std::memory_order_relaxed);
        return status;
      }
    }
    return {};
  };
  return run_workers(static_cast<unsigned>(std::min<std::size_t>(std::max(workers, 1u), portions)),
                     take_portions);
}

}  // namespace cairn::os
