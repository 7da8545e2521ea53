// SPDX-License-Identifier: Apache-2.0
#include "git/tree_switch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/escape.h"
#include "git/other_index.h"
#include "os/file.h"
#include "os/path.h"
#include "os/root.h"

namespace cairn::git {
namespace {

/// What our index.lock holds: so that one of a killed call is known from those of other programs.
constexpr std::string_view kMark = "cairn moves index and work tree\n";
constexpr unsigned kSymlinkMode = 0120000;
/// No index is longer.
constexpr std::uint64_t kMaxIndex = 4ULL << 30;

/// Index.lock, as Git takes it; gone at the end of the scope.
class IndexLock {
 public:
  /// The lock comes with its mark at once, by a link: without it nobody would know whose it is.
  static Result<IndexLock> take(const std::string& path) {
    CAIRN_TRY_ASSIGN(const bool left_over, is_left_over(path));
    CAIRN_TRY(left_over ? os::remove_file(path) : Status());
    const std::string marked = path + ".cairn";
    CAIRN_TRY(os::write_atomic(marked, as_bytes(kMark), {0666, false, os::Durable::no}));
    const int failure = ::link(marked.c_str(), path.c_str()) == 0 ? 0 : errno;
    CAIRN_TRY(os::remove_file(marked));
    if (failure != 0) {
      return failure == EEXIST ? held(path) : Error::from_errno(failure, "cannot make", path);
    }
    return IndexLock(path);
  }
  /// `locked` while another program holds it.
  static Status check(const std::string& path) {
    CAIRN_TRY_ASSIGN(const bool left_over, is_left_over(path));
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, os::find_stat(path));
    return stat && !left_over ? Status(held(path)) : Status();
  }
  IndexLock(IndexLock&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  IndexLock& operator=(IndexLock&&) = delete;
  ~IndexLock() {
    if (!path_.empty()) {
      static_cast<void>(os::remove_file(path_));
    }
  }

 private:
  explicit IndexLock(std::string path) : path_(std::move(path)) {}

  static Error held(const std::string& path) {
    return {Code::locked,
            quoted(path) + " exists: another program changes Git's index, or was killed doing so",
            "wait for it; if no git is running, remove the file"};
  }

  /// Of a killed call: no two of ours are at work at once.
  static Result<bool> is_left_over(const std::string& path) {
    CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, os::find_stat(path));
    if (!stat || stat->kind != os::Kind::file || stat->size != kMark.size()) {
      return false;
    }
    CAIRN_TRY_ASSIGN(const std::optional<Buffer> bytes, os::find_file(path));
    return bytes && as_text(*bytes) == kMark;
  }

