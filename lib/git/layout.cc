// SPDX-License-Identifier: Apache-2.0
#include "git/layout.h"

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "base/escape.h"
#include "git/config_text.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::git {
namespace {

constexpr std::uint64_t kPointerLimit = 64u << 10;

std::optional<std::string> env(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

std::string from(std::string_view base, std::string_view path) {
  return os::normalized(path.starts_with('/') ? std::string(path) : os::join(base, path));
}

Result<std::string> real_path(const std::string& path) {
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) {
    return Error::from_errno(errno, "cannot open folder", path);
  }
  return std::string(resolved);
}

/// As find_stat, but through symlinks: `.git` and the folders in it may be some.
Result<std::optional<os::Kind>> find_kind(const std::string& path) {
  struct stat st {};
  if (::stat(path.c_str(), &st) == 0) {
    return std::optional(os::to_file_stat(st).kind);
  }
  if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP) {
    return std::optional<os::Kind>();
  }
  return Error::from_errno(errno, "cannot look at", path);
}

Result<bool> is_folder(const std::string& path) {
  CAIRN_TRY_ASSIGN(auto kind, find_kind(path));
  return kind == os::Kind::folder;
}

/// A file of one line that Git wrote, without its line end.
Result<std::optional<std::string>> find_line(const std::string& path) {
  CAIRN_TRY_ASSIGN(auto bytes, os::find_file(path, kPointerLimit));
  if (!bytes) {
    return std::optional<std::string>();
  }
  std::string_view text = as_text(*bytes);
  return std::optional<std::string>(text.substr(0, text.find_last_not_of("\r\n") + 1));
}

Result<std::string> common_dir_of(const std::string& git_dir, const std::string& start) {
  if (auto given = env("GIT_COMMON_DIR")) {
    return from(start, *given);
  }
  CAIRN_TRY_ASSIGN(auto line, find_line(os::join(git_dir, "commondir")));
  return line ? from(git_dir, *line) : git_dir;
}

/// Git's own test: HEAD, and the folders objects and refs in the part that is shared.
Result<bool> is_git_dir(const std::string& path, const std::string& start) {
  CAIRN_TRY_ASSIGN(auto head, os::find_stat(os::join(path, "HEAD")));
  if (!head) {
    return false;
  }
  CAIRN_TRY_ASSIGN(std::string common_dir, common_dir_of(path, start));
  auto objects = env("GIT_OBJECT_DIRECTORY");
  CAIRN_TRY_ASSIGN(bool has_objects,
                   is_folder(objects ? from(start, *objects) : os::join(common_dir, "objects")));
  CAIRN_TRY_ASSIGN(bool has_refs, is_folder(os::join(common_dir, "refs")));
  return has_objects && has_refs;
}

/// Where a `.git` file points.
Result<std::string> read_git_file(const std::string& path, const std::string& start) {
  constexpr std::string_view kPrefix = "gitdir: ";
  CAIRN_TRY_ASSIGN(auto line, find_line(path));
  if (!line || !line->starts_with(kPrefix)) {
    return Error(Code::malformed, quoted(path) + " is not a folder and has no line 'gitdir: FOLDER'",
                 "see 'git -C " + escaped(os::parent_of(path)) + " status'");
  }
  std::string git_dir = from(os::parent_of(path), line->substr(kPrefix.size()));
  CAIRN_TRY_ASSIGN(bool valid, is_git_dir(git_dir, start));
  if (!valid) {
    return Error(Code::malformed,
                 quoted(path) + " points to " + quoted(git_dir) + ", which is not a Git folder",
                 "if the main work tree was moved, run 'git worktree repair' there");
  }
  return git_dir;
}

/// What the configuration says of the work tree.
struct WorkTreeConfig {
  bool bare = false;
  std::optional<std::string> work_tree;
};

Status read_work_tree_config(const std::string& path, WorkTreeConfig& config, bool& per_work_tree) {
  CAIRN_TRY_ASSIGN(auto bytes, os::find_file(path));
  std::string_view text = bytes ? as_text(*bytes) : std::string_view();
  if (auto value = find_in_config(text, "core", "bare")) {
    config.bare = is_true(*value);
  }
  if (auto value = find_in_config(text, "core", "worktree")) {
    config.work_tree = *value;
  }
  if (auto value = find_in_config(text, "extensions", "worktreeconfig")) {
    per_work_tree = is_true(*value);
  }
  return {};
}

Result<WorkTreeConfig> work_tree_config(const Layout& layout) {
  WorkTreeConfig config;
  bool per_work_tree = false;
  CAIRN_TRY(read_work_tree_config(os::join(layout.common_dir, "config"), config, per_work_tree));
  if (per_work_tree) {
    CAIRN_TRY(read_work_tree_config(os::join(layout.git_dir, "config.worktree"), config, per_work_tree));
  } else if (layout.common_dir != layout.git_dir) {
    // A linked work tree of a bare repository is not bare.
    return WorkTreeConfig{};
  }
  return config;
}

