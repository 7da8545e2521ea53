// SPDX-License-Identifier: Apache-2.0
#include "project/scan.h"

#include <algorithm>

#include "base/escape.h"
#include "os/parallel.h"
#include "os/path.h"
#include "project/ignore_files.h"

namespace cairn::project {
namespace {

/// Files looked at by one task: enough to share the cost of opening their folder, few enough to balance a
/// large one.
constexpr std::size_t kFilesPerTask = 256;
constexpr std::string_view kGitName = ".git";

Error special_file(const std::string& path) {
  return {Code::unsupported, quoted(path) + " is a device, pipe or socket, which cannot be stored",
          "remove it, or name it in .cairnignore"};
}

Error inner_repository(const std::string& path) {
  return {Code::unsupported,
          quoted(path) + " belongs to a Git repository inside the data, which cannot be stored",
          "move the repository elsewhere, or name its folder in .cairnignore"};
}

/// Walks level by level: all folders of a level are listed at once, then all their files are looked at.
class ScanWalk {
 public:
  ScanWalk(Workspace& workspace, const std::string& path, const Context& context)
      : root_(workspace.files()), cache_(workspace.stat_cache()), path_(path), context_(context) {}

  Result<Scan> run() {
    Scan scan;
    scan.kind = os::Kind::folder;
    std::vector<Folder> level(1);
    CAIRN_TRY_ASSIGN(level[0].ignore, IgnoreFiles::load(root_, std::string(os::parent_of(path_))));
    while (!level.empty()) {
      CAIRN_TRY(os::parallel_for(level.size(), context_.jobs, 1,
                                 [this, &level](std::size_t i) { return list_folder(level[i]); }));
      std::vector<Task> tasks = tasks_of(level);
      CAIRN_TRY(os::parallel_for(tasks.size(), context_.jobs, 1,
                                 [this, &tasks](std::size_t i) { return look_at_files(tasks[i]); }));
      level = next_level(std::move(level), std::move(tasks), scan);
    }
    std::sort(scan.files.begin(), scan.files.end(),
              [](const ScannedFile& a, const ScannedFile& b) { return a.path < b.path; });
    return scan;
  }

 private:
  struct Folder {
    std::string path;                // relative to the scanned path
    IgnoreFiles ignore;              // of the folders above; then with its own
    std::vector<std::string> names;  // files, symlinks, and what turns out to be special
    std::vector<std::string> inner;  // names of folders in it
    std::vector<std::string> unportable;
    std::vector<Error> errors;
  };

  /// Some of a folder's names, and what stands there.
  struct Task {
    const Folder* folder = nullptr;
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<ScannedFile> files;
    std::vector<Error> errors;
  };

  /// Sorts a folder's names into those to look at and those to enter. Called from several threads.
  Status list_folder(Folder& folder) const {
    CAIRN_TRY(context_.check_stop());
    const std::string path = scanned_path(path_, folder.path);
    const Result<os::Fd> fd = root_.open_folder(path);
    if (!fd.ok()) {
      folder.errors.push_back(fd.error());
      return {};
    }
    const Result<std::vector<os::DirEntry>> entries = os::list_folder(fd->get(), path);
    if (!entries.ok()) {
      folder.errors.push_back(entries.error());
      return {};
    }
    if (std::any_of(entries->begin(), entries->end(),
                    [](const os::DirEntry& e) { return e.name == kIgnoreFile; })) {
      Result<IgnoreFiles> entered = folder.ignore.entered(root_, path);
      if (!entered.ok()) {
        folder.errors.push_back(entered.error());
        return {};
      }
      folder.ignore = std::move(entered).value();
    }
    for (const os::DirEntry& entry : *entries) {
      take_entry(folder, path, entry, fd->get());
    }
    return {};
  }

  static void take_entry(Folder& folder, const std::string& folder_path, const os::DirEntry& entry, int fd) {
    std::string path = os::join(folder_path, entry.name);
    os::Kind kind = entry.kind;
    if (kind == os::Kind::other) {  // not told by the listing, or special
      const Result<std::optional<os::FileStat>> stat = os::find_stat_at(fd, entry.name);
      kind = stat.ok() && stat->has_value() ? (*stat)->kind : os::Kind::other;
    }
    const bool is_folder = kind == os::Kind::folder;
    if (folder.ignore.ignores_entry(path, is_folder ? git::PathKind::folder : git::PathKind::file) ||
        is_leftover_name(entry.name)) {
      return;
    }
    if (entry.name == kGitName) {
      folder.errors.push_back(inner_repository(folder_path));
      return;
    }
    if (const Status checked = os::check_name(entry.name); !checked.ok()) {
      folder.errors.push_back(checked.error().with_context(quoted(path)));
      return;
    }
    if (!os::is_portable_name(entry.name)) {
      folder.unportable.push_back(std::move(path));
    }
    (is_folder ? folder.inner : folder.names).push_back(entry.name);
  }

