// SPDX-License-Identifier: Apache-2.0
#include "remote/push.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>
#include <unordered_set>

#include "os/file.h"
#include "remote/index_writer.h"
#include "remote/layout.h"
#include "remote/pack_check.h"
#include "remote/plan.h"
#include "store/checked_blocks.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

/// A pack on disk that the remote is to hold.
struct Outgoing {
  std::string path;
  store::Id id;
  std::uint64_t size = 0;
};

class Push {
 public:
  Push(store::Store& store, const Remote& remote, const LockTimes& lock_times, const Context& context)
      : store_(store),
        remote_(remote),
        transport_(remote.transport()),
        lock_times_(lock_times),
        context_(context) {}

  Result<PushReport> run(std::span<const Root> roots, std::string_view project,
                         std::span<const CommitRoots> commits, const std::function<Status()>& before_roots) {
    // Held to the end: no pack that is being sent can be collected meanwhile.
    CAIRN_TRY_ASSIGN(os::FileLock lock, store_.lock_for_writing());
    CAIRN_TRY(store_.reload());
    // Locks come first: who sees none, and then what was there, was early enough or late enough.
    std::vector<std::string> also = {std::string(kLocksPrefix)};
    if (!commits.empty()) {
      also.push_back(roots_prefix(project));
    }
    CAIRN_TRY_ASSIGN(const RemoteIndex index, RemoteIndex::load(remote_, context_, also));
    CAIRN_TRY_ASSIGN(const Difference difference, send_missing(roots, index));
    report_.already_there = difference.both + difference.only_there.size();
    report_.paths = paths_of(difference, &Shares::only_here, roots);
    CAIRN_TRY(before_roots ? before_roots() : Status());
    CAIRN_TRY(write_roots(project, commits, index.also()));
    const bool collected = std::ranges::any_of(
        index.also(), [](const transport::ObjectInfo& object) { return is_gc_lock(object.name); });
    if (collected || report_.packs > 0 || report_.objects > 0 || report_.commits > 0) {
      CAIRN_TRY(outlast_collections(roots));
    }
    return report_;
  }

 private:
  /// Sends what the remote lacks of the roots' closure, as `index` tells.
  Result<Difference> send_missing(std::span<const Root> roots, const RemoteIndex& index) {
    relied_ = index.names();
    CAIRN_TRY_ASSIGN(const os::TempFolder folder, os::TempFolder::make(store_.paths().temporary(), "push-"));
    Stage stage(transport_, folder.path(), context_);
    Entries entries(store_, index, stage);
    CAIRN_TRY_ASSIGN(Difference difference, compare(entries, roots, remote_.describe(), context_));
    CAIRN_TRY_ASSIGN(const std::vector<Outgoing> packs, plan_packs(difference.only_here, folder.path()));
    report_.objects += difference.only_here.size();
    if (!packs.empty()) {
      CAIRN_TRY(send_packs(packs, index));
      CAIRN_TRY(write_index(packs, index));
    }
    return difference;
  }

  /// A collection that began before the roots were there may remove what they need. Those end first; those
  /// that begin later see the roots. So what has gone is sent again once, and stays. What no root needs may
  /// go again at any time, now as later.
  Status outlast_collections(std::span<const Root> roots) {
    CAIRN_TRY_ASSIGN(const auto locks, list_gc_locks(transport_));
    CAIRN_TRY(wait_for_gc(transport_, remote_.describe(), locks, context_, lock_times_));
    CAIRN_TRY_ASSIGN(const bool unchanged, are_there(transport_, relied_));
    if (unchanged) {
      return {};
    }
    CAIRN_TRY_ASSIGN(const RemoteIndex index, RemoteIndex::load(remote_, context_));
    CAIRN_TRY(send_missing(roots, index));
    return {};
  }

  Result<std::vector<Outgoing>> plan_packs(const std::vector<store::Key>& keys, const std::string& folder) {
    auto local = store_.index();
    std::vector<store::CopyEntry> wanted;
    for (const store::Key& key : keys) {
      if (auto location = local->find(key)) {
        wanted.push_back({key, *location});
      }
    }
    std::vector<Outgoing> packs;
    std::vector<store::CopyEntry> rest;
    for (PackNeed& need : group_by_pack(std::move(wanted))) {
      CAIRN_TRY_ASSIGN(auto stat, os::find_stat(store_.paths().pack(need.pack)));
      if (stat && need.is_whole(stat->size)) {
        packs.push_back({store_.paths().pack(need.pack), need.pack, stat->size});
      } else {
        rest.insert(rest.end(), need.entries.begin(), need.entries.end());
      }
    }
    store::CheckedBlocks blocks(store_);
    CAIRN_TRY_ASSIGN(auto regrouped, store::copy_entries(std::move(rest), blocks, folder));
    for (const store::Store::FinishedPack& pack : regrouped) {
      CAIRN_TRY_ASSIGN(auto stat, os::find_stat(pack.path));
      packs.push_back({pack.path, pack.table.id, stat ? stat->size : 0});
    }
    return packs;
  }

