// SPDX-License-Identifier: Apache-2.0
#include "git/library.h"

#include <array>
#include <cstdlib>

#include "base/escape.h"
#include "git/config_text.h"

namespace cairn::git {
namespace {

Code code_of(int code) {
  switch (code) {
    case GIT_ENOTFOUND:
    case GIT_EAMBIGUOUS:
    case GIT_EINVALIDSPEC:
      return Code::not_found;
    case GIT_EEXISTS:
      return Code::exists;
    case GIT_ELOCKED:
      return Code::locked;
    case GIT_EOWNER:
      return Code::permission;
    default:
      return Code::io;
  }
}

/// Git's variables that hide the system's and the user's configuration, which libgit2 does not know.
void honour_config_env() {
  const char* no_system = std::getenv("GIT_CONFIG_NOSYSTEM");
  if (no_system != nullptr && is_true(no_system)) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
  }
  if (std::getenv("GIT_CONFIG_GLOBAL") != nullptr) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
  }
}

int start_once() {
  int code = git_libgit2_init();
  if (code < 0) {
    return code;
  }
  // Their repositories are laid out as any other; what differs is handled here (missing objects,
  // config.worktree).
  std::array<const char*, 3> extensions = {"partialclone", "preciousobjects", "worktreeconfig"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  honour_config_env();
  return 0;
}

}  // namespace

Status start_library() {
  static const int code = start_once();
  if (code < 0) {
    return Error(Code::unsupported, "cannot start libgit2");
  }
  return {};
}

Error library_error(int code, std::string_view what) {
  const git_error* last = git_error_last();
  std::string message(what);
  if (last != nullptr && last->message != nullptr) {
    message += ": " + escaped(last->message);
  }
  return {code_of(code), std::move(message)};
}

Result<SignatureHandle> default_person(git_repository* repository) {
  git_signature* raw = nullptr;
  int code = git_signature_default(&raw, repository);
  if (code < 0) {
    code = git_signature_now(&raw, "cairn", "cairn@localhost");
  }
  if (code < 0) {
    return library_error(code, "cannot make an author");
  }
  return SignatureHandle(raw);
}

Oid to_oid(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ> hex{};
  git_oid_fmt(hex.data(), &id);
  auto oid = Oid::parse({hex.data(), hex.size()});
  CAIRN_CHECK(oid.has_value());
  return *oid;
}

git_oid from_oid(const Oid& oid) {
  git_oid id;
  CAIRN_CHECK(git_oid_fromstr(&id, oid.hex().c_str()) == 0);
  return id;
}

}  // namespace cairn::git
