// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "remote/entries.h"
#include "store/tree.h"

namespace cairn::remote {

/// What of one object is on one side only.
struct Share {
  std::uint64_t entries = 0;
  std::uint64_t files = 0;  ///< that lack something on the other side
  std::uint64_t bytes = 0;  ///< of content that is lacking there, as the files have it
};

struct Shares {
  Share only_here;
  Share only_there;
};

/// Entries that some objects need, by who has them; each entry is in one list, once.
struct Difference {
  std::vector<store::Key> only_here;
  std::vector<store::Key> only_there;
  std::vector<store::Key> nowhere;  ///< what would be below them is unknown
  std::uint64_t both = 0;
  std::vector<Shares> roots;  ///< for each object asked for; what several need counts for one of them
};

/// Is shown each folder that a walk read.
using TreeVisitor = std::function<void(const store::Id& id, const store::Tree& tree)>;

/// Walks from `roots` down through trees, recipes and nodes, on whichever side they are, level by level: each
/// level costs one round of requests where the local store lacks its entries. No chunk of a blob is read.
/// Memory: about 80 bytes an entry.
Result<Difference> compare_closures(EntrySource& entries, std::span<const store::Object> roots,
                                    const Context& context, const TreeVisitor& visit = {});

/// The same, but of a file only whether it is there, whole or as a recipe: recipes are not read. Enough where
/// no pack that an index of the remote names is gone, since a push sends chunks before it names their recipe.
Result<Difference> compare_heads(EntrySource& entries, std::span<const store::Object> roots,
                                 const Context& context, const TreeVisitor& visit = {});

}  // namespace cairn::remote
