// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "os/fd.h"
#include "store/recipe.h"
#include "store/store.h"
#include "store/tree.h"

namespace cairn::store {

/// Reads entries of a store. Every byte it returns was checked against its id. Not thread-safe: one per
/// thread; `store` must outlive it. Holds one decoded block, so neighbours in a pack cost one read. Errors of
/// all reads: `not_found` (nothing by that id), `corrupt` (stored bytes do not match; names the pack).
class Reader {
 public:
  explicit Reader(Store& store);
  Reader(Reader&&) noexcept;
  ~Reader();

  /// One entry's bytes. Checked against the id for data, node and tree; recipes are not: a recipe is a
  /// claim, so whoever reads a whole object by one checks the object's id.
  Result<Buffer> read_entry(const Key& key);
  /// A whole blob or encoded tree in memory; at most `limit` bytes, else `unsupported`.
  Result<Buffer> read_object(Family family, const Id& id, std::uint64_t limit = 256u << 20);
  Result<Tree> read_tree(const Id& id);
  /// Chunks of a blob or tree in order; one piece when it is stored whole. Cost: its nodes are read.
  /// A recipe is a claim: one of more than `limit` bytes is refused before its nodes are read
  /// (`unsupported`), so that a hostile one costs nothing.
  Result<std::vector<Piece>> read_pieces(Family family, const Id& id,
                                         std::uint64_t limit = std::numeric_limits<std::uint64_t>::max());

  /// Decodes one chunk into `out` (piece.size bytes) WITHOUT checking its id: for callers that check the id
  /// of the whole object. `corrupt` if it does not decode to that length.
  Status decode_piece(Family family, const Piece& piece, std::span<std::uint8_t> out);

 private:
  struct State;
  Result<Location> locate(const Key& key);
  Status open_pack(const Id& pack);
  Status read_stored(const Location& location);
  Status decode_block(const Key& key, const Location& location, std::span<std::uint8_t> out);
  Status decode_at(const Key& key, const Location& location, std::span<std::uint8_t> out);
  Status append_pieces(const Node& node, unsigned level, std::vector<Piece>& out);
  [[nodiscard]] Error damaged(const Key& key, const Location& location) const;
  std::unique_ptr<State> state_;
};

/// Calls `visit(path, entry)` for everything below a tree, folders before their content, in name order.
/// `path` is relative to the tree. Stops at the first error.
Status walk_tree(Reader& reader, const Id& tree,
                 const std::function<Status(const std::string& path, const TreeEntry& entry)>& visit);

}  // namespace cairn::store
