// SPDX-License-Identifier: Apache-2.0
#include "runner/descriptors.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace cairn::runner {

void close_all_but_first() {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, 1u, ~0u, 0u) == 0) {
    return;
  }
#endif
  for (int fd = 1, end = static_cast<int>(::sysconf(_SC_OPEN_MAX)); fd < end; ++fd) {
    ::close(fd);
  }
}

}  // namespace cairn::runner
