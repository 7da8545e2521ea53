// SPDX-License-Identifier: Apache-2.0
#include "git/library.h"

#include <array>

#include "base/escape.h"

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

}  // namespace

Error library_error(int code, std::string_view what) {
  const git_error* last = git2().error_last();
  std::string message(what);
  if (last != nullptr && last->message != nullptr) {
    message += ": " + escaped(last->message);
  }
  return {code_of(code), std::move(message)};
}

Result<SignatureHandle> default_person(git_repository* repository) {
  git_signature* raw = nullptr;
  int code = git2().signature_default(&raw, repository);
  if (code < 0) {
    code = git2().signature_now(&raw, "cairn", "cairn@localhost");
  }
  if (code < 0) {
    return library_error(code, "cannot make an author");
  }
  return SignatureHandle(raw);
}

Oid to_oid(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ> hex{};
  git2().oid_fmt(hex.data(), &id);
  auto oid = Oid::parse({hex.data(), hex.size()});
  CAIRN_CHECK(oid.has_value());
  return *oid;
}

git_oid from_oid(const Oid& oid) {
  git_oid id;
  CAIRN_CHECK(git2().oid_fromstr(&id, oid.hex().c_str()) == 0);
  return id;
}

}  // namespace cairn::git
