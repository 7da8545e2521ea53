// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "os/mapping.h"
#include "store/pack_format.h"

namespace cairn::store {

/// One entry of an index segment in memory: `pack` numbers the segment's list of packs.
struct SegmentEntry {
  Key key;
  Place place;
  std::uint32_t pack = 0;
};

/// Bytes of a segment (docs/format/index.md). `entries` are sorted by key and pack here; of rows that agree
/// in both the first stays. A key may stand in several packs: which of them will be removed nobody knows
/// here.
Buffer encode_segment(std::span<const Id> packs, std::vector<SegmentEntry> entries);

/// Every segment's file is named by the hash of its bytes: 32 hex digits (domain table) and the suffix.
inline constexpr std::string_view kSegmentSuffix = ".idx";
std::string segment_name(Bytes segment);

/// An immutable sorted segment, memory-mapped. Lookup: one fan-out read, then a binary search of
/// about eight rows (0.05 us for a miss, 0.15 us for a hit at 10^6 entries). Threads: all const functions may
/// be called at once.
class Segment {
 public:
  /// Checks sizes always, and the hash of the whole where it is at most 1 MiB (fsck checks the rest);
  /// `corrupt` else.
  static Result<Segment> open(const std::string& path);

  /// The first row of a key.
  [[nodiscard]] std::optional<SegmentEntry> find(const Key& key) const;
  /// Numbers of the rows of a key, one a pack: [first, second).
  [[nodiscard]] std::pair<std::size_t, std::size_t> rows_of(const Key& key) const;
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] SegmentEntry at(std::size_t i) const;
  [[nodiscard]] std::span<const Id> packs() const { return packs_; }
  /// Reads and hashes the whole segment, and checks that its entries are sorted and inside their limits.
  [[nodiscard]] Status verify() const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit Segment(std::string path, os::Mapping mapping)
      : path_(std::move(path)), mapping_(std::move(mapping)) {}
  Status parse();
  [[nodiscard]] bool has_its_name() const;
  [[nodiscard]] bool is_sound_row(std::size_t i) const;
  [[nodiscard]] std::uint32_t fan(std::size_t bucket) const;
  [[nodiscard]] Bytes row(std::size_t i) const;

  std::string path_;
  os::Mapping mapping_;
  std::vector<Id> packs_;
  unsigned fan_bits_ = 0;
  Bytes fan_table_;
  Bytes rows_;
  std::size_t count_ = 0;
};

}  // namespace cairn::store
