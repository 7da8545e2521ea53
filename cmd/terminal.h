// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>

#include "base/context.h"

namespace cairn::cmd {

/// How much is said on stderr.
enum class Verbosity { quiet, normal, verbose };

/// The two output streams: what they are connected to, and writing to them. Results go to stdout, everything
/// else to stderr. Threads: all functions may be called at once.
class Terminal : public Log {
 public:
  Terminal();

  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }
  /// Colour on that stream: a terminal that is not dumb, and NO_COLOR is not set.
  [[nodiscard]] bool color_stdout() const { return color_stdout_; }
  [[nodiscard]] bool stderr_is_terminal() const { return stderr_terminal_; }
  [[nodiscard]] unsigned width() const { return width_; }
  [[nodiscard]] Verbosity verbosity() const { return verbosity_; }

  void warn(std::string_view message) override;
  void info(std::string_view message) override;
  void debug(std::string_view message) override;
  /// "error: MESSAGE" and, if it has a hint, "  try: HINT".
  void error(const Error& error);

  /// Writes all of `text` to stdout; false when the reader is gone.
  bool result(std::string_view text);
  /// Replaces the progress line on stderr; "" removes it.
  void draw_progress(const std::string& line);

 private:
  void say(std::string_view label, const char* color, std::string_view message);

  std::mutex mutex_;
  Verbosity verbosity_ = Verbosity::normal;
  bool color_stdout_ = false;
  bool color_stderr_ = false;
  bool stderr_terminal_ = false;
  unsigned width_ = 80;
  bool progress_shown_ = false;
};

}  // namespace cairn::cmd
