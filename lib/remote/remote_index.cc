// SPDX-License-Identifier: Apache-2.0
#include "remote/remote_index.h"

#include <algorithm>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "transport/at_once.h"

namespace cairn::remote {
namespace {

/// Listing races with a push that merges indexes; a fresh listing settles it.
constexpr int kLoadTries = 5;
/// An index of 16 million entries.
constexpr std::uint64_t kIndexLimit = std::uint64_t{1} << 30;
constexpr std::uint64_t kIndexListLimit = 16u << 20;
constexpr std::string_view kCachedSuffix = ".idx";

std::string cached_path(const Remote& remote, const Id& index) {
  return os::join(remote.cache(), index.hex() + std::string(kCachedSuffix));
}

/// Opens a cached index and checks it whole.
Result<store::Segment> open_checked(const std::string& path) {
  CAIRN_TRY_ASSIGN(store::Segment segment, store::Segment::open(path));
  CAIRN_TRY(segment.verify());
  return segment;
}

Status download(const Remote& remote, const Id& index) {
  CAIRN_TRY_ASSIGN(auto bytes, transport::find_object(remote.transport(), index_name(index), kIndexLimit));
  if (!bytes) {
    return Error(Code::not_found, quoted(index_name(index)) + " is gone");
  }
  if (codec::hash(*bytes, codec::Domain::table) != index) {
    return Error(Code::corrupt,
                 quoted(index_name(index)) + " is damaged: its content does not match its name");
  }
  os::WriteOptions options;
  options.durable = os::Durable::no;
  return os::write_atomic(cached_path(remote, index), *bytes, options);
}

/// The index from the cache, downloaded where it is not there or damaged.
Result<store::Segment> open_index(const Remote& remote, const Id& index) {
  std::string path = cached_path(remote, index);
  auto cached = open_checked(path);
  if (cached.ok()) {
    return cached;
  }
  CAIRN_TRY(download(remote, index));
  return open_checked(path);
}

/// Drops cached indexes that the remote no longer has.
void trim_cache(const Remote& remote, const std::vector<Id>& listed) {
  auto names = os::list_folder(remote.cache());
  if (!names.ok()) {
    return;  // only tidiness
  }
  for (const os::DirEntry& entry : *names) {
    std::string_view stem = std::string_view(entry.name).substr(0, entry.name.find('.'));
    bool is_index = std::string_view(entry.name).substr(stem.size()).starts_with(kCachedSuffix);
    auto id = Id::from_hex(stem);
    if (is_index && id && std::find(listed.begin(), listed.end(), *id) == listed.end()) {
      (void)os::remove_file(os::join(remote.cache(), entry.name));
    }
  }
}

/// A place that a reader may rely on: segments carry no limits of their own.
bool is_sound(const store::Place& place) {
  return place.codec <= codec::Codec::xor_planes && place.offset >= store::kPackHeaderSize &&
         place.block_size <= store::kMaxBlockSize && place.size <= place.block_size &&
         place.in_block <= place.block_size - place.size &&
         place.stored_size <= store::kMaxBlockSize + store::kMaxBlockSize / 128;
}

}  // namespace

Status RemoteIndex::read_index_list(const Remote& remote) {
  CAIRN_TRY_ASSIGN(auto bytes,
                   transport::find_object(remote.transport(), std::string(kIndexListName), kIndexListLimit));
  if (bytes) {
    CAIRN_TRY_ASSIGN(ids_, decode_index_list(as_text(*bytes)));
  }
  return {};
}

void RemoteIndex::add_pack(const transport::ObjectInfo& object) {
  if (auto id = pack_of(object.name)) {
    packs_.emplace(*id, object.size);
  }
}

Status RemoteIndex::list(const Remote& remote, const std::vector<std::string>& also) {
  listed_ = remote.transport().capabilities().list;
  if (!listed_) {
    return read_index_list(remote);
  }
  std::vector<std::string> prefixes = also;
  prefixes.emplace_back(kIndexesPrefix);
  prefixes.emplace_back(kPacksPrefix);
  CAIRN_TRY_ASSIGN(auto objects, remote.transport().list_all(prefixes));
  for (transport::ObjectInfo& object : objects) {
    const auto holds = [&object](const std::string& prefix) { return object.name.starts_with(prefix); };
    if (auto id = index_of(object.name)) {
      ids_.push_back(*id);
    } else if (std::ranges::any_of(also, holds)) {
      also_.push_back(std::move(object));
    } else {
      add_pack(object);
    }
  }
  return {};
}

Status RemoteIndex::list_packs(const Remote& remote) {
  CAIRN_TRY_ASSIGN(const auto packs, remote.transport().list(std::string(kPacksPrefix)));
  packs_.clear();
  for (const transport::ObjectInfo& object : packs) {
    add_pack(object);
  }
  return {};
}

Result<RemoteIndex> RemoteIndex::load(const Remote& remote, const Context& context,
                                      const std::vector<std::string>& also) {
  for (int attempt = 0; attempt < kLoadTries; ++attempt) {
    CAIRN_TRY(context.check_stop());
    RemoteIndex index;
    CAIRN_TRY(index.list(remote, also));
    std::vector<Id> listed = std::exchange(index.ids_, {});
    trim_cache(remote, listed);
    std::vector<std::optional<Result<store::Segment>>> opened(listed.size());
    CAIRN_TRY(transport::each_at_once(listed.size(), context, [&](std::size_t i) {
      opened[i].emplace(open_index(remote, listed[i]));
      return context.check_stop();
    }));
    bool changed = false;
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (opened[i]->ok()) {
        index.ids_.push_back(listed[i]);
        index.segments_.push_back(std::move(**opened[i]));
        continue;
      }
      const Error& error = opened[i]->error();
      changed = changed || error.code() == Code::not_found;
      if (error.code() != Code::not_found && error.code() != Code::corrupt) {
        return error;
      }
      if (error.code() == Code::corrupt) {
        context.log.warn(remote.describe() + ": " + error.message());
      }
    }
    if (changed) {
      continue;
    }
    // Whatever an index names was there before it, but its pack may have been listed before it came.
    if (index.lacks_packs()) {
      CAIRN_TRY(index.list_packs(remote));
    }
    return index;
  }
  return Error(Code::remote, remote.describe() + ": its indexes keep changing", "run the command again");
}

