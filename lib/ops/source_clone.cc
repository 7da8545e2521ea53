// SPDX-License-Identifier: Apache-2.0
#include "ops/source_clone.h"

#include "base/escape.h"
#include "git/clone.h"
#include "git/program.h"
#include "git/repository.h"
#include "os/file.h"
#include "os/path.h"
#include "project/apply_hints.h"
#include "version/version_refs.h"

namespace cairn::ops {
namespace {

/// Files that say what cairn keeps, wherever they are, as patterns of a sparse checkout.
constexpr std::string_view kOwnFiles = "*.cairn\ncairn.lock\ncairn.yaml\n.cairnignore\n.cairn/\n";

/// A path as a pattern that fits only itself and what is in it.
std::string pattern_of(const std::string& path) {
  std::string pattern = "/";
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\' || c == ' ' || c == '#' || c == '!') {
      pattern += '\\';
    }
    pattern += c;
  }
  return pattern + "\n";
}

}  // namespace

bool is_relative_folder(std::string_view url) {
  return !url.starts_with('/') && url.find(':') == std::string_view::npos;
}

Result<SourceClone> SourceClone::make(const SourceRevision& source, const std::string& folder,
                                      const std::string& path) {
  SourceClone made(source, os::join(folder, "clone"));
  // Git links the files of a repository on this machine, and leaves nothing out.
  CAIRN_TRY_ASSIGN(const auto local, os::find_stat(made.place()));
  CAIRN_TRY(git::clone_repository(source.url, made.folder_, source.from,
                                  {.quiet = true, .files = false, .partial = !local}));
  CAIRN_TRY_ASSIGN(const auto layout, git::find_layout(made.folder_));
  made.layout_ = *layout;
  CAIRN_TRY(made.choose_files(path));
  CAIRN_TRY(made.check_out());
  CAIRN_TRY_ASSIGN(git::Repository git, git::Repository::open(made.layout_));
  CAIRN_TRY_ASSIGN(made.commit_, git.resolve("HEAD"));
  return made;
}

std::string SourceClone::file(std::string_view path) const {
  return path.empty() ? folder_ : os::join(folder_, path);
}

/// Of a repository on this machine.
std::string SourceClone::place() const {
  constexpr std::string_view kFile = "file://";
  const std::string path = source_.url.starts_with(kFile) ? source_.url.substr(kFile.size()) : source_.url;
  return path.starts_with('/') ? path : os::join(source_.from, path);
}

Status SourceClone::choose_files(const std::string& path) const {
  const std::string patterns = std::string(kOwnFiles) + (path.empty() ? "" : pattern_of(path));
  const std::string info = os::join(layout_.git_dir, "info");
  CAIRN_TRY(os::make_folders(info));
  return os::write_atomic(os::join(info, "sparse-checkout"), as_bytes(patterns));
}

Status SourceClone::check_out() {
  if (source_.revision.empty()) {
    return go_to("HEAD") ? Status()
                         : Status(Error(Code::not_found, quoted(source_.url) + " has no commit yet"));
  }
  if (go_to(source_.revision)) {
    return {};
  }
  // The settings of its own branch say that it is a project.
  const bool has_branch = go_to("HEAD");
  CAIRN_TRY_ASSIGN(const auto version,
                   has_branch ? find_version() : Result<std::optional<git::Oid>>(std::nullopt));
  if (version && go_to(version->hex())) {
    return {};
  }
  return Error(Code::not_found,
               quoted(source_.url) + " has no branch, tag, commit or version " + quoted(source_.revision),
               "git ls-remote " + project::shell_quoted(source_.url));
}

bool SourceClone::go_to(const std::string& revision) const {
  return !revision.starts_with('-') &&
         git::run_git(layout_, {"-c", "core.hooksPath=/dev/null", "-c", "core.sparseCheckout=true", "-c",
                                "core.sparseCheckoutCone=false", "checkout", "--quiet", revision, "--"})
             .ok();
}

/// The commit of a saved version; nothing when there is none of that name.
Result<std::optional<git::Oid>> SourceClone::find_version() const {
  CAIRN_TRY_ASSIGN(const auto workspace, open_project("", ""));
  if (workspace == nullptr) {
    return std::optional<git::Oid>();
  }
  auto found = version::find_version(*workspace, source_.revision);
  const bool none = !found.ok() && (found.error().code() == Code::not_found ||
                                    found.error().code() == Code::usage);  // what cannot be a name
  if (none) {
    return std::optional<git::Oid>();
  }
  return found.ok() ? Result(std::optional(found->commit)) : found.error();
}

Result<std::unique_ptr<project::Workspace>> SourceClone::open_project(const std::string& path,
                                                                      const std::string& store) const {
  std::string folder = path;
  bool found = false;
  while (!found && !folder.empty()) {
    folder = os::parent_of(folder);
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(file(folder)));
    found = stat.has_value();
  }
  auto opened = project::Workspace::open(file(folder));
  if (!opened.ok() && opened.error().code() == Code::no_repository) {
    return std::unique_ptr<project::Workspace>();
  }
  if (!opened.ok()) {
    return opened.error().with_context(quoted(source_.url));
  }
  if (!store.empty()) {
    CAIRN_TRY((*opened)->config().set(project::ConfigLevel::local, "cache.dir", store));
  }
  CAIRN_TRY(place_remotes(**opened));
  return project::Workspace::open(file(folder));  // with the settings as they are now
}

/// A relative folder counts from the top of the repository that names it, not from our copy of that.
Status SourceClone::place_remotes(project::Workspace& workspace) const {
  CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(place()));
  if (!stat) {
    return {};
  }
  for (const std::string& name : workspace.config().remotes()) {
    const std::string setting = "remote." + name + ".url";
    const std::string url = workspace.config().get_or(setting, "");
    if (is_relative_folder(url)) {
      const std::string root = os::join(place(), workspace.git_prefix());
      CAIRN_TRY(
          workspace.config().set(project::ConfigLevel::local, setting, os::normalized(os::join(root, url))));
    }
  }
  return {};
}

Error SourceClone::nothing_at(const std::string& path) const {
  return {Code::not_found,
          quoted(path) + " is not in " + quoted(source_.url) + " at commit " + commit_->hex().substr(0, 12),
          "cairn ls " + project::shell_quoted(source_.url)};
}

std::optional<TrackedAt> find_tracked_around(const std::vector<project::Tracked>& tracked,
                                             const std::string& path) {
  for (const project::Tracked& one : tracked) {
    if (os::is_within(path, one.path)) {
      return TrackedAt{one, path.substr(std::min(path.size(), one.path.size() + 1))};
    }
  }
  return std::nullopt;
}

}  // namespace cairn::ops
