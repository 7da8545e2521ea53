// SPDX-License-Identifier: Apache-2.0
#include "transport/dir.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "base/escape.h"
#include "os/path.h"
#include "transport/answers.h"
#include "transport/watched_source.h"

namespace cairn::transport {
namespace {

constexpr std::size_t kPieceSize = 1u << 20;
constexpr std::string_view kTemporary = "tmp";
/// What a killed writer left in `tmp/` is removed after this time; a live one writes all the while.
constexpr std::int64_t kLeftoverAge_ns = std::int64_t{24} * 3600 * 1'000'000'000;

/// A file in `tmp/`, removed at the end unless it got its name.
class Temporary {
 public:
  static Result<Temporary> make(const os::Root& root) {
    std::string path = os::join(kTemporary, os::random_name());
    CAIRN_TRY_ASSIGN(os::Fd folder, root.make_folder(kTemporary));
    CAIRN_TRY_ASSIGN(os::Fd file, root.open_at(path, O_WRONLY | O_CREAT | O_EXCL, 0444));
    return Temporary(root, std::move(path), std::move(file));
  }
  Temporary(Temporary&& other) noexcept
      : root_(other.root_), path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}
  Temporary& operator=(Temporary&&) = delete;
  ~Temporary() {
    if (!path_.empty()) {
      (void)root_.remove(path_);
    }
  }

  /// Writes and syncs all that `source` gives.
  Status fill(Source& source) {
    Buffer piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceSize, source.size() + 1)));
    std::uint64_t done = 0;
    CAIRN_TRY(source.rewind());
    while (true) {
      CAIRN_TRY_ASSIGN(std::size_t count, source.read(piece));
      if (count == 0) {
        break;
      }
      CAIRN_TRY(os::write_at(file_.get(), Bytes(piece).first(count), done, root_.shown(path_)));
      done += count;
    }
    CAIRN_TRY(os::sync_data(file_.get(), root_.shown(path_)));
    return file_.close(root_.shown(path_));
  }

  [[nodiscard]] const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  Temporary(const os::Root& root, std::string path, os::Fd file)
      : root_(root), path_(std::move(path)), file_(std::move(file)) {}
  const os::Root& root_;
  std::string path_;
  os::Fd file_;
};

/// Renames without replacing; false when the name is taken. Where the file system cannot (NFS, some FUSE), by
/// a hard link, and where it has none either, by a plain rename: content-addressed names make that harmless.
Result<bool> rename_to_free(const os::Root& root, const std::string& from, int folder,
                            const std::string& to) {
  CAIRN_TRY_ASSIGN(os::Fd from_folder, root.open_folder(os::parent_of(from)));
  std::string from_name(os::name_of(from));
  std::string to_name(os::name_of(to));
  if (::renameat2(from_folder.get(), from_name.c_str(), folder, to_name.c_str(), RENAME_NOREPLACE) == 0) {
    return true;
  }
  if (errno != EEXIST && ::linkat(from_folder.get(), from_name.c_str(), folder, to_name.c_str(), 0) == 0) {
    (void)root.remove(from);
    return true;
  }
  if (errno == EEXIST) {
    return false;
  }
  CAIRN_TRY(root.rename(from, to));
  return true;
}

/// Makes the folder of an object and syncs the parents of what it made.
Status make_parents(const os::Root& root, const std::string& name) {
  std::string folder(os::parent_of(name));
  if (folder.empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(auto there, root.find_stat(folder));
  if (there) {
    return {};
  }
  CAIRN_TRY(make_parents(root, folder));
  CAIRN_TRY_ASSIGN(os::Fd made, root.make_folder(folder));
  CAIRN_TRY_ASSIGN(os::Fd parent, root.open_at(os::parent_of(folder), O_RDONLY | O_DIRECTORY));
  return os::sync_folder(parent.get(), root.shown(os::parent_of(folder)));
}

Status list_below(const os::Root& root, const std::string& folder, std::vector<ObjectInfo>& out) {
  CAIRN_TRY_ASSIGN(os::Fd dir, root.open_folder(folder));
  CAIRN_TRY_ASSIGN(auto names, os::list_folder(dir.get(), root.shown(folder)));
  for (const os::DirEntry& entry : names) {
    std::string path = os::join(folder, entry.name);
    if (path == kTemporary) {
      continue;
    }
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat_at(dir.get(), entry.name));
    if (!stat) {
      continue;  // removed since it was listed
    }
    if (stat->kind == os::Kind::folder) {
      CAIRN_TRY(list_below(root, path, out));
    } else if (stat->kind == os::Kind::file) {
      out.push_back({std::move(path), stat->size});
    }
  }
  return {};
}

Status stream(int fd, const Range& range, const std::string& path, const Sink& sink) {
  Buffer piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceSize, range.size)));
  for (std::uint64_t done = 0; done < range.size;) {
    auto count = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), range.size - done));
    CAIRN_TRY(os::read_exactly_at(fd, std::span(piece).first(count), range.offset + done, path));
    CAIRN_TRY(sink(Bytes(piece).first(count)));
    done += count;
  }
  return {};
}

}  // namespace

std::string DirTransport::describe() const {
  return "folder " + quoted(path_);
}

Error DirTransport::failure(const Error& error) const {
  return {Code::remote, describe() + ": " + error.message(),
          "check that the folder is mounted and that you may use it"};
}

Result<os::Root> DirTransport::open_root() const {
  auto root = os::Root::open(path_);
  if (!root.ok()) {
    return failure(root.error());
  }
  return root;
}

Status DirTransport::prepare() {
  Status made = os::make_folders(path_);
  return made.ok() ? made : Status(failure(made.error()));
}

