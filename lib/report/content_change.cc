// SPDX-License-Identifier: Apache-2.0
#include "report/content_change.h"

#include <fmt/format.h>

#include "base/human_size.h"
#include "store/piece_diff.h"

namespace cairn::report {
namespace {

using store::Family;
using store::Reader;

/// Adds the chunks of a side that is a file.
Status append_pieces(Reader& reader, const std::optional<project::ChangeSide>& side,
                     std::vector<store::Piece>& out) {
  if (!side || side->kind == store::TreeKind::folder || side->kind == store::TreeKind::symlink) {
    return {};
  }
  CAIRN_TRY_ASSIGN(const auto pieces, reader.read_pieces(Family::blob, side->id));
  out.insert(out.end(), pieces.begin(), pieces.end());
  return {};
}

Result<std::uint64_t> size_of(Reader& reader, const store::Object& object) {
  if (object.family == Family::blob) {
    return object.size;
  }
  CAIRN_TRY_ASSIGN(const store::Tree tree, reader.read_tree(object.id));
  return tree.total_size();
}

}  // namespace

double ContentChange::percent() const {
  return total == 0 ? 0 : 100 * static_cast<double>(changed) / static_cast<double>(total);
}

std::string words(const ContentChange& change) {
  return fmt::format("{} of {}, {:.1f} %", human_size(change.changed), human_size(change.total),
                     change.percent());
}

Result<ContentChange> content_change(Reader& reader, const store::Object& before,
                                     const store::Object& after) {
  ContentChange change;
  CAIRN_TRY_ASSIGN(change.total, size_of(reader, after));
  CAIRN_TRY_ASSIGN(const auto differing,
                   changed_files(reader, project::side_of(before, false), project::side_of(after, false)));
  std::vector<store::Piece> old_pieces;
  std::vector<store::Piece> new_pieces;
  for (const project::FileChange& file : differing) {
    CAIRN_TRY(append_pieces(reader, file.before, old_pieces));
    CAIRN_TRY(append_pieces(reader, file.after, new_pieces));
  }
  change.changed = store::new_bytes(old_pieces, new_pieces);
  return change;
}

Result<std::vector<project::FileChange>> changed_files(Reader& reader, const project::ChangeSide& before,
                                                       const project::ChangeSide& after) {
  Error missing(Code::not_found, "a folder's list of files is not here");
  const project::TreeLookup lookup = [&reader, &missing](const store::Id& id) {
    auto tree = reader.read_tree(id);
    if (!tree.ok()) {
      missing = tree.error();
    }
    return tree;
  };
  std::vector<project::FileChange> changes;
  CAIRN_TRY(project::compare_trees({"", before, after}, lookup, changes));
  for (const project::FileChange& change : changes) {
    if (change.unlisted) {
      return missing;
    }
  }
  return changes;
}

}  // namespace cairn::report
