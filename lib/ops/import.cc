// SPDX-License-Identifier: Apache-2.0
#include "ops/import.h"

#include "base/escape.h"
#include "git/repository.h"
#include "ops/content_access.h"
#include "ops/remote_way.h"
#include "ops/source_clone.h"
#include "ops/source_url.h"
#include "os/file.h"
#include "os/path.h"
#include "pipeline/lock_outputs.h"
#include "project/add_tree.h"

namespace cairn::ops {
namespace {

using store::TreeEntry;
using store::TreeKind;

constexpr unsigned kLinkMode = 0120000;
constexpr unsigned kExecutableMode = 0100755;
constexpr unsigned kSubmoduleMode = 0160000;

class Importer {
 public:
  Importer(project::Workspace& workspace, store::Store& store, const SourceClone& clone,
           const std::string& path, const Context& context)
      : workspace_(workspace), store_(store), clone_(clone), path_(path), context_(context) {}

  Result<Imported> run() {
    CAIRN_TRY_ASSIGN(theirs_, clone_.open_project(path_, store_.paths().root));
    CAIRN_TRY_ASSIGN(const auto found, find_entry());
    if (!found) {
      return clone_.nothing_at(path_);
    }
    project::Pointer& pointer = imported_.pointer;
    const bool is_tree = found->kind == TreeKind::folder;
    pointer.object = {is_tree ? store::Family::tree : store::Family::blob, found->id, found->size};
    pointer.executable = found->kind == TreeKind::executable;
    pointer.files = is_tree ? found->files : 0;
    return std::move(imported_);
  }

 private:
  Result<std::optional<TreeEntry>> find_entry() {
    if (theirs_ == nullptr) {
      return gather({});
    }
    CAIRN_TRY_ASSIGN(const std::string path, theirs_->to_project_path(path_, clone_.file("")));
    CAIRN_TRY_ASSIGN(auto tracked, project::find_tracked(*theirs_, pipeline::read_lock_outputs));
    if (const auto around = find_tracked_around(tracked, path)) {
      return from_tracked(*around);
    }
    std::erase_if(tracked, [&](const project::Tracked& one) { return !os::is_within(one.path, path); });
    return gather(tracked);
  }

  /// Tracked data, or what is inside it.
  Result<std::optional<TreeEntry>> from_tracked(const TrackedAt& at) {
    CAIRN_TRY_ASSIGN(std::optional<TreeEntry> entry,
                     ContentAccess(*theirs_, at.tracked.remote, context_).find(at.tracked, at.inner));
    if (!entry) {
      return entry;
    }
    if (entry->kind == TreeKind::symlink) {
      return Error(Code::usage, quoted(path_) + " is a symlink", "import what it points to, or its folder");
    }
    CAIRN_TRY(fetch(*entry, at.tracked.remote));
    CAIRN_TRY(count_files(*entry));
    return entry;
  }

  Status fetch(const TreeEntry& entry, const std::string& remote_name) {
    const auto family = entry.kind == TreeKind::folder ? store::Family::tree : store::Family::blob;
    const remote::Root root{{family, entry.id, entry.size}, path_};
    CAIRN_TRY_ASSIGN(const remote::Remote remote,
                     open_remote(*theirs_, remote_name, remote::Purpose::read, context_));
    CAIRN_TRY_ASSIGN(const remote::FetchReport report,
                     remote::fetch(store_, remote, std::span(&root, 1), context_));
    imported_.fetched += report;
    return {};
  }

  Status count_files(TreeEntry& entry) {
    if (entry.kind == TreeKind::folder) {
      CAIRN_TRY_ASSIGN(const store::Tree tree, store::Reader(store_).read_tree(entry.id));
      entry.files = tree.total_files();
      entry.size = tree.total_size();
    }
    return {};
  }

  /// What Git keeps at the path, with the tracked data inside it. Pointers and ignore files are for Git.
  Result<std::optional<TreeEntry>> gather(const std::vector<project::Tracked>& tracked) {
    CAIRN_TRY_ASSIGN(store::Writer writer, workspace_.open_writer(context_));
    project::TreeEdits entries;
    for (const project::Tracked& one : tracked) {
      CAIRN_TRY_ASSIGN(auto entry, from_tracked({one, ""}));
      const std::string full = os::join(theirs_->git_prefix(), one.path);
      entries.emplace(full.substr(path_.size() + 1), std::move(entry));
    }
    CAIRN_TRY(put_git_files(writer, entries));
    std::optional<TreeEntry> found;
    if (const auto whole = entries.find(""); whole != entries.end()) {
      found = whole->second;
    } else if (!entries.empty()) {
      store::Reader reader(store_);
      CAIRN_TRY_ASSIGN(found, project::edit_tree(reader, std::nullopt, entries, &writer));
      found->kind = TreeKind::folder;
    }
    CAIRN_TRY(writer.commit());
    return found;
  }

