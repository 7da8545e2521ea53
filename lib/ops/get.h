// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "git/oid.h"
#include "ops/pull.h"

namespace cairn::ops {

struct GetRequest {
  std::string url;       ///< of a Git repository, whatever Git takes
  std::string path;      ///< in it: tracked data, a path inside it, or a file or folder that Git keeps
  std::string revision;  ///< branch, tag, commit or saved version; "": the branch that the repository names
  std::string out;       ///< absolute; where it goes
  std::string from;      ///< absolute; a relative URL is relative to it
  bool force = false;    ///< replace what is at `out`
};

struct GetReport {
  git::Oid commit;
  remote::FetchReport fetched;  ///< nothing for what Git keeps
};

/// Brings a file or folder of another repository here, without tracking it: a partial clone beside `out`
/// (blobs only of the commit's own files, where the server allows that), what `pull` does for that one path,
/// and a rename. Works outside projects. Nothing that the repository contains is run; nothing stays but
/// `out`. Errors: `exists` when `out` is there; `not_found` for a path or revision that the repository does
/// not have; `remote` when Git fails; as pull().
Result<GetReport> get(const GetRequest& request, const Context& context);

}  // namespace cairn::ops
