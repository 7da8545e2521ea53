// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::report {

/// The most frequent values of a stream and how often each occurs: the summary of Misra and Gries (1982), in
/// which room is made by taking the median of all counts from each; merged as in Agarwal et al., "Mergeable
/// Summaries" (2012). Exact up to kCapacity different values; beyond, each count is low by at most error(),
/// which is at most 2 / kCapacity of the stream. Values are told apart by 64-bit hashes; their texts are cut
/// to kShownBytes.
class TopValues {
 public:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kShownBytes = 64;

  void add(std::uint64_t hash, std::string_view text) {
    if (!count_known(hash, 1)) {
      insert(hash, text);
    }
  }
  void merge(const TopValues& other);

  [[nodiscard]] bool exact() const { return error_ == 0; }
  [[nodiscard]] std::uint64_t error() const { return error_; }
  /// How many values are here.
  [[nodiscard]] std::size_t size() const { return used_; }

  struct Item {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;
    std::string text;  ///< at most kShownBytes of the value
  };
  /// The most frequent first; equal counts by text.
  [[nodiscard]] std::vector<Item> items() const;
  static TopValues of(const std::vector<Item>& items, std::uint64_t error);

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t count = 0;  // 0: free
    std::uint32_t text_begin = 0;
    std::uint32_t text_size = 0;
  };
  /// Adds to the count of a value that is here; false where it is not.
  bool count_known(std::uint64_t hash, std::uint64_t count) {
    if (slots_.empty()) {
      return false;
    }
    for (std::size_t at = hash & (slots_.size() - 1); slots_[at].count > 0;
         at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == hash) {
        slots_[at].count += count;
        return true;
      }
    }
    return false;
  }
  void insert(std::uint64_t hash, std::string_view text);
  void put(std::uint64_t hash, std::string_view text, std::uint64_t count);
  void resize(std::size_t slots);
  /// Takes the count that `rank` others are greater than from all; those that had no more are gone.
  void subtract_rank(std::size_t rank);
  [[nodiscard]] std::string_view text_of(const Slot& slot) const {
    return std::string_view(texts_).substr(slot.text_begin, slot.text_size);
  }

  std::vector<Slot> slots_;  // open addressing, at most half full
  std::string texts_;
  std::size_t used_ = 0;
  std::uint64_t error_ = 0;
};

}  // namespace cairn::report