  Status put_git_files(store::Writer& writer, project::TreeEdits& entries) {
    CAIRN_TRY_ASSIGN(git::Repository git, git::Repository::open(clone_.layout()));
    CAIRN_TRY_ASSIGN(const auto listed, git.list_files(clone_.commit(), {}));
    std::vector<store::FileTask> tasks;
    std::vector<TreeEntry> made;
    for (const git::TreeFile& file : listed) {
      if (!os::is_within(file.path, path_) || is_for_git(file)) {
        continue;
      }
      if (file.mode == kLinkMode) {
        CAIRN_TRY(add_link(file, entries));
        continue;
      }
      tasks.emplace_back().path = file.path;
      made.emplace_back().kind = file.mode == kExecutableMode ? TreeKind::executable : TreeKind::file;
    }
    CAIRN_TRY_ASSIGN(const os::Root root, os::Root::open(clone_.file("")));
    CAIRN_TRY(writer.put_files(root, tasks));
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].error) {
        return *tasks[i].error;
      }
      made[i].id = tasks[i].id;
      made[i].size = tasks[i].stat.size;
      entries.emplace(inner(tasks[i].path), std::move(made[i]));
    }
    return {};
  }

  [[nodiscard]] bool is_for_git(const git::TreeFile& file) const {
    return file.mode == kSubmoduleMode || (file.path != path_ && (project::is_pointer_path(file.path) ||
                                                                  os::name_of(file.path) == ".gitignore"));
  }

  Status add_link(const git::TreeFile& file, project::TreeEdits& entries) {
    if (file.path == path_) {
      return Error(Code::usage, quoted(path_) + " is a symlink", "import what it points to, or its folder");
    }
    TreeEntry link;
    link.kind = TreeKind::symlink;
    CAIRN_TRY_ASSIGN(link.target, os::read_link_at(AT_FDCWD, clone_.file(file.path)));
    entries.emplace(inner(file.path), std::move(link));
    return {};
  }

  /// A path of Git below the imported one; "" for that itself.
  [[nodiscard]] std::string inner(const std::string& path) const {
    return path.substr(std::min(path.size(), path_.size() + 1));
  }

  project::Workspace& workspace_;
  store::Store& store_;
  const SourceClone& clone_;
  const std::string& path_;
  const Context& context_;
  std::unique_ptr<project::Workspace> theirs_;
  Imported imported_;
};

}  // namespace

Result<Imported> bring_from_repository(project::Workspace& workspace, project::RepositorySource source,
                                       const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store * store, workspace.store());
  // Whoever writes when nobody else does clears the temporary folder.
  CAIRN_TRY_ASSIGN(const os::FileLock writing, store->lock_for_writing());
  CAIRN_TRY_ASSIGN(const os::TempFolder folder, os::TempFolder::make(store->paths().temporary(), "import-"));
  CAIRN_TRY_ASSIGN(
      const SourceClone clone,
      SourceClone::make({source.url, source.revision, workspace.paths().root}, folder.path(), source.path));
  auto imported = Importer(workspace, *store, clone, source.path, context).run();
  if (!imported.ok()) {
    return imported.error().with_context(quoted(source.path) + " of " + quoted(source.url));
  }
  source.commit = clone.commit().hex();
  imported->pointer.source = std::move(source);
  return imported;
}

Result<Imported> import_data(project::Workspace& workspace, const ImportRequest& request,
                             const Context& context) {
  if (const Status checked = os::check_relative(request.path); !checked.ok()) {
    return Error(Code::usage, checked.error().message(), "a path counts from the top of the repository");
  }
  CAIRN_TRY(check_no_secret(request.url));
  CAIRN_TRY(check_import_path(workspace, request.out, request.in_the_way));
  project::RepositorySource source;
  source.url = placed_url(request.url, request.from, workspace.paths().root);
  source.path = request.path;
  source.revision = request.revision;
  CAIRN_TRY_ASSIGN(Imported imported, bring_from_repository(workspace, std::move(source), context));
  CAIRN_TRY_ASSIGN(const os::FileLock lock, workspace.lock());
  CAIRN_TRY(check_import_path(workspace, request.out, request.in_the_way));
  CAIRN_TRY(place_import(workspace, request.out, imported.pointer, request.in_the_way, context));
  return imported;
}

}  // namespace cairn::ops
