// SPDX-License-Identifier: Apache-2.0
#include "remote/walk.h"

#include <unordered_set>

namespace cairn::remote {
namespace {

using store::EntryKind;
using store::Family;
using store::Key;

Error misfit(const store::Id& node) {
  return {Code::corrupt, "damaged recipe: node " + node.text() + " does not fit its parent", "cairn fsck"};
}

/// Whether recipes of files are opened.
enum class Depth : std::uint8_t { chunks, heads };

class Walk {
 public:
  Walk(EntrySource& entries, Depth depth, const Context& context, const TreeVisitor& visit)
      : entries_(entries), depth_(depth), context_(context), visit_(visit) {}

  Status run(std::span<const store::Object> roots) {
    std::vector<Wanted> level;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      level.push_back({roots[i], i});
    }
    difference_.roots.resize(roots.size());
    while (!level.empty()) {
      CAIRN_TRY(context_.check_stop());
      std::vector<Open> open = open_objects(level);
      CAIRN_TRY(read_heads(open));
      CAIRN_TRY(resolve_nodes(open));
      CAIRN_TRY(add_chunks(open));
      CAIRN_TRY_ASSIGN(level, read_trees(open));
    }
    return {};
  }

  Difference take() { return std::move(difference_); }

 private:
  struct Wanted {
    store::Object object;
    std::size_t root = 0;  ///< which one led to it
  };

  /// An object whose parts are being found.
  struct Open {
    Family family = Family::blob;
    store::Id id;
    std::size_t root = 0;
    bool is_recipe = false;
    bool is_counted_here = false;  ///< among the files of its root that are not whole on the other side
    bool is_counted_there = false;
    bool complete = true;  ///< false: a part is nowhere
    std::uint8_t level = 0;
    std::vector<store::Piece> pieces;

    [[nodiscard]] Key head() const {
      return {is_recipe ? store::recipe_kind(family) : store::content_kind(family), id};
    }
  };

  /// Notes an entry that `one` needs, which is so many bytes of its content; true when some side has it.
  bool note(const Key& key, std::uint64_t content, Open& one) {
    const Presence presence = entries_.find(key);
    const bool somewhere = presence.here || presence.there;
    if (!seen_.insert(key).second) {
      return somewhere;
    }
    Shares& shares = difference_.roots[one.root];
    if (presence.here && presence.there) {
      ++difference_.both;
    } else if (presence.here) {
      difference_.only_here.push_back(key);
      count(one, content, one.is_counted_here, shares.only_here);
    } else if (presence.there) {
      difference_.only_there.push_back(key);
      count(one, content, one.is_counted_there, shares.only_there);
    } else {
      difference_.nowhere.push_back(key);
    }
    return somewhere;
  }

  static void count(const Open& one, std::uint64_t content, bool& is_counted, Share& share) {
    ++share.entries;
    if (one.family == Family::blob) {
      share.bytes += content;
      share.files += is_counted ? 0 : 1;
      is_counted = true;
    }
  }

  /// The form in which an object is stored: whole or by a recipe, and rather the local one.
  [[nodiscard]] bool is_by_recipe(const store::Object& object) const {
    Presence whole = entries_.find({store::content_kind(object.family), object.id});
    Presence recipe = entries_.find({store::recipe_kind(object.family), object.id});
    return !whole.here && (recipe.here || (recipe.there && !whole.there));
  }

  std::vector<Open> open_objects(const std::vector<Wanted>& level) {
    std::vector<Open> open;
    for (const auto& [object, root] : level) {
      // A chunk may have been met that is also a whole object, so objects have a set of their own.
      if (!opened_.insert({store::content_kind(object.family), object.id}).second) {
        continue;
      }
      Open one;
      one.family = object.family;
      one.id = object.id;
      one.root = root;
      one.is_recipe = is_by_recipe(object);
      const bool has_parts = one.family == Family::tree || (one.is_recipe && depth_ == Depth::chunks);
      if (note(one.head(), one.is_recipe ? 0 : object.size, one) && has_parts) {
        open.push_back(std::move(one));
      }
    }
    return open;
  }

