// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "remote/entries.h"
#include "store/recipe.h"
#include "store/tree.h"

namespace cairn::remote {

/// Reads objects out of their entries, without bringing them into the store. Every byte
/// was checked against its id. Not thread-safe.
class ObjectReader {
 public:
  /// Both must outlive it.
  ObjectReader(EntrySource& entries, const Context& context) : entries_(entries), context_(context) {}

  /// Errors: `not_found` when no side has it, `corrupt`.
  Result<store::Tree> read_tree(const store::Id& id);
  /// Streams a file's bytes, or a range of them, which may reach past its end, into `sink`. Only the chunks
  /// of the range are asked for. Of a whole file the id is checked too, at the end. Memory: about 4 MiB.
  Status read_blob(const store::Id& id, std::optional<transport::Range> range, const transport::Sink& sink);

 private:
  /// Pieces of an object from `begin` to `end` bytes, and where the first begins.
  struct Pieces {
    std::vector<store::Piece> list;
    std::uint64_t begin = 0;
    bool known = true;  ///< false: stored whole, so that its size is not known
  };
  Result<Pieces> find_pieces(store::Family family, const store::Id& id, transport::Range range);
  Status expand(Pieces& pieces, std::uint8_t level, transport::Range range);
  static void cut(Pieces& pieces, transport::Range range);

  EntrySource& entries_;
  const Context& context_;
};

}  // namespace cairn::remote
