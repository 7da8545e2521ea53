// SPDX-License-Identifier: Apache-2.0
#include "report/top_values.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

namespace cairn::report {
namespace {

constexpr std::size_t kFirstSlots = 16;

/// Gives a slot the first free place for its hash.
template <class Slot>
void place(std::vector<Slot>& slots, const Slot& slot) {
  std::size_t at = slot.hash & (slots.size() - 1);
  while (slots[at].count > 0) {
    at = (at + 1) & (slots.size() - 1);
  }
  slots[at] = slot;
}

}  // namespace

void TopValues::insert(std::uint64_t hash, std::string_view text) {
  if (used_ == kCapacity) {
    subtract_rank(kCapacity / 2);
  }
  put(hash, text.substr(0, kShownBytes), 1);
}

void TopValues::put(std::uint64_t hash, std::string_view text, std::uint64_t count) {
  if (2 * (used_ + 1) > slots_.size()) {
    resize(slots_.empty() ? kFirstSlots : 2 * slots_.size());
  }
  place(slots_, Slot{hash, count, static_cast<std::uint32_t>(texts_.size()),
                     static_cast<std::uint32_t>(text.size())});
  texts_ += text;
  ++used_;
}

void TopValues::resize(std::size_t slots) {
  std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(slots));
  for (const Slot& slot : before) {
    if (slot.count > 0) {
      place(slots_, slot);
    }
  }
}

void TopValues::subtract_rank(std::size_t rank) {
  std::vector<std::uint64_t> counts;
  for (const Slot& slot : slots_) {
    if (slot.count > 0) {
      counts.push_back(slot.count);
    }
  }
  const auto at = counts.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(counts.begin(), at, counts.end(), std::greater<>());
  const std::uint64_t taken = *at;
  std::vector<Slot> slots(2 * kCapacity);
  std::string texts;
  used_ = 0;
  for (Slot slot : slots_) {
    if (slot.count > taken) {
      const std::string_view text = text_of(slot);
      slot.count -= taken;
      slot.text_begin = static_cast<std::uint32_t>(texts.size());
      texts += text;
      place(slots, slot);
      ++used_;
    }
  }
  slots_ = std::move(slots);
  texts_ = std::move(texts);
  error_ += taken;
}

void TopValues::merge(const TopValues& other) {
  for (const Slot& slot : other.slots_) {
    if (slot.count > 0 && !count_known(slot.hash, slot.count)) {
      put(slot.hash, other.text_of(slot), slot.count);
    }
  }
  error_ += other.error_;
  if (used_ > kCapacity) {
    subtract_rank(kCapacity);
  }
}

std::vector<TopValues::Item> TopValues::items() const {
  std::vector<Item> items;
  for (const Slot& slot : slots_) {
    if (slot.count > 0) {
      items.push_back({slot.hash, slot.count, std::string(text_of(slot))});
    }
  }
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return std::tie(b.count, a.text, a.hash) < std::tie(a.count, b.text, b.hash);
  });
  return items;
}

TopValues TopValues::of(const std::vector<Item>& items, std::uint64_t error) {
  TopValues values;
  for (const Item& item : items) {
    values.put(item.hash, item.text, item.count);
  }
  values.error_ = error;
  return values;
}

}  // namespace cairn::report
