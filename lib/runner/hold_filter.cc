// SPDX-License-Identifier: Apache-2.0
#include "runner/hold_filter.h"

#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <ctime>
#include <initializer_list>

#include "runner/seccomp_filter.h"

namespace cairn::runner {
namespace {

using Instructions = std::vector<sock_filter>;

void stop_at(Instructions& code, std::initializer_list<std::uint32_t> calls) {
  for (const std::uint32_t call : calls) {
    code.push_back(if_equal(call, 0, 1));
    code.push_back(answer(SECCOMP_RET_TRACE));
  }
}

void stop_at_clocks(Instructions& code) {
  stop_at(code, {SYS_gettimeofday, SYS_nanosleep, SYS_clock_nanosleep});
#ifdef SYS_time
  stop_at(code, {SYS_time});
#endif
  constexpr std::size_t kInstructions = 2;
  code.push_back(if_equal(SYS_clock_gettime, 0, 3 * kInstructions + 2));
  code.push_back(load(offsetof(seccomp_data, args)));
  stop_at(code, {CLOCK_REALTIME, CLOCK_REALTIME_COARSE, CLOCK_TAI});
  code.push_back(answer(SECCOMP_RET_ALLOW));
}

void stop_at_opens(Instructions& code) {
  stop_at(code, {SYS_openat});
#ifdef SYS_open
  stop_at(code, {SYS_open});
#endif
#ifdef SYS_openat2
  stop_at(code, {SYS_openat2});
#endif
}

void stop_at_folders(Instructions& code) {
  stop_at(code, {SYS_getdents64});
#ifdef SYS_getdents
  stop_at(code, {SYS_getdents});
#endif
}

}  // namespace

std::vector<sock_filter> hold_filter(const Hold& hold, bool tell_cpus) {
  Instructions code = {load(offsetof(seccomp_data, arch)), if_equal(kArchitecture, 1, 0),
                       answer(SECCOMP_RET_ALLOW), load(offsetof(seccomp_data, nr))};
  if (hold.random_seed.has_value()) {
    stop_at(code, {SYS_getrandom});
  }
  if (hold.random_seed.has_value() || hold.cpus != 0) {
    stop_at_opens(code);
  }
  if (tell_cpus) {
    stop_at(code, {SYS_sched_getaffinity});
  }
  if (hold.folder_order != Hold::FolderOrder::as_found) {
    stop_at_folders(code);
  }
  if (hold.clock_ns.has_value()) {
    stop_at_clocks(code);
  }
  code.push_back(answer(SECCOMP_RET_ALLOW));
  return code;
}

}  // namespace cairn::runner
