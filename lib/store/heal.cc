// SPDX-License-Identifier: Apache-2.0
#include "store/heal.h"

#include <algorithm>

#include "os/file.h"

namespace cairn::store {
namespace {

constexpr std::string_view kPackSuffix = ".pack";
using PackSet = std::unordered_set<Id, codec::IdHash>;

Result<PackSet> list_packs(const std::string& folder) {
  PackSet packs;
  CAIRN_TRY_ASSIGN(auto names, os::list_folder(folder));
  for (const os::DirEntry& entry : names) {
    if (!entry.name.ends_with(kPackSuffix)) {
      continue;
    }
    auto id = Id::from_hex(std::string_view(entry.name).substr(0, entry.name.size() - kPackSuffix.size()));
    if (id) {
      packs.insert(*id);
    }
  }
  return packs;
}

std::vector<Id> unnamed_packs(const Index& index) {
  PackSet named;
  for (const Segment& segment : index.segments()) {
    named.insert(segment.packs().begin(), segment.packs().end());
  }
  std::vector<Id> unnamed;
  for (const Id& pack : index.packs()) {
    if (!named.contains(pack)) {
      unnamed.push_back(pack);
    }
  }
  std::sort(unnamed.begin(), unnamed.end());
  return unnamed;
}

bool cannot_write(const Status& status) {
  return !status.ok() &&
         (status.error().code() == Code::permission || status.error().code() == Code::no_space);
}

/// True when packs were added to the index on disk.
Result<bool> add_unnamed(const StorePaths& paths, const Index& index) {
  CAIRN_TRY_ASSIGN(IndexedPacks found, read_tables(paths, unnamed_packs(index)));
  if (found.packs.empty()) {
    return false;
  }
  Status added = add_segment(paths.index(), found.packs, std::move(found.entries));
  if (cannot_write(added)) {
    return false;
  }
  CAIRN_TRY(std::move(added));
  return true;
}

Status rebuild(const StorePaths& paths, const PackSet& packs) {
  std::vector<Id> all(packs.begin(), packs.end());
  std::sort(all.begin(), all.end());
  CAIRN_TRY_ASSIGN(IndexedPacks found, read_tables(paths, all));
  return replace_segments(paths.index(), found.packs, std::move(found.entries));
}

}  // namespace

Result<IndexedPacks> read_tables(const StorePaths& paths, std::span<const Id> packs) {
  IndexedPacks out;
  for (const Id& pack : packs) {
    std::string path = paths.pack(pack);
    auto table = read_pack_table(path);
    if (!table.ok() && table.error().code() == Code::not_found) {
      continue;  // merged or collected since it was listed
    }
    if (!table.ok() || table->id != pack) {
      out.damage.push_back(
          {path, table.ok() ? "its name does not match its table" : table.error().message()});
      continue;
    }
    for (const PackEntry& entry : table->entries) {
      out.entries.push_back({entry.key, entry.place, static_cast<std::uint32_t>(out.packs.size())});
    }
    out.packs.push_back(pack);
  }
  return out;
}

Result<Index> open_index(const StorePaths& paths) {
  CAIRN_TRY_ASSIGN(PackSet packs, list_packs(paths.packs()));
  auto index = Index::open(paths.index(), packs);
  if (!index.ok() && index.error().code() == Code::corrupt) {
    CAIRN_TRY(rebuild(paths, packs));
    index = Index::open(paths.index(), packs);
  }
  CAIRN_TRY_ASSIGN(Index opened, std::move(index));
  CAIRN_TRY_ASSIGN(bool added, add_unnamed(paths, opened));
  return added ? Index::open(paths.index(), std::move(packs)) : Result<Index>(std::move(opened));
}

}  // namespace cairn::store
