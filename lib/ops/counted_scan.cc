// SPDX-License-Identifier: Apache-2.0
#include "ops/counted_scan.h"

#include <set>

#include "os/path.h"

namespace cairn::ops {
namespace {

/// Takes what does not count out of the scan of a folder that cairn does not keep.
class CountedFiles {
 public:
  CountedFiles(git::Repository& repository, const std::string& prefix,
               const project::Materialised& materialised, const std::string& path)
      : repository_(repository), prefix_(prefix), materialised_(materialised), path_(path) {}

  Status filter(project::Scan& scan) {
    CAIRN_TRY(drop_ignored(scan));
    drop_bare_folders(scan);
    return {};
  }

 private:
  Status drop_ignored(project::Scan& scan) {
    std::vector<project::ScannedFile> counted;
    std::string dropped_folder;
    for (project::ScannedFile& file : scan.files) {
      if (!dropped_folder.empty() && os::is_within(file.path, dropped_folder)) {
        continue;
      }
      std::string whole = os::join(path_, file.path);
      bool folder = file.kind == store::TreeKind::folder;
      CAIRN_TRY_ASSIGN(bool ignored, repository_.is_ignored(os::join(prefix_, whole) + (folder ? "/" : "")));
      if (!ignored || is_kept(materialised_, whole) || (folder && keeps_inside(materialised_, whole))) {
        counted.push_back(std::move(file));
      } else if (folder) {
        dropped_folder = file.path;
      }
    }
    scan.files = std::move(counted);
    return {};
  }

  /// Git has no folders without files: they come and go with checkouts and with caches such as __pycache__.
  void drop_bare_folders(project::Scan& scan) {
    std::set<std::string, std::less<>> used;
    for (const project::ScannedFile& file : scan.files) {
      bool folder = file.kind == store::TreeKind::folder;
      if (!folder || is_kept(materialised_, os::join(path_, file.path))) {
        for (std::string_view at = folder ? file.path : os::parent_of(file.path);
             !at.empty() && used.emplace(at).second; at = os::parent_of(at)) {
        }
      }
    }
    std::erase_if(scan.files, [&used](const project::ScannedFile& file) {
      return file.kind == store::TreeKind::folder && !used.contains(file.path);
    });
  }

  git::Repository& repository_;
  const std::string& prefix_;
  const project::Materialised& materialised_;
  const std::string& path_;
};

}  // namespace

bool is_kept(const project::Materialised& materialised, std::string_view path) {
  for (; !path.empty(); path = os::parent_of(path)) {
    if (materialised.find(path) != nullptr) {
      return true;
    }
  }
  return false;
}

bool keeps_inside(const project::Materialised& materialised, const std::string& folder) {
  auto at = materialised.entries().lower_bound(folder + "/");
  return at != materialised.entries().end() && os::is_within(at->first, folder);
}

Result<std::optional<project::Scan>> scan_counted(project::Workspace& workspace, const std::string& path,
                                                  const Context& context) {
  CAIRN_TRY_ASSIGN(std::optional<project::Scan> scan, project::scan_path(workspace, path, context));
  if (!scan) {
    return scan;
  }
  CAIRN_TRY_ASSIGN(const project::Materialised* materialised, workspace.materialised());
  if (scan->kind == os::Kind::folder && workspace.git_layout() && !is_kept(*materialised, path)) {
    CAIRN_TRY_ASSIGN(git::Repository * repository, workspace.git());
    std::string prefix = workspace.git_prefix();
    CAIRN_TRY(CountedFiles(*repository, prefix, *materialised, path).filter(*scan));
  }
  CAIRN_TRY(project::hash_files(workspace, path, *scan, context));
  if (!scan->errors.empty()) {
    return scan->errors.front();
  }
  return scan;
}

}  // namespace cairn::ops
