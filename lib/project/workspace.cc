// SPDX-License-Identifier: Apache-2.0
#include "project/workspace.h"

#include <climits>
#include <cstdlib>

#include "base/escape.h"
#include "os/path.h"
#include "project/left_out.h"
#include "project/project_paths.h"
#include "project/store_folder.h"

namespace cairn::project {
namespace {

constexpr std::chrono::milliseconds kLockPatience{5000};

/// The folder at or above `start` that holds .cairn/config; not above `top`, the work tree's top.
Result<std::optional<std::string>> find_root(std::string start, const std::string& top) {
  while (true) {
    CAIRN_TRY_ASSIGN(const bool found, is_project_root(start));
    if (found) {
      return std::optional(std::move(start));
    }
    if (start == top || start == "/") {
      return std::optional<std::string>();
    }
    const std::string parent(os::parent_of(start));
    start = parent.empty() ? "/" : parent;
  }
}

Error no_project(const std::string& start) {
  return {Code::no_repository, "there is no cairn project in " + quoted(start) + " or above", "cairn init"};
}

Result<codec::Compression> compression_of(const Config& config) {
  return codec::parse_compression(config.get_or("core.compress", "auto"));
}

store::VerifyWrites verification_of(const Config& config) {
  return config.get_or("core.verify_writes", "false") == "true" ? store::VerifyWrites::yes
                                                                : store::VerifyWrites::no;
}

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(const std::string& start) {
  CAIRN_TRY_ASSIGN(const std::string folder, real_folder(start));
  CAIRN_TRY_ASSIGN(std::optional<git::Layout> layout, git::find_layout(folder));
  if (layout && layout->bare) {
    layout.reset();
  }
  CAIRN_TRY_ASSIGN(const std::optional<std::string> root,
                   find_root(folder, layout ? layout->work_tree : "/"));
  if (!root) {
    CAIRN_TRY(layout ? check_left_out(*layout, folder) : Status());
    return no_project(folder);
  }
  return open_at(*root, std::move(layout));
}

Result<std::unique_ptr<Workspace>> Workspace::open_former(const git::Layout& layout) {
  const ProjectPaths paths = project_paths(layout.work_tree, layout);
  CAIRN_TRY_ASSIGN(const auto known, os::find_stat(paths.materialised()));
  return known ? open_at(layout.work_tree, layout) : Result<std::unique_ptr<Workspace>>(nullptr);
}

Result<std::unique_ptr<Workspace>> Workspace::open_linked(const Workspace& original, git::Layout layout,
                                                          const std::string& store) {
  const std::string prefix = original.git_prefix();
  const std::string root = prefix.empty() ? layout.work_tree : os::join(layout.work_tree, prefix);
  CAIRN_TRY_ASSIGN(const bool found, is_project_root(root));
  if (!found) {
    return Error(
        Code::no_repository,
        "Git does not track " + quoted(original.paths_.config()) + ", so a work tree lacks the project",
        "git add .cairn, git commit");
  }
  CAIRN_TRY_ASSIGN(std::unique_ptr<Workspace> opened, open_at(root, std::move(layout)));
  opened->paths_.store = store;
  opened->durable_ = os::Durable::no;
  return opened;
}

Result<std::unique_ptr<Workspace>> Workspace::open_at(const std::string& root,
                                                      std::optional<git::Layout> layout) {
  ProjectPaths paths = project_paths(root, layout);
  CAIRN_TRY_ASSIGN(Config config, Config::load(config_paths(paths)));
  paths.store = store_folder(paths, config);
  CAIRN_TRY_ASSIGN(os::Root files, os::Root::open(root));
  return std::unique_ptr<Workspace>(
      new Workspace(std::move(paths), std::move(files), std::move(config), std::move(layout)));
}

Result<git::Repository*> Workspace::git() {
  if (!git_layout_) {
    return Error(Code::unsupported, quoted(paths_.root) + " is a project without Git",
                 "run 'git init' and commit first");
  }
  if (git_ == nullptr) {
    CAIRN_TRY_ASSIGN(git::Repository opened, git::Repository::open(*git_layout_));
    git_ = std::make_unique<git::Repository>(std::move(opened));
  }
  return git_.get();
}

Result<store::Store*> Workspace::store() {
  if (store_ == nullptr) {
    CAIRN_TRY_ASSIGN(store_, store::Store::open(paths_.store));
  }
  return store_.get();
}

Result<store::Writer> Workspace::open_writer(const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store* const opened, store());
  CAIRN_TRY_ASSIGN(const codec::Compression compression, compression_of(config_));
  return store::Writer::open(*opened, compression, context, verification_of(config_));
}

Result<store::Writer> Workspace::open_writer_to(store::PackSink& sink, const Context& context) {
  CAIRN_TRY_ASSIGN(store::Store* const opened, store());
  CAIRN_TRY_ASSIGN(const codec::Compression compression, compression_of(config_));
  return store::Writer::open_to(sink, *opened, compression, context, verification_of(config_));
}

StatCache& Workspace::stat_cache() {
  if (!stat_cache_) {
    stat_cache_ = StatCache::load(paths_.stat_cache());
  }
  return *stat_cache_;
}

Result<Materialised*> Workspace::materialised() {
  if (!materialised_) {
    CAIRN_TRY_ASSIGN(materialised_, Materialised::load(paths_.materialised(), durable_));
  }
  return &*materialised_;
}

std::string Workspace::git_prefix() const {
  if (!git_layout_ || paths_.root == git_layout_->work_tree) {
    return "";
  }
  return os::relative_to(paths_.root, git_layout_->work_tree);
}

Result<std::string> Workspace::to_project_path(std::string_view path, const std::string& folder) const {
  if (path.empty()) {
    return Error(Code::usage, "a path cannot be empty");
  }
  std::string whole = os::normalized(path.starts_with('/') ? std::string(path) : os::join(folder, path));
  if (!os::is_within(whole, paths_.root)) {
    whole = with_real_parent(whole);  // the user may have named the project through a symlink
  }
  if (!os::is_within(whole, paths_.root)) {
    return Error(Code::usage, quoted(path) + " is outside the project " + quoted(paths_.root));
  }
  std::string relative = whole == paths_.root ? "" : os::relative_to(whole, paths_.root);
  if (!relative.empty()) {
    if (const Status checked = os::check_relative(relative); !checked.ok()) {
      return Error(Code::usage, checked.error().message());
    }
  }
  return relative;
}

std::vector<std::string> Workspace::git_files() const {
  std::set<std::string> files = git_files_;
  if (config_.is_written(ConfigLevel::project)) {
    files.insert(os::relative_to(paths_.config(), paths_.root));
  }
  return {files.begin(), files.end()};
}

Result<os::FileLock> Workspace::lock() {
  CAIRN_TRY_ASSIGN(os::FileLock lock,
                   os::FileLock::acquire(paths_.lock(), os::LockMode::exclusive, kLockPatience));
  if (materialised_) {
    CAIRN_TRY(materialised_->refresh());
  }
  return lock;
}

Status Workspace::save() {
  if (materialised_) {
    CAIRN_TRY(materialised_->save());
  }
  if (stat_cache_) {
    // Derived: on a read-only or full disk the next command is slower, and nothing else.
    (void)stat_cache_->save();
  }
  return {};
}

}  // namespace cairn::project