/// Completes a layout whose git_dir is known. `fallback` is the work tree unless something names another; ""
/// for none.
Result<std::optional<Layout>> complete(std::string git_dir, const std::string& fallback,
                                       const std::string& start) {
  Layout layout;
  layout.git_dir = std::move(git_dir);
  CAIRN_TRY_ASSIGN(layout.common_dir, common_dir_of(layout.git_dir, start));
  CAIRN_TRY_ASSIGN(WorkTreeConfig config, work_tree_config(layout));
  if (auto given = env("GIT_WORK_TREE")) {
    layout.work_tree = from(start, *given);
  } else if (config.bare) {
    layout.work_tree = "";
  } else if (config.work_tree) {
    layout.work_tree = from(layout.git_dir, *config.work_tree);
  } else if (env("GIT_IMPLICIT_WORK_TREE").value_or("1") != "0") {
    layout.work_tree = fallback;
  }
  if (layout.work_tree == layout.git_dir) {
    // Git runs hooks such as post-receive inside the Git folder, with GIT_DIR=".".
    layout.work_tree.clear();
  }
  layout.bare = layout.work_tree.empty();
  return std::optional(std::move(layout));
}

Result<std::optional<Layout>> layout_from_env(const std::string& given, const std::string& start) {
  std::string path = from(start, given);
  CAIRN_TRY_ASSIGN(auto kind, find_kind(path));
  if (kind == os::Kind::file) {
    CAIRN_TRY_ASSIGN(path, read_git_file(path, start));
  }
  CAIRN_TRY_ASSIGN(bool valid, is_git_dir(path, start));
  if (!valid) {
    return Error(Code::malformed, "GIT_DIR is set to " + quoted(given) + ", which is not a Git folder",
                 "run 'unset GIT_DIR'");
  }
  return complete(path, start, start);
}

/// Length of the longest folder in GIT_CEILING_DIRECTORIES that `start` is inside of: no folder so short is
/// looked at.
std::size_t ceiling_of(const std::string& start) {
  std::string list = env("GIT_CEILING_DIRECTORIES").value_or("");
  std::size_t longest = 0;
  bool resolve = true;
  for (std::size_t at = 0; at <= list.size();) {
    std::size_t end = std::min(list.find(':', at), list.size());
    std::string folder = list.substr(at, end - at);
    at = end + 1;
    if (!folder.starts_with('/')) {
      // An empty entry says that those after it have no symlinks; relative ones are ignored.
      resolve = resolve && !folder.empty();
      continue;
    }
    auto real = resolve ? real_path(folder) : Result<std::string>(os::normalized(folder));
    if (real.ok() && *real != start && os::is_within(start, *real)) {
      longest = std::max(longest, real->size());
    }
  }
  return longest;
}

/// The repository whose `.git` stands in `folder`, or that `folder` itself is.
Result<std::optional<Layout>> layout_at(const std::string& folder, const std::string& start) {
  std::string dot_git = from(folder, ".git");
  CAIRN_TRY_ASSIGN(auto kind, find_kind(dot_git));
  if (kind == os::Kind::file) {
    CAIRN_TRY_ASSIGN(std::string git_dir, read_git_file(dot_git, start));
    return complete(std::move(git_dir), folder, start);
  }
  if (kind == os::Kind::folder) {
    CAIRN_TRY_ASSIGN(bool valid, is_git_dir(dot_git, start));
    if (valid) {
      return complete(dot_git, folder, start);
    }
  }
  CAIRN_TRY_ASSIGN(bool is_repository, is_git_dir(folder, start));
  return is_repository ? complete(folder, "", start) : Result<std::optional<Layout>>(std::optional<Layout>());
}

}  // namespace

Result<std::optional<Layout>> find_layout(const std::string& start) {
  CAIRN_TRY_ASSIGN(std::string folder, real_path(start.empty() ? "." : start));
  if (auto given = env("GIT_DIR")) {
    return layout_from_env(*given, folder);
  }
  const std::string first = folder;
  std::size_t ceiling = ceiling_of(first);
  while (true) {
    CAIRN_TRY_ASSIGN(auto layout, layout_at(folder, first));
    if (layout) {
      return layout;
    }
    std::string parent(os::parent_of(folder));
    parent = parent.empty() ? "/" : parent;
    bool at_ceiling = ceiling != 0 && parent.size() <= ceiling;
    if (folder == "/" || at_ceiling) {
      return std::optional<Layout>();
    }
    folder = std::move(parent);
  }
}

}  // namespace cairn::git
