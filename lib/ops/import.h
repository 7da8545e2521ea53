// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ops/import_place.h"
#include "remote/transfer.h"

namespace cairn::ops {

struct ImportRequest {
  std::string url;       ///< of a Git repository; a relative folder counts from `from`
  std::string path;      ///< in it: tracked data, a path inside it, or a file or folder that Git keeps
  std::string revision;  ///< branch, tag, version or commit; "": the repository's own branch
  std::string out;       ///< project path
  std::string from;      ///< absolute
  InTheWay in_the_way = InTheWay::refused;
};

/// Data that was brought into the store.
struct Imported {
  project::Pointer pointer;  ///< with its source
  remote::FetchReport fetched;
};

/// Brings data of another repository into the store, from its remote or, of what Git keeps, from Git: a
/// SourceClone in the store's temporary folder. `source.url` is relative to the project's root, if it is
/// relative; `source.commit` is filled in. Needs no lock. Errors: `not_found` for a path that the repository
/// does not have; as SourceClone and remote::fetch.
Result<Imported> bring_from_repository(project::Workspace& workspace, project::RepositorySource source,
                                       const Context& context);

/// Tracks data of another repository here, with a pointer that says where it is from. The project is locked
/// for the last step only. Errors: `usage` for a URL with a password or token in it; as check_import_path and
/// bring_from_repository.
Result<Imported> import_data(project::Workspace& workspace, const ImportRequest& request,
                             const Context& context);

}  // namespace cairn::ops
