// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codec/hash.h"
#include "codec/id.h"

namespace cairn::store {

using codec::Id;

/// What an entry of a store is. Stored in packs and index segments; never renumber.
enum class EntryKind : std::uint8_t {
  data = 1,         ///< a chunk, or a whole blob of one chunk; id is BLAKE3 of its bytes
  recipe = 2,       ///< the list of chunks of a blob; id is the blob's
  node = 3,         ///< a part of a long recipe; id is BLAKE3 in domain node
  tree = 4,         ///< a folder, or a chunk of a long one; id is BLAKE3 in domain tree
  tree_recipe = 5,  ///< the list of chunks of a long folder; id is the tree's
};

inline bool is_known(EntryKind kind) {
  return kind >= EntryKind::data && kind <= EntryKind::tree_recipe;
}

/// Entries are keyed by (kind, id). Ordered by id first, as in index segments.
struct Key {
  EntryKind kind = EntryKind::data;
  Id id;

  bool operator==(const Key&) const = default;
  bool operator<(const Key& other) const { return id != other.id ? id < other.id : kind < other.kind; }
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    return codec::IdHash{}(key.id) + static_cast<std::size_t>(key.kind);
  }
};

/// The two families of stored objects: users' bytes, and folders. Each has whole or chunked objects and a
/// recipe kind.
enum class Family : std::uint8_t { blob, tree };

inline EntryKind content_kind(Family family) {
  return family == Family::blob ? EntryKind::data : EntryKind::tree;
}
inline EntryKind recipe_kind(Family family) {
  return family == Family::blob ? EntryKind::recipe : EntryKind::tree_recipe;
}
inline codec::Domain content_domain(Family family) {
  return family == Family::blob ? codec::Domain::data : codec::Domain::tree;
}

/// What a pointer, lock or tree refers to: a blob or a tree with its size in bytes.
struct Object {
  Family family = Family::blob;
  Id id;
  std::uint64_t size = 0;
  bool operator==(const Object&) const = default;
};

}  // namespace cairn::store
