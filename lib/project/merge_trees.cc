// SPDX-License-Identifier: Apache-2.0
#include "project/merge_trees.h"

#include <algorithm>
#include <map>

#include "base/escape.h"
#include "os/path.h"

namespace cairn::project {
namespace {

/// No path of a workspace has more parts.
constexpr unsigned kDeepest = 256;
constexpr std::string_view kTheirsSuffix = "~theirs";

using Kind = store::TreeKind;

bool is_folder(const MergeEntry& entry) {
  return entry && entry->kind == Kind::folder;
}

bool is_file(const MergeEntry& entry) {
  return entry && (entry->kind == Kind::file || entry->kind == Kind::executable);
}

/// The one that changed; nothing when both did, and not to the same.
template <class T>
const T* pick(const T& base, const T& ours, const T& theirs) {
  if (ours == theirs || base == theirs) {
    return &ours;
  }
  return base == ours ? &theirs : nullptr;
}

MergeSides alike(const MergeEntry& entry) {
  return {entry, entry, entry};
}

/// The side without folders: what counts when files are merged.
MergeEntry leaf_of(const MergeEntry& entry) {
  return is_folder(entry) ? MergeEntry() : entry;
}

/// Files that both sides changed: one the content, the other the executable bit.
std::optional<MergeEntry> merge_parts(const MergeSides& sides) {
  if (!is_file(sides.base) || !is_file(sides.ours) || !is_file(sides.theirs)) {
    return std::nullopt;
  }
  const store::Id* id = pick(sides.base->id, sides.ours->id, sides.theirs->id);
  const Kind* kind = pick(sides.base->kind, sides.ours->kind, sides.theirs->kind);
  if (id == nullptr || kind == nullptr) {
    return std::nullopt;
  }
  MergeEntry merged = *id == sides.ours->id ? sides.ours : sides.theirs;
  merged->kind = *kind;
  return merged;
}

/// Nothing for a conflict.
std::optional<MergeEntry> merge_leaves(const MergeSides& sides) {
  const MergeSides leaves = {leaf_of(sides.base), leaf_of(sides.ours), leaf_of(sides.theirs)};
  if (const MergeEntry* one = pick(leaves.base, leaves.ours, leaves.theirs)) {
    return *one;
  }
  return merge_parts(leaves);
}

std::optional<ChangeSide> change_side(const MergeEntry& entry) {
  if (!entry) {
    return std::nullopt;
  }
  return ChangeSide{entry->kind, entry->id, entry->size, entry->target};
}

class TreeMerger {
 public:
  TreeMerger(const TreeLookup& lookup, const TreeSink& sink, const Decide& decide)
      : lookup_(lookup), sink_(sink), decide_(decide) {}

  Result<MergedTrees> run(const MergeSides& sides) {
    CAIRN_TRY_ASSIGN(Merged merged, merge("", sides, 0));
    return MergedTrees{std::move(merged.sides), std::move(conflicts_)};
  }

 private:
  /// What one name becomes.
  struct Merged {
    MergeSides sides;
    MergeEntry beside;  ///< theirs, kept under a name of its own
  };
  /// A folder while it is made.
  using Entries = std::map<std::string, Merged>;
  using Trees = text::ThreeWay<store::Tree>;

  Result<Merged> merge(const std::string& path, const MergeSides& sides, unsigned depth) {
    if (const MergeEntry* one = pick(sides.base, sides.ours, sides.theirs)) {
      return Merged{alike(*one), {}};
    }
    if (depth > kDeepest) {
      return Error(Code::corrupt, quoted(path) + " is deeper than any workspace", "cairn fsck");
    }
    const std::size_t conflicts_before = conflicts_.size();
    const std::optional<MergeEntry> leaf = merge_leaves(sides);
    MergeSides folder;
    if (is_folder(sides.base) || is_folder(sides.ours) || is_folder(sides.theirs)) {
      CAIRN_TRY_ASSIGN(folder, merge_folders(path, sides, depth));
    }
    const bool has_folder = folder != MergeSides();
    if (leaf && (!leaf->has_value() || !has_folder)) {
      return Merged{leaf->has_value() ? alike(*leaf) : std::move(folder), {}};
    }
    conflicts_.resize(conflicts_before);  // those inside are part of this one
    return settle(path, sides);
  }

  Merged settle(const std::string& path, const MergeSides& sides) {
    const std::optional<Choice> choice = decide_(path);
    const bool two = sides.ours && sides.theirs;
    if (!choice || (*choice == Choice::both && two && path.empty())) {
      conflicts_.push_back(
          {path, {change_side(sides.base), change_side(sides.ours), change_side(sides.theirs)}});
      return {sides, {}};
    }
    if (*choice == Choice::both && two) {
      return {alike(sides.ours), sides.theirs};
    }
    const bool ours = *choice == Choice::ours || (*choice == Choice::both && sides.ours);
    return {alike(ours ? sides.ours : sides.theirs), {}};
  }