  /// Sends what is not there by name and size; a pack that is there with another size is damaged and sent
  /// again.
  Status send_packs(const std::vector<Outgoing>& packs, const RemoteIndex& index) {
    std::vector<const Outgoing*> missing;
    std::uint64_t bytes = 0;
    for (const Outgoing& pack : packs) {
      auto there = index.pack_size(pack.id);
      if (there == pack.size) {
        continue;
      }
      if (there) {
        context_.log.warn(remote_.describe() + ": the damaged pack " + pack.id.hex() + " is replaced");
        CAIRN_TRY(transport_.remove(pack_name(pack.id)));
      }
      missing.push_back(&pack);
      bytes += pack.size;
    }
    context_.progress.start("pushing", bytes, missing.size());
    report_.packs += missing.size();
    report_.bytes += bytes;
    return transport::each_at_once(missing.size(), context_,
                                   [&](std::size_t i) { return send(*missing[i]); });
  }

  Status send(const Outgoing& pack) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(PackSource source, PackSource::open(pack.path, context_));
    CAIRN_TRY(transport_.put_if_absent(pack_name(pack.id), source));
    ++context_.progress.items_done;
    return {};
  }

  /// Names the packs in a new index. Where many indexes have gathered, one that holds them all takes their
  /// place.
  Status write_index(const std::vector<Outgoing>& packs, const RemoteIndex& index) {
    IndexWriter writer;
    for (const Outgoing& pack : packs) {
      CAIRN_TRY_ASSIGN(const store::PackTable table, store::read_pack_table(pack.path));
      writer.add(table);
      relied_.insert(pack_name(pack.id));
    }
    const std::span<const store::Id> replaced = writer.merge_many(index);
    CAIRN_TRY_ASSIGN(const store::Id id, writer.publish(transport_, replaced));
    for (const store::Id& old : replaced) {
      relied_.erase(index_name(old));
    }
    relied_.insert(index_name(id));
    return {};
  }

  /// `listed` is what is there.
  Status write_roots(std::string_view project, std::span<const CommitRoots> commits,
                     std::span<const transport::ObjectInfo> listed) {
    std::unordered_map<std::string, std::uint64_t> sizes;
    for (const transport::ObjectInfo& object : listed) {
      sizes.emplace(object.name, object.size);
    }
    std::atomic<std::uint64_t> written{0};
    Status status = transport::each_at_once(commits.size(), context_, [&](std::size_t i) -> Status {
      CAIRN_TRY(context_.check_stop());
      const std::string name = roots_name(project, commits[i].commit);
      const std::string text = encode_roots(commits[i].objects);
      const auto there = sizes.find(name);
      // A commit never changes, so what is there with this size is this text.
      if (there == sizes.end() || there->second != text.size()) {
        CAIRN_TRY(transport_.put_replace(name, as_bytes(text)));
        ++written;
      }
      return {};
    });
    report_.commits += written;
    return status;
  }

  store::Store& store_;
  const Remote& remote_;
  transport::Transport& transport_;
  const LockTimes& lock_times_;
  const Context& context_;
  PushReport report_;
  std::unordered_set<std::string> relied_;  // names of what the closure may need
};

}  // namespace

Result<PushReport> push_waiting(store::Store& store, const Remote& remote, std::span<const Root> roots,
                                std::string_view project, std::span<const CommitRoots> commits,
                                const Context& context, const std::function<Status()>& before_roots,
                                const LockTimes& lock_times) {
  return Push(store, remote, lock_times, context).run(roots, project, commits, before_roots);
}

Result<PushReport> push(store::Store& store, const Remote& remote, std::span<const Root> roots,
                        std::string_view project, std::span<const CommitRoots> commits,
                        const Context& context, const std::function<Status()>& before_roots) {
  return push_waiting(store, remote, roots, project, commits, context, before_roots, LockTimes());
}

}  // namespace cairn::remote
