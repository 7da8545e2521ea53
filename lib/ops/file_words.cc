// SPDX-License-Identifier: Apache-2.0
#include "ops/file_words.h"

#include "base/escape.h"

namespace cairn::ops {

std::string_view change_word(project::ChangeKind kind) {
  switch (kind) {
    case project::ChangeKind::added:
      return "added";
    case project::ChangeKind::modified:
      return "modified";
    case project::ChangeKind::deleted:
      return "deleted";
    case project::ChangeKind::type_changed:
      return "type_changed";
    case project::ChangeKind::renamed:
      return "renamed";
  }
  return "";
}

std::string describe_file(const project::FileChange& change) {
  const std::string from = change.old_path.empty() ? "" : escaped(change.old_path) + " -> ";
  const bool type = change.kind == project::ChangeKind::type_changed;
  return std::string(type ? "changed its type:" : change_word(change.kind)) + " " + from +
         escaped(change.path);
}

}  // namespace cairn::ops
