// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "remote/remote.h"
#include "store/store.h"

/// Moving objects between a local store and a remote (docs/format/remote.md, "Order of writing").
namespace cairn::remote {

/// Something to be transferred whole: an object with all that it needs. `path` is for messages.
struct Root {
  store::Object object;
  std::string path;
};

/// All objects that a commit needs, to be recorded as roots of the project on the remote.
struct CommitRoots {
  std::string commit;  ///< as Git writes it
  std::vector<store::Object> objects;
};

/// What of one root was sent or brought. What several roots need counts for one of them.
struct PathShare {
  std::string path;         ///< the root's
  std::uint64_t files = 0;  ///< of which anything was
  std::uint64_t bytes = 0;  ///< of content, as the files have it

  bool operator==(const PathShare&) const = default;
};

struct PushReport {
  std::uint64_t objects = 0;  ///< entries that the remote got
  std::uint64_t packs = 0;    ///< packs that were sent
  std::uint64_t bytes = 0;    ///< their size
  std::uint64_t already_there = 0;
  std::uint64_t commits = 0;  ///< roots written
  std::vector<PathShare> paths;

  PushReport& operator+=(const PushReport& other);
};

/// Makes the remote hold everything that `roots` need, and records `commits`, whose objects must be among the
/// roots. Order: packs, their index, roots; killed in between, it leaves packs that nobody refers to, and the
/// next push does not send them again. Whole local packs are sent where at least half of their bytes are
/// needed, the rest is regrouped. Every byte sent is checked against its pack's checksums: local damage is
/// `corrupt`, names the pack, and nothing refers to what was sent. What is missing here and there is
/// `not_found` and names the roots' paths; nothing is sent then. Memory: about 100 bytes an entry, and 1 MiB
/// a job.
/// `before_roots`, if given, is called when all data is there and named, before the commits are recorded; its
/// error ends the push.
Result<PushReport> push(store::Store& store, const Remote& remote, std::span<const Root> roots,
                        std::string_view project, std::span<const CommitRoots> commits,
                        const Context& context, const std::function<Status()>& before_roots = {});

struct FetchReport {
  std::uint64_t objects = 0;  ///< entries that the store got
  std::uint64_t packs = 0;    ///< whole packs that were fetched
  std::uint64_t bytes = 0;    ///< that came from the remote's packs
  std::uint64_t already_here = 0;
  std::vector<PathShare> paths;

  FetchReport& operator+=(const FetchReport& other);
};

/// Makes the store hold everything that `roots` need. Packs of which at least half is needed are fetched
/// whole and published as they come, so that an interrupted fetch goes on; of others only the needed blocks.
/// Whole packs are checked by name and by every block's checksum (readers check ids), single entries by
/// decoding against their ids, all before they enter the store: `corrupt` else. What is missing on the remote
/// too is `not_found` and names the roots' paths.
Result<FetchReport> fetch(store::Store& store, const Remote& remote, std::span<const Root> roots,
                          const Context& context);

}  // namespace cairn::remote
