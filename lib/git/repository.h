// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "git/layout.h"
#include "git/oid.h"

namespace cairn::git {

/// Which paths a listing returns, by their last part: an entry that begins with "." fits every longer name
/// that ends with it (".cairn": "data.csv.cairn" but not ".cairn"), any other entry fits exactly that name
/// ("cairn.lock"). An empty filter fits every path.
using NameFilter = std::vector<std::string>;
bool name_fits(std::string_view path, const NameFilter& filter);

/// A file or symlink in a commit. Paths are bytes relative to the top folder.
struct TreeFile {
  std::string path;
  Oid blob;
  unsigned mode = 0;  ///< as Git has it: 0100644, 0100755, 0120000
};

/// What two commits have at a path: not the same. A submodule is a file of mode 0160000 whose blob is its
/// commit.
struct TreeChange {
  std::string path;
  std::optional<TreeFile> before;
  std::optional<TreeFile> after;
};

/// What was found in trees, so that many commits of one repository, which share most of their trees, are
/// listed at the cost of one and of what changed in the others. For one filter.
class ListingMemo {
 private:
  friend class Repository;
  std::map<Oid, std::vector<TreeFile>> trees_;  // paths relative to the tree
};

/// What a commit says of itself.
struct Commit {
  Oid id;
  Oid tree;
  std::vector<Oid> parents;
  std::string message;
  std::string author;     ///< "NAME <ADDRESS>"
  std::int64_t time = 0;  ///< when it was committed, seconds since 1970
};

/// A path that Git tracks here, or did in HEAD, and that differs from HEAD.
struct WorkChange {
  std::string path;
  bool gone = false;  ///< HEAD has it; the work tree or the index does not
};

/// A change to a tree.
struct TreeEdit {
  std::string path;
  std::optional<TreeFile> file;  ///< nothing: the path goes
};

struct NewCommit {
  Oid tree;
  Oid parent;
  std::string message;
};

/// An annotated tag object, whichever ref leads to it.
struct Tag {
  Oid id;
  Oid target;  ///< a commit, or another tag object
  std::string name;
  std::string message;
  std::string tagger;     ///< "NAME <ADDRESS>"; "" where it names none
  std::int64_t time = 0;  ///< when it was tagged, seconds since 1970
};

struct NewTag {
  Oid target;
  std::string name;
  std::string message;
};

/// True for what Git accepts as a ref's whole name ("refs/heads/main").
bool is_ref_name(const std::string& name);

/// A ref that leads to a commit.
struct Ref {
  std::string name;  ///< in full: "refs/heads/main"
  Oid target;        ///< the object it names: a commit, or an annotated tag
  Oid commit;        ///< the commit behind it

  /// Without "refs/heads/", "refs/tags/" or "refs/remotes/".
  [[nodiscard]] std::string_view short_name() const;
};

/// One Git repository, read by libgit2. Move-only, for one thread at a time. Paths are relative to the work
/// tree, with "/" between parts, as bytes. Failures that Git's own files cause are `io`, unless said
/// otherwise.
class Repository {
 public:
  /// Starts libgit2 (once a process, about 5 ms) and opens the repository. One with SHA-256 names or an
  /// unknown extension is `unsupported`; one owned by another user is `permission`, with Git's advice as the
  /// hint.
  static Result<Repository> open(Layout layout);
  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  [[nodiscard]] const Layout& layout() const;

  // The index. It is read once, at the first of these calls; GIT_INDEX_FILE is honoured. Split and sparse
  // indexes are read by the `git` program.

  /// True when exactly this path is in the index, conflicted ones included.
  Result<bool> is_tracked(const std::string& path);
  /// The first path in the index inside this folder ("" for the top).
  Result<std::optional<std::string>> find_tracked_within(const std::string& folder);
  /// All paths in the index that fit, in order of bytes, each once.
  Result<std::vector<std::string>> tracked_paths(const NameFilter& filter);

  /// What .gitignore files, info/exclude and core.excludesFile say, whether the path is tracked or not. A
  /// path that does not exist is taken for a file unless it ends with "/". Bare repositories: `unsupported`.
  Result<bool> is_ignored(const std::string& path);

  /// The commit that `revision` names in any of Git's ways (branch, tag, "HEAD~2", an abbreviated name …);
  /// what libgit2 does not know is asked of the `git` program. `not_found` when it is unknown, ambiguous or
  /// no commit.
  Result<Oid> resolve(std::string_view revision);
  /// The checked-out commit; nothing before the first commit.
  Result<std::optional<Oid>> head();
  /// Name of the checked-out branch ("main"), also before its first commit; nothing when HEAD is detached.
  Result<std::optional<std::string>> current_branch();

