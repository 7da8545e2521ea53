// SPDX-License-Identifier: Apache-2.0
#include "runner/copy_tree.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/escape.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::runner {
namespace {

constexpr std::size_t kPart = 16u << 20;  // between two looks at `stop`

Error stopped() {
  return {Code::interrupted, "interrupted"};
}

Status copy_content(int from, int to, const std::string& shown, const std::atomic<bool>& stop) {
  if (::ioctl(to, FICLONE, from) == 0) {
    return {};
  }
  while (!stop.load(std::memory_order_relaxed)) {
    const ssize_t copied = os::retry([&] { return ::sendfile(to, from, nullptr, kPart); });
    if (copied < 0) {
      return Error::from_errno(errno, "cannot copy to", shown);
    }
    if (copied == 0) {
      return {};
    }
  }
  return stopped();
}

class Copier {
 public:
  Copier(const os::Root& from, const os::Root& to, const std::atomic<bool>& stop)
      : from_(from), to_(to), stop_(stop) {}

  Status copy(const std::string& source, const std::string& target) {
    if (stop_.load(std::memory_order_relaxed)) {
      return stopped();
    }
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, from_.find_stat(source));
    if (!stat.has_value()) {
      return Error(Code::not_found, "cannot copy " + quoted(from_.shown(source)) + ": it does not exist");
    }
    switch (stat->kind) {
      case os::Kind::file:
        return copy_file(source, target, *stat);
      case os::Kind::folder:
        return copy_folder(source, target);
      case os::Kind::symlink:
        return copy_link(source, target);
      default:
        return Error(Code::unsupported, "cannot copy " + quoted(from_.shown(source)) +
                                            ": it is neither a file nor a folder nor a symlink");
    }
  }

 private:
  Status copy_file(const std::string& source, const std::string& target, const os::FileStat& stat) {
    CAIRN_TRY_ASSIGN(const os::Fd in, from_.open_at(source, O_RDONLY));
    CAIRN_TRY_ASSIGN(os::Fd out, to_.open_at(target, O_WRONLY | O_CREAT | O_EXCL, 0600));
    const std::string shown = to_.shown(target);
    CAIRN_TRY(copy_content(in.get(), out.get(), shown, stop_));
    constexpr std::int64_t kSecond = 1'000'000'000;
    const timespec time{stat.mtime_ns / kSecond, stat.mtime_ns % kSecond};
    const std::array<timespec, 2> times = {time, time};
    if (::fchmod(out.get(), stat.mode & 0777) != 0 || ::futimens(out.get(), times.data()) != 0) {
      return Error::from_errno(errno, "cannot set mode and time of", shown);
    }
    return out.close(shown);
  }

  Status copy_folder(const std::string& source, const std::string& target) {
    CAIRN_TRY_ASSIGN(const os::Fd in, from_.open_folder(source));
    CAIRN_TRY(to_.make_folder(target));
    CAIRN_TRY_ASSIGN(const std::vector<os::DirEntry> entries, os::list_folder(in.get(), from_.shown(source)));
    for (const os::DirEntry& entry : entries) {
      CAIRN_TRY(copy(os::join(source, entry.name), os::join(target, entry.name)));
    }
    return {};
  }

  Status copy_link(const std::string& source, const std::string& target) {
    CAIRN_TRY_ASSIGN(const os::Fd parent, from_.open_folder(os::parent_of(source)));
    CAIRN_TRY_ASSIGN(const std::string points_to,
                     os::read_link_at(parent.get(), std::string(os::name_of(source))));
    return to_.make_symlink(target, points_to);
  }

  const os::Root& from_;
  const os::Root& to_;
  const std::atomic<bool>& stop_;
};

}  // namespace

Status copy_tree(const os::Root& from, const std::string& source, const os::Root& to,
                 const std::string& target, const std::atomic<bool>& stop) {
  CAIRN_TRY(to.make_folder(os::parent_of(target)));
  return Copier(from, to, stop).copy(source, target);
}

}  // namespace cairn::runner
