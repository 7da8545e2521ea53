// SPDX-License-Identifier: Apache-2.0
#include "ops/file_words.h"

#include "base/escape.h"

namespace cairn::ops {
namespace {

std::string_view word_for(project::ChangeKind kind) {
  switch (kind) {
    case project::ChangeKind::added:
      return "added";
    case project::ChangeKind::modified:
      return "modified";
    case project::ChangeKind::deleted:
      return "deleted";
    case project::ChangeKind::type_changed:
      return "changed its type:";
    case project::ChangeKind::renamed:
      return "renamed";
  }
  return "";
}

}  // namespace

std::string describe_file(const project::FileChange& change) {
  const std::string from = change.old_path.empty() ? "" : escaped(change.old_path) + " -> ";
  return std::string(word_for(change.kind)) + " " + from + escaped(change.path);
}

}  // namespace cairn::ops
