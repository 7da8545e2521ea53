// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "codec/id.h"

namespace cairn::codec {

/// What is hashed. Objects of our own formats are hashed with BLAKE3's derive_key mode and a context each
/// ("cairn v1 node", "cairn v1 tree", "cairn v1 stage key", "cairn v1 table"), so that no user's file can
/// pass for one.
enum class Domain { data, node, tree, stage_key, table };

/// Incremental BLAKE3-256. Cost: 0.11 ns a byte with AVX-512, 0.27 with AVX2. Not thread-safe; movable.
class Hasher {
 public:
  explicit Hasher(Domain domain = Domain::data);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  void update(Bytes bytes);
  /// Digest of all bytes so far; more may be added afterwards.
  [[nodiscard]] Id finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One-shot form; no allocation.
Id hash(Bytes bytes, Domain domain = Domain::data);

/// XXH3-64: a checksum of stored bytes against bit rot, never an identity.
std::uint64_t checksum(Bytes bytes);

}  // namespace cairn::codec
