// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace cairn::os {

enum class Kind : std::uint8_t { file, folder, symlink, other };

/// What stat says of one path. Times are nanoseconds since 1970.
struct FileStat {
  Kind kind = Kind::other;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint64_t links = 0;
  unsigned mode = 0;  ///< permission bits

  [[nodiscard]] bool executable() const { return (mode & 0100) != 0; }
  bool operator==(const FileStat&) const = default;
};

FileStat to_file_stat(const struct stat& st);

/// lstat(2) of a path, or relative to folder `dir`; nothing when no such path exists (ENOENT, ENOTDIR).
Result<std::optional<FileStat>> find_stat(const std::string& path);
Result<std::optional<FileStat>> find_stat_at(int dir, const std::string& path);
/// fstat(2).
Result<FileStat> stat_fd(int fd, std::string_view path);

/// The whole of a file of at most `limit` bytes (a larger one is error `malformed`: no small file of ours is
/// that long). A missing file is `not_found`; a pipe is refused.
Result<Buffer> read_file(const std::string& path, std::uint64_t limit = 16u << 20);
/// As read_file; nothing when the file does not exist.
Result<std::optional<Buffer>> find_file(const std::string& path, std::uint64_t limit = 16u << 20);

enum class Durable { no, yes };

/// Replaces `path` by `bytes`: temporary file in the same folder, write, fsync, rename, fsync of the folder.
/// Readers see the old or the new content, never a mix. An existing file's permission bits are kept, else
/// `mode` is used as it is when `exact_mode`, or cut by umask. On failure the old file stays and the
/// temporary is gone (only if the folder's fsync fails is the new file there, and not yet durable). A symlink
/// at `path` is replaced, never followed.
struct WriteOptions {
  unsigned mode = 0666;
  bool exact_mode = false;
  Durable durable = Durable::yes;
};
Status write_atomic(const std::string& path, Bytes bytes, const WriteOptions& options = {});

/// Writes `path` only if its content differs or it is not a file; true when it was written.
Result<bool> write_if_changed(const std::string& path, Bytes bytes, const WriteOptions& options = {});

/// Makes the folder and its missing parents; with Durable::yes each newly made entry is synced into its
/// parent.
Status make_folders(const std::string& path, Durable durable = Durable::yes, unsigned mode = 0777);
/// fsync(2) of a folder, which makes names created or renamed in it durable. Where the file system cannot
/// sync a folder at all (EINVAL) it is taken as done.
Status sync_folder(const std::string& path);
/// As above, by a descriptor that is open for reading.
Status sync_folder(int dir, std::string_view path);
/// unlink(2); a missing file is fine.
Status remove_file(const std::string& path);
/// rename(2).
Status rename_file(const std::string& from, const std::string& to);
/// Removes a folder with all that is in it (or a file, or a symlink itself), never following symlinks; a
/// missing folder is fine. One descriptor is open for each level.
Status remove_tree(const std::string& path);
/// As above, for `name` in folder `dir`; `shown` is for error texts.
Status remove_tree_at(int dir, const std::string& name, const std::string& shown);

/// One name in a folder. `kind` is `other` where the file system does not tell it without a stat.
struct DirEntry {
  std::string name;
  Kind kind = Kind::other;
};
/// Names in a folder but "." and "..", sorted by bytes. `dir` is a descriptor of the folder (O_PATH will do).
Result<std::vector<DirEntry>> list_folder(int dir, std::string_view path);
Result<std::vector<DirEntry>> list_folder(const std::string& path);

/// Target of a symlink, as bytes.
Result<std::string> read_link_at(int dir, const std::string& path);

/// A new, empty folder with a random name in `parent`, mode 0700, removed with its content at the end of the
/// scope.
class TempFolder {
 public:
  static Result<TempFolder> make(const std::string& parent, std::string_view prefix);
  TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TempFolder& operator=(TempFolder&&) = delete;
  ~TempFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TempFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// 16 random lower-case hex digits from getrandom(2), for names of temporary files.
std::string random_name();

}  // namespace cairn::os
