// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"

/// Refs of cairn's own that people share: docs/format/version.md. What is made here stands at
/// refs/cairn/KIND/PATH, what a fetch brought at refs/cairn/remotes/REMOTE/KIND/PATH: no fetch, forced or
/// pruning, changes or removes what is here.
namespace cairn::git {

enum class SharedKind : std::uint8_t {
  version,  ///< refs/cairn/versions/NAME
  alias,    ///< refs/cairn/aliases/NAME/N, a series
  verdict,  ///< refs/cairn/verdicts/COMMIT/N, a series
};

struct SharedRef {
  SharedKind kind = SharedKind::version;
  std::string ref;     ///< in full
  std::string remote;  ///< that it was fetched from; "": it is of here
  std::string name;
  std::uint64_t number = 0;  ///< in its series, from 1; 0 for a version
  Oid target;                ///< the object it names: an annotated tag, unless somebody else made the ref
  Oid commit;                ///< the commit behind it
};

/// "refs/cairn/versions/v1.0"; of a series "refs/cairn/aliases/stable/3".
std::string shared_ref(SharedKind kind, const std::string& name, std::uint64_t number = 0);

/// Nothing for a ref that is none of this kind.
std::optional<SharedRef> to_shared_ref(const Ref& ref, SharedKind kind);

/// All refs of a kind: by name, then those of remotes in order of number, then those of here. Each object of
/// a name once. Refs that have another form are left out. Cost: all refs are listed.
Result<std::vector<SharedRef>> shared_refs(Repository& git, SharedKind kind);
/// The same for one name. Of a series, the last is the one that holds.
Result<std::vector<SharedRef>> shared_refs(Repository& git, SharedKind kind, const std::string& name);

/// Adds to the end of a series; safe against others who do so at once. A number whose ref is locked, also by
/// a process that was killed, is passed over.
Status append_shared(Repository& git, SharedKind kind, const std::string& name, const Oid& object);

/// What `git fetch` shall bring from a remote besides branches and tags.
std::vector<std::string> shared_refspecs(const std::string& remote);
/// Adds them to, or takes them from, the configuration of all remotes that Git knows. True if that changed.
Result<bool> add_shared_refspecs(Repository& git);
Result<bool> remove_shared_refspecs(Repository& git);
/// Brings it now, by the `git` program. Errors: what Git says, as `remote`.
Status fetch_shared(const Layout& layout, const std::string& remote);

}  // namespace cairn::git