  static std::vector<Task> tasks_of(const std::vector<Folder>& level) {
    std::vector<Task> tasks;
    for (const Folder& folder : level) {
      for (std::size_t begin = 0; begin < folder.names.size(); begin += kFilesPerTask) {
        Task task;
        task.folder = &folder;
        task.begin = begin;
        task.end = std::min(begin + kFilesPerTask, folder.names.size());
        tasks.push_back(std::move(task));
      }
    }
    return tasks;
  }

  /// Called from several threads.
  Status look_at_files(Task& task) const {
    CAIRN_TRY(context_.check_stop());
    const Result<os::Fd> fd = root_.open_folder(scanned_path(path_, task.folder->path));
    if (!fd.ok()) {
      task.errors.push_back(fd.error());
      return {};
    }
    task.files.reserve(task.end - task.begin);
    for (std::size_t i = task.begin; i < task.end; ++i) {
      if (Status status = look_at(task, task.folder->names[i], fd->get()); !status.ok()) {
        task.errors.push_back(std::move(status.error()));
      }
    }
    return {};
  }

  Status look_at(Task& task, const std::string& name, int fd) const {
    ScannedFile file;
    file.path = os::join(task.folder->path, name);
    const std::string path = scanned_path(path_, file.path);
    const Result<std::optional<os::FileStat>> stat = os::find_stat_at(fd, name);
    if (!stat.ok()) {
      return stat.error().with_context(quoted(path));
    }
    if (!stat->has_value()) {
      return {};  // removed since the folder was listed
    }
    file.stat = **stat;
    switch (file.stat.kind) {
      case os::Kind::file:
        file.kind = file.stat.executable() ? store::TreeKind::executable : store::TreeKind::file;
        file.id = cache_.find(path, file.stat);
        break;
      case os::Kind::symlink: {
        file.kind = store::TreeKind::symlink;
        CAIRN_TRY_ASSIGN(file.target, os::read_link_at(fd, name));
        break;
      }
      case os::Kind::folder:
        return Error(Code::conflict, quoted(path) + " changed while it was looked at",
                     "run the command again");
      case os::Kind::other:
        return special_file(path);
    }
    task.files.push_back(std::move(file));
    return {};
  }

  /// Moves what was found into the scan; the folders to list next.
  static std::vector<Folder> next_level(std::vector<Folder> level, std::vector<Task> tasks, Scan& scan) {
    for (Task& task : tasks) {
      std::move(task.files.begin(), task.files.end(), std::back_inserter(scan.files));
      std::move(task.errors.begin(), task.errors.end(), std::back_inserter(scan.errors));
    }
    std::vector<Folder> next;
    for (Folder& folder : level) {
      std::move(folder.errors.begin(), folder.errors.end(), std::back_inserter(scan.errors));
      std::move(folder.unportable.begin(), folder.unportable.end(), std::back_inserter(scan.unportable));
      for (const std::string& name : folder.inner) {
        Folder inner;
        inner.path = os::join(folder.path, name);
        inner.ignore = folder.ignore;
        ScannedFile entry;
        entry.path = inner.path;
        entry.kind = store::TreeKind::folder;
        entry.stat.kind = os::Kind::folder;
        scan.files.push_back(std::move(entry));
        next.push_back(std::move(inner));
      }
    }
    return next;
  }

  const os::Root& root_;
  const StatCache& cache_;
  const std::string& path_;
  const Context& context_;
};

Scan scan_file(const StatCache& cache, const std::string& path, const os::FileStat& stat) {
  Scan scan;
  scan.kind = os::Kind::file;
  ScannedFile file;
  file.stat = stat;
  file.kind = stat.executable() ? store::TreeKind::executable : store::TreeKind::file;
  file.id = cache.find(path, stat);
  scan.files.push_back(std::move(file));
  if (!os::is_portable_name(os::name_of(path))) {
    scan.unportable.push_back(path);
  }
  return scan;
}

}  // namespace

Result<std::optional<Scan>> scan_path(Workspace& workspace, const std::string& path, const Context& context) {
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> stat, workspace.files().find_stat(path));
  if (!stat) {
    return std::optional<Scan>();
  }
  switch (stat->kind) {
    case os::Kind::file:
      return std::optional(scan_file(workspace.stat_cache(), path, *stat));
    case os::Kind::symlink:
      return Error(Code::conflict, quoted(path) + " is a symlink", "put the data itself there");
    case os::Kind::other:
      return special_file(path);
    case os::Kind::folder:
      break;
  }
  CAIRN_TRY_ASSIGN(Scan scan, ScanWalk(workspace, path, context).run());
  return std::optional(std::move(scan));
}

std::string scanned_path(const std::string& path, const std::string& relative) {
  return relative.empty() ? path : os::join(path, relative);
}

bool is_leftover_name(std::string_view name) {
  constexpr std::string_view kMark = ".cairn-tmp-";
  constexpr std::size_t kDigits = 16;
  if (!name.starts_with('.') || name.size() < 1 + kMark.size() + kDigits) {
    return false;
  }
  const std::string_view digits = name.substr(name.size() - kDigits);
  name.remove_suffix(kDigits);
  return name.ends_with(kMark) && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace cairn::project
