// SPDX-License-Identifier: Apache-2.0
#include "project/project_paths.h"

#include <cerrno>
#include <climits>
#include <cstdlib>

#include "codec/hash.h"
#include "os/file.h"
#include "os/path.h"

namespace cairn::project {
namespace {

constexpr std::size_t kStateDigits = 16;

/// Name of a project's state folder: several projects may share one Git repository.
std::string state_name(const std::string& root, const std::string& work_tree) {
  if (root == work_tree) {
    return "root";
  }
  return codec::hash(as_bytes(os::relative_to(root, work_tree))).hex().substr(0, kStateDigits);
}

std::string user_config() {
  if (const char* folder = std::getenv("XDG_CONFIG_HOME"); folder != nullptr && *folder == '/') {
    return os::join(folder, "cairn/config");
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? os::join(home, ".config/cairn/config") : std::string();
}

}  // namespace

ProjectPaths project_paths(const std::string& root, const std::optional<git::Layout>& layout) {
  ProjectPaths paths;
  paths.root = root;
  paths.shared = layout ? layout->common_dir + "/cairn" : root + "/.cairn/local";
  const std::string own = layout ? layout->git_dir + "/cairn" : paths.shared;
  paths.state = own + "/projects/" + state_name(root, layout ? layout->work_tree : root);
  paths.store = paths.shared;
  return paths;
}

Config::Paths config_paths(const ProjectPaths& paths) {
  Config::Paths out = user_config_paths();
  out.project = paths.config();
  out.local = paths.local_config();
  return out;
}

Config::Paths user_config_paths() {
  Config::Paths out;
  out.system = "/etc/cairn/config";
  out.user = user_config();
  return out;
}

Result<bool> is_project_root(const std::string& folder) {
  // A symlink in place of either could make cairn write where it points.
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> parent, os::find_stat(folder + "/.cairn"));
  if (!parent || parent->kind != os::Kind::folder) {
    return false;
  }
  CAIRN_TRY_ASSIGN(const std::optional<os::FileStat> file, os::find_stat(folder + "/.cairn/config"));
  return file && file->kind == os::Kind::file;
}

Result<std::string> real_folder(const std::string& path) {
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) {
    return Error::from_errno(errno, "cannot open folder", path);
  }
  return std::string(resolved);
}

std::string with_real_parent(const std::string& path) {
  std::string parent(os::parent_of(path));
  std::string rest(os::name_of(path));
  while (!parent.empty()) {
    if (const Result<std::string> real = real_folder(parent); real.ok()) {
      return os::join(*real, rest);
    }
    rest = os::join(os::name_of(parent), rest);
    parent = std::string(os::parent_of(parent));
  }
  return path;
}

}  // namespace cairn::project
