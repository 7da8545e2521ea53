// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ops/recorded_data.h"
#include "ops/remote_session.h"
#include "project/tracked.h"
#include "remote/transfer.h"
#include "report/check_report.h"
#include "transport/metered.h"

namespace cairn::ops {

/// A saved version that can be resolved.
struct ResolvedVersion {
  std::string name;
  git::Oid commit;
  std::int64_t time = 0;
};

/// The checks of `ci check` that ask remotes: is all data there? Their indexes are asked, and folders are
/// read where the store here lacks them; no file's content is. Not thread-safe.
class CiData {
 public:
  CiData(project::Workspace& workspace, const Context& context);
  ~CiData();

  /// What a commit tracks. Errors: a remote that cannot be reached or read.
  Result<report::Check> check_commit(const git::Oid& commit);
  /// All versions. One whose commit the default remote names among its roots was pushed whole; where that
  /// says too little (several remotes, packs that are gone, no such root) its data is looked up as above.
  Result<report::Check> check_versions();

  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  /// Of what check_commit() saw.
  [[nodiscard]] std::uint64_t data_bytes() const { return data_bytes_; }
  /// Of check_versions(): oldest first.
  [[nodiscard]] const std::vector<ResolvedVersion>& versions() const { return versions_; }
  /// Folders that were read.
  KnownTrees take_trees() { return std::move(trees_); }

 private:
  Result<RemoteSession*> session(const std::string& remote);
  [[nodiscard]] std::string remote_of(const project::Tracked& one);
  [[nodiscard]] std::string shown(const std::string& remote);
  /// Those that a remote lacks, by remote ("": the default one); for a remote that is not set, all.
  using Missing = std::map<std::string, std::vector<project::Tracked>>;
  Result<Missing> find_missing(const std::vector<project::Tracked>& tracked);
  Status find_missing(RemoteSession& session, std::span<const project::Tracked> tracked,
                      std::vector<project::Tracked>& missing);
  Status resolve_versions(report::Check& check);
  Result<std::set<std::string>> recorded_commits();
  Status check_version(const ResolvedVersion& version, report::Check& check);

  project::Workspace& workspace_;
  const Context& context_;
  transport::ReadMeter bytes_read_{0};
  std::uint64_t data_bytes_ = 0;
  std::map<std::string, std::unique_ptr<RemoteSession>> sessions_;
  std::set<std::pair<std::string, store::Id>> complete_;  // of a remote
  std::vector<ResolvedVersion> versions_;
  KnownTrees trees_;
};

}  // namespace cairn::ops