std::optional<std::uint64_t> RemoteIndex::pack_size(const Id& pack) const {
  if (!listed_) {
    return 0;
  }
  auto found = packs_.find(pack);
  return found == packs_.end() ? std::nullopt : std::optional(found->second);
}

bool RemoteIndex::lacks_packs() const {
  return std::ranges::any_of(segments_, [this](const store::Segment& segment) {
    return std::ranges::any_of(segment.packs(), [this](const Id& pack) { return !pack_size(pack); });
  });
}

template <class Use>
void RemoteIndex::for_each_place(const store::Key& key, const Use& use) const {
  for (const store::Segment& segment : segments_) {
    const auto [first, last] = segment.rows_of(key);
    for (std::size_t row = first; row < last; ++row) {
      const auto place = locate(segment, row);
      if (place && !use(*place)) {
        return;
      }
    }
  }
}

std::optional<store::Location> RemoteIndex::locate(const store::Segment& segment, std::size_t row) const {
  const store::SegmentEntry entry = segment.at(row);
  if (!is_sound(entry.place) || entry.pack >= segment.packs().size()) {
    return std::nullopt;
  }
  const Id& pack = segment.packs()[entry.pack];
  auto size = pack_size(pack);
  std::uint64_t end = entry.place.offset + entry.place.stored_size + store::kPackFooterSize;
  return size && (!listed_ || end <= *size) ? std::optional(store::Location{pack, entry.place})
                                            : std::nullopt;
}

std::vector<store::Location> RemoteIndex::find_all(const store::Key& key) const {
  std::vector<store::Location> found;
  for_each_place(key, [&found](const store::Location& place) {
    found.push_back(place);
    return true;
  });
  return found;
}

std::optional<store::Location> RemoteIndex::find(const store::Key& key) const {
  std::optional<store::Location> found;
  for_each_place(key, [&found](const store::Location& place) {
    found = place;
    return false;
  });
  return found;
}

std::unordered_set<std::string> RemoteIndex::names() const {
  std::unordered_set<std::string> names;
  for (const auto& [pack, size] : packs_) {
    names.insert(pack_name(pack));
  }
  for (const Id& id : ids_) {
    names.insert(index_name(id));
  }
  return names;
}

Result<bool> are_there(transport::Transport& transport, const std::unordered_set<std::string>& names) {
  CAIRN_TRY_ASSIGN(const auto objects,
                   transport.list_all({std::string(kIndexesPrefix), std::string(kPacksPrefix)}));
  const auto there = std::ranges::count_if(
      objects, [&names](const transport::ObjectInfo& object) { return names.contains(object.name); });
  return static_cast<std::size_t>(there) == names.size();
}

}  // namespace cairn::remote
