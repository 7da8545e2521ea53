// SPDX-License-Identifier: Apache-2.0
#include "report/folder_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/escape.h"
#include "base/human_size.h"
#include "os/path.h"
#include "report/format.h"

namespace cairn::report {
namespace {

using store::TreeKind;

struct Line {
  std::string path;
  store::TreeEntry entry;
  bool final = false;  ///< not a folder to look into
  bool unlisted = false;
};

/// Appends the entries of a folder at `path`.
void append_entries(const std::string& path, const store::Tree& tree, std::vector<Line>& out) {
  for (const store::TreeEntry& entry : tree.entries) {
    const bool is_folder = entry.kind == TreeKind::folder;
    out.push_back({os::join(path, entry.name), entry, !is_folder});
  }
}

/// The lines with each folder replaced by what is in it; nothing when that would be more than `limit`.
Result<std::optional<std::vector<Line>>> one_level_down(store::Reader& reader, const std::vector<Line>& lines,
                                                        std::size_t limit) {
  std::vector<Line> out;
  for (const Line& line : lines) {
    if (line.final) {
      out.push_back(line);
    } else if (auto tree = reader.read_tree(line.entry.id); tree.ok() && !tree->entries.empty()) {
      append_entries(line.path, *tree, out);
    } else if (tree.ok() || tree.error().code() == Code::not_found) {
      out.push_back(line);
      out.back().final = true;
      out.back().unlisted = !tree.ok();
    } else {
      return tree.error();
    }
    if (out.size() > limit) {
      return std::optional<std::vector<Line>>();
    }
  }
  return std::optional(std::move(out));
}

std::string words(const Line& line) {
  const store::TreeEntry& entry = line.entry;
  const std::string path = escaped(line.path);
  switch (entry.kind) {
    case TreeKind::symlink:
      return fmt::format("{:>9}  {:12}  {} -> {}\n", "symlink", "", path, escaped(entry.target));
    case TreeKind::folder:
      return fmt::format("{:>9}  {}  {}/ (files: {}{})\n", human_size(entry.size), short_id(entry.id), path,
                         entry.files, line.unlisted ? ", their list is not here" : "");
    default:
      return fmt::format("{:>9}  {}  {}{}\n", human_size(entry.size), short_id(entry.id), path,
                         entry.kind == TreeKind::executable ? " (executable)" : "");
  }
}

}  // namespace

Result<std::string> folder_lines(store::Reader& reader, const store::Id& tree, std::size_t limit) {
  CAIRN_TRY_ASSIGN(const store::Tree top, reader.read_tree(tree));
  if (top.entries.size() > limit) {
    return fmt::format("{} files and folders, too many to list; cairn diff shows which of them changed\n",
                       top.entries.size());
  }
  std::vector<Line> lines;
  append_entries("", top, lines);
  while (!std::ranges::all_of(lines, &Line::final)) {
    CAIRN_TRY_ASSIGN(auto deeper, one_level_down(reader, lines, limit));
    if (!deeper) {
      break;
    }
    lines = std::move(*deeper);
  }
  std::string text;
  for (const Line& line : lines) {
    text += words(line);
  }
  return text;
}

}  // namespace cairn::report
