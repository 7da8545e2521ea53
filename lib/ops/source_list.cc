// SPDX-License-Identifier: Apache-2.0
#include "ops/source_list.h"

#include "git/repository.h"
#include "ops/content_access.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "runner/name_watch.h"

namespace cairn::ops {
namespace {

using store::TreeEntry;
using store::TreeKind;

constexpr unsigned kLinkMode = 0120000;
constexpr unsigned kExecutableMode = 0100755;

SourceEntry entry_of(const TreeEntry& found) {
  SourceEntry entry;
  entry.kind = found.kind;
  entry.keeper = SourceEntry::Keeper::cairn;
  if (found.kind != TreeKind::symlink) {
    const bool is_tree = found.kind == TreeKind::folder;
    entry.object = {is_tree ? store::Family::tree : store::Family::blob, found.id, found.size};
  }
  return entry;
}

class SourceLister {
 public:
  SourceLister(const SourceClone& clone, const std::string& path, project::ListDepth depth,
               const Context& context)
      : clone_(clone), path_(path), depth_(depth), context_(context), list_{clone.commit(), {}} {}

  Result<SourceList> run() {
    CAIRN_TRY_ASSIGN(workspace_, clone_.open_project(os::join(path_, "x"), ""));
    if (workspace_ != nullptr) {
      CAIRN_TRY(add_tracked());
    }
    CAIRN_TRY(add_git_files());
    return list_.entries.empty() && !path_.empty() ? clone_.nothing_at(path_)
                                                   : Result<SourceList>(std::move(list_));
  }

 private:
  Status add_tracked() {
    CAIRN_TRY_ASSIGN(const auto tracked, project::find_tracked(*workspace_, pipeline::read_lock_outputs));
    const std::string prefix = workspace_->git_prefix();
    for (const project::Tracked& one : tracked) {
      const std::string full = os::join(prefix, one.path);
      ContentAccess access(*workspace_, one.remote, context_);
      if (os::is_within(path_, full)) {
        const std::string inner = path_.substr(std::min(path_.size(), full.size() + 1));
        CAIRN_TRY_ASSIGN(const auto found, access.find(one, inner));
        if (found) {
          CAIRN_TRY(found->kind == TreeKind::folder ? add_content(access, *found, path_)
                                                    : add(path_, entry_of(*found)));
        }
      } else if (os::is_within(full, path_)) {
        CAIRN_TRY_ASSIGN(const auto found, access.find(one, ""));
        CAIRN_TRY(add(full, entry_of(*found)));
        if (depth_ == project::ListDepth::all && found->kind == TreeKind::folder) {
          CAIRN_TRY(add_content(access, *found, full));
        }
      }
    }
    return {};
  }

  Status add_content(ContentAccess& access, const TreeEntry& folder, const std::string& path) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(const store::Tree tree, access.read_tree(folder.id));
    for (const TreeEntry& entry : tree.entries) {
      const std::string inner = os::join(path, entry.name);
      CAIRN_TRY(add(inner, entry_of(entry)));
      if (depth_ == project::ListDepth::all && entry.kind == TreeKind::folder) {
        CAIRN_TRY(add_content(access, entry, inner));
      }
    }
    return {};
  }

  Status add_git_files() {
    CAIRN_TRY_ASSIGN(git::Repository git, git::Repository::open(clone_.layout()));
    CAIRN_TRY_ASSIGN(const auto files, git.list_files(clone_.commit(), {}));
    for (const git::TreeFile& file : files) {
      const bool is_pointer = workspace_ != nullptr && project::is_pointer_path(file.path);
      if (!os::is_within(file.path, path_) || is_pointer) {
        continue;
      }
      SourceEntry entry;
      entry.kind = file.mode == kLinkMode         ? TreeKind::symlink
                   : file.mode == kExecutableMode ? TreeKind::executable
                                                  : TreeKind::file;
      CAIRN_TRY(add(file.path, entry));
    }
    return {};
  }

  /// What is deeper than the list goes is seen as the folder that it is in.
  Status add(const std::string& path, const SourceEntry& entry) {
    const std::size_t begin = path_.empty() ? 0 : path_.size() + 1;
    const std::size_t slash = path.size() > begin ? path.find('/', begin) : std::string::npos;
    if (depth_ == project::ListDepth::all || slash == std::string::npos) {
      list_.entries.emplace(path, entry);
    } else {
      SourceEntry folder;
      folder.kind = TreeKind::folder;
      folder.keeper = SourceEntry::Keeper::both;
      list_.entries.emplace(path.substr(0, slash), folder);
    }
    return {};
  }

  const SourceClone& clone_;
  const std::string& path_;
  project::ListDepth depth_;
  const Context& context_;
  std::unique_ptr<project::Workspace> workspace_;
  SourceList list_;
};

}  // namespace

Result<SourceList> list_source(const SourceRevision& source, const std::string& path,
                               project::ListDepth depth, const Context& context) {
  if (!path.empty()) {
    if (const Status checked = os::check_relative(path); !checked.ok()) {
      return Error(Code::usage, checked.error().message(), "a path counts from the top of the repository");
    }
  }
  CAIRN_TRY_ASSIGN(const os::TempFolder folder,
                   os::TempFolder::make(runner::temporary_folder(), "cairn-ls-"));
  CAIRN_TRY_ASSIGN(const SourceClone clone, SourceClone::make(source, folder.path(), ""));
  return SourceLister(clone, path, depth, context).run();
}

}  // namespace cairn::ops
