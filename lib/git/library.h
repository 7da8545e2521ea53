// SPDX-License-Identifier: Apache-2.0
// Private to lib/git: libgit2's types behind owners. Nothing outside this folder includes git2.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "git/libgit2.h"
#include "git/oid.h"

namespace cairn::git {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    (git2().*Free)(object);
  }
};
using RepositoryHandle = std::unique_ptr<git_repository, Freer<&Libgit2::repository_free>>;
using IndexHandle = std::unique_ptr<git_index, Freer<&Libgit2::index_free>>;
using ObjectHandle = std::unique_ptr<git_object, Freer<&Libgit2::object_free>>;
using TreeHandle = std::unique_ptr<git_tree, Freer<&Libgit2::tree_free>>;
using RevwalkHandle = std::unique_ptr<git_revwalk, Freer<&Libgit2::revwalk_free>>;
using ReferenceHandle = std::unique_ptr<git_reference, Freer<&Libgit2::reference_free>>;
using ReferenceIterator = std::unique_ptr<git_reference_iterator, Freer<&Libgit2::reference_iterator_free>>;
using ConfigHandle = std::unique_ptr<git_config, Freer<&Libgit2::config_free>>;
using SignatureHandle = std::unique_ptr<git_signature, Freer<&Libgit2::signature_free>>;
using ConfigIterator = std::unique_ptr<git_config_iterator, Freer<&Libgit2::config_iterator_free>>;

/// The last failure of libgit2 with this return code: "WHAT: its own words".
Error library_error(int code, std::string_view what);

/// The user of Git's configuration, or a stand-in where it names none, now.
Result<SignatureHandle> default_person(git_repository* repository);

Oid to_oid(const git_oid& id);
git_oid from_oid(const Oid& oid);

}  // namespace cairn::git
