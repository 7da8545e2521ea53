// SPDX-License-Identifier: Apache-2.0
#include "store/drop_entries.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <unordered_set>

#include "os/file.h"
#include "store/checked_blocks.h"
#include "store/droppable.h"
#include "store/leftovers.h"

namespace cairn::store {
namespace {

constexpr std::chrono::seconds kLockPatience{5};

/// A pack that holds something that goes.
struct DropPack {
  Id id;
  std::uint64_t size = 0;   ///< of the file
  std::uint64_t stays = 0;  ///< stored bytes of blocks that stay, and of their rows

  /// Bytes of disk that its rewriting sets free.
  [[nodiscard]] std::uint64_t freed() const {
    const std::uint64_t left = stays == 0 ? 0 : kPackHeaderSize + stays + kPackFooterSize;
    return size - std::min(size, left);
  }
};

class Drop {
 public:
  Drop(Store& store, const DropRequest& request, const Context& context)
      : store_(store), request_(request), context_(context) {}

  Result<DropReport> run() {
    std::optional<os::FileLock> lock;
    if (!request_.dry_run) {
      CAIRN_TRY_ASSIGN(lock,
                       os::FileLock::acquire(store_.paths().lock(), os::LockMode::exclusive, kLockPatience));
      CAIRN_TRY(remove_leftovers(store_.paths()));
    }
    CAIRN_TRY(store_.reload());
    CAIRN_TRY_ASSIGN(going_, find_droppable(store_, request_.dropped, request_.kept, context_));
    std::erase_if(going_, [this](const Key& key) { return !request_.may_go(key); });
    report_.entries = going_.size();
    note_staying();
    CAIRN_TRY_ASSIGN(const std::vector<DropPack> packs, find_packs());
    if (!request_.dry_run && !packs.empty()) {
      CAIRN_TRY(remove_whole(packs));
      CAIRN_TRY(rewrite(packs));
    }
    return std::move(report_);
  }

 private:
  void note_staying() {
    for (const Object& object : request_.dropped) {
      const bool goes = going_.contains({content_kind(object.family), object.id}) ||
                        going_.contains({recipe_kind(object.family), object.id});
      if (store_.has(object) && !goes) {
        report_.staying.push_back(object);
      }
    }
  }

  /// Packs that are there and hold something that goes, whichever copy readers would use.
  Result<std::vector<DropPack>> find_packs() {
    const std::shared_ptr<const Index> index = store_.index();
    std::set<Id> held;
    for (const Key& key : going_) {
      for (const Segment& segment : index->segments()) {
        for (auto [row, end] = segment.rows_of(key); row < end; ++row) {
          const SegmentEntry entry = segment.at(row);
          if (entry.pack < segment.packs().size() && index->packs().contains(segment.packs()[entry.pack])) {
            held.insert(segment.packs()[entry.pack]);
          }
        }
      }
    }
    std::vector<DropPack> packs;
    for (const Id& id : held) {
      CAIRN_TRY(context_.check_stop());
      CAIRN_TRY_ASSIGN(const DropPack pack, look(id));
      (pack.stays == 0 ? report_.packs_removed : report_.packs_rewritten) += 1;
      report_.bytes += pack.freed();
      packs.push_back(pack);
    }
    return packs;
  }

  Result<DropPack> look(const Id& id) {
    const std::string path = store_.paths().pack(id);
    CAIRN_TRY_ASSIGN(const PackTable table, read_pack_table(path));
    CAIRN_TRY_ASSIGN(const auto stat, os::find_stat(path));
    DropPack pack{id, stat ? stat->size : 0};
    std::unordered_set<std::uint64_t> blocks;
    for (const PackEntry& entry : table.entries) {
      if (going_.contains(entry.key)) {
        continue;
      }
      pack.stays += kPackEntrySize;
      if (entry.place.stored_size > 0 && blocks.insert(entry.place.offset).second) {
        pack.stays += entry.place.stored_size;
      }
    }
    return pack;
  }

  /// Before anything is written: the disk may be full.
  Status remove_whole(const std::vector<DropPack>& packs) {
    context_.progress.start("dropping", 0, packs.size());
    for (const DropPack& pack : packs) {
      CAIRN_TRY(context_.check_stop());
      if (pack.stays == 0) {
        CAIRN_TRY(os::remove_file(store_.paths().pack(pack.id)));
        ++context_.progress.items_done;
      }
    }
    return finish_removal();
  }

  Status finish_removal() {
    CAIRN_TRY(os::sync_folder(store_.paths().packs()));
    return store_.reload();
  }

  /// Takes packs together until what they keep fills a new one.
  Status rewrite(const std::vector<DropPack>& packs) {
    std::vector<DropPack> batch;
    std::uint64_t bytes = 0;
    for (const DropPack& pack : packs) {
      if (pack.stays == 0) {
        continue;
      }
      batch.push_back(pack);
      bytes += pack.stays;
      if (bytes >= kPackSize) {
        CAIRN_TRY(rewrite_batch(batch));
        batch.clear();
        bytes = 0;
      }
    }
    return rewrite_batch(batch);
  }

  Status rewrite_batch(const std::vector<DropPack>& batch) {
    CAIRN_TRY(context_.check_stop());
    std::vector<CopyEntry> staying;
    for (const DropPack& pack : batch) {
      CAIRN_TRY_ASSIGN(const PackTable table, read_pack_table(store_.paths().pack(pack.id)));
      for (const PackEntry& entry : table.entries) {
        if (!going_.contains(entry.key)) {
          staying.push_back({entry.key, {pack.id, entry.place}});
        }
      }
    }
    CheckedBlocks blocks(store_);
    CAIRN_TRY_ASSIGN(auto rewritten, copy_entries(std::move(staying), blocks, store_.paths().temporary()));
    CAIRN_TRY(store_.publish(std::move(rewritten)));
    for (const DropPack& pack : batch) {
      CAIRN_TRY(os::remove_file(store_.paths().pack(pack.id)));
      ++context_.progress.items_done;
    }
    return finish_removal();
  }

  Store& store_;
  const DropRequest& request_;
  const Context& context_;
  KeySet going_;
  DropReport report_;
};

}  // namespace

Result<DropReport> drop_entries(Store& store, const DropRequest& request, const Context& context) {
  return Drop(store, request, context).run();
}

}  // namespace cairn::store
