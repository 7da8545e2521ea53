// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ops/source_state.h"
#include "project/pointer.h"
#include "project/workspace.h"

namespace cairn::ops {

/// Whether what was read stays in the store, or was only hashed.
enum class Keep : std::uint8_t { no, yes };

/// A URL that data is imported from, found: a file, or a folder where the place can list.
class SourcePlace {
 public:
  /// `url` is one of http(s), webdav(s), s3, ssh, sftp and file, a path (a relative one counts from the
  /// project's root), or remote://NAME/PATH for a place below a configured remote, with its settings. Errors:
  /// `usage` for what names no file or folder, or runs a program; `not_found` when nothing is there;
  /// `remote`.
  static Result<SourcePlace> find(project::Workspace& workspace, const std::string& url,
                                  const Context& context);

  [[nodiscard]] SourceState state() const { return {is_folder_, files_}; }
  /// Streams all of it into the store, context.jobs files at a time, each in one pass; bounded memory. The
  /// pointer has its source. Errors:
  /// `conflict` for what changed meanwhile, `remote` for a wrong length.
  Result<project::Pointer> bring(project::Workspace& workspace, Keep keep, const Context& context);

 private:
  explicit SourcePlace(std::string url) : url_(std::move(url)) {}
  Status open(project::Workspace& workspace, const Context& context);
  Status look(const Context& context);
  Status look_into_folder(const Context& context);
  Result<transport::ObjectState> state_of(const std::string& name);
  [[nodiscard]] std::string name_of(const SourceFile& file) const;
  Status read(const SourceFile& file, const transport::Sink& sink);
  Status check_unchanged(const Context& context);

  std::string url_;
  std::unique_ptr<transport::Transport> transport_;
  std::string name_;  ///< in the transport
  bool folder_only_ = false;
  bool is_folder_ = false;
  std::vector<SourceFile> files_;
};

/// The last part of a source's URL, as a name for what is imported; "" where it has none.
std::string name_of_source(const std::string& url);

}  // namespace cairn::ops
