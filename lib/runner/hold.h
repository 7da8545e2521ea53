// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "os/process.h"

/// Holding still what makes two runs of a command differ: docs/design/hold.md.
namespace cairn::runner {

/// What a command, with all the processes that it starts, is made to see.
struct Hold {
  /// The real-time clock starts here (ns since 1970) and moves on 1 µs with each look at it.
  std::optional<std::int64_t> clock_ns;
  /// All of the kernel's random bytes come from this seed: getrandom, /dev/urandom and /dev/random,
  /// AT_RANDOM.
  std::optional<std::uint64_t> random_seed;
  enum class FolderOrder : std::uint8_t { as_found, sorted, reversed };
  FolderOrder folder_order = FolderOrder::as_found;
  unsigned cpus = 0;       ///< processors it may use; 0: all of ours
  bool processes = false;  ///< process ids count up from a fixed number, in a namespace of their own
  bool addresses = false;  ///< memory is laid out alike in each run (no ASLR)
};

/// Holds one command. Threads: any number at once; each belongs to one thread.
class HeldWorld {
 public:
  /// `unsupported` with the reason for what cannot be held here.
  static Result<HeldWorld> begin(const Hold& hold);
  HeldWorld(HeldWorld&&) noexcept;
  HeldWorld& operator=(HeldWorld&&) = delete;
  ~HeldWorld();

  /// Makes the process that is started with these options the held one: after Isolation::wrap, before the
  /// start. REQUIRES: called for one start only.
  void hold(os::ProcessOptions& options);

  /// To be called when the command has ended. Whether threads ran beside each other in it.
  struct Seen {
    bool threads = false;
  };
  Seen finish();

 private:
  class Supervisor;
  explicit HeldWorld(std::unique_ptr<Supervisor> supervisor);
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace cairn::runner