  Result<store::Tree> read(const MergeEntry& entry) {
    return is_folder(entry) ? lookup_(entry->id) : Result<store::Tree>(store::Tree());
  }

  /// No entries at all when nothing is left of the folder.
  Result<MergeSides> merge_folders(const std::string& path, const MergeSides& sides, unsigned depth) {
    Trees trees;
    CAIRN_TRY_ASSIGN(trees.base, read(sides.base));
    CAIRN_TRY_ASSIGN(trees.ours, read(sides.ours));
    CAIRN_TRY_ASSIGN(trees.theirs, read(sides.theirs));
    std::map<std::string_view, MergeSides> names;
    for (const auto& [tree, side] :
         {std::pair(&trees.base, &MergeSides::base), std::pair(&trees.ours, &MergeSides::ours),
          std::pair(&trees.theirs, &MergeSides::theirs)}) {
      for (const store::TreeEntry& entry : tree->entries) {
        names[entry.name].*side = entry;
      }
    }
    const std::size_t conflicts_before = conflicts_.size();
    Entries entries;
    for (const auto& [name, inner] : names) {
      CAIRN_TRY_ASSIGN(Merged merged, merge(os::join(path, name), inner, depth + 1));
      entries.emplace(name, std::move(merged));
    }
    place_beside(entries);
    const bool is_kept = *pick(is_folder(sides.base), is_folder(sides.ours), is_folder(sides.theirs));
    const std::string name((sides.ours ? sides.ours : sides.theirs ? sides.theirs : sides.base)->name);
    return make_folder(name, entries, is_kept, conflicts_.size() > conflicts_before);
  }

  /// Gives what is kept beside another a free name.
  static void place_beside(Entries& entries) {
    std::vector<store::TreeEntry> beside;
    for (auto& [name, merged] : entries) {
      if (merged.beside) {
        beside.push_back(std::move(*merged.beside));
      }
    }
    for (store::TreeEntry& entry : beside) {
      do {
        entry.name += kTheirsSuffix;
      } while (entries.contains(entry.name));
      std::string name = entry.name;
      entries.emplace(std::move(name), Merged{alike(std::move(entry)), {}});
    }
  }

  Result<MergeSides> make_folder(const std::string& name, const Entries& entries, bool is_kept,
                                 bool in_conflict) {
    CAIRN_TRY_ASSIGN(MergeEntry ours, make_side(name, entries, &MergeSides::ours, is_kept));
    if (!in_conflict) {
      return alike(ours);
    }
    CAIRN_TRY_ASSIGN(MergeEntry base, make_side(name, entries, &MergeSides::base, is_kept));
    CAIRN_TRY_ASSIGN(MergeEntry theirs, make_side(name, entries, &MergeSides::theirs, is_kept));
    return MergeSides{std::move(base), std::move(ours), std::move(theirs)};
  }

  Result<MergeEntry> make_side(const std::string& name, const Entries& entries, MergeEntry MergeSides::*side,
                               bool is_kept) {
    store::Tree tree;
    for (const auto& [inner, merged] : entries) {
      if (const MergeEntry& entry = merged.sides.*side) {
        tree.entries.push_back(*entry);
      }
    }
    if (tree.entries.empty() && !is_kept) {
      return MergeEntry();
    }
    CAIRN_TRY_ASSIGN(const store::Id id, sink_(tree));
    return MergeEntry({name, Kind::folder, id, tree.total_size(), tree.total_files(), ""});
  }

  const TreeLookup& lookup_;
  const TreeSink& sink_;
  const Decide& decide_;
  std::vector<PathConflict> conflicts_;
};

std::string_view type_of(const ChangeSide& side) {
  switch (side.kind) {
    case Kind::folder:
      return "a folder";
    case Kind::symlink:
      return "a symlink";
    default:
      return "a file";
  }
}

}  // namespace

std::string describe(const PathConflict& conflict) {
  const auto& [base, ours, theirs] = conflict.sides;
  if (!ours || !theirs) {
    return ours ? "changed here, deleted there" : "deleted here, changed there";
  }
  if (type_of(*ours) != type_of(*theirs)) {
    return std::string(type_of(*ours)) + " here, " + std::string(type_of(*theirs)) + " there";
  }
  return base ? "changed on both sides" : "added on both sides";
}

Result<MergedTrees> merge_trees(const MergeSides& sides, const TreeLookup& lookup, const TreeSink& sink,
                                const Decide& decide) {
  return TreeMerger(lookup, sink, decide).run(sides);
}

}  // namespace cairn::project
