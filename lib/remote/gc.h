// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "remote/gc_lock.h"
#include "remote/gc_needed.h"

/// Freeing space on a remote (docs/format/remote.md, "Collecting").
namespace cairn::remote {

/// Roots of one project that are not needed any more.
struct Prune {
  std::string project;
  std::set<std::string> commits;  ///< of the project, as Git writes them: their roots stay
};

struct GcOptions {
  std::chrono::seconds grace = std::chrono::hours(24);  ///< between dooming and removal
  Time now;                                             ///< by this machine's clock
  bool dry_run = false;                                 ///< nothing is written, the lock included
  bool force = false;                                   ///< removes the lock of another collection
  std::optional<Prune> prune;                           ///< else every root stays
  KeptToo kept_too;                                     ///< may be empty
  LockTimes lock_times;
};

struct GcReport {
  /// What may go, and from when on.
  struct DoomedPack {
    Id pack;
    std::uint64_t bytes = 0;
    Time until;
  };
  struct DoomedRoot {
    std::string name;
    Time until;
  };
  std::uint64_t roots = 0;  ///< that were there
  std::uint64_t packs = 0;
  std::uint64_t bytes = 0;          ///< of the packs
  std::uint64_t removed_packs = 0;  ///< by this collection, or with dry_run by one that runs now
  std::uint64_t removed_bytes = 0;
  std::uint64_t new_packs = 0;  ///< that hold what was needed of removed ones; 0 with dry_run
  std::uint64_t new_bytes = 0;  ///< their size; with dry_run about as much
  std::vector<DoomedPack> doomed;
  std::vector<std::string> removed_roots;  ///< by name
  std::vector<DoomedRoot> doomed_roots;
};

/// Removes what no root needs and was doomed by an earlier collection, and dooms the rest. Stopped or killed
/// anywhere it loses nothing; pushes to the same remote at the same time lose nothing either. Errors, before
/// anything is removed: `unsupported` where the place cannot list, write or remove; `locked` while another
/// collection is at work; `remote` when there is no root at all, and for a root that is not whole.
/// Memory: about 250 bytes an entry.
Result<GcReport> collect_garbage(store::Store& store, const Remote& remote, const GcOptions& options,
                                 const Context& context);

}  // namespace cairn::remote
