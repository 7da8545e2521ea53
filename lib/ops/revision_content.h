// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ops/revisions.h"
#include "report/byte_source.h"

namespace cairn::ops {

/// One file in one state of the project, whoever keeps it.
struct FileContent {
  std::string path;
  std::optional<store::Id>
      id;  ///< of its bytes: of what cairn keeps; in the workspace where it did not change
  std::optional<git::Oid> blob;  ///< of what Git keeps
  bool in_workspace = false;     ///< read from there, although `id` may be known

  /// Surely the same bytes; false where that is not known without reading.
  [[nodiscard]] bool same_as(const FileContent& other) const {
    return (id && id == other.id) || (blob && blob == other.blob);
  }
};

/// The files of a state that cairn keeps (pointers, cached outs, files in their folders) or Git tracks, at or
/// inside `targets` (none: all) and with a last part that fits `names`, sorted by path. A target that is a
/// file is taken whatever it is called; in the workspace also where nobody tracks it. A target that this
/// state does not have gives nothing: that may be an answer. Symlinks are left out. Errors: `conflict` as
/// project::find_tracked, `not_found` for a tree that is not in the store, with the command that fetches it.
Result<std::vector<FileContent>> files_at(project::Workspace& workspace, const ChosenRevision& revision,
                                          const std::vector<std::string>& targets,
                                          const git::NameFilter& names, const Context& context);

/// The bytes of a file that files_at() gave for `revision`. What the store has is checked against its id at
/// the end. Errors, also of next(): `not_found` with the command that fetches it, `corrupt`.
Result<std::unique_ptr<report::ByteSource>> open_content(project::Workspace& workspace,
                                                         const ChosenRevision& revision,
                                                         const FileContent& file);

/// The bytes of a file anywhere; a symlink is followed.
Result<std::unique_ptr<report::ByteSource>> open_plain_file(const std::string& path);

}  // namespace cairn::ops
