// SPDX-License-Identifier: Apache-2.0
#include "runner/trace_paths.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "os/path.h"

namespace cairn::runner {
namespace {

constexpr std::size_t kPlainLimit = 10'000;
constexpr int kLinkLimit = 40;  // as the kernel's
constexpr std::array<std::string_view, 10> kSystemFolders = {"/usr",  "/lib", "/lib64", "/lib32", "/bin",
                                                             "/sbin", "/etc", "/proc",  "/dev",   "/sys"};

/// Target of a symlink, or nothing.
std::optional<std::string> link_target(const std::string& path) {
  std::array<char, PATH_MAX> buffer{};
  ssize_t size = ::readlink(path.c_str(), buffer.data(), buffer.size());
  if (size < 0) {
    return std::nullopt;
  }
  return std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::optional<os::Kind> kind_of(const std::string& path) {
  struct stat st {};
  if (::lstat(path.c_str(), &st) != 0) {
    return std::nullopt;
  }
  return os::to_file_stat(st).kind;
}

/// /proc/self and /dev/fd are the reader's own.
std::string seen_from_outside(pid_t thread, std::string path) {
  for (auto [own, other] : {std::pair<std::string_view, std::string_view>{"/proc/self/", "/"},
                            {"/proc/thread-self/", "/"},
                            {"/dev/fd/", "/fd/"}}) {
    if (path.starts_with(own)) {
      return fmt::format("/proc/{}{}{}", thread, other, std::string_view(path).substr(own.size()));
    }
  }
  return path;
}

/// Needs no walk to be normalised.
bool is_normal(std::string_view path) {
  return path.find("/./") == std::string_view::npos && path.find("/../") == std::string_view::npos &&
         path.find("//") == std::string_view::npos && !path.ends_with('/') && !path.ends_with("/.") &&
         !path.ends_with("/..");
}

/// `base` holds no symlinks, so "./" and "../" in front of `path` can be taken away as text.
std::string join_below(std::string_view base, std::string_view path) {
  while (path.starts_with("./") || path.starts_with("../")) {
    const bool up = path[1] == '.';
    path.remove_prefix(up ? 3 : 2);
    base = up ? os::parent_of(base) : base;
  }
  return fmt::format("{}/{}", base == "/" ? "" : base, path);
}

/// The parts of `path`, last first, so that the next one is taken from the end.
void push_parts(std::vector<std::string>& stack, std::string_view path) {
  const std::vector<std::string_view> parts = os::parts_of(path);
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!part->empty() && *part != ".") {
      stack.emplace_back(*part);
    }
  }
}

}  // namespace

TracePaths::TracePaths(std::string_view root) {
  for (std::string_view folder : kSystemFolders) {
    if (!os::is_within(root, folder)) {
      system_folders_.push_back(folder);
    }
  }
}

bool TracePaths::uninteresting(std::string_view path) const {
  if (path.find("/../") != std::string_view::npos) {
    return false;
  }
  if (path.starts_with("/proc/") || path.starts_with("/dev/fd/")) {
    return path.find("/cwd/") == std::string_view::npos && path.find("/root/") == std::string_view::npos &&
           path.find("/fd/") == std::string_view::npos;
  }
  return std::any_of(system_folders_.begin(), system_folders_.end(),
                     [path](std::string_view folder) { return os::is_within(path, folder); });
}

TracePaths::View TracePaths::view_of(pid_t thread) const {
  if (!other_roots_) {
    return {};
  }
  View view;
  view.door = fmt::format("/proc/{}/root", thread);
  view.shown = link_target(view.door).value_or("/");
  if (view.shown == "/") {
    view.shown.clear();
  }
  return view;
}

bool TracePaths::in_plain_folder(const std::string& path, const View& view) {
  if (!view.door.empty() || !is_normal(path)) {
    return false;
  }
  std::string folder(os::parent_of(path));
  if (folder.empty() || plain_.count(folder) != 0) {
    return true;
  }
  TracedPath walked = walk(view, folder, LastLink::follow);
  if (walked.kind != os::Kind::folder || !walked.links.empty() || walked.path != folder) {
    return false;
  }
  if (plain_.size() >= kPlainLimit) {
    plain_.clear();
  }
  plain_.insert(std::move(folder));
  return true;
}

std::optional<std::string> TracePaths::base_of(pid_t thread, int folder) {
  if (folder != AT_FDCWD) {
    return link_target(fmt::format("/proc/{}/fd/{}", thread, folder));
  }
  if (cwd_of_ != thread) {
    std::optional<std::string> found = link_target(fmt::format("/proc/{}/cwd", thread));
    if (!found.has_value()) {
      return std::nullopt;
    }
    cwd_ = std::move(*found);
    cwd_of_ = thread;
  }
  return cwd_;
}

TracedPath TracePaths::resolve(pid_t thread, int folder, std::string_view path, LastLink last) {
  const View view = view_of(thread);
  if (path.empty() || (path.front() == '/' && view.shown.empty() && uninteresting(path))) {
    return {};
  }
  std::string full;
  if (path.front() == '/') {
    full = seen_from_outside(thread, std::string(path));
  } else {
    std::optional<std::string> base = base_of(thread, folder);
    if (!base.has_value() || !os::is_within(*base, view.shown)) {
      return {};
    }
    full = join_below(std::string_view(*base).substr(view.shown.size()), path);
  }
  if (in_plain_folder(full, view)) {
    std::optional<os::Kind> kind = kind_of(full);
    if (kind != os::Kind::symlink || last == LastLink::keep) {
      return {std::move(full), kind, {}};
    }
  }
  return walk(view, std::move(full), last);
}

TracedPath TracePaths::opened(pid_t thread, int fd) {
  std::optional<std::string> path = link_target(fmt::format("/proc/{}/fd/{}", thread, fd));
  if (!path.has_value() || !path->starts_with('/') || path->ends_with(" (deleted)")) {
    return {};
  }
  return {std::move(*path), os::Kind::folder, {}};
}

TracedPath TracePaths::walk(const View& view, std::string path, LastLink last) {
  TracedPath out;
  std::string here;  // in the thread's view, "" for its root
  std::vector<std::string> left;
  push_parts(left, path);
  int links = 0;
  out.kind = os::Kind::folder;
  const bool must_be_folder = path.ends_with('/');
  while (!left.empty()) {
    std::string part = std::move(left.back());
    left.pop_back();
    if (part == "..") {
      here.resize(os::parent_of(here).size());
      out.kind = os::Kind::folder;
      continue;
    }
    std::string next = here + "/" + part;
    out.kind = kind_of(view.door + next);
    const bool is_last = left.empty();
    if (out.kind == os::Kind::symlink && (!is_last || last == LastLink::follow || must_be_folder)) {
      std::optional<std::string> target = link_target(view.door + next);
      if (!target.has_value() || ++links > kLinkLimit) {
        return {};
      }
      out.links.push_back(view.shown + next);
      if (target->starts_with('/')) {
        here.clear();
      }
      push_parts(left, *target);
      out.kind = os::Kind::folder;  // for a link to "/"
      continue;
    }
    if (!is_last && out.kind != os::Kind::folder) {
      return {};  // the call will fail
    }
    here = std::move(next);
  }
  out.path = view.shown + (here.empty() ? "/" : here);
  return out;
}

}  // namespace cairn::runner
