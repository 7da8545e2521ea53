// SPDX-License-Identifier: Apache-2.0
#include "codec/hash.h"

#include <blake3.h>
#include <xxhash.h>

#include <cstdlib>

namespace cairn::codec {
namespace {

static_assert(sizeof(Id) == BLAKE3_OUT_LEN);

void start(blake3_hasher& hasher, Domain domain) {
  switch (domain) {
    case Domain::data:
      return blake3_hasher_init(&hasher);
    case Domain::node:
      return blake3_hasher_init_derive_key(&hasher, "cairn v1 node");
    case Domain::tree:
      return blake3_hasher_init_derive_key(&hasher, "cairn v1 tree");
    case Domain::stage_key:
      return blake3_hasher_init_derive_key(&hasher, "cairn v1 stage key");
    case Domain::table:
      return blake3_hasher_init_derive_key(&hasher, "cairn v1 table");
  }
  std::abort();
}

Id digest(const blake3_hasher& hasher) {
  Id id;
  blake3_hasher_finalize(&hasher, id.bytes.data(), id.bytes.size());
  return id;
}

}  // namespace

struct Hasher::State {
  blake3_hasher hasher;
};

Hasher::Hasher(Domain domain) : state_(std::make_unique<State>()) {
  start(state_->hasher, domain);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(Bytes bytes) {
  blake3_hasher_update(&state_->hasher, bytes.data(), bytes.size());
}

Id Hasher::finish() const {
  return digest(state_->hasher);
}

Id hash(Bytes bytes, Domain domain) {
  blake3_hasher hasher;
  start(hasher, domain);
  blake3_hasher_update(&hasher, bytes.data(), bytes.size());
  return digest(hasher);
}

std::uint64_t checksum(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace cairn::codec
