// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <sys/user.h>

#include <cstdint>
#include <optional>

namespace cairn::runner {

/// The registers of a thread that is stopped at a system call, on x86-64 and arm64. Internal to runner/.
class Registers {
 public:
  /// Nothing when the thread is gone, or runs code for another architecture.
  static std::optional<Registers> read(pid_t thread);
  /// A thread that is gone meanwhile is none of our business.
  void write(pid_t thread) const;

  /// Which call it is; while it has not begun.
  [[nodiscard]] long number() const;
  /// Makes it another call; -1 makes it none.
  void set_number(long number);
  /// `index` is from 0 to 3.
  [[nodiscard]] std::uint64_t argument(unsigned index) const;
  void set_argument(unsigned index, std::uint64_t value);
  /// Puts back arguments that were changed, once the call has a result: programs count on finding them.
  void restore_arguments(const Registers& before);
  [[nodiscard]] std::int64_t result() const;
  void set_result(std::int64_t value);
  [[nodiscard]] std::uint64_t stack() const;

 private:
  user_regs_struct raw_{};
  long number_ = -1;
  bool renumbered_ = false;
};

}  // namespace cairn::runner
