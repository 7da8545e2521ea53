// SPDX-License-Identifier: Apache-2.0
#include "os/foreground.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace cairn::os {
namespace {

/// Makes our group that of the terminal. Without ignoring it SIGTTOU would stop a group in the background
/// that asks for this.
int take_terminal(int terminal) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGTTOU, &ignore, &before);
  const int error = ::tcsetpgrp(terminal, ::getpgrp()) == 0 ? 0 : errno;
  ::sigaction(SIGTTOU, &before, nullptr);
  return error;
}

/// In the child. A terminal that went away meanwhile is no reason not to run.
int take_in_child(void* data) {
  (void)take_terminal(static_cast<const Fd*>(data)->get());
  return 0;
}

/// The terminal if it is ours now; else empty.
Fd own_terminal() {
  Fd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  return terminal.valid() && ::tcgetpgrp(terminal.get()) == ::getpgrp() ? std::move(terminal) : Fd();
}

}  // namespace

bool can_ask() {
  return ::isatty(STDIN_FILENO) == 1 && own_terminal().valid();
}

Foreground::Foreground(ProcessOptions& options) : terminal_(own_terminal()) {
  if (!terminal_.valid()) {
    return;
  }
  options.before_exec = take_in_child;
  options.before_exec_data = &terminal_;
}

Foreground::~Foreground() {
  if (terminal_.get() >= 0) {
    (void)take_terminal(terminal_.get());
  }
}

}  // namespace cairn::os
