// SPDX-License-Identifier: Apache-2.0
#include "ops/work_area.h"

#include <algorithm>
#include <chrono>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "project/scan.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kAreaPrefix = "run-";
constexpr std::chrono::milliseconds kNoPatience{0};
constexpr std::chrono::seconds kPatience{5};

std::string work_folder(const project::Workspace& workspace) {
  return workspace.paths().shared + "/work";
}

/// Names the folder elsewhere that belongs to an area.
std::string note_of(const std::string& area) {
  return area + "/elsewhere";
}

/// Held while areas come and go.
Result<os::FileLock> lock_folder(const std::string& folder) {
  return os::FileLock::acquire(folder + "/lock", os::LockMode::exclusive, kPatience);
}

/// A `.git` of which a kill left no more than this.
bool is_unfinished_git(const os::DirEntry& entry) {
  return entry.name.starts_with("..git.") && project::is_leftover_name(entry.name);
}

/// Whether a folder with these entries leads into the area, or has nothing yet but what is to lead there.
Result<bool> is_claimed(const std::string& folder, std::span<const os::DirEntry> entries,
                        const std::string& area) {
  if (std::ranges::all_of(entries, is_unfinished_git)) {
    return true;
  }
  CAIRN_TRY_ASSIGN(const auto leads, os::find_file(folder + "/.git"));
  return leads && as_text(*leads).starts_with("gitdir: " + area + "/");
}

/// Removes a folder that is claimed, its `.git` last, so that what is left of it after a kill is known for
/// what it is. Anything else that stands there now is somebody else's.
Status remove_claimed(const std::string& folder, const std::string& area) {
  auto entries = os::list_folder(folder);
  if (!entries.ok()) {
    return entries.error().code() == Code::not_found ? Status() : Status(entries.error());
  }
  CAIRN_TRY_ASSIGN(const bool claimed, is_claimed(folder, *entries, area));
  if (!claimed) {
    return {};
  }
  for (const os::DirEntry& entry : *entries) {
    if (entry.name != ".git") {
      CAIRN_TRY(os::remove_tree(os::join(folder, entry.name)));
    }
  }
  return os::remove_tree(folder);
}

Status remove_area(const std::string& area) {
  CAIRN_TRY_ASSIGN(const auto note, os::find_file(note_of(area)));
  if (note) {
    const std::string folder(as_text(*note));
    CAIRN_TRY(remove_claimed(folder, area));
    CAIRN_TRY(remove_claimed(folder + std::string(kMovedSuffix), area));
  }
  return os::remove_tree(area);
}

}  // namespace

Status clean_work_leftovers(const project::Workspace& workspace) {
  const std::string folder = work_folder(workspace);
  auto entries = os::list_folder(folder);
  if (!entries.ok()) {
    return entries.error().code() == Code::not_found ? Status() : Status(entries.error());
  }
  std::erase_if(*entries, [](const os::DirEntry& entry) { return !entry.name.starts_with(kAreaPrefix); });
  if (entries->empty()) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const os::FileLock lock, lock_folder(folder));
  for (const os::DirEntry& entry : *entries) {
    const std::string area = os::join(folder, entry.name);
    auto held = os::FileLock::acquire(area + "/lock", os::LockMode::exclusive, kNoPatience);
    if (held.ok()) {
      CAIRN_TRY(remove_area(area));
    } else if (held.error().code() != Code::locked) {
      return held.error();
    }
  }
  return {};
}

Result<std::unique_ptr<WorkArea>> WorkArea::make(const project::Workspace& workspace) {
  CAIRN_TRY(clean_work_leftovers(workspace));
  const std::string folder = work_folder(workspace);
  CAIRN_TRY(os::make_folders(folder, os::Durable::no));
  CAIRN_TRY_ASSIGN(const os::FileLock folder_lock, lock_folder(folder));
  std::string path = os::join(folder, std::string(kAreaPrefix) + os::random_name());
  CAIRN_TRY(os::make_folders(path, os::Durable::no));
  CAIRN_TRY_ASSIGN(os::FileLock lock,
                   os::FileLock::acquire(path + "/lock", os::LockMode::exclusive, kNoPatience));
  return std::unique_ptr<WorkArea>(new WorkArea(std::move(path), std::move(lock)));
}

WorkArea::~WorkArea() {
  (void)remove_area(path_);  // what stays is for clean_work_leftovers
}

Status WorkArea::claim(const std::string& folder) {
  CAIRN_TRY_ASSIGN(const auto parent, os::find_stat(std::string(os::parent_of(folder)) + "/."));
  if (!parent) {
    return Error(Code::not_found, "there is no folder " + quoted(os::parent_of(folder)),
                 "mkdir -p " + escaped(os::parent_of(folder)));
  }
  for (const std::string& path : {folder, folder + std::string(kMovedSuffix)}) {
    CAIRN_TRY_ASSIGN(const auto there, os::find_stat(path));
    const bool is_folder = there && there->kind == os::Kind::folder;
    CAIRN_TRY_ASSIGN(const auto entries,
                     is_folder ? os::list_folder(path) : Result<std::vector<os::DirEntry>>({}));
    if (there && (!is_folder || !entries.empty() || path != folder)) {
      return Error(Code::exists, quoted(path) + " is there already",
                   "name a folder that is empty or missing");
    }
  }
  CAIRN_TRY(os::write_atomic(note_of(path_), as_bytes(folder), {0666, false, os::Durable::no}));
  return os::make_folders(folder, os::Durable::no);
}

Status WorkArea::let_go() {
  return os::remove_file(note_of(path_));
}

}  // namespace cairn::ops
