// SPDX-License-Identifier: Apache-2.0
#include "os/root.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/escape.h"
#include "os/path.h"
#include "os/retry.h"
#include "os/root_resolve.h"

namespace cairn::os {
namespace {

bool is_missing(int err) {
  return err == ENOENT || err == ENOTDIR;
}

/// Error of a call on `shown`; a symlink on the way has its own words, for "too many levels" explains
/// nothing.
Error failure(int err, std::string_view what, const std::string& shown) {
  if (err == ELOOP) {
    return {Code::conflict, std::string(what) + " " + quoted(shown) + ": it is a symlink, or lies below one",
            "replace the symlink by what it points to"};
  }
  return Error::from_errno(err, what, shown);
}

/// The folder that holds a path, and the path's name in it. `folder` is empty for the root, whose descriptor
/// `dir` is.
struct Place {
  Fd folder;
  int dir = -1;
  int error = 0;  ///< why there is no `dir`
  std::string name;
};

/// A place without `dir` where the parent is missing or is no folder.
Result<Place> find_place(const Root& root, std::string_view relative, std::string_view what) {
  CAIRN_TRY(check_relative(relative));
  Place place;
  place.name = name_of(relative);
  std::string parent(parent_of(relative));
  if (parent.empty()) {
    place.dir = root.fd();
    return place;
  }
  place.folder = open_beneath(root.fd(), parent, O_PATH | O_DIRECTORY, 0);
  place.error = place.folder.valid() ? 0 : errno;
  if (!place.folder.valid() && !is_missing(place.error) && place.error != ELOOP) {
    return Error::from_errno(place.error, what, root.shown(relative));
  }
  place.dir = place.folder.get();
  return place;
}

/// As find_place, but the parent must be a folder.
Result<Place> place_of(const Root& root, std::string_view relative, std::string_view what) {
  CAIRN_TRY_ASSIGN(Place place, find_place(root, relative, what));
  if (place.dir < 0) {
    return failure(place.error, what, root.shown(relative));
  }
  return place;
}

Error blocked(const std::string& shown) {
  return {Code::conflict, "cannot create folder " + quoted(shown) + ": a file or symlink stands there",
          "move it away, then run the command again"};
}

/// One folder in `dir`, made where missing.
Result<Fd> make_part(int dir, const std::string& name, const std::string& shown) {
  if (::mkdirat(dir, name.c_str(), 0777) != 0 && errno != EEXIST) {
    return Error::from_errno(errno, "cannot create folder", shown);
  }
  Fd fd = open_beneath(dir, name, O_PATH | O_DIRECTORY, 0);
  if (!fd.valid()) {
    return errno == ENOTDIR || errno == ELOOP ? blocked(shown)
                                              : Error::from_errno(errno, "cannot open", shown);
  }
  return fd;
}

}  // namespace

Result<Root> Root::open(const std::string& path) {
  CAIRN_TRY_ASSIGN(std::string full, absolute(path));
  CAIRN_TRY_ASSIGN(Fd fd, open_file(full, O_RDONLY | O_DIRECTORY));
  return Root(std::move(full), std::move(fd));
}

std::string Root::shown(std::string_view relative) const {
  return relative.empty() ? path_ : join(path_, relative);
}

Result<Fd> Root::open_at(std::string_view relative, int flags, unsigned mode) const {
  if (!relative.empty()) {
    CAIRN_TRY(check_relative(relative));
  }
  Fd fd = open_beneath(fd_.get(), relative.empty() ? "." : std::string(relative), flags, mode);
  if (!fd.valid()) {
    return failure(errno, (flags & O_CREAT) != 0 ? "cannot create" : "cannot open", shown(relative));
  }
  return fd;
}

Result<Fd> Root::open_folder(std::string_view relative) const {
  return open_at(relative, O_PATH | O_DIRECTORY);
}

Result<Fd> Root::make_folder(std::string_view relative) const {
  Result<Fd> there = open_folder(relative);
  if (there.ok() || relative.empty()) {
    return there;
  }
  CAIRN_TRY(check_relative(relative));
  Fd folder;
  std::size_t end = 0;
  for (std::string_view part : parts_of(relative)) {
    end += (end == 0 ? 0 : 1) + part.size();
    int dir = folder.valid() ? folder.get() : fd_.get();
    CAIRN_TRY_ASSIGN(folder, make_part(dir, std::string(part), shown(relative.substr(0, end))));
  }
  return folder;
}

Result<std::optional<FileStat>> Root::find_stat(std::string_view relative) const {
  if (relative.empty()) {
    CAIRN_TRY_ASSIGN(FileStat stat, stat_fd(fd_.get(), path_));
    return std::optional(stat);
  }
  CAIRN_TRY_ASSIGN(Place place, find_place(*this, relative, "cannot stat"));
  if (place.dir < 0) {
    return std::optional<FileStat>();
  }
  struct stat st {};
  if (::fstatat(place.dir, place.name.c_str(), &st, AT_SYMLINK_NOFOLLOW) == 0) {
    return std::optional(to_file_stat(st));
  }
  return is_missing(errno) ? Result(std::optional<FileStat>())
                           : Error::from_errno(errno, "cannot stat", shown(relative));
}

Status Root::remove(std::string_view relative) const {
  CAIRN_TRY_ASSIGN(Place place, find_place(*this, relative, "cannot remove"));
  if (place.dir < 0 || ::unlinkat(place.dir, place.name.c_str(), 0) == 0 || is_missing(errno)) {
    return {};
  }
  int unlink_error = errno;
  if (unlink_error == EISDIR || unlink_error == EPERM) {  // EPERM is what POSIX says of a folder
    if (::unlinkat(place.dir, place.name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) {
      return {};
    }
    unlink_error = errno == ENOTDIR ? unlink_error : errno;
  }
  return Error::from_errno(unlink_error, "cannot remove", shown(relative));
}

Status Root::remove_tree(std::string_view relative) const {
  CAIRN_TRY_ASSIGN(Place place, find_place(*this, relative, "cannot remove"));
  return place.dir < 0 ? Status() : remove_tree_at(place.dir, place.name, shown(relative));
}

Status Root::rename(std::string_view from, std::string_view to) const {
  CAIRN_TRY_ASSIGN(Place source, place_of(*this, from, "cannot rename"));
  CAIRN_TRY_ASSIGN(Place target, place_of(*this, to, "cannot rename to"));
  if (::renameat(source.dir, source.name.c_str(), target.dir, target.name.c_str()) != 0) {
    int err = errno;
    return Error::from_errno(err, "cannot rename " + quoted(shown(from)) + " to", shown(to));
  }
  return {};
}

Status Root::make_symlink(std::string_view relative, const std::string& target) const {
  CAIRN_TRY_ASSIGN(Place place, place_of(*this, relative, "cannot create symlink"));
  if (::symlinkat(target.c_str(), place.dir, place.name.c_str()) != 0) {
    return Error::from_errno(errno, "cannot create symlink", shown(relative));
  }
  return {};
}

}  // namespace cairn::os
