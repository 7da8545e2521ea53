// SPDX-License-Identifier: Apache-2.0
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>

#include "base/hex.h"
#include "os/file.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

/// For a sandbox without getrandom: the names need to be different, not secret; files are made with O_EXCL.
std::uint64_t distinct_number() {
  static std::atomic<std::uint64_t> counter{0};
  auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  auto pid = static_cast<std::uint64_t>(::getpid());
  return static_cast<std::uint64_t>(now) ^ pid << 40 ^ counter.fetch_add(1, std::memory_order_relaxed) << 24;
}

}  // namespace

std::string random_name() {
  std::uint64_t number = 0;
  if (retry([&] { return ::getrandom(&number, sizeof number, 0); }) != ssize_t{sizeof number}) {
    number = distinct_number();
  }
  Buffer bytes;
  append_le(bytes, number);
  return to_hex(bytes);
}

Result<TempFolder> TempFolder::make(const std::string& parent, std::string_view prefix) {
  while (true) {
    std::string path = join(parent, prefix) + random_name();
    if (::mkdir(path.c_str(), 0700) == 0) {
      return TempFolder(std::move(path));
    }
    if (errno != EEXIST) {
      return Error::from_errno(errno, "cannot create folder", path);
    }
  }
}

TempFolder::~TempFolder() {
  if (!path_.empty()) {
    // What cannot be removed stays behind; nobody is left to be told.
    [[maybe_unused]] Status ignored = remove_tree(path_);
  }
}

}  // namespace cairn::os
