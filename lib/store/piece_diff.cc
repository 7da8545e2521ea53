// SPDX-License-Identifier: Apache-2.0
#include "store/piece_diff.h"

#include <unordered_set>

namespace cairn::store {

std::uint64_t new_bytes(const std::vector<Piece>& before, const std::vector<Piece>& after) {
  std::unordered_set<Id, codec::IdHash> known;
  for (const Piece& piece : before) {
    known.insert(piece.id);
  }
  std::uint64_t bytes = 0;
  for (const Piece& piece : after) {
    bytes += known.contains(piece.id) ? 0 : piece.size;
  }
  return bytes;
}

}  // namespace cairn::store
