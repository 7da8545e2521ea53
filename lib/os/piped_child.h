// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "os/foreground.h"
#include "os/process.h"

namespace cairn::os {

/// A program that we talk with: its stdin and stdout are one socket, the end of what it prints to stderr is
/// kept. Threads: one thread starts, receives and destroys (it must outlive the program); send and hang_up
/// may be called from any, one send at a time.
class PipedChild {
 public:
  /// `argv`, `folder`, `env` and `death_signal` of `options` count. With `ask` the program has the terminal
  /// until give_back_terminal(), if we have it. Errors as Process::start.
  static Result<std::unique_ptr<PipedChild>> start(ProcessOptions options, bool ask);
  PipedChild(const PipedChild&) = delete;
  PipedChild& operator=(const PipedChild&) = delete;
  /// end() at once, if that was not called.
  ~PipedChild();

  void give_back_terminal() { foreground_.reset(); }
  /// Sends head and then tail, whole. `io` once the program has closed its end, or we hung up.
  Status send(Bytes head, Bytes tail);
  /// Waits up to `limit` until the program takes something; how many bytes it took. By the receiving thread.
  Result<std::size_t> send_part(Bytes bytes, std::chrono::milliseconds limit);
  /// Waits up to `limit` for bytes; how many came. `not_found` at the end of what it has to say.
  Result<std::size_t> receive(std::span<std::uint8_t> out, std::chrono::milliseconds limit);
  /// The end of what it printed to stderr until the last wait, at most 4 KiB. By the receiving thread.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }
  /// Makes send and receive end at once; the program sees the end of its input.
  void hang_up();
  struct End {
    ExitStatus exit;
    std::string complaint;  ///< the end of what it printed to stderr, at most 4 KiB
    /// The last line of it that says something, safe to show.
    [[nodiscard]] std::string last_words() const;
  };
  /// Hangs up and gives it up to `patience` to end by itself, then ends its group: SIGTERM, and SIGKILL for
  /// what is left after 5 s. REQUIRES: not yet ended.
  End end(std::chrono::milliseconds patience);

 private:
  PipedChild() = default;
  Result<bool> wait_for(short event, std::chrono::milliseconds limit);
  void drain_errors();

  std::optional<Foreground> foreground_;
  std::optional<Process> process_;
  Fd socket_;
  Fd errors_;
  std::string complaint_;
};

}  // namespace cairn::os
