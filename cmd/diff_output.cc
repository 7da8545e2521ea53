// SPDX-License-Identifier: Apache-2.0
#include "diff_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "file_changes.h"
#include "project/change_groups.h"
#include "render.h"
#include "report/table.h"
#include "targets.h"

namespace cairn::cmd {
namespace {

using project::ChangeGroup;
using project::DiffTotals;

/// A folder of more lines is one.
constexpr std::size_t kFolderLines = 20;

/// "3 added, 120 modified": what there is none of is left out.
std::string counts_of(const DiffTotals& totals) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::uint64_t count, const char* word) {
    if (count > 0) {
      parts.push_back(fmt::format("{} {}", count, word));
    }
  };
  add(totals.added, "added");
  add(totals.modified, "modified");
  add(totals.deleted, "deleted");
  add(totals.renamed, "renamed");
  add(totals.type_changed, "of another type");
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// "3.00 MiB new, 12.0 KiB gone", "" where no bytes came or went.
std::string bytes_of(const DiffTotals& totals) {
  const std::uint64_t fresh = totals.bytes_added + totals.bytes_changed;
  const std::string came = fresh > 0 ? human_size(fresh) + " new" : "";
  const std::string went = totals.bytes_deleted > 0 ? human_size(totals.bytes_deleted) + " gone" : "";
  return came + (came.empty() || went.empty() ? "" : ", ") + went;
}

std::string word_of(const DiffTotals& totals, std::size_t count) {
  return totals.added == count     ? "added"
         : totals.deleted == count ? "deleted"
         : totals.renamed == count ? "renamed"
                                   : "modified";
}

Color color_of(const std::string& word) {
  return word == "added"     ? Color::green
         : word == "deleted" ? Color::red
         : word == "renamed" ? Color::cyan
                             : Color::yellow;
}

std::string folder_path(const Invocation& invocation, const ChangeGroup& group) {
  const std::string from = group.from.empty() ? "" : shown_path(invocation, group.from) + "/ -> ";
  return from + shown_path(invocation, group.folder) + "/";
}

std::string group_line(const Invocation& invocation, const ChangeGroup& group) {
  if (group.folder.empty()) {
    return change_line(invocation, group.changes.front());
  }
  const DiffTotals totals = project::count_changes(group.changes);
  const std::string word = word_of(totals, group.changes.size());
  const std::string bytes = bytes_of(totals);
  return fmt::format("{} {}  ({}{}{})\n",
                     painted(fmt::format("{:<9}", word), color_of(word), invocation.color),
                     folder_path(invocation, group), counts_of(totals), bytes.empty() ? "" : "; ", bytes);
}

report::Row group_row(const Invocation& invocation, const ChangeGroup& group) {
  if (!group.folder.empty()) {
    const DiffTotals totals = project::count_changes(group.changes);
    return {word_of(totals, group.changes.size()), folder_path(invocation, group), bytes_of(totals),
            counts_of(totals)};
  }
  const project::FileChange& change = group.changes.front();
  const std::string from = change.old_path.empty() ? "" : shown_path(invocation, change.old_path) + " -> ";
  return {kind_name(change.kind), from + shown_path(invocation, change.path), size_words(change),
          content_words(change)};
}

std::string totals_line(const DiffTotals& totals) {
  const std::string bytes = bytes_of(totals);
  return fmt::format("{} added, {} modified, {} deleted, {} renamed{}{}\n", totals.added,
                     totals.modified + totals.type_changed, totals.deleted, totals.renamed,
                     bytes.empty() ? "" : "; ", bytes);
}

}  // namespace

std::string changes_text(const Invocation& invocation, const std::vector<project::FileChange>& changes,
                         const std::set<std::string, std::less<>>& tracked, ChangeForm form) {
  if (changes.empty()) {
    return "no differences\n";
  }
  const std::size_t limit = form == ChangeForm::all ? std::numeric_limits<std::size_t>::max() : kFolderLines;
  const std::vector<ChangeGroup> groups = form == ChangeForm::stat
                                              ? project::group_by_tracked(changes, tracked)
                                              : project::group_by_folder(changes, limit);
  const std::string totals = totals_line(project::count_changes(changes));
  if (form == ChangeForm::markdown) {
    report::Table table{{"Change", "Path", "Size", "Content"}, {}};
    for (const ChangeGroup& group : groups) {
      table.rows.push_back(group_row(invocation, group));
    }
    return report::as_markdown(table) + "\n" + totals;
  }
  std::string text;
  for (const ChangeGroup& group : groups) {
    text += group_line(invocation, group);
  }
  return text + totals;
}

Json totals_json(const DiffTotals& totals) {
  return {{"added", totals.added},
          {"modified", totals.modified},
          {"deleted", totals.deleted},
          {"type_changed", totals.type_changed},
          {"renamed", totals.renamed},
          {"bytes_added", totals.bytes_added},
          {"bytes_deleted", totals.bytes_deleted},
          {"bytes_changed", totals.bytes_changed}};
}

}  // namespace cairn::cmd
