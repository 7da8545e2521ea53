// SPDX-License-Identifier: Apache-2.0
#include "store/closure.h"

#include <unordered_set>

#include "store/reader.h"

namespace cairn::store {
namespace {

/// Walks down from objects. An object met before is not entered again, so the cost is that of the distinct
/// ones.
class Collector {
 public:
  Collector(Store& store, const Context& context)
      : reader_(store), index_(store.index()), context_(context) {}

  Status visit(const Object& object) {
    CAIRN_TRY(context_.check_stop());
    Key whole{content_kind(object.family), object.id};
    Key recipe{recipe_kind(object.family), object.id};
    if (seen_.contains(whole) || seen_.contains(recipe)) {
      return {};
    }
    if (index_->contains(whole)) {
      add(whole);
    } else if (index_->contains(recipe)) {
      CAIRN_TRY(visit_recipe(object.family, recipe));
    } else {
      seen_.insert(whole);
      closure_.missing.push_back(whole);
      return {};
    }
    return object.family == Family::tree ? visit_children(object.id) : Status();
  }

  Closure take() { return std::move(closure_); }

 private:
  /// True when the entry is here and was not met before.
  bool add(const Key& key) {
    if (!seen_.insert(key).second) {
      return false;
    }
    bool here = index_->contains(key);
    (here ? closure_.present : closure_.missing).push_back(key);
    return here;
  }

  Status visit_recipe(Family family, const Key& key) {
    add(key);
    CAIRN_TRY_ASSIGN(Buffer bytes, reader_.read_entry(key));
    CAIRN_TRY_ASSIGN(RecipeRoot root, decode_recipe(bytes));
    return visit_pieces(family, root.level, root.pieces);
  }

  Status visit_pieces(Family family, std::uint8_t level, const std::vector<Piece>& pieces) {
    for (const Piece& piece : pieces) {
      bool here = add({level == 0 ? content_kind(family) : EntryKind::node, piece.id});
      if (level > 0 && here) {
        CAIRN_TRY_ASSIGN(Buffer bytes, reader_.read_entry({EntryKind::node, piece.id}));
        CAIRN_TRY_ASSIGN(Node node, decode_node(bytes));
        if (node.level != level - 1) {
          return Error(Code::corrupt, "damaged recipe: node " + piece.id.text() + " does not fit its parent",
                       "cairn fsck");
        }
        CAIRN_TRY(visit_pieces(family, node.level, node.pieces));
      }
    }
    return {};
  }

  Status visit_children(const Id& id) {
    auto tree = reader_.read_tree(id);
    if (!tree.ok() && tree.error().code() == Code::not_found) {
      return {};  // a chunk of a long tree is missing: it is listed already
    }
    CAIRN_TRY_ASSIGN(Tree folder, std::move(tree));
    for (const TreeEntry& entry : folder.entries) {
      if (entry.kind != TreeKind::symlink) {
        Family family = entry.kind == TreeKind::folder ? Family::tree : Family::blob;
        CAIRN_TRY(visit({family, entry.id, entry.size}));
      }
    }
    return {};
  }

  Reader reader_;
  std::shared_ptr<const Index> index_;
  const Context& context_;
  std::unordered_set<Key, KeyHash> seen_;
  Closure closure_;
};

}  // namespace

Result<Closure> collect_closure(Store& store, std::span<const Object> roots, const Context& context) {
  Collector collector(store, context);
  for (const Object& root : roots) {
    CAIRN_TRY(collector.visit(root));
  }
  return collector.take();
}

}  // namespace cairn::store
