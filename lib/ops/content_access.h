// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "ops/remote_session.h"
#include "project/tracked.h"
#include "remote/object_reader.h"

namespace cairn::ops {

/// Reads what is tracked without bringing it into the store: from there what it has, from the remote only the
/// blocks that are needed beside. Not thread-safe.
class ContentAccess {
 public:
  /// The workspace and the context must outlive it. `remote` is that of the tracked data ("": the default);
  /// it is opened when something is lacking.
  ContentAccess(project::Workspace& workspace, std::string remote, const Context& context)
      : workspace_(workspace), remote_(std::move(remote)), context_(context) {}

  Result<store::Tree> read_tree(const store::Id& id);
  /// What is at `inner` ("" for itself) in tracked data; nothing where nothing is.
  Result<std::optional<store::TreeEntry>> find(const project::Tracked& tracked, const std::string& inner);
  /// As remote::ObjectReader.
  Status read_blob(const store::Id& id, std::optional<transport::Range> range, const transport::Sink& sink);

 private:
  Status open_remote_session();

  project::Workspace& workspace_;
  std::string remote_;
  const Context& context_;
  std::unique_ptr<RemoteSession> session_;
};

}  // namespace cairn::ops
