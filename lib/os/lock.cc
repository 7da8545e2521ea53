// SPDX-License-Identifier: Apache-2.0
#include "os/lock.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <thread>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "os/retry.h"

namespace cairn::os {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::milliseconds(20);
constexpr std::size_t kLongestHolder = 200;

struct flock whole_file(LockMode mode) {
  struct flock range {};
  range.l_type = mode == LockMode::exclusive ? F_WRLCK : F_RDLCK;
  range.l_whence = SEEK_SET;
  return range;
}

/// Name of the program and its subcommand. No other argument: it could be a secret.
std::string own_command() {
  std::string words;
  if (auto bytes = find_file("/proc/self/cmdline"); bytes.ok() && bytes->has_value()) {
    words = as_text(**bytes);
  }
  std::string command(name_of(std::string_view(words).substr(0, words.find('\0'))));
  std::size_t second = std::min(words.find('\0'), words.size() - 1) + 1;
  std::string_view word = std::string_view(words).substr(std::min(second, words.size()));
  word = word.substr(0, word.find('\0'));
  bool plain =
      !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return plain ? command + " " + std::string(word) : command;
}

std::string own_text() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) {
    host[0] = '?';
  }
  return own_command() + " pid " + std::to_string(::getpid()) + " on " + host.data() + "\n";
}

/// Says who we are, for the messages of those who wait. A failure only makes their messages poorer.
void sign(const Fd& fd, const std::string& path) {
  std::string text = own_text();
  if (write_at(fd.get(), as_bytes(text), 0, path).ok()) {
    [[maybe_unused]] int ignored = ::ftruncate(fd.get(), static_cast<off_t>(text.size()));
  }
}

/// The lock file; a reader makes do with a file that it may only read (a store on a read-only medium).
Result<Fd> open_lock(const std::string& path, LockMode mode) {
  Result<Fd> fd = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW);
  if (!fd.ok() && fd.error().code() == Code::not_found) {
    CAIRN_TRY(make_folders(std::string(parent_of(path)), Durable::no));
    fd = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW);
  }
  if (!fd.ok() && fd.error().code() == Code::permission && mode == LockMode::shared) {
    Result<Fd> readable = open_file(path, O_RDONLY | O_NOFOLLOW);
    return readable.ok() ? std::move(readable) : std::move(fd);
  }
  return fd;
}

/// True once locked, false while somebody else holds it.
Result<bool> try_lock(const Fd& fd, LockMode mode, const std::string& path) {
  struct flock range = whole_file(mode);
  if (retry([&] { return ::fcntl(fd.get(), F_OFD_SETLK, &range); }) == 0) {
    return true;
  }
  switch (errno) {
    case EAGAIN:
    case EACCES:
      return false;
    case ENOLCK:
    case ENOSYS:
    case EINVAL:  // a kernel without locks of open files
    case EOPNOTSUPP:
      return Error(Code::unsupported,
                   "cannot lock " + quoted(path) + ": the file system has no working locks",
                   "keep this folder on a file system with byte-range locks");
    default:
      return Error::from_errno(errno, "cannot lock", path);
  }
}

/// What the holder wrote; nothing where only readers hold the lock (they do not sign), or it has not yet
/// signed.
std::string holder(const Fd& fd, LockMode mode, const std::string& path) {
  struct flock range = whole_file(mode);
  bool asked = retry([&] { return ::fcntl(fd.get(), F_OFD_GETLK, &range); }) == 0;
  if (!asked || range.l_type != F_WRLCK) {
    return {};
  }
  Buffer text(kLongestHolder);
  auto length = read_at(fd.get(), text, 0, path);
  if (!length.ok()) {
    return {};
  }
  std::string_view line = as_text(Bytes(text).first(*length));
  return escaped(line.substr(0, line.find('\n')));
}

Error locked(const Fd& fd, LockMode mode, const std::string& path) {
  std::string who = holder(fd, mode, path);
  return {
      Code::locked,
      "cannot lock " + quoted(path) + ": " + (who.empty() ? "other commands are" : who + " is") + " using it",
      "wait for it to end, then run the command again"};
}

}  // namespace

Result<FileLock> FileLock::acquire(const std::string& path, LockMode mode,
                                   std::chrono::milliseconds patience) {
  CAIRN_TRY_ASSIGN(Fd fd, open_lock(path, mode));
  Clock::time_point deadline = Clock::now() + patience;
  while (true) {
    CAIRN_TRY_ASSIGN(bool mine, try_lock(fd, mode, path));
    if (mine) {
      break;
    }
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      return locked(fd, mode, path);
    }
    std::this_thread::sleep_for(std::min(left, kPause));
  }
  if (mode == LockMode::exclusive) {
    sign(fd, path);
  }
  return FileLock(std::move(fd));
}

}  // namespace cairn::os
