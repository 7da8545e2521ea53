// SPDX-License-Identifier: Apache-2.0
// Replacing a file as a whole.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "os/fd.h"
#include "os/file.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

constexpr std::size_t kLongestName = 255;

/// `.NAME.cairn-tmp-RANDOM`; NAME is cut, between two characters, where the whole would be too long.
std::string temporary_name(std::string_view name) {
  std::string suffix = ".cairn-tmp-" + random_name();
  std::size_t room = kLongestName - 1 - suffix.size();
  if (name.size() > room) {
    auto inside_character = [&](std::size_t at) {
      return (static_cast<unsigned char>(name[at]) & 0xc0) == 0x80;
    };
    while (room > 0 && inside_character(room)) {
      --room;
    }
    name = name.substr(0, room);
  }
  std::string out = ".";
  out += name;
  return out += suffix;
}

std::string folder_of(const std::string& path) {
  std::string parent(parent_of(path));
  if (parent.empty()) {
    return path.starts_with('/') ? "/" : ".";
  }
  return parent;
}

/// A file that becomes `name` in `folder`, or goes away.
class Replacement {
 public:
  Replacement(const Fd& folder, const std::string& path)
      : folder_(folder), path_(path), name_(name_of(path)), temporary_(temporary_name(name_)) {}
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (made_) {
      ::unlinkat(folder_.get(), temporary_.c_str(), 0);
    }
  }

  Status make(const WriteOptions& options) {
    struct stat old {};
    bool keeps =
        ::fstatat(folder_.get(), name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(old.st_mode);
    // Bits that umask must not cut are set by fchmod, before the first byte: nobody reads a secret in
    // between.
    bool exact = keeps || options.exact_mode;
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    mode_t mode = exact ? 0600 : options.mode;
    fd_ = Fd(retry([&] { return ::openat(folder_.get(), temporary_.c_str(), flags, mode); }));
    if (!fd_.valid()) {
      return failed("cannot write");
    }
    made_ = true;
    if (keeps && (old.st_uid != ::geteuid() || old.st_gid != ::getegid())) {
      // Only root may give files away; for everybody else the new file is simply theirs.
      [[maybe_unused]] int ignored = ::fchown(fd_.get(), old.st_uid, old.st_gid);
    }
    if (exact && ::fchmod(fd_.get(), keeps ? old.st_mode & 0777 : options.mode) != 0) {
      return failed("cannot set the mode of");
    }
    return {};
  }

  Status fill(Bytes bytes, Durable durable) {
    CAIRN_TRY(write_at(fd_.get(), bytes, 0, path_));
    if (durable == Durable::yes && ::fsync(fd_.get()) != 0) {
      return failed("cannot sync");
    }
    return fd_.close(path_);
  }

  Status publish() {
    if (::renameat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) != 0) {
      return failed("cannot write");
    }
    made_ = false;
    return {};
  }

 private:
  [[nodiscard]] Error failed(std::string_view what) const { return Error::from_errno(errno, what, path_); }

  const Fd& folder_;
  const std::string& path_;
  std::string name_;
  std::string temporary_;
  Fd fd_;
  bool made_ = false;
};

}  // namespace

Status write_atomic(const std::string& path, Bytes bytes, const WriteOptions& options) {
  std::string parent = folder_of(path);
  CAIRN_TRY_ASSIGN(Fd folder, open_file(parent, O_RDONLY | O_DIRECTORY));  // for its fsync too
  Replacement replacement(folder, path);
  CAIRN_TRY(replacement.make(options));
  CAIRN_TRY(replacement.fill(bytes, options.durable));
  CAIRN_TRY(replacement.publish());
  return options.durable == Durable::yes ? sync_folder(folder.get(), parent) : Status();
}

Result<bool> write_if_changed(const std::string& path, Bytes bytes, const WriteOptions& options) {
  CAIRN_TRY_ASSIGN(auto stat, find_stat(path));
  if (stat.has_value() && stat->kind == Kind::file && stat->size == bytes.size()) {
    // A failure to read it shows as a failure to write, or heals.
    Result<Buffer> old = read_file(path, bytes.size());
    if (old.ok() && as_text(*old) == as_text(bytes)) {
      return false;
    }
  }
  CAIRN_TRY(write_atomic(path, bytes, options));
  return true;
}

}  // namespace cairn::os
