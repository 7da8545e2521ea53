// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/store.h"

namespace cairn::store {

/// Where a Writer's packs go when it is not the store. Threads: has() and take() may be called at once.
class PackSink {
 public:
  virtual ~PackSink() = default;
  /// True when an entry is there already, so that it need not be written.
  [[nodiscard]] virtual bool has(const Key& key) const = 0;
  /// Takes a finished pack, which is a file of the sink from here on. Called by the worker that filled it, so
  /// that a slow sink slows the writer down.
  virtual Status take(Store::FinishedPack pack) = 0;
  /// Makes what was taken durable and visible. No take() is running.
  virtual Status commit() = 0;
};

}  // namespace cairn::store
