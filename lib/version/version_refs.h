// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "git/repository.h"
#include "project/workspace.h"
#include "version/manifest.h"
#include "version/verdict.h"

/// Versions, aliases and verdicts as refs of Git: docs/format/version.md. What a fetch brought counts as if
/// it were here.
namespace cairn::version {

/// Names are plain (git::is_plain_name) and not HEAD. Error `usage`.
Status check_version_name(const std::string& name);
Status check_alias_name(const std::string& name);

/// A named version. It is written once and never moved.
struct Version {
  std::string name;
  git::Oid tag;  ///< the annotated tag object
  git::Oid commit;
  Manifest manifest;
  std::string author;     ///< who saved it: "NAME <ADDRESS>"
  std::int64_t time = 0;  ///< when, seconds since 1970
};

/// Names the manifest's commit, at once and for good. `exists` when a version or an alias has that name.
Result<Version> write_version(project::Workspace& workspace, const Manifest& manifest);

/// The version of that name, else the one that the alias of that name stands for; one that is not here is
/// fetched from Git's remote (git::default_remote). Errors: `usage` for what cannot be a name;
/// `not_found` with the nearest name; `malformed` for a ref that cairn did not make; `corrupt` when the tag,
/// its manifest and the locks of its commit do not belong together: somebody changed one of them.
Result<Version> find_version(project::Workspace& workspace, const std::string& name);
/// The same without looking at a remote; nothing when there is none.
Result<std::optional<Version>> find_local_version(project::Workspace& workspace, const std::string& name);

struct VersionList {
  std::vector<Version> versions;  ///< oldest first
  std::vector<Error> left_out;    ///< refs that are there but no versions
};
/// All versions that are here. Locks are not looked at.
Result<VersionList> list_versions(project::Workspace& workspace);

/// Takes the name away; commit and data stay. The next fetch brings it back if a remote has it. `not_found`.
Status remove_version(project::Workspace& workspace, const std::string& name);

/// One move of an alias.
struct AliasMove {
  std::string alias;
  std::string version;  ///< name; "": the alias was taken away
  git::Oid tag;         ///< the version's tag object; of an alias that was taken away, its commit
  git::Oid commit;
  std::string author;
  std::int64_t time = 0;
};

/// Makes the alias stand for the version from now on. `exists` when a version has that name.
Status set_alias(project::Workspace& workspace, const std::string& alias, const Version& version);
/// Where it stands now; nothing when there is no such alias, or not any more.
Result<std::optional<AliasMove>> find_alias(project::Workspace& workspace, const std::string& alias);
/// All moves, oldest first; empty when there never was such an alias.
Result<std::vector<AliasMove>> alias_history(project::Workspace& workspace, const std::string& alias);
/// Where all aliases stand now, by name.
Result<std::vector<AliasMove>> list_aliases(project::Workspace& workspace);
/// Its history stays. `not_found`.
Status remove_alias(project::Workspace& workspace, const std::string& alias);

/// Keeps a verdict with its commit.
Status add_verdict(project::Workspace& workspace, const Verdict& verdict);
/// All verdicts of a commit, oldest first. Errors: as parse_verdict.
Result<std::vector<Verdict>> list_verdicts(project::Workspace& workspace, const git::Oid& commit);
Result<std::optional<Verdict>> newest_verdict(project::Workspace& workspace, const git::Oid& commit);

}  // namespace cairn::version
