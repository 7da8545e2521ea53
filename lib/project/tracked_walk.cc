// SPDX-License-Identifier: Apache-2.0
// Finding what is tracked: in the workspace, and in a commit.
#include <algorithm>
#include <set>

#include "base/escape.h"
#include "os/parallel.h"
#include "os/path.h"
#include "project/commit_files.h"
#include "project/ignore_files.h"
#include "project/root_files.h"
#include "project/tracked.h"
#include "text/conflict_markers.h"

namespace cairn::project {
namespace {

constexpr std::string_view kLockName = "cairn.lock";
constexpr std::string_view kPipelineName = "cairn.yaml";
constexpr std::string_view kOwnFolder = ".cairn";
constexpr std::string_view kGitName = ".git";
constexpr unsigned kSymlinkMode = 0120000;

bool is_lock_path(std::string_view path) {
  return os::name_of(path) == kLockName;
}

/// What a pointer or lock declares.
Result<std::vector<Tracked>> read_declaration(std::string_view text, const std::string& path,
                                              LockReader read_lock) {
  if (is_lock_path(path)) {
    if (read_lock == nullptr) {
      return std::vector<Tracked>();
    }
    CAIRN_TRY_ASSIGN(std::vector<Tracked> outs, read_lock(text, path));
    for (Tracked& out : outs) {
      if (const Status checked = os::check_relative(out.path); !checked.ok()) {
        return checked.error().with_context(escaped(path));
      }
      out.source = Tracked::Source::lock;
      out.declared_in = path;
    }
    return outs;
  }
  CAIRN_TRY_ASSIGN(const Pointer pointer, parse_pointer(text, path));
  Tracked tracked;
  tracked.path = std::string(data_path(path));
  CAIRN_TRY(os::check_relative(tracked.path));
  tracked.declared_in = path;
  tracked.object = pointer.object;
  tracked.executable = pointer.executable;
  if (const text::Value* push = pointer.user.find("push"); push != nullptr && push->is(text::Kind::boolean)) {
    tracked.push = push->bool_value();
  }
  if (const text::Value* remote = pointer.user.find("remote");
      remote != nullptr && remote->is(text::Kind::string)) {
    tracked.remote = remote->string_value();
  }
  return std::vector<Tracked>{std::move(tracked)};
}

Result<std::vector<Tracked>> finished(std::vector<Tracked> tracked) {
  std::sort(tracked.begin(), tracked.end(),
            [](const Tracked& a, const Tracked& b) { return a.path < b.path; });
  CAIRN_TRY(check_disjoint(tracked));
  return tracked;
}

/// Walks the workspace level by level, so that what is declared above is known before a folder is entered.
class TrackedWalk {
 public:
  TrackedWalk(Workspace& workspace, LockReader read_lock, InConflict in_conflict)
      : root_(workspace.files()), read_lock_(read_lock), in_conflict_(in_conflict) {}

  Result<Declarations> run() {
    std::vector<Folder> level(1);
    while (!level.empty()) {
      CAIRN_TRY(os::parallel_for(level.size(), os::available_processors(), 1,
                                 [this, &level](std::size_t i) { return read_folder(level[i]); }));
      level = next_level(std::move(level));
    }
    CAIRN_TRY_ASSIGN(found_.tracked, finished(std::move(found_.tracked)));
    std::sort(found_.pipelines.begin(), found_.pipelines.end());
    std::sort(found_.conflicts.begin(), found_.conflicts.end());
    return std::move(found_);
  }

 private:
  struct Folder {
    std::string path;
    IgnoreFiles ignore;  // of the folders above
    std::vector<Tracked> declared;
    std::vector<std::string> pipelines;
    std::vector<std::string> conflicts;
    std::vector<std::string> inner;
  };

  /// What a folder declares, and which folders in it are to be entered. Called from several threads.
  Status read_folder(Folder& folder) const {
    CAIRN_TRY_ASSIGN(const os::Fd fd, root_.open_folder(folder.path));
    CAIRN_TRY_ASSIGN(std::vector<os::DirEntry> entries, os::list_folder(fd.get(), root_.shown(folder.path)));
    if (!folder.path.empty() && is_another_project(entries)) {
      return {};
    }
    if (has_name(entries, kIgnoreFile)) {
      CAIRN_TRY_ASSIGN(folder.ignore, folder.ignore.entered(root_, folder.path));
    }
    for (const os::DirEntry& entry : entries) {
      CAIRN_TRY(read_entry(folder, entries, entry, fd.get()));
    }
    return {};
  }

