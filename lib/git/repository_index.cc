// SPDX-License-Identifier: Apache-2.0
#include <git2/status.h>
#include <git2/sys/repository.h>

#include <algorithm>
#include <cstdlib>

#include "base/escape.h"
#include "git/program.h"
#include "git/repository_state.h"
#include "os/path.h"

namespace cairn::git {
namespace {

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t end = text.find('\0'); end != std::string_view::npos; end = text.find('\0')) {
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::string index_path(const Layout& layout) {
  const char* given = std::getenv("GIT_INDEX_FILE");
  if (given == nullptr || *given == '\0') {
    return os::join(layout.git_dir, "index");
  }
  // Git takes a relative one from the folder where it runs hooks.
  std::string_view path = given;
  return path.starts_with('/') ? std::string(path)
                               : os::join(layout.bare ? layout.git_dir : layout.work_tree, path);
}

void sort_unique(std::vector<std::string>& paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

}  // namespace

Status Repository::State::read_index() {
  if (index_read) {
    return {};
  }
  git_index* raw = nullptr;
  if (git2().index_open(&raw, index_path(layout).c_str()) == 0) {
    index.reset(raw);
  } else {
    CAIRN_TRY_ASSIGN(std::string paths, run_git(layout, {"ls-files", "-z"}));
    listed = split_at_nul(paths);
    sort_unique(listed);
  }
  index_read = true;
  return {};
}

Result<bool> Repository::is_tracked(const std::string& path) {
  CAIRN_TRY(state_->read_index());
  if (!state_->index) {
    return std::binary_search(state_->listed.begin(), state_->listed.end(), path);
  }
  return git2().index_find(nullptr, state_->index.get(), path.c_str()) == 0;
}

Result<std::optional<std::string>> Repository::find_tracked_within(const std::string& folder) {
  CAIRN_TRY(state_->read_index());
  std::string prefix = folder.empty() ? "" : folder + "/";
  std::optional<std::string> found;
  if (!state_->index) {
    auto first = std::lower_bound(state_->listed.begin(), state_->listed.end(), prefix);
    if (first != state_->listed.end() && first->starts_with(prefix)) {
      found = *first;
    }
    return found;
  }
  std::size_t position = 0;
  if (git2().index_find_prefix(&position, state_->index.get(), prefix.c_str()) == 0) {
    found = git2().index_get_byindex(state_->index.get(), position)->path;
  }
  return found;
}

Result<std::vector<std::string>> Repository::tracked_paths(const NameFilter& filter) {
  CAIRN_TRY(state_->read_index());
  std::vector<std::string> paths;
  if (!state_->index) {
    std::ranges::copy_if(state_->listed, std::back_inserter(paths),
                         [&](const std::string& path) { return name_fits(path, filter); });
    return paths;
  }
  std::size_t count = git2().index_entrycount(state_->index.get());
  for (std::size_t i = 0; i < count; ++i) {
    const char* path = git2().index_get_byindex(state_->index.get(), i)->path;
    if (name_fits(path, filter)) {
      paths.emplace_back(path);
    }
  }
  sort_unique(paths);
  return paths;
}

}  // namespace cairn::git
