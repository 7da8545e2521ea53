// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/escape.h"
#include "git/repository_state.h"
#include "os/path.h"

namespace cairn::git {
namespace {

Error read_error(int code, const std::string& key) {
  return library_error(code, "cannot read Git's setting " + quoted(key));
}
Status written(int code, const std::string& key, const Layout& layout) {
  if (code == GIT_ELOCKED) {
    return Error(
        Code::locked, "the Git configuration is locked, so " + quoted(key) + " cannot be changed",
        "when no other Git or cairn command runs: rm " + quoted(os::join(layout.common_dir, "config.lock")));
  }
  return code < 0 ? Status(library_error(code, "cannot write Git's setting " + quoted(key))) : Status();
}

}  // namespace

Result<ConfigHandle> Repository::State::all_config() const {
  git_config* raw = nullptr;
  if (int code = git2().repository_config(&raw, repository.get()); code < 0) {
    return library_error(code, "cannot read Git's configuration");
  }
  return ConfigHandle(raw);
}

Result<ConfigHandle> Repository::State::local_config() const {
  CAIRN_TRY_ASSIGN(ConfigHandle all, all_config());
  git_config* raw = nullptr;
  if (int code = git2().config_open_level(&raw, all.get(), GIT_CONFIG_LEVEL_LOCAL); code < 0) {
    return library_error(code, "cannot read the configuration of " + quoted(layout.common_dir));
  }
  return ConfigHandle(raw);
}

Result<std::optional<std::string>> Repository::config(const std::string& key) {
  CAIRN_TRY_ASSIGN(auto values, config_values(key));
  return values.empty() ? std::optional<std::string>() : std::optional(std::move(values.back()));
}

Result<std::vector<std::string>> Repository::config_values(const std::string& key) {
  CAIRN_TRY_ASSIGN(ConfigHandle config, state_->all_config());
  std::vector<std::string> values;
  git_config_iterator* raw = nullptr;
  int code = git2().config_multivar_iterator_new(&raw, config.get(), key.c_str(), nullptr);
  ConfigIterator iterator(raw);
  git_config_entry* entry = nullptr;
  while (code == 0 && (code = git2().config_next(&entry, raw)) == 0) {
    values.emplace_back(entry->value == nullptr ? "true" : entry->value);
  }
  if (code != GIT_ITEROVER && code != GIT_ENOTFOUND) {
    return read_error(code, key);
  }
  return values;
}

Status Repository::set_config(const std::string& key, const std::string& value) {
  CAIRN_TRY_ASSIGN(ConfigHandle config, state_->local_config());
  return written(git2().config_set_string(config.get(), key.c_str(), value.c_str()), key, layout());
}

Result<bool> Repository::add_config(const std::string& key, const std::string& value) {
  CAIRN_TRY_ASSIGN(auto values, config_values(key));
  if (std::ranges::find(values, value) != values.end()) {
    return false;
  }
  CAIRN_TRY_ASSIGN(ConfigHandle config, state_->local_config());
  // A pattern that no value fits makes libgit2 add a line.
  CAIRN_TRY(
      written(git2().config_set_multivar(config.get(), key.c_str(), "^$a", value.c_str()), key, layout()));
  return true;
}

Status Repository::unset_config(const std::string& key) {
  CAIRN_TRY_ASSIGN(ConfigHandle config, state_->local_config());
  int code = git2().config_delete_multivar(config.get(), key.c_str(), ".*");
  return code == GIT_ENOTFOUND ? Status() : written(code, key, layout());
}

Result<std::string> Repository::hooks_folder() {
  CAIRN_TRY_ASSIGN(ConfigHandle config, state_->all_config());
  git_buf path = GIT_BUF_INIT;
  int code = git2().config_get_path(&path, config.get(), "core.hookspath");
  std::string given = code == 0 ? std::string(path.ptr, path.size) : "";
  git2().buf_dispose(&path);
  if (code < 0 && code != GIT_ENOTFOUND) {
    return read_error(code, "core.hooksPath");
  }
  const Layout& where = layout();
  if (given.empty()) {
    return os::join(where.common_dir, "hooks");
  }
  bool relative = !given.starts_with('/');
  return os::normalized(relative ? os::join(where.bare ? where.git_dir : where.work_tree, given) : given);
}

}  // namespace cairn::git
