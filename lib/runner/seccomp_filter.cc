// SPDX-License-Identifier: Apache-2.0
#include "runner/seccomp_filter.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace cairn::runner {

sock_filter load(std::size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}

sock_filter if_equal(std::uint32_t value, std::size_t then_skip, std::size_t else_skip) {
  return {BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint8_t>(then_skip),
          static_cast<std::uint8_t>(else_skip), value};
}

sock_filter answer(std::uint32_t value) {
  return {BPF_RET | BPF_K, 0, 0, value};
}

int install_filter(const sock_fprog& filter, unsigned long flags) {
  const auto install = [&] { return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter); };
  long result = install();
  if (result < 0 && errno == EACCES) {  // not privileged
    result = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? install() : -1;
  }
  return result < 0 ? -errno : static_cast<int>(result);
}

}  // namespace cairn::runner
