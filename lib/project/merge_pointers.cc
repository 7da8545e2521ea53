// SPDX-License-Identifier: Apache-2.0
#include "project/merge_pointers.h"

#include <algorithm>

#include "base/escape.h"
#include "os/path.h"
#include "project/merge_values.h"

namespace cairn::project {
namespace {

constexpr std::size_t kShownConflicts = 20;

MergeEntry entry_of(const std::optional<Pointer>& pointer) {
  if (!pointer) {
    return std::nullopt;
  }
  store::TreeEntry entry;
  entry.kind = side_of(pointer->object, pointer->executable).kind;
  entry.id = pointer->object.id;
  entry.size = pointer->object.size;
  entry.files = pointer->files;
  return entry;
}

/// Of the side that has the same content, and of two the one that changed it. Where both did, each of them
/// is true.
std::optional<PointerSource> source_of(const store::Object& object, const PointerSides& sides) {
  const bool ours = sides.ours->object == object;
  const bool theirs = sides.theirs->object == object;
  const bool only_theirs_changed = sides.base && sides.base->source == sides.ours->source;
  if (ours && !(theirs && only_theirs_changed)) {
    return sides.ours->source;
  }
  if (theirs) {
    return sides.theirs->source;
  }
  return sides.base && sides.base->object == object ? sides.base->source : std::nullopt;
}

std::optional<Pointer> pointer_of(const MergeEntry& entry, const text::Value& user,
                                  const PointerSides& sides) {
  if (!entry) {
    return std::nullopt;
  }
  Pointer pointer;
  const bool is_tree = entry->kind == store::TreeKind::folder;
  pointer.object = {is_tree ? store::Family::tree : store::Family::blob, entry->id, entry->size};
  pointer.executable = entry->kind == store::TreeKind::executable;
  pointer.files = entry->files;
  pointer.source = source_of(pointer.object, sides);
  pointer.user = user;
  return pointer;
}

text::Value user_of(const std::optional<Pointer>& pointer) {
  return pointer ? pointer->user : text::Value::map();
}

/// Comments and empty lines only: a side that has no pointer.
bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (!line.empty() && line != "\r" && !line.starts_with('#')) {
      return false;
    }
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return true;
}

Result<std::optional<Pointer>> parse_side(const std::string& text, std::string_view path) {
  if (is_blank(text)) {
    return std::optional<Pointer>();
  }
  CAIRN_TRY_ASSIGN(Pointer pointer, parse_pointer(text, path));
  return std::optional(std::move(pointer));
}

MergedPointer settle_removed(const PointerSides& sides, const std::optional<Choice>& choice) {
  if (!choice) {
    return unmerged(sides);
  }
  const bool ours = *choice == Choice::ours || (*choice == Choice::both && sides.ours);
  const std::optional<Pointer>& chosen = ours ? sides.ours : sides.theirs;
  return {{chosen, chosen, chosen}, {}, {}};
}

std::string side_text(const std::optional<Pointer>& pointer) {
  return pointer ? write_pointer(*pointer) : "";
}

}  // namespace

MergedPointer unmerged(const PointerSides& sides) {
  const auto side = [](const std::optional<Pointer>& pointer) {
    return pointer ? std::optional(side_of(pointer->object, pointer->executable)) : std::nullopt;
  };
  return {sides, {{"", {side(sides.base), side(sides.ours), side(sides.theirs)}}}, {}};
}

Result<MergedPointer> merge_pointers(const PointerSides& sides, const TreeLookup& lookup,
                                     const TreeSink& sink, const Decide& decide) {
  if (!sides.ours || !sides.theirs) {
    return settle_removed(sides, decide(""));
  }
  const MergeSides entries = {entry_of(sides.base), entry_of(sides.ours), entry_of(sides.theirs)};
  CAIRN_TRY_ASSIGN(MergedTrees trees, merge_trees(entries, lookup, sink, decide));
  MergedPointer merged;
  merged.paths = std::move(trees.conflicts);
  ValueSides users =
      merge_maps({user_of(sides.base), user_of(sides.ours), user_of(sides.theirs)}, merged.keys);
  if (const std::optional<Choice> choice = decide(""); choice && *choice != Choice::both) {
    const text::Value chosen = *choice == Choice::ours ? users.ours : users.theirs;
    users = {chosen, chosen, chosen};
    merged.keys.clear();
  }
  merged.sides = {pointer_of(trees.sides.base, users.base, sides),
                  pointer_of(trees.sides.ours, users.ours, sides),
                  pointer_of(trees.sides.theirs, users.theirs, sides)};
  return merged;
}

std::string write_conflict(const MergedPointer& merged, std::string_view note, unsigned marker_size) {
  std::string text = "# In conflict. " + std::string(note) + "\n";
  for (std::size_t i = 0; i < merged.paths.size() && i < kShownConflicts; ++i) {
    const PathConflict& one = merged.paths[i];
    text += "# " + (one.path.empty() ? "" : escaped(one.path) + ": ") + describe(one) + "\n";
  }
  if (merged.paths.size() > kShownConflicts) {
    text += "# and " + std::to_string(merged.paths.size() - kShownConflicts) + " more\n";
  }
  for (const std::string& key : merged.keys) {
    text += "# key " + escaped(key) + ": changed on both sides\n";
  }
  return text + text::join_conflict({side_text(merged.sides.base), side_text(merged.sides.ours),
                                     side_text(merged.sides.theirs)},
                                    marker_size);
}

Result<PointerSides> parse_sides(const text::ThreeWay<std::string>& texts, std::string_view path) {
  PointerSides sides;
  const auto inner = text::split_conflict(texts.base);
  if (auto base = parse_side(inner ? inner->base : texts.base, path); base.ok()) {
    sides.base = std::move(*base);
  }
  CAIRN_TRY_ASSIGN(sides.ours, parse_side(texts.ours, path));
  CAIRN_TRY_ASSIGN(sides.theirs, parse_side(texts.theirs, path));
  return sides;
}

}  // namespace cairn::project
