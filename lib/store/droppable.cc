// SPDX-License-Identifier: Apache-2.0
#include "store/droppable.h"

#include <algorithm>
#include <tuple>

#include "store/closure.h"
#include "store/reader.h"

namespace cairn::store {
namespace {

/// True for entries that name others.
bool has_parts(const Key& key) {
  return key.kind != EntryKind::data;
}

/// An entry, and where it is read.
struct Placed {
  Key key;
  Location at;
};

class Search {
 public:
  Search(Store& store, const Context& context) : reader_(store), index_(store.index()), context_(context) {}

  Result<KeySet> run(Store& store, std::span<const Object> dropped, std::span<const Object> kept) {
    CAIRN_TRY_ASSIGN(const Closure closure, collect_closure(store, dropped, context_));
    going_.insert(closure.present.begin(), closure.present.end());
    const std::vector<Key> others = find_others();
    for (const Object& object : kept) {
      keep_object(object.family, object.id);
      CAIRN_TRY(keep_below());
    }
    for (const Key& key : others) {
      CAIRN_TRY(name_parts(key));
      CAIRN_TRY(keep_below());
    }
    return std::move(going_);
  }

 private:
  /// All that names others and does not go, in the order in which packs hold it: each block is decoded once.
  [[nodiscard]] std::vector<Key> find_others() const {
    std::vector<Placed> others;
    for (const Segment& segment : index_->segments()) {
      for (std::size_t i = 0; i < segment.size(); ++i) {
        const Key key = segment.at(i).key;
        const auto at = has_parts(key) && !going_.contains(key) ? index_->find(key) : std::nullopt;
        if (at) {
          others.push_back({key, *at});
        }
      }
    }
    std::ranges::sort(others, [](const Placed& a, const Placed& b) {
      return std::tie(a.at.pack, a.at.place.offset, a.at.place.in_block, a.key) <
             std::tie(b.at.pack, b.at.place.offset, b.at.place.in_block, b.key);
    });
    std::vector<Key> keys;
    for (const Placed& one : others) {
      if (keys.empty() || !(keys.back() == one.key)) {
        keys.push_back(one.key);
      }
    }
    return keys;
  }

  /// Whole or by a recipe.
  void keep_object(Family family, const Id& id) {
    keep({content_kind(family), id});
    keep({recipe_kind(family), id});
  }

  void keep(const Key& key) {
    if (going_.erase(key) > 0 && has_parts(key)) {
      open_.push_back(key);
    }
  }

  /// What was found to stay names others, which stay too.
  Status keep_below() {
    while (!open_.empty()) {
      const Key next = open_.back();
      open_.pop_back();
      CAIRN_TRY(name_parts(next));
    }
    return {};
  }

  Status name_parts(const Key& key) {
    CAIRN_TRY(context_.check_stop());
    CAIRN_TRY_ASSIGN(const Buffer bytes, reader_.read_entry(key));
    switch (key.kind) {
      case EntryKind::recipe:
        return name_pieces(Family::blob, bytes);
      case EntryKind::tree_recipe:
        CAIRN_TRY(name_pieces(Family::tree, bytes));
        return name_children(key.id);
      case EntryKind::node:
        return name_below(bytes);
      case EntryKind::tree:
        // A chunk of a long folder is none by itself; the folder's recipe speaks for it.
        if (const auto tree = decode_tree(bytes); tree.ok()) {
          name_entries(*tree);
        }
        return {};
      default:
        return {};
    }
  }

  Status name_pieces(Family family, Bytes recipe) {
    CAIRN_TRY_ASSIGN(const RecipeRoot root, decode_recipe(recipe));
    for (const Piece& piece : root.pieces) {
      keep({root.level == 0 ? content_kind(family) : EntryKind::node, piece.id});
    }
    return {};
  }

  /// A node does not say whose it is.
  Status name_below(Bytes bytes) {
    CAIRN_TRY_ASSIGN(const Node node, decode_node(bytes));
    for (const Piece& piece : node.pieces) {
      if (node.level > 0) {
        keep({EntryKind::node, piece.id});
      } else {
        keep({EntryKind::data, piece.id});
        keep({EntryKind::tree, piece.id});
      }
    }
    return {};
  }

  Status name_children(const Id& id) {
    auto tree = reader_.read_tree(id);
    if (!tree.ok()) {
      // One that is here in part cannot be read before the rest is fetched.
      return tree.error().code() == Code::not_found ? Status() : Status(tree.error());
    }
    name_entries(*tree);
    return {};
  }

  void name_entries(const Tree& tree) {
    for (const TreeEntry& entry : tree.entries) {
      if (entry.kind != TreeKind::symlink) {
        keep_object(entry.kind == TreeKind::folder ? Family::tree : Family::blob, entry.id);
      }
    }
  }

  Reader reader_;
  std::shared_ptr<const Index> index_;
  const Context& context_;
  KeySet going_;
  std::vector<Key> open_;  // stay, and their parts are not yet named
};

}  // namespace

Result<KeySet> find_droppable(Store& store, std::span<const Object> dropped, std::span<const Object> kept,
                              const Context& context) {
  return Search(store, context).run(store, dropped, kept);
}

}  // namespace cairn::store
