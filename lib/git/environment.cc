// SPDX-License-Identifier: Apache-2.0
#include "git/environment.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "git/layout.h"
#include "os/path.h"

namespace cairn::git {
namespace {

/// What `git rev-parse --local-env-vars` lists.
constexpr std::array kLocalVariables = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                        "GIT_CONFIG",
                                        "GIT_CONFIG_PARAMETERS",
                                        "GIT_CONFIG_COUNT",
                                        "GIT_OBJECT_DIRECTORY",
                                        "GIT_DIR",
                                        "GIT_WORK_TREE",
                                        "GIT_IMPLICIT_WORK_TREE",
                                        "GIT_GRAFT_FILE",
                                        "GIT_INDEX_FILE",
                                        "GIT_NO_REPLACE_OBJECTS",
                                        "GIT_REPLACE_REF_BASE",
                                        "GIT_PREFIX",
                                        "GIT_SHALLOW_FILE",
                                        "GIT_COMMON_DIR"};

using Variables = std::map<std::string, std::string>;

/// The variables that were set, which now are not.
Variables take_variables() {
  Variables taken;
  for (const char* name : kLocalVariables) {
    if (const char* value = std::getenv(name); value != nullptr) {
      taken.emplace(name, value);
      ::unsetenv(name);
    }
  }
  return taken;
}

/// True for paths of one existing file or folder, however they are spelt.
bool are_same(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error) && !error;
}

std::string from(const std::string& base, const std::string& path) {
  return path.starts_with('/') ? path : os::join(base, path);
}

/// A Git folder that is not that of `own`, unless its work tree is said to be the same.
bool is_foreign(const Variables& variables, const std::string& folder, const Layout& own) {
  const auto git_dir = variables.find("GIT_DIR");
  const auto work_tree = variables.find("GIT_WORK_TREE");
  const bool named = work_tree != variables.end() && are_same(from(folder, work_tree->second), own.work_tree);
  return git_dir != variables.end() && !named && !are_same(from(folder, git_dir->second), own.git_dir);
}

/// An index in the Git folder of another repository, or (a relative one, from there) in no folder at all.
bool is_foreign_index(const std::string& given, const Layout& own) {
  const std::string folder(os::parent_of(from(own.work_tree, given)));
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return true;
  }
  return std::filesystem::exists(os::join(folder, "HEAD"), error) && !are_same(folder, own.git_dir);
}

}  // namespace

void forget_other_repository(const std::string& folder) {
  Variables variables = take_variables();
  if (variables.empty()) {
    return;
  }
  const auto own = find_layout(folder);
  if (own.ok() && *own && !(*own)->bare) {
    if (is_foreign(variables, folder, **own)) {
      return;
    }
    const auto index = variables.find("GIT_INDEX_FILE");
    if (index != variables.end() && is_foreign_index(index->second, **own)) {
      variables.erase(index);
    }
  }
  for (const auto& [name, value] : variables) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

}  // namespace cairn::git
