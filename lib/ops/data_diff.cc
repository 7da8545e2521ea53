// SPDX-License-Identifier: Apache-2.0
#include "ops/data_diff.h"

#include "ops/data_content.h"
#include "report/compare_bytes.h"
#include "store/piece_diff.h"
#include "text/token_diff.h"

namespace cairn::ops {
namespace {

/// Longer texts are not compared line by line: their lines would all be in memory.
constexpr std::uint64_t kLongestText = 16u << 20;

Result<std::string> first_bytes(const DataContent& content) {
  constexpr std::size_t kSniffed = 64u << 10;
  CAIRN_TRY_ASSIGN(const auto source, content.open());
  CAIRN_TRY_ASSIGN(const Buffer bytes, report::ByteCursor(*source).read(kSniffed));
  return std::string(as_text(bytes));
}

Result<std::string> whole_text(const DataContent& content) {
  CAIRN_TRY_ASSIGN(const auto source, content.open());
  CAIRN_TRY_ASSIGN(const Buffer bytes, report::ByteCursor(*source).read(content.size));
  return std::string(as_text(bytes));
}

Status compare(project::Workspace& workspace, const DataDiffRequest& request, const DataContent& before,
               const DataContent& after, DataDiff& diff) {
  CAIRN_TRY_ASSIGN(const std::string old_start, first_bytes(before));
  CAIRN_TRY_ASSIGN(const std::string new_start, first_bytes(after));
  const bool texts =
      report::looks_like_text(as_bytes(old_start)) && report::looks_like_text(as_bytes(new_start));
  auto format = report::table_format_of_name(request.path);
  if (!format) {
    format = report::sniff_table_format(new_start);
  }
  if (texts && format) {
    CAIRN_TRY_ASSIGN(
        diff.table,
        report::diff_tables({request.path + " (" + diff.before + ")", before.open, *format},
                            {request.path + " (" + diff.after + ")", after.open, *format}, request.table));
    return {};
  }
  if (texts && before.size <= kLongestText && after.size <= kLongestText) {
    CAIRN_TRY_ASSIGN(const std::string old_text, whole_text(before));
    CAIRN_TRY_ASSIGN(const std::string new_text, whole_text(after));
    diff.lines = text::unified_diff(old_text, new_text, request.path);
    return {};
  }
  CAIRN_TRY_ASSIGN(const auto old_pieces, content_pieces(workspace, before));
  CAIRN_TRY_ASSIGN(const auto new_pieces, content_pieces(workspace, after));
  diff.content = {store::new_bytes(old_pieces, new_pieces), after.size};
  return {};
}

/// By the chunks, which follow from the content alone.
Result<bool> same_content(project::Workspace& workspace, const DataContent& before,
                          const DataContent& after) {
  if (before.size != after.size || after.size == 0) {
    return before.size == after.size;
  }
  CAIRN_TRY_ASSIGN(const auto old_pieces, content_pieces(workspace, before));
  CAIRN_TRY_ASSIGN(const auto new_pieces, content_pieces(workspace, after));
  return old_pieces == new_pieces;
}

}  // namespace

Result<DataDiff> diff_data(project::Workspace& workspace, const DataDiffRequest& request) {
  CAIRN_TRY_ASSIGN(ChosenRevision before,
                   find_revision(workspace, request.before.empty() ? "HEAD" : request.before));
  CAIRN_TRY_ASSIGN(ChosenRevision after, find_revision(workspace, request.after));
  ValueReader reader(workspace);
  CAIRN_TRY_ASSIGN(const DataContent old_content, find_data_content(workspace, reader, before, request.path));
  CAIRN_TRY_ASSIGN(const DataContent new_content, find_data_content(workspace, reader, after, request.path));
  DataDiff diff;
  diff.before = before.name;
  diff.after = request.after.empty() ? "workspace" : after.name;
  diff.size_before = old_content.size;
  diff.content.total = new_content.size;
  CAIRN_TRY_ASSIGN(diff.same, same_content(workspace, old_content, new_content));
  if (!diff.same) {
    CAIRN_TRY(compare(workspace, request, old_content, new_content, diff));
  }
  return diff;
}

}  // namespace cairn::ops
