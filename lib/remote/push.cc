// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "os/file.h"
#include "os/parallel.h"
#include "remote/checked_blocks.h"
#include "remote/layout.h"
#include "remote/pack_check.h"
#include "remote/plan.h"
#include "remote/transfer.h"

namespace cairn::remote {
namespace {

/// A push that would leave more indexes than this merges them all into one.
constexpr std::size_t kMaxIndexes = 32;

/// A pack on disk that the remote is to hold.
struct Outgoing {
  std::string path;
  store::Id id;
  std::uint64_t size = 0;
};

class Push {
 public:
  Push(store::Store& store, const Remote& remote, const Context& context)
      : store_(store), remote_(remote), transport_(remote.transport()), context_(context) {}

  Result<PushReport> run(std::span<const Root> roots, std::string_view project,
                         std::span<const CommitRoots> commits, const std::function<Status()>& before_roots) {
    // Held to the end: no pack that is being sent can be collected meanwhile.
    CAIRN_TRY_ASSIGN(os::FileLock lock, store_.lock_for_writing());
    CAIRN_TRY(store_.reload());
    CAIRN_TRY_ASSIGN(os::TempFolder folder, os::TempFolder::make(store_.paths().temporary(), "push-"));
    CAIRN_TRY_ASSIGN(RemoteIndex index,
                     RemoteIndex::load(remote_, context_, commits.empty() ? "" : roots_prefix(project)));
    Stage stage(transport_, folder.path(), context_);
    Entries entries(store_, index, stage);
    CAIRN_TRY_ASSIGN(Difference difference, compare(entries, roots, remote_.describe(), context_));
    report_.objects = difference.only_here.size();
    report_.already_there = difference.both + difference.only_there.size();
    CAIRN_TRY_ASSIGN(std::vector<Outgoing> packs, plan_packs(difference.only_here, folder.path()));
    if (!packs.empty()) {
      CAIRN_TRY(send_packs(packs, index));
      CAIRN_TRY(write_index(packs, index));
    }
    CAIRN_TRY(before_roots ? before_roots() : Status());
    CAIRN_TRY(write_roots(project, commits, index.also()));
    return report_;
  }

 private:
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
    CheckedBlocks blocks(store_);
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
    report_.packs = missing.size();
    report_.bytes = bytes;
    return os::parallel_for(missing.size(), context_.jobs, 1,
                            [&](std::size_t i) { return send(*missing[i]); });
  }

  Status send(const Outgoing& pack) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(PackSource source, PackSource::open(pack.path, context_));
    CAIRN_TRY(transport_.put_if_absent(pack_name(pack.id), source));
    ++context_.progress.items_done;
    return {};
  }

  struct Segment {
    std::vector<store::Id> packs;
    std::vector<store::SegmentEntry> entries;

    std::uint32_t number_of(const store::Id& pack) {
      auto [it, is_new] = numbers.emplace(pack, static_cast<std::uint32_t>(packs.size()));
      if (is_new) {
        packs.push_back(pack);
      }
      return it->second;
    }
    std::unordered_map<store::Id, std::uint32_t, codec::IdHash> numbers;
  };

  static void add_all(const store::Segment& from, Segment& to) {
    for (std::size_t i = 0; i < from.size(); ++i) {
      store::SegmentEntry entry = from.at(i);
      if (entry.pack < from.packs().size()) {
        entry.pack = to.number_of(from.packs()[entry.pack]);
        to.entries.push_back(entry);
      }
    }
  }

  /// Names the packs in a new index. Where many indexes have gathered, one that holds them all takes their
  /// place: it is written before they go, so at every moment each entry is in one of them.
  Status write_index(const std::vector<Outgoing>& packs, const RemoteIndex& index) {
    Segment segment;
    for (const Outgoing& pack : packs) {
      CAIRN_TRY_ASSIGN(store::PackTable table, store::read_pack_table(pack.path));
      for (const store::PackEntry& entry : table.entries) {
        segment.entries.push_back({entry.key, entry.place, segment.number_of(table.id)});
      }
    }
    bool merges = index.ids().size() >= kMaxIndexes;
    for (std::size_t i = 0; merges && i < index.segments().size(); ++i) {
      add_all(index.segments()[i], segment);
    }
    Buffer bytes = store::encode_segment(segment.packs, std::move(segment.entries));
    store::Id id = codec::hash(bytes, codec::Domain::table);
    transport::BytesSource source(bytes);
    CAIRN_TRY(transport_.put_if_absent(index_name(id), source));
    for (std::size_t i = 0; merges && i < index.ids().size(); ++i) {
      if (index.ids()[i] != id) {
        CAIRN_TRY(transport_.remove(index_name(index.ids()[i])));
      }
    }
    return write_index_list();
  }

  /// Refreshes the hint for readers that cannot list.
  Status write_index_list() {
    CAIRN_TRY_ASSIGN(auto objects, transport_.list(std::string(kIndexesPrefix)));
    std::vector<store::Id> indexes;
    for (const transport::ObjectInfo& object : objects) {
      if (auto id = index_of(object.name)) {
        indexes.push_back(*id);
      }
    }
    std::string text = encode_index_list(std::move(indexes));
    return transport_.put_replace(std::string(kIndexListName), as_bytes(text));
  }

  /// `listed` is what is there.
  Status write_roots(std::string_view project, std::span<const CommitRoots> commits,
                     std::span<const transport::ObjectInfo> listed) {
    std::unordered_map<std::string, std::uint64_t> sizes;
    for (const transport::ObjectInfo& object : listed) {
      sizes.emplace(object.name, object.size);
    }
    for (const CommitRoots& commit : commits) {
      CAIRN_TRY(context_.check_stop());
      std::string name = roots_name(project, commit.commit);
      std::string text = encode_roots(commit.objects);
      auto there = sizes.find(name);
      // A commit never changes, so what is there with this size is this text.
      if (there == sizes.end() || there->second != text.size()) {
        CAIRN_TRY(transport_.put_replace(name, as_bytes(text)));
        ++report_.commits;
      }
    }
    return {};
  }

  store::Store& store_;
  const Remote& remote_;
  transport::Transport& transport_;
  const Context& context_;
  PushReport report_;
};

}  // namespace

Result<PushReport> push(store::Store& store, const Remote& remote, std::span<const Root> roots,
                        std::string_view project, std::span<const CommitRoots> commits,
                        const Context& context, const std::function<Status()>& before_roots) {
  return Push(store, remote, context).run(roots, project, commits, before_roots);
}

}  // namespace cairn::remote
