// SPDX-License-Identifier: Apache-2.0
#include "git/libgit2.h"

#include <array>
#include <cstdlib>
#include <optional>
#include <string>

#include "git/config_text.h"
#include "os/shared_library.h"

namespace cairn::git {
namespace {

constexpr const char* kLibrary = "libgit2.so." LIBGIT2_SOVERSION;

/// Git's variables that hide the system's and the user's configuration, which libgit2 does not know.
void honour_config_env(const Libgit2& git2) {
  const char* no_system = std::getenv("GIT_CONFIG_NOSYSTEM");
  if (no_system != nullptr && is_true(no_system)) {
    git2.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
  }
  if (std::getenv("GIT_CONFIG_GLOBAL") != nullptr) {
    git2.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
    git2.libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
  }
}

bool start(const Libgit2& git2) {
  if (git2.libgit2_init() < 0) {
    return false;
  }
  // Their repositories are laid out as any other; what differs is handled here (missing objects,
  // config.worktree).
  std::array<const char*, 3> extensions = {"partialclone", "preciousobjects", "worktreeconfig"};
  git2.libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
  git2.libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  honour_config_env(git2);
  return true;
}

std::optional<Libgit2> load() {
  os::SharedLibrary library(kLibrary);
  Libgit2 git2{};
#define CAIRN_FIND(name) library.find(git2.name, "git_" #name);
  CAIRN_LIBGIT2(CAIRN_FIND)
#undef CAIRN_FIND
  return library.whole() && start(git2) ? std::optional(git2) : std::nullopt;
}

const std::optional<Libgit2>& loaded() {
  static const std::optional<Libgit2> git2 = load();
  return git2;
}

}  // namespace

Status load_libgit2() {
  return loaded() ? Status()
                  : Error(Code::unsupported, std::string(kLibrary) + " cannot be loaded, and cairn needs it",
                          "install it; on Debian: apt-get install libgit2-1.5");
}

const Libgit2& git2() {
  CAIRN_CHECK(loaded());
  return *loaded();
}

}  // namespace cairn::git
