// SPDX-License-Identifier: Apache-2.0
#include "git/repository.h"

#include <git2/sys/repository.h>

#include <cstdlib>

#include "base/escape.h"
#include "git/config_text.h"
#include "git/repository_state.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

const std::string& shown_folder(const Layout& layout) {
  return layout.bare ? layout.git_dir : layout.work_tree;
}

/// Value of an extension in the repository's own configuration, read as Git reads it.
Result<std::optional<std::string>> extension(const Layout& layout, std::string_view key) {
  CAIRN_TRY_ASSIGN(auto bytes, os::find_file(os::join(layout.common_dir, "config")));
  return bytes ? find_in_config(as_text(*bytes), "extensions", key) : std::nullopt;
}

Status check_object_format(const Layout& layout) {
  CAIRN_TRY_ASSIGN(auto format, extension(layout, "objectformat"));
  if (format && *format != "sha1") {
    return Error(Code::unsupported,
                 "the Git repository " + quoted(shown_folder(layout)) + " names its objects by " +
                     escaped(*format) + ", and cairn reads only sha1",
                 "make the repository by 'git init --object-format=sha1'");
  }
  return {};
}

Error open_error(int code, const Layout& layout) {
  std::string what = "cannot open the Git repository " + quoted(shown_folder(layout));
  Error error = library_error(code, what);
  bool owner = code == GIT_EOWNER || error.message().find("safe.directory") != std::string::npos;
  if (owner) {
    return {Code::permission, what + ": it is owned by another user",
            "if you trust it, run 'git config --global --add safe.directory " +
                escaped(shown_folder(layout)) + "'"};
  }
  if (error.message().find("extension") != std::string::npos) {
    return {Code::unsupported, error.message(), "use a repository without that extension"};
  }
  return error;
}

/// Configuration files that libgit2 would not look at by itself.
Status add_config_files(git_repository* repository, const Layout& layout) {
  git_config* raw = nullptr;
  if (int code = git2().repository_config(&raw, repository); code < 0) {
    return library_error(code, "cannot read Git's configuration");
  }
  ConfigHandle config(raw);
  auto add = [&](const std::string& path, git_config_level_t level) -> Status {
    CAIRN_TRY_ASSIGN(auto stat, os::find_stat(path));
    if (!stat || stat->kind == os::Kind::other) {
      return {};
    }
    int code = git2().config_add_file_ondisk(config.get(), path.c_str(), level, repository, 1);
    return code < 0 ? Status(library_error(code, "cannot read Git's configuration " + quoted(path)))
                    : Status();
  };
  if (const char* global = std::getenv("GIT_CONFIG_GLOBAL"); global != nullptr && *global != '\0') {
    CAIRN_TRY(add(global, GIT_CONFIG_LEVEL_GLOBAL));
  }
  CAIRN_TRY_ASSIGN(auto per_work_tree, extension(layout, "worktreeconfig"));
  if (per_work_tree && is_true(*per_work_tree)) {
    CAIRN_TRY(add(os::join(layout.git_dir, "config.worktree"), GIT_CONFIG_LEVEL_APP));
  }
  return {};
}

}  // namespace

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

const Layout& Repository::layout() const {
  return state_->layout;
}

Result<Repository> Repository::open(Layout layout) {
  CAIRN_TRY(load_libgit2());
  CAIRN_TRY(check_object_format(layout));
  auto state = std::make_unique<State>();
  git_repository* raw = nullptr;
  unsigned flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
  if (int code = git2().repository_open_ext(&raw, layout.git_dir.c_str(), flags, nullptr); code < 0) {
    return open_error(code, layout);
  }
  state->repository.reset(raw);
  const char* found = git2().repository_workdir(raw);
  if (!layout.bare && (found == nullptr || layout.work_tree + "/" != found)) {
    if (int code = git2().repository_set_workdir(raw, layout.work_tree.c_str(), 0); code < 0) {
      return open_error(code, layout);
    }
  }
  CAIRN_TRY(add_config_files(raw, layout));
  state->layout = std::move(layout);
  return Repository(std::move(state));
}

bool name_fits(std::string_view path, const NameFilter& filter) {
  if (filter.empty()) {
    return true;
  }
  std::string_view name = os::name_of(path);
  for (const std::string& wanted : filter) {
    bool suffix = wanted.starts_with('.');
    if (suffix ? name.size() > wanted.size() && name.ends_with(wanted) : name == wanted) {
      return true;
    }
  }
  return false;
}

Result<bool> Repository::is_ignored(const std::string& path) {
  if (layout().bare) {
    return Error(Code::unsupported, "a bare repository has no ignore rules");
  }
  int ignored = 0;
  if (int code = git2().ignore_path_is_ignored(&ignored, state_->repository.get(), path.c_str()); code < 0) {
    return library_error(code, "cannot read the ignore rules for " + quoted(path));
  }
  return ignored != 0;
}

}  // namespace cairn::git