  Status read_entry(Folder& folder, const std::vector<os::DirEntry>& siblings, const os::DirEntry& entry,
                    int fd) const {
    os::Kind kind = entry.kind;
    if (kind == os::Kind::other) {
      CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, os::find_stat_at(fd, entry.name));
      kind = stat ? stat->kind : os::Kind::other;
    }
    const bool is_folder = kind == os::Kind::folder;
    if (entry.name == kOwnFolder || entry.name == kGitName ||
        (!is_folder && !is_pointer_path(entry.name) && entry.name != kLockName &&
         entry.name != kPipelineName)) {
      return {};
    }
    std::string path = os::join(folder.path, entry.name);
    if (folder.ignore.ignores_entry(path, is_folder ? git::PathKind::folder : git::PathKind::file)) {
      return {};
    }
    if (is_folder) {
      if (!has_name(siblings, pointer_path(entry.name))) {
        folder.inner.push_back(std::move(path));
      }
      return {};
    }
    if (entry.name == kPipelineName) {
      folder.pipelines.push_back(std::move(path));
      return {};
    }
    CAIRN_TRY_ASSIGN(const std::optional<std::string> text, find_text(root_, path));
    if (text && in_conflict_ == InConflict::listed && text::has_conflict_markers(*text)) {
      folder.conflicts.push_back(std::move(path));
    } else if (text) {
      CAIRN_TRY_ASSIGN(std::vector<Tracked> declared, read_declaration(*text, path, read_lock_));
      std::move(declared.begin(), declared.end(), std::back_inserter(folder.declared));
    }
    return {};
  }

  /// A submodule or an inner project looks after its own data.
  static bool is_another_project(const std::vector<os::DirEntry>& entries) {
    return has_name(entries, kGitName) || has_name(entries, kOwnFolder);
  }

  static bool has_name(const std::vector<os::DirEntry>& entries, std::string_view name) {
    const auto at = std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const os::DirEntry& entry, std::string_view wanted) { return entry.name < wanted; });
    return at != entries.end() && at->name == name;
  }

  std::vector<Folder> next_level(std::vector<Folder> level) {
    for (Folder& folder : level) {
      for (Tracked& one : folder.declared) {
        paths_.insert(one.path);
        found_.tracked.push_back(std::move(one));
      }
      std::move(folder.pipelines.begin(), folder.pipelines.end(), std::back_inserter(found_.pipelines));
      std::move(folder.conflicts.begin(), folder.conflicts.end(), std::back_inserter(found_.conflicts));
    }
    std::vector<Folder> next;
    for (Folder& folder : level) {
      for (std::string& inner : folder.inner) {
        if (!paths_.contains(inner)) {
          Folder entered;
          entered.path = std::move(inner);
          entered.ignore = folder.ignore;
          next.push_back(std::move(entered));
        }
      }
    }
    return next;
  }

  const os::Root& root_;
  LockReader read_lock_;
  InConflict in_conflict_;
  Declarations found_;
  std::set<std::string, std::less<>> paths_;
};

}  // namespace

Result<Declarations> find_declarations(Workspace& workspace, LockReader read_lock, InConflict in_conflict) {
  return TrackedWalk(workspace, read_lock, in_conflict).run();
}

Result<std::vector<Tracked>> find_tracked(Workspace& workspace, LockReader read_lock) {
  CAIRN_TRY_ASSIGN(Declarations found, find_declarations(workspace, read_lock));
  return std::move(found.tracked);
}

Result<std::vector<Tracked>> find_tracked_at(Workspace& workspace, const git::Oid& commit,
                                             LockReader read_lock) {
  CAIRN_TRY_ASSIGN(git::Repository* const git, workspace.git());
  CAIRN_TRY_ASSIGN(
      const std::vector<git::TreeFile> files,
      project_files_at(workspace, commit, {std::string(kPointerSuffix), std::string(kLockName)}));
  std::vector<Tracked> tracked;
  for (const git::TreeFile& file : files) {
    if (file.mode == kSymlinkMode) {
      return Error(Code::conflict, quoted(file.path) + " is a symlink in commit " + commit.hex());
    }
    CAIRN_TRY_ASSIGN(const Buffer bytes, git->read_blob(file.blob));
    CAIRN_TRY_ASSIGN(std::vector<Tracked> declared, read_declaration(as_text(bytes), file.path, read_lock));
    std::move(declared.begin(), declared.end(), std::back_inserter(tracked));
  }
  return finished(std::move(tracked));
}

}  // namespace cairn::project
