// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sftp/calls.h"
#include "transport/transport.h"

namespace cairn::sftp {

/// What of a file is to be read, and how far that is. Reading goes on from there over another connection.
struct ReadPlan {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;  ///< nothing: to the end of the file
  std::uint64_t done = 0;             ///< bytes that the sink got
  std::optional<Attributes> file;     ///< as it was when it was opened first
};

/// Gives what is left of the plan in order to `sink`, with many requests under way; in memory are at most 4
/// MiB. `not_found` when there is no such file, `remote` when the plan reaches past its end or when another
/// file has taken its place since; an error of the sink as it is.
Status read_file(Session& session, const std::string& path, ReadPlan& plan, const transport::Sink& sink);

/// Writes all that `source` gives to a new, open file, syncs it where the server can, and closes it.
Status write_file(Session& session, Handle file, const std::string& path, transport::Source& source);

}  // namespace cairn::sftp