  /// All files and symlinks in a commit that fit. Cost: every tree of the commit is read. Objects that a
  /// partial clone left out are fetched by the `git` program, here and in the two functions below.
  Result<std::vector<TreeFile>> list_files(const Oid& commit, const NameFilter& filter);
  Result<std::vector<TreeFile>> list_files(const Oid& commit, const NameFilter& filter, ListingMemo& memo);
  /// The file or symlink at `path` in a commit.
  Result<std::optional<TreeFile>> find_blob(const Oid& commit, const std::string& path);
  /// The same below a tree.
  Result<std::optional<TreeFile>> find_in_tree(const Oid& tree, const std::string& path);
  /// A blob's bytes, as committed. `not_found` when there is no such blob.
  Result<Buffer> read_blob(const Oid& blob);
  /// What fits and differs between two commits (added, removed, changed, other mode), in order of bytes; a
  /// rename is a path that is gone and one that is new. Cost: only the trees that differ are read.
  Result<std::vector<TreeChange>> changed_files(const Oid& from, const Oid& to, const NameFilter& filter);
  /// The same as paths, without submodules.
  Result<std::vector<std::string>> changed_paths(const Oid& from, const Oid& to, const NameFilter& filter);

  Result<Commit> read_commit(const Oid& commit);
  /// Nothing for an object that is no annotated tag; `not_found` when there is no such object.
  Result<std::optional<Tag>> read_tag(const Oid& id);
  /// All commits that can be reached from `tips`, each once, newest first but never before one of its
  /// children. Cost: every commit is read.
  Result<std::vector<Oid>> history(const std::vector<Oid>& tips);

  /// Refs below the folder `prefix` ("refs/heads/", "refs/cairn/"), in order of bytes. Those that lead to no
  /// commit (tags of a blob, symbolic refs to nothing) are left out; a broken one is an error, never skipped.
  /// Those whose name is not `wanted` are not looked at: reading a large tag object takes milliseconds.
  Result<std::vector<Ref>> refs(
      const std::string& prefix,
      const std::function<bool(const std::string&)>& wanted = [](const std::string&) { return true; });
  Result<std::vector<Ref>> branches() { return refs("refs/heads/"); }
  Result<std::vector<Ref>> remote_branches() { return refs("refs/remotes/"); }
  Result<std::vector<Ref>> tags() { return refs("refs/tags/"); }

  /// What differs between HEAD and the tracked files of the work tree, staged or not, in order of bytes.
  /// Untracked files and submodules are left out. Cost: a process that stats each tracked file.
  Result<std::vector<WorkChange>> uncommitted();

  // Writing objects and refs, durably. The index and the work tree are left alone. Authors are the user of
  // Git's configuration.

  /// A file of a commit as `git checkout` would write it, filters and line ends included.
  Result<Buffer> read_for_work_tree(const TreeFile& file);
  /// Writes a copy of the index (of HEAD's, where it is split or sparse) to a file on its file system.
  Status copy_index(const std::string& to);
  /// Writes the index that a fresh checkout of a commit has, without what stat says of its files, to a new
  /// file.
  Status write_index(const Oid& commit, const std::string& to);
  /// Stores a file or symlink of the work tree as `git add` would, filters and line ends included.
  Result<TreeFile> write_file(const std::string& path);
  /// The tree of commit `base` with these changes, each path once.
  Result<Oid> write_tree(const Oid& base, const std::vector<TreeEdit>& edits);
  /// A commit that no ref leads to yet.
  Result<Oid> write_commit(const NewCommit& commit);
  /// An annotated tag object that no ref leads to yet.
  Result<Oid> write_tag(const NewTag& tag);
  /// `exists` when there is a ref of that name.
  Status create_ref(const std::string& name, const Oid& target);
  Status remove_ref(const std::string& name);

  /// A value as Git sees it here, from all levels; the last one if there are several. Values given by `git
  /// -c` or GIT_CONFIG_COUNT are not seen.
  Result<std::optional<std::string>> config(const std::string& key);
  /// All values of a key that can have several ("remote.origin.fetch"), lowest level first.
  Result<std::vector<std::string>> config_values(const std::string& key);
  /// Sets one value in the repository's own configuration. `locked` while another process changes it.
  Status set_config(const std::string& key, const std::string& value);
  /// Adds a value to a key that can have several; true if it was not there.
  Result<bool> add_config(const std::string& key, const std::string& value);
  /// Takes a key with all its values out of the repository's own configuration; a missing one is fine.
  Status unset_config(const std::string& key);

  /// Where Git looks for hooks: core.hooksPath (from the top folder), else hooks/ in the shared Git folder.
  Result<std::string> hooks_folder();

 private:
  struct State;
  explicit Repository(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cairn::git
