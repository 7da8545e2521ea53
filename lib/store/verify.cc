// SPDX-License-Identifier: Apache-2.0
#include "store/verify.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/escape.h"
#include "os/file.h"
#include "os/parallel.h"
#include "store/recipe.h"
#include "store/tree.h"

namespace cairn::store {
namespace {

std::vector<Id> sorted_packs(const Index& index) {
  std::vector<Id> packs(index.packs().begin(), index.packs().end());
  std::sort(packs.begin(), packs.end());
  return packs;
}

}  // namespace

Status check_content(const Key& key, Bytes bytes) {
  switch (key.kind) {
    case EntryKind::data:
      return codec::hash(bytes) == key.id ? Status()
                                          : Error(Code::corrupt, "its content does not match its id");
    case EntryKind::tree:
      return tree_id(bytes) == key.id ? Status() : Error(Code::corrupt, "its content does not match its id");
    case EntryKind::node:
      if (codec::hash(bytes, codec::Domain::node) != key.id) {
        return Error(Code::corrupt, "its content does not match its id");
      }
      return decode_node(bytes).ok() ? Status() : Error(Code::corrupt, "it is not a node");
    default: {
      auto recipe = decode_recipe(bytes);
      return recipe.ok() ? Status() : Status(recipe.error());
    }
  }
}

namespace {

class Verifier {
 public:
  Verifier(Store& store, VerifyDepth depth, const Context& context)
      : store_(store), depth_(depth), context_(context) {}

  Status check_pack(const Id& id) {
    CAIRN_TRY(context_.check_stop());
    std::string path = store_.paths().pack(id);
    auto table = read_pack_table(path);
    if (!table.ok()) {
      if (table.error().code() != Code::not_found) {  // merged or collected since it was listed
        report(path, table.error());
      }
      return {};
    }
    if (table->id != id) {
      report(path, Error(Code::corrupt, "its name does not match its table"));
    }
    {
      std::lock_guard lock(mutex_);
      ++report_.packs;
      report_.entries += table->entries.size();
    }
    if (depth_ == VerifyDepth::data) {
      auto file = store_.open_pack(id);
      if (!file.ok()) {
        if (file.error().code() != Code::not_found) {
          report(path, file.error());
        }
        return {};
      }
      check_blocks((*file)->get(), path, std::move(table->entries));
    }
    ++context_.progress.items_done;
    return {};
  }

  void report(const std::string& path, const Error& error) {
    std::lock_guard lock(mutex_);
    report_.damage.push_back({path, error.message()});
  }

  VerifyReport take() {
    std::sort(report_.damage.begin(), report_.damage.end(), [](const Damage& a, const Damage& b) {
      return std::pair(a.path, a.message) < std::pair(b.path, b.message);
    });
    return std::move(report_);
  }

 private:
  static bool same_block(const PackEntry& a, const PackEntry& b) {
    return a.place.offset == b.place.offset && a.place.stored_size == b.place.stored_size &&
           a.place.block_size == b.place.block_size && a.place.codec == b.place.codec &&
           a.checksum == b.checksum;
  }

  void check_blocks(int fd, const std::string& path, std::vector<PackEntry> entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const PackEntry& a, const PackEntry& b) { return a.place.offset < b.place.offset; });
    codec::Decoder decoder;
    Buffer block;
    std::optional<PackEntry> at;  // whose block was read
    for (const PackEntry& entry : entries) {
      Status done;
      if (!at || !same_block(*at, entry)) {
        done = read_block(fd, path, entry, decoder, block);
        at = done.ok() ? std::optional(entry) : std::nullopt;
      }
      if (done.ok()) {
        done = check_content(entry.key, Bytes(block).subspan(entry.place.in_block, entry.place.size));
      }
      if (!done.ok()) {
        report(path, done.error().with_context(entry.key.id.text()));
      }
    }
  }

  Status read_block(int fd, const std::string& path, const PackEntry& entry, codec::Decoder& decoder,
                    Buffer& block) {
    Buffer stored(entry.place.stored_size);
    CAIRN_TRY(os::read_exactly_at(fd, stored, entry.place.offset, path));
    {
      std::lock_guard lock(mutex_);
      report_.bytes_read += stored.size();
    }
    context_.progress.bytes_done += stored.size();
    if (codec::checksum(stored) != entry.checksum) {
      return Error(Code::corrupt, "the checksum of its stored bytes does not match");
    }
    block.resize(entry.place.block_size);
    return decoder.decode(entry.place.codec, stored, block);
  }

  Store& store_;
  VerifyDepth depth_;
  const Context& context_;
  std::mutex mutex_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify_store(Store& store, VerifyDepth depth, const Context& context) {
  CAIRN_TRY(store.reload());
  std::shared_ptr<const Index> index = store.index();
  Verifier verifier(store, depth, context);
  std::vector<Id> packs = sorted_packs(*index);
  context.progress.start("checking", 0, packs.size());
  CAIRN_TRY(os::parallel_for(packs.size(), context.jobs, 1,
                             [&](std::size_t i) { return verifier.check_pack(packs[i]); }));
  for (const Segment& segment : index->segments()) {
    if (Status checked = segment.verify(); !checked.ok()) {
      verifier.report(segment.path(), checked.error());
    }
  }
  return verifier.take();
}

Result<VerifyReport> rebuild_index(Store& store, const Context& context) {
  CAIRN_TRY(context.check_stop());
  CAIRN_TRY_ASSIGN(os::FileLock lock, store.lock_for_writing());
  CAIRN_TRY(store.reload());
  CAIRN_TRY_ASSIGN(IndexedPacks all, read_tables(store.paths(), sorted_packs(*store.index())));
  VerifyReport report;
  report.packs = all.packs.size();
  report.entries = all.entries.size();
  report.damage = std::move(all.damage);
  CAIRN_TRY(replace_segments(store.paths().index(), all.packs, std::move(all.entries)));
  CAIRN_TRY(store.reload());
  return report;
}

}  // namespace cairn::store
