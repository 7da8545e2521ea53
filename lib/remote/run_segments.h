// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "remote/layout.h"
#include "remote/remote.h"

/// Objects below `runs/` of a remote (docs/format/remote.md): results of stages. Each is immutable and named
/// by the hash of its content; what is in it is the business of lib/version.
namespace cairn::remote {

/// More than this many are merged by the push that finds them.
inline constexpr std::size_t kMaxRunSegments = 32;

struct RunSegment {
  Id id;
  Buffer bytes;
};

/// All segments, each downloaded once and then kept in the remote's cache folder. One that does not match its
/// name is left out and warned of. None where the remote cannot be listed.
Result<std::vector<RunSegment>> load_run_segments(const Remote& remote, const Context& context);

/// Writes a segment; those that it replaces go after it is there.
Status write_run_segment(const Remote& remote, Bytes bytes, std::span<const Id> replaced);

}  // namespace cairn::remote
