// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "project/pointer_source.h"
#include "transport/transport.h"

/// What a server or folder tells of imported data without giving it.
namespace cairn::ops {

/// A file of a source as it is there.
struct SourceFile {
  std::string path;  ///< inside the imported folder; "" for a source that is a file
  transport::ObjectState state;
};

/// What is at a URL.
struct SourceState {
  bool is_folder = false;
  std::span<const SourceFile> files;  ///< sorted by path; one for a file
};

enum class SourceChange : std::uint8_t {
  same,
  moved,
  unknown,  ///< only reading it can tell
};

/// Whether the source is still what was recorded of it. `size` is that of the imported data. A version or an
/// ETag decides where both have one, else time and size.
SourceChange compare_states(const project::UrlSource& recorded, std::uint64_t size, const SourceState& now);

/// The state as a pointer records it.
project::UrlSource record_state(const std::string& url, const SourceState& state);

/// The part of it that tells one state from another, for people: version, ETag, time or listing; "" where the
/// source tells nothing.
std::string shown_state(const project::UrlSource& source);

}  // namespace cairn::ops
