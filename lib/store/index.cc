// SPDX-License-Identifier: Apache-2.0
#include "store/index.h"

#include <algorithm>
#include <unordered_map>

#include "os/file.h"
#include "os/path.h"

namespace cairn::store {
namespace {

/// Listing and opening race with a writer that merges segments; a fresh listing settles it.
constexpr int kOpenTries = 5;
/// More segments than this are merged even when their sizes differ much.
constexpr std::size_t kManySegments = 8;

Result<std::vector<std::string>> list_segments(const std::string& folder) {
  std::vector<std::string> paths;
  CAIRN_TRY_ASSIGN(auto names, os::list_folder(folder));
  for (const os::DirEntry& entry : names) {
    if (entry.name.ends_with(kSegmentSuffix)) {
      paths.push_back(os::join(folder, entry.name));
    }
  }
  return paths;
}

void sort_by_size(std::vector<Segment>& segments) {
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.size() < b.size(); });
}

/// Opens every segment; nothing when one vanished in between.
Result<std::optional<std::vector<Segment>>> try_open_segments(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto paths, list_segments(folder));
  std::vector<Segment> segments;
  for (const std::string& path : paths) {
    auto segment = Segment::open(path);
    if (!segment.ok() && segment.error().code() == Code::not_found) {
      return std::optional<std::vector<Segment>>();
    }
    CAIRN_TRY_ASSIGN(Segment opened, std::move(segment));
    segments.push_back(std::move(opened));
  }
  sort_by_size(segments);
  return std::optional(std::move(segments));
}

Result<std::vector<Segment>> open_segments(const std::string& folder) {
  for (int i = 0; i < kOpenTries; ++i) {
    CAIRN_TRY_ASSIGN(auto segments, try_open_segments(folder));
    if (segments) {
      return std::move(*segments);
    }
  }
  return Error(Code::io, "the index in '" + folder + "' keeps changing", "run the command again");
}

Result<std::string> write_segment(const std::string& folder, std::span<const Id> packs,
                                  std::vector<SegmentEntry> entries) {
  Buffer bytes = encode_segment(packs, std::move(entries));
  std::string path = os::join(folder, segment_name(bytes));
  CAIRN_TRY(os::write_atomic(path, bytes));
  return path;
}

/// How many of the smallest segments to merge into one, so that sizes stay geometric: 0 when all is well.
std::size_t merge_count(const std::vector<Segment>& by_size) {
  std::size_t sum = 0;
  std::size_t count = 0;
  for (const Segment& segment : by_size) {
    if (count > 0 && segment.size() > 4 * sum) {
      break;
    }
    sum += segment.size();
    ++count;
  }
  if (count >= 4) {
    return count;
  }
  return by_size.size() > kManySegments ? std::max<std::size_t>(count, by_size.size() - kManySegments + 1)
                                        : 0;
}

struct Merged {
  std::vector<Id> packs;
  std::vector<SegmentEntry> entries;
};

Merged merge(std::span<const Segment> segments) {
  Merged out;
  std::unordered_map<Id, std::uint32_t, codec::IdHash> numbers;
  for (const Segment& segment : segments) {
    for (std::size_t i = 0; i < segment.size(); ++i) {
      SegmentEntry entry = segment.at(i);
      if (entry.pack >= segment.packs().size()) {
        continue;
      }
      const Id& pack = segment.packs()[entry.pack];
      auto [it, is_new] = numbers.emplace(pack, static_cast<std::uint32_t>(out.packs.size()));
      if (is_new) {
        out.packs.push_back(pack);
      }
      entry.pack = it->second;
      out.entries.push_back(entry);
    }
  }
  return out;
}

Status merge_small_segments(const std::string& folder) {
  CAIRN_TRY_ASSIGN(auto segments, open_segments(folder));
  std::size_t count = merge_count(segments);
  if (count < 2) {
    return {};
  }
  std::span<const Segment> old(segments.data(), count);
  Merged merged = merge(old);
  CAIRN_TRY_ASSIGN(std::string path, write_segment(folder, merged.packs, std::move(merged.entries)));
  for (const Segment& segment : old) {
    if (segment.path() != path) {
      CAIRN_TRY(os::remove_file(segment.path()));
    }
  }
  return {};
}

}  // namespace

Result<Index> Index::open(const std::string& folder, std::unordered_set<Id, codec::IdHash> packs) {
  Index index;
  CAIRN_TRY_ASSIGN(index.segments_, open_segments(folder));
  index.packs_ = std::move(packs);
  return index;
}

std::optional<Location> Index::find(const Key& key) const {
  for (const Segment& segment : segments_) {
    auto [row, end] = segment.rows_of(key);
    for (; row < end; ++row) {
      SegmentEntry entry = segment.at(row);
      if (entry.pack < segment.packs().size() && packs_.contains(segment.packs()[entry.pack])) {
        return Location{segment.packs()[entry.pack], entry.place};
      }
    }
  }
  return std::nullopt;
}

std::size_t Index::entry_count() const {
  std::size_t count = 0;
  for (const Segment& segment : segments_) {
    count += segment.size();
  }
  return count;
}

Status add_segment(const std::string& folder, std::span<const Id> packs, std::vector<SegmentEntry> entries) {
  CAIRN_TRY(write_segment(folder, packs, std::move(entries)));
  return merge_small_segments(folder);
}

Status replace_segments(const std::string& folder, std::span<const Id> packs,
                        std::vector<SegmentEntry> entries) {
  CAIRN_TRY_ASSIGN(std::vector<std::string> old, list_segments(folder));
  CAIRN_TRY_ASSIGN(std::string path, write_segment(folder, packs, std::move(entries)));
  for (const std::string& segment : old) {
    if (segment != path) {
      CAIRN_TRY(os::remove_file(segment));
    }
  }
  return {};
}

}  // namespace cairn::store
