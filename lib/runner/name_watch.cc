// SPDX-License-Identifier: Apache-2.0
#include "runner/name_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace cairn::runner {

std::string temporary_folder() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder == '/' ? folder : "/tmp";
}

Result<NameWatch> NameWatch::begin(const std::vector<std::string>& folders) {
  os::Fd queue(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!queue.valid()) {
    return Error::from_errno(errno, "cannot watch folders with", "inotify");
  }
  for (const std::string& folder : folders) {
    (void)::inotify_add_watch(queue.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
  }
  return NameWatch(std::move(queue));
}

std::set<std::string> NameWatch::finish() {
  std::set<std::string> names;
  std::array<char, 1U << 16> bytes{};
  for (;;) {
    const ssize_t size = ::read(queue_.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return names;
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      if (event.len > 0) {
        names.insert(bytes.data() + at + sizeof event);
      }
      at += sizeof event + event.len;
    }
  }
}

}  // namespace cairn::runner
