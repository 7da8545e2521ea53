// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "base/context.h"
#include "os/fd.h"
#include "store/store.h"

namespace cairn::store {

/// A blob to be written to a file, and what came of it.
struct ExtractTask {
  Id id;
  std::uint64_t size = 0;
  std::optional<Error> error;  ///< this one failed; the others are done all the same
};

/// Where extracted blobs go. Called from worker threads, for different tasks at once.
class ExtractTarget {
 public:
  virtual ~ExtractTarget() = default;
  /// A new empty file for task `i`, open for writing.
  virtual Result<os::Fd> create(std::size_t i) = 0;
  /// The content is complete and its id was verified: give the file its name.
  virtual Status publish(std::size_t i, os::Fd file) = 0;
  /// It failed after create(): remove the file.
  virtual void discard(std::size_t i) = 0;
};

/// Writes blobs to files with context.jobs workers; a large one is decoded by all of them. Each blob's id is
/// recomputed from the bytes that are written, before publish(). Progress counts bytes. The returned error is
/// `interrupted` or the target's disk being full; all else is in the tasks.
Status extract_files(Store& store, std::span<ExtractTask> tasks, ExtractTarget& target,
                     const Context& context);

}  // namespace cairn::store