Status DirTransport::get(const std::string& name, std::optional<Range> range, const Sink& sink) {
  auto root = os::Root::open(path_);
  if (!root.ok()) {
    return root.error().code() == Code::not_found ? not_there(*this, name) : failure(root.error());
  }
  auto file = root->open_at(name, O_RDONLY | O_NONBLOCK);
  if (!file.ok()) {
    return file.error().code() == Code::not_found ? not_there(*this, name) : failure(file.error());
  }
  auto stat = os::stat_fd(file->get(), root->shown(name));
  if (!stat.ok() || stat->kind != os::Kind::file) {
    return failure(stat.ok() ? Error(Code::io, quoted(name) + " is not a file") : stat.error());
  }
  Range wanted = range.value_or(Range{0, stat->size});
  if (wanted.offset > stat->size || wanted.size > stat->size - wanted.offset) {
    return failure(Error(
        Code::io, quoted(name) + " is cut short: it has only " + std::to_string(stat->size) + " bytes"));
  }
  Status sink_error;
  Status done = stream(file->get(), wanted, root->shown(name), [&](Bytes piece) {
    sink_error = sink(piece);
    return sink_error;
  });
  return done.ok() || !sink_error.ok() ? done : Status(failure(done.error()));
}

Status DirTransport::clear_leftovers(const os::Root& root) {
  CAIRN_TRY_ASSIGN(auto stat, root.find_stat(kTemporary));
  if (!stat) {
    return {};
  }
  CAIRN_TRY_ASSIGN(os::Fd dir, root.open_folder(kTemporary));
  CAIRN_TRY_ASSIGN(auto names, os::list_folder(dir.get(), root.shown(kTemporary)));
  std::int64_t now_ns = std::int64_t{std::time(nullptr)} * 1'000'000'000;
  for (const os::DirEntry& entry : names) {
    CAIRN_TRY_ASSIGN(auto file, os::find_stat_at(dir.get(), entry.name));
    if (file && file->mtime_ns < now_ns - kLeftoverAge_ns) {
      CAIRN_TRY(root.remove(os::join(kTemporary, entry.name)));
    }
  }
  return {};
}

Status DirTransport::put(const std::string& name, Source& source, Taken taken) {
  CAIRN_TRY_ASSIGN(os::Root root, os::Root::open(path_));
  // Only tidiness: what cannot be removed is no reason to fail.
  std::call_once(cleared_, [&] { (void)clear_leftovers(root); });
  CAIRN_TRY(make_parents(root, name));
  CAIRN_TRY_ASSIGN(Temporary file, Temporary::make(root));
  CAIRN_TRY(file.fill(source));
  CAIRN_TRY_ASSIGN(os::Fd folder, root.open_at(os::parent_of(name), O_RDONLY | O_DIRECTORY));
  if (taken == Taken::replace) {
    CAIRN_TRY(root.rename(file.path(), name));
    file.keep();
  } else {
    CAIRN_TRY_ASSIGN(bool renamed, rename_to_free(root, file.path(), folder.get(), name));
    if (!renamed) {
      CAIRN_TRY_ASSIGN(auto there, root.find_stat(name));
      return check_taken(*this, name, there ? there->size : 0, source.size());
    }
    file.keep();
  }
  return os::sync_folder(folder.get(), root.shown(os::parent_of(name)));
}

Status DirTransport::put_if_absent(const std::string& name, Source& source) {
  CAIRN_TRY_ASSIGN(auto there, stat(name));
  if (there) {
    return check_taken(*this, name, *there, source.size());
  }
  return put_watched(name, source, Taken::keep);
}

Status DirTransport::put_replace(const std::string& name, Bytes bytes) {
  BytesSource source(bytes);
  return put_watched(name, source, Taken::replace);
}

Status DirTransport::put_watched(const std::string& name, Source& source, Taken taken) {
  WatchedSource watched(source);
  Status done = put(name, watched, taken);
  if (!watched.error().ok()) {
    return watched.error();
  }
  return done.ok() || done.error().code() == Code::exists ? done : Status(failure(done.error()));
}

Result<std::vector<ObjectInfo>> DirTransport::list(const std::string& prefix) {
  CAIRN_TRY_ASSIGN(os::Root root, open_root());
  std::string folder = prefix.empty() ? prefix : prefix.substr(0, prefix.size() - 1);
  std::vector<ObjectInfo> objects;
  auto there = root.find_stat(folder);
  if (there.ok() && !*there) {
    return objects;
  }
  Status listed = there.ok() ? list_below(root, folder, objects) : Status(there.error());
  if (!listed.ok()) {
    return failure(listed.error());
  }
  sort_by_name(objects);
  return objects;
}

Result<std::optional<os::FileStat>> DirTransport::find_file(const std::string& name) const {
  auto root = os::Root::open(path_);
  if (!root.ok()) {
    return root.error().code() == Code::not_found ? Result(std::optional<os::FileStat>())
                                                  : failure(root.error());
  }
  auto found = root->find_stat(name);
  return found.ok() ? std::move(found) : failure(found.error());
}

Result<std::optional<std::uint64_t>> DirTransport::stat(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto found, find_file(name));
  return found ? std::optional(found->size) : std::nullopt;
}

Result<std::optional<ObjectState>> DirTransport::find_state(const std::string& name) {
  CAIRN_TRY_ASSIGN(const auto found, find_file(name));
  return found && found->kind == os::Kind::file ? std::optional(file_state(found->size, found->mtime_ns))
                                                : std::nullopt;
}

Status DirTransport::remove(const std::string& name) {
  CAIRN_TRY_ASSIGN(os::Root root, open_root());
  Status removed = root.remove(name);
  return removed.ok() ? removed : Status(failure(removed.error()));
}

}  // namespace cairn::transport
