// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "base/context.h"
#include "remote/layout.h"
#include "transport/transport.h"

/// The lock of a collection on a remote (docs/format/remote.md, "Collecting"): whoever removes packs holds
/// it, whoever has pushed waits for its end.
namespace cairn::remote {

struct LockTimes {
  std::chrono::milliseconds beat{30'000};       ///< the holder renews it so often
  std::chrono::seconds old_after{3600};         ///< one not renewed for so long, by its own clock …
  std::chrono::milliseconds observed{120'000};  ///< … and unchanged while it was watched for so long, is dead
  std::chrono::milliseconds patience{900'000};  ///< a push waits so long for one that lives
  std::chrono::milliseconds pause{1000};        ///< between two looks
};

/// Held until destroyed. Renewed by a thread of its own.
class GcLock {
 public:
  /// Takes the lock. `locked` when another collection holds one; a dead one is removed, with `force` any.
  /// `remote` is what messages call it.
  static Result<std::unique_ptr<GcLock>> take(transport::Transport& transport, const std::string& remote,
                                              bool force, const Context& context, const LockTimes& times);
  GcLock(const GcLock&) = delete;
  GcLock& operator=(const GcLock&) = delete;
  ~GcLock();

  /// To be called before each removal: an error once the lock is gone, or could not be renewed for so long
  /// that others may take it for dead. Looks at the remote where the last look is some seconds ago.
  Status check();

 private:
  GcLock(transport::Transport& transport, std::string remote, const LockTimes& times);
  Status write();
  void renew();
  void beat();

  transport::Transport& transport_;
  std::string remote_;
  LockTimes times_;
  std::string name_ = new_gc_lock_name();
  std::mutex mutex_;  // guards what follows
  std::chrono::seconds renewed_{0};
  bool lost_ = false;
  bool ends_ = false;
  std::condition_variable wake_;
  std::thread thread_;
};

/// Names of the locks of collections that are there now.
Result<std::vector<std::string>> list_gc_locks(transport::Transport& transport);

/// Waits until each of these locks is gone, or known to be dead. `locked` when one that lives is still there
/// after times.patience.
Status wait_for_gc(transport::Transport& transport, const std::string& remote,
                   std::span<const std::string> locks, const Context& context, const LockTimes& times);

}  // namespace cairn::remote