  /// Reads recipes; a whole tree is one piece.
  Status read_heads(std::vector<Open>& open) {
    std::vector<Key> heads;
    for (const Open& one : open) {
      heads.push_back(one.head());
    }
    CAIRN_TRY(entries_.prefetch(heads));
    for (Open& one : open) {
      if (!one.is_recipe) {
        one.pieces.push_back({one.id, 0});
        continue;
      }
      CAIRN_TRY_ASSIGN(Buffer bytes, entries_.read(one.head()));
      CAIRN_TRY_ASSIGN(store::RecipeRoot root, store::decode_recipe(bytes));
      one.level = root.level;
      one.pieces = std::move(root.pieces);
    }
    return {};
  }

  /// Replaces nodes by what is below them until only chunks are left.
  Status resolve_nodes(std::vector<Open>& open) {
    for (std::uint8_t level = store::kMaxRecipeLevel; level > 0; --level) {
      std::vector<Key> nodes;
      for (const Open& one : open) {
        for (std::size_t i = 0; one.level == level && i < one.pieces.size(); ++i) {
          nodes.push_back({EntryKind::node, one.pieces[i].id});
        }
      }
      CAIRN_TRY(entries_.prefetch(nodes));
      for (Open& one : open) {
        if (one.level == level) {
          CAIRN_TRY(expand(one));
        }
      }
    }
    return {};
  }

  Status expand(Open& one) {
    std::vector<store::Piece> below;
    for (const store::Piece& piece : one.pieces) {
      CAIRN_TRY(context_.check_stop());
      if (!note({EntryKind::node, piece.id}, 0, one)) {
        one.complete = false;
        continue;
      }
      CAIRN_TRY_ASSIGN(Buffer bytes, entries_.read({EntryKind::node, piece.id}));
      CAIRN_TRY_ASSIGN(store::Node node, store::decode_node(bytes));
      if (node.level + 1 != one.level) {
        return misfit(piece.id);
      }
      below.insert(below.end(), node.pieces.begin(), node.pieces.end());
    }
    one.pieces = std::move(below);
    --one.level;
    return {};
  }

  Status add_chunks(std::vector<Open>& open) {
    std::vector<Key> tree_chunks;
    for (Open& one : open) {
      for (const store::Piece& piece : one.pieces) {
        Key key{store::content_kind(one.family), piece.id};
        one.complete = note(key, piece.size, one) && one.complete;
        if (one.family == Family::tree) {
          tree_chunks.push_back(key);
        }
      }
    }
    return entries_.prefetch(tree_chunks);
  }

  /// What the trees of this level name.
  Result<std::vector<Wanted>> read_trees(const std::vector<Open>& open) {
    std::vector<Wanted> children;
    for (const Open& one : open) {
      if (one.family != Family::tree || !one.complete) {
        continue;
      }
      CAIRN_TRY(context_.check_stop());
      Buffer bytes;
      for (const store::Piece& piece : one.pieces) {
        CAIRN_TRY_ASSIGN(Buffer chunk, entries_.read({EntryKind::tree, piece.id}));
        append(bytes, chunk);
      }
      if (store::tree_id(bytes) != one.id) {
        return Error(Code::corrupt,
                     "damaged tree: " + one.id.text() + " does not have the content of its name",
                     "cairn fsck");
      }
      CAIRN_TRY_ASSIGN(store::Tree tree, store::decode_tree(bytes));
      if (visit_) {
        visit_(one.id, tree);
      }
      for (const store::TreeEntry& entry : tree.entries) {
        if (entry.kind != store::TreeKind::symlink) {
          Family family = entry.kind == store::TreeKind::folder ? Family::tree : Family::blob;
          children.push_back({{family, entry.id, entry.size}, one.root});
        }
      }
    }
    return children;
  }

  EntrySource& entries_;
  Depth depth_;
  const Context& context_;
  const TreeVisitor& visit_;
  std::unordered_set<Key, store::KeyHash> seen_;
  std::unordered_set<Key, store::KeyHash> opened_;
  Difference difference_;
};

}  // namespace

Result<Difference> compare_closures(EntrySource& entries, std::span<const store::Object> roots,
                                    const Context& context, const TreeVisitor& visit) {
  Walk walk(entries, Depth::chunks, context, visit);
  CAIRN_TRY(walk.run(roots));
  return walk.take();
}

Result<Difference> compare_heads(EntrySource& entries, std::span<const store::Object> roots,
                                 const Context& context, const TreeVisitor& visit) {
  Walk walk(entries, Depth::heads, context, visit);
  CAIRN_TRY(walk.run(roots));
  return walk.take();
}

}  // namespace cairn::remote
