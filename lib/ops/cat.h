// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "transport/transport.h"

namespace cairn::ops {

struct CatRequest {
  std::string url;       ///< of another repository; "": the project that `from` is in
  std::string path;      ///< of another repository from its top; here as the user typed it
  std::string revision;  ///< "": the pointers of the workspace, or the repository's own branch
  std::optional<transport::Range> range;  ///< may reach past the end
  std::string from;                       ///< absolute
};

/// Streams a file's content into `sink`: what is tracked from the store, or from the remote only the blocks
/// that are needed; what Git keeps from Git, here of HEAD where no revision is given. The work tree is not
/// looked at. Bytes are checked before the sink sees them, of a whole file also the id, at the end. Errors:
/// `not_found`; `usage` for a folder; the sink's.
Status cat(const CatRequest& request, const transport::Sink& sink, const Context& context);

}  // namespace cairn::ops
