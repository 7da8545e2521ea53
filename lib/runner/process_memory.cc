// SPDX-License-Identifier: Apache-2.0
#include "runner/process_memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace cairn::runner {
namespace {

constexpr std::size_t kPage = 4096;  // the smallest there is: what is mapped is mapped in whole ones

}  // namespace

std::optional<std::size_t> read_memory(pid_t thread, std::uint64_t address, std::span<char> out) {
  if (address == 0 || out.empty()) {
    return 0;
  }
  // A page that is missing ends the reading, so each is asked for by itself.
  std::array<iovec, 4> remote{};
  std::size_t count = 0;
  for (std::size_t at = 0; at < out.size() && count < remote.size(); ++count) {
    std::size_t part = std::min<std::size_t>(kPage - (address + at) % kPage, out.size() - at);
    remote[count] = {reinterpret_cast<void*>(address + at), part};
    at += part;
  }
  iovec local{out.data(), out.size()};
  ssize_t got = ::process_vm_readv(thread, &local, 1, remote.data(), count, 0);
  if (got < 0) {
    return errno == EFAULT || errno == ESRCH ? std::optional<std::size_t>(0) : std::nullopt;
  }
  return static_cast<std::size_t>(got);
}

bool write_memory(pid_t thread, std::uint64_t address, std::span<const char> bytes) {
  iovec local{const_cast<char*>(bytes.data()), bytes.size()};  // iovec is older than const
  iovec remote{reinterpret_cast<void*>(address), bytes.size()};
  return ::process_vm_writev(thread, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(bytes.size());
}

}  // namespace cairn::runner
