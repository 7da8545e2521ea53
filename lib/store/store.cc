// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>

#include "base/escape.h"
#include "os/file.h"
#include "store/heal.h"
#include "store/leftovers.h"

namespace cairn::store {
namespace {

constexpr std::string_view kFormatPrefix = "cairn store ";
constexpr int kFormatVersion = 1;
constexpr std::size_t kOpenPacks = 64;
constexpr std::chrono::seconds kLockPatience{5};

Status check_format(const std::string& path, std::string_view text) {
  int version = 0;
  if (text.starts_with(kFormatPrefix)) {
    const char* end = text.data() + text.size();
    auto parsed = std::from_chars(text.data() + kFormatPrefix.size(), end, version);
    bool is_line = parsed.ec == std::errc{} && std::string_view(parsed.ptr, end) == "\n";
    version = is_line ? version : 0;
  }
  if (version == kFormatVersion) {
    return {};
  }
  if (version > kFormatVersion) {
    return Error(Code::unsupported,
                 "the store needs format " + std::to_string(version) + "; this cairn knows up to " +
                     std::to_string(kFormatVersion) + " (" + quoted(path) + ")",
                 "install a newer cairn");
  }
  return Error(Code::corrupt, "damaged store format file " + quoted(path),
               "write the line 'cairn store 1' into it, then run cairn fsck");
}

/// Also after a folder of derived or temporary files was deleted by hand.
Status make_folders(const StorePaths& paths) {
  for (const std::string& folder : {paths.packs(), paths.index(), paths.temporary()}) {
    CAIRN_TRY(os::make_folders(folder));
  }
  return {};
}

Status make_store(const StorePaths& paths) {
  std::string text = std::string(kFormatPrefix) + std::to_string(kFormatVersion) + "\n";
  return os::write_atomic(paths.format(), as_bytes(text));
}

/// If nobody writes now.
Status try_to_remove_leftovers(const StorePaths& paths) {
  auto alone = os::FileLock::acquire(paths.lock(), os::LockMode::exclusive, std::chrono::milliseconds(0));
  if (!alone.ok()) {
    return alone.error().code() == Code::locked ? Status() : Status(alone.error());
  }
  return remove_leftovers(paths);
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& root) {
  std::unique_ptr<Store> store(new Store(root));
  CAIRN_TRY(make_folders(store->paths_));
  CAIRN_TRY_ASSIGN(auto format, os::find_file(store->paths_.format()));
  if (format) {
    CAIRN_TRY(check_format(store->paths_.format(), as_text(*format)));
  } else {
    CAIRN_TRY(make_store(store->paths_));
  }
  CAIRN_TRY(store->reload());
  return store;
}

std::shared_ptr<const Index> Store::index() const {
  std::lock_guard lock(mutex_);
  return index_;
}

Status Store::reload() {
  CAIRN_TRY_ASSIGN(Index index, open_index(paths_));
  std::lock_guard lock(mutex_);
  index_ = std::make_shared<const Index>(std::move(index));
  return {};
}

Result<std::shared_ptr<os::Fd>> Store::open_pack(const Id& id) {
  std::lock_guard lock(mutex_);
  auto found = std::find_if(open_packs_.begin(), open_packs_.end(),
                            [&](const auto& open) { return open.first == id; });
  if (found != open_packs_.end()) {
    open_packs_.splice(open_packs_.begin(), open_packs_, found);
    return found->second;
  }
  CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(paths_.pack(id), O_RDONLY));
  open_packs_.emplace_front(id, std::make_shared<os::Fd>(std::move(file)));
  if (open_packs_.size() > kOpenPacks) {
    open_packs_.pop_back();
  }
  return open_packs_.front().second;
}

Result<Location> Store::locate(const Key& key) {
  auto location = index()->find(key);
  if (!location) {
    CAIRN_TRY(reload());
    location = index()->find(key);
  }
  if (!location) {
    return Error(Code::not_found, "the store does not hold " + key.id.text(), "cairn pull");
  }
  return *location;
}

bool Store::has(const Object& object) const {
  auto current = index();
  return current->contains({content_kind(object.family), object.id}) ||
         current->contains({recipe_kind(object.family), object.id});
}

Result<os::FileLock> Store::lock_for_writing() {
  CAIRN_TRY(try_to_remove_leftovers(paths_));
  return os::FileLock::acquire(paths_.lock(), os::LockMode::shared, kLockPatience);
}

Status Store::publish(std::vector<FinishedPack> packs) {
  if (packs.empty()) {
    return {};
  }
  std::vector<Id> ids;
  std::vector<SegmentEntry> entries;
  for (const FinishedPack& pack : packs) {
    CAIRN_TRY_ASSIGN(os::Fd file, os::open_file(pack.path, O_RDONLY));  // nobody may write to a pack
    CAIRN_TRY(os::sync_data(file.get(), pack.path));
    CAIRN_TRY(file.close(pack.path));
    CAIRN_TRY(os::rename_file(pack.path, paths_.pack(pack.table.id)));
    for (const PackEntry& entry : pack.table.entries) {
      entries.push_back({entry.key, entry.place, static_cast<std::uint32_t>(ids.size())});
    }
    ids.push_back(pack.table.id);
  }
  CAIRN_TRY(os::sync_folder(paths_.packs()));
  CAIRN_TRY(add_segment(paths_.index(), ids, std::move(entries)));
  return reload();
}

}  // namespace cairn::store
