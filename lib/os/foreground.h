// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/fd.h"
#include "os/process.h"

namespace cairn::os {

/// Lends the terminal to a child, so that it can ask for a password and takes Ctrl-C: a process group in the
/// background would be stopped instead. Does nothing where we do not have the terminal ourselves. One a
/// process at a time; lives until the child was waited for, then takes the terminal back.
class Foreground {
 public:
  /// Prepares `options` (before_exec), which must not have one already.
  explicit Foreground(ProcessOptions& options);
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;
  ~Foreground();

 private:
  Fd terminal_;
};

/// True when somebody sits at our stdin and we are in the foreground: a child that gets the terminal can ask.
bool can_ask();

}  // namespace cairn::os