  std::string path_;
};

/// The file that holds the index; GIT_INDEX_FILE counts.
Result<std::string> index_path(const Layout& layout) {
  CAIRN_TRY_ASSIGN(std::string path,
                   run_git(layout, {"rev-parse", "--path-format=absolute", "--git-path", "index"}));
  path.pop_back();
  return path;
}

/// Runs `git read-tree` on a copy of the index, which is returned.
Result<std::string> read_trees(const Layout& layout, const std::string& index, const Oid& from, const Oid& to,
                               bool dry_run) {
  const std::string copy = os::join(layout.git_dir, "cairn-index");
  CAIRN_TRY(os::remove_file(copy + ".lock"));
  CAIRN_TRY_ASSIGN(std::optional<Buffer> bytes, os::find_file(index, kMaxIndex));
  CAIRN_TRY(os::write_atomic(copy, bytes ? Bytes(*bytes) : Bytes(), {0666, false, os::Durable::no}));
  // Its status is 1 where files differ: those that matter stop the next command.
  static_cast<void>(run_git_on_index(layout, copy, {"update-index", "-q", "--refresh"}));
  std::vector<std::string> arguments = {"read-tree", "-m", "-u"};
  if (dry_run) {
    arguments.emplace_back("-n");
  }
  arguments.insert(arguments.end(), {from.hex(), to.hex()});
  auto done = run_git_on_index(layout, copy, arguments);
  if (!done.ok()) {
    static_cast<void>(os::remove_file(copy));
    return Error(Code::conflict, done.error().message(), "git status");
  }
  return copy;
}

/// Paths that a `git diff-…` with `-z --name-only` prints, sorted.
Result<std::vector<std::string>> differing(const Layout& layout, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin() + 1, {"-z", "--name-only", "--no-renames"});
  CAIRN_TRY_ASSIGN(const std::string out, run_git(layout, arguments));
  std::vector<std::string> paths;
  for (std::size_t begin = 0; begin < out.size();) {
    const std::size_t end = std::min(out.find('\0', begin), out.size());
    paths.push_back(out.substr(begin, end - begin));
    begin = end + 1;
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Whether the index has all that differs between the commits as in `to`. It is replaced last, so then the
/// work tree has followed.
Result<bool> is_done(const Layout& layout, const Oid& from, const Oid& to) {
  CAIRN_TRY_ASSIGN(const auto changes, differing(layout, {"diff-tree", "-r", from.hex(), to.hex()}));
  CAIRN_TRY_ASSIGN(const auto left, differing(layout, {"diff-index", "--cached", to.hex()}));
  return std::none_of(changes.begin(), changes.end(), [&left](const std::string& path) {
    return std::binary_search(left.begin(), left.end(), path);
  });
}

/// Whether the bytes that stand there are those of `wanted`, or their beginning.
Result<bool> is_part_of(Repository& repository, const os::Root& root, const TreeFile& wanted) {
  CAIRN_TRY_ASSIGN(std::optional<os::FileStat> stat, root.find_stat(wanted.path));
  const bool wants_link = wanted.mode == kSymlinkMode;
  if (!stat || stat->kind != (wants_link ? os::Kind::symlink : os::Kind::file)) {
    return false;
  }
  CAIRN_TRY_ASSIGN(Buffer whole,
                   wants_link ? repository.read_blob(wanted.blob) : repository.read_for_work_tree(wanted));
  Buffer here;
  const std::string path = os::join(root.path(), wanted.path);
  if (wants_link) {
    CAIRN_TRY_ASSIGN(std::string target, os::read_link_at(AT_FDCWD, path));
    here.assign(target.begin(), target.end());
    return here == whole;
  }
  if (stat->size > whole.size()) {
    return false;
  }
  CAIRN_TRY_ASSIGN(here, os::read_file(path, whole.size()));
  return std::equal(here.begin(), here.end(), whole.begin());
}

/// Takes away what a killed call had written, but for files that are as in `from`. All of it is in Git.
Status remove_half_written(Repository& repository, const Oid& from, const Oid& to) {
  CAIRN_TRY_ASSIGN(os::Root root, os::Root::open(repository.layout().work_tree));
  CAIRN_TRY_ASSIGN(std::vector<std::string> paths, repository.changed_paths(from, to, {}));
  for (const std::string& path : paths) {
    CAIRN_TRY_ASSIGN(std::optional<TreeFile> wanted, repository.find_blob(to, path));
    CAIRN_TRY_ASSIGN(bool ours, wanted ? is_part_of(repository, root, *wanted) : Result<bool>(false));
    if (ours) {
      CAIRN_TRY(root.remove(path));
    }
  }
  return {};
}

}  // namespace

Status check_switch(const Layout& layout, const Oid& from, const Oid& to) {
  CAIRN_TRY_ASSIGN(const std::string index, index_path(layout));
  CAIRN_TRY(IndexLock::check(index + ".lock"));
  CAIRN_TRY_ASSIGN(const std::string copy, read_trees(layout, index, from, to, true));
  return os::remove_file(copy);
}

Status switch_tree(Repository& repository, const Oid& from, const Oid& to) {
  const Layout& layout = repository.layout();
  CAIRN_TRY_ASSIGN(const std::string index, index_path(layout));
  CAIRN_TRY_ASSIGN(const IndexLock lock, IndexLock::take(index + ".lock"));
  CAIRN_TRY_ASSIGN(const bool done, is_done(layout, from, to));
  if (done) {
    return {};
  }
  CAIRN_TRY(remove_half_written(repository, from, to));
  CAIRN_TRY_ASSIGN(const std::string copy, read_trees(layout, index, from, to, false));
  return os::rename_file(copy, index);
}

}  // namespace cairn::git
