// SPDX-License-Identifier: Apache-2.0
#include "os/folder_times.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::os {
namespace {

/// Long ago, so that no change of now can leave it: there is no need to wait for the clock.
constexpr time_t kOld = 1'000'000'000;

bool append_byte(const std::string& path) {
  auto file = open_file(path, O_WRONLY | O_CREAT | O_APPEND);
  return file.ok() && ::write(file->get(), "x", 1) == 1;
}

bool make_folder(const std::string& path) {
  return ::mkdir(path.c_str(), 0777) == 0;
}

class Trial {
 public:
  explicit Trial(const std::string& folder) : folder_(folder) {}

  [[nodiscard]] bool passes() const {
    const std::string file = join(folder_, "file");
    const std::string inner = join(folder_, "inner");
    const std::string innermost = join(inner, "file");
    return moves([&] { return append_byte(file); }) && stays([&] { return append_byte(file); }) &&
           moves([&] { return make_folder(inner); }) && stays([&] { return append_byte(innermost); }) &&
           stays([&] { return remove_file(innermost).ok(); }) &&
           moves([&] { return remove_file(file).ok(); }) &&
           moves([&] { return ::rmdir(inner.c_str()) == 0; });
  }

 private:
  template <class Change>
  bool moves(const Change& change) const {
    return make_old() && change() && is_old() == false;
  }
  template <class Change>
  bool stays(const Change& change) const {
    return make_old() && change() && is_old() == true;
  }

  [[nodiscard]] bool make_old() const {
    const std::array<timespec, 2> times = {timespec{kOld, 0}, timespec{kOld, 0}};
    return ::utimensat(AT_FDCWD, folder_.c_str(), times.data(), 0) == 0 && is_old() == true;
  }
  /// Nothing where it cannot be told.
  [[nodiscard]] std::optional<bool> is_old() const {
    struct stat stat {};
    return ::stat(folder_.c_str(), &stat) == 0 ? std::optional(stat.st_mtim.tv_sec == kOld) : std::nullopt;
  }

  const std::string& folder_;
};

}  // namespace

bool folder_times_follow_entries(const std::string& parent) {
  const auto folder = TempFolder::make(parent, "cairn-times-");
  return folder.ok() && Trial(folder->path()).passes();
}

}  // namespace cairn::os
