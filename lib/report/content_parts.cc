// SPDX-License-Identifier: Apache-2.0
#include "report/content_parts.h"

#include "codec/hash.h"

namespace cairn::report {
namespace {

constexpr std::size_t kWantedParts = 32;

/// Of a chunk's id the bits that are all zero where a part ends.
std::uint64_t end_mask(std::size_t chunks) {
  std::uint64_t step = 1;
  while (chunks / step > kWantedParts) {
    step *= 2;
  }
  return step - 1;
}

/// REQUIRES: chunks.
store::Piece joined(std::span<const store::Piece> chunks) {
  store::Piece part = chunks.front();
  if (chunks.size() == 1) {
    return part;
  }
  codec::Hasher hasher;
  part.size = 0;
  for (const store::Piece& chunk : chunks) {
    hasher.update(chunk.id.bytes);
    part.size += chunk.size;
  }
  part.id = hasher.finish();
  return part;
}

}  // namespace

std::vector<store::Piece> content_parts(const std::vector<store::Piece>& chunks) {
  const std::uint64_t mask = end_mask(chunks.size());
  const std::span<const store::Piece> all(chunks);
  std::vector<store::Piece> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool ends = (all[i].id.prefix() & mask) == 0 && parts.size() + 1 < kMaxParts;
    if (ends || i + 1 == all.size()) {
      parts.push_back(joined(all.subspan(begin, i + 1 - begin)));
      begin = i + 1;
    }
  }
  return parts;
}

}  // namespace cairn::report
