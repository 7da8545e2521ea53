// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>

namespace cairn::os {

/// Repeats a system call while a signal interrupts it; its last result, with errno as the call left it.
template <class Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

}  // namespace cairn::os
