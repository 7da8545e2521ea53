// SPDX-License-Identifier: Apache-2.0
#include "ops/rollback_note.h"

#include <fmt/format.h>

#include <array>
#include <sstream>

#include "os/file.h"

namespace cairn::ops {
namespace {

constexpr std::string_view kHeader = "cairn rollback 1";
constexpr std::string_view kFinished = "finished";
constexpr std::string_view kUnfinished = "unfinished";

}  // namespace

Status save_note(const project::Workspace& workspace, const RollbackNote& note) {
  CAIRN_TRY(os::make_folders(workspace.paths().state));
  const std::string text =
      fmt::format("{}\nbefore {}\nafter {}\ndata {}\n{}\n", kHeader, note.before.hex(), note.after.hex(),
                  note.data ? "yes" : "no", note.finished ? kFinished : kUnfinished);
  return os::write_atomic(workspace.paths().rollback(), as_bytes(text));
}

Result<std::optional<RollbackNote>> load_note(const project::Workspace& workspace) {
  CAIRN_TRY_ASSIGN(std::optional<Buffer> bytes, os::find_file(workspace.paths().rollback()));
  if (!bytes) {
    return std::optional<RollbackNote>();
  }
  std::istringstream text{std::string(as_text(*bytes))};
  std::string header;
  std::getline(text, header);
  std::array<std::string, 7> words;
  for (std::string& word : words) {
    text >> word;
  }
  const auto before = git::Oid::parse(words[1]);
  const auto after = git::Oid::parse(words[3]);
  const bool whole = header == kHeader && words[0] == "before" && before && words[2] == "after" && after &&
                     words[4] == "data" && (words[5] == "yes" || words[5] == "no") &&
                     (words[6] == kFinished || words[6] == kUnfinished);
  return whole ? std::optional(RollbackNote{*before, *after, words[5] == "yes", words[6] == kFinished})
               : std::nullopt;
}

Status remove_note(const project::Workspace& workspace) {
  return os::remove_file(workspace.paths().rollback());
}

}  // namespace cairn::ops
