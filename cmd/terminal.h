// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/context.h"

namespace cairn::cmd {

/// How much is said on stderr.
enum class Verbosity { quiet, normal, verbose };

/// What stands below the output of a command while it works, line by line. Threads: asked from one of its
/// own.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  /// At most `rows` lines of at most `width` columns.
  virtual std::vector<std::string> status_lines(unsigned width, unsigned rows) = 0;
};

/// The two output streams: what they are connected to, and writing to them. Results go to stdout, everything
/// else to stderr. Threads: all functions may be called at once.
class Terminal : public Log {
 public:
  Terminal();

  void set_verbosity(Verbosity verbosity) { verbosity_ = verbosity; }
  /// Colour on that stream: a terminal that is not dumb, and NO_COLOR is not set.
  [[nodiscard]] bool color_stdout() const { return color_stdout_; }
  [[nodiscard]] bool color_stderr() const { return color_stderr_; }
  /// Colours of others may go to stderr: it shows them, or is no terminal.
  [[nodiscard]] bool passes_color_stderr() const { return color_stderr_ || !stderr_terminal_; }
  /// Lines may be drawn over on stderr: a terminal that is not dumb, and not quiet.
  [[nodiscard]] bool can_draw() const { return drawable_ && verbosity_ != Verbosity::quiet; }
  [[nodiscard]] unsigned width() const { return width_; }
  [[nodiscard]] Verbosity verbosity() const { return verbosity_; }

  void warn(std::string_view message) override;
  void info(std::string_view message) override;
  void debug(std::string_view message) override;
  /// "error: MESSAGE" and, if it has a hint, "  try: HINT".
  void error(const Error& error);

  /// Writes all of `text` to stdout; false when the reader is gone.
  bool result(std::string_view text);
  /// Lines to be shown in front of the progress line from now on; null ends it, and the source is not asked
  /// any more once this returns.
  void set_status_source(StatusSource* source);
  /// Draws what the source says, and `progress` unless it is empty, over what was drawn before. Draws nothing
  /// if it is the same. REQUIRES: can_draw().
  void draw_status(const std::string& progress);
  /// Removes what was drawn.
  void clear_status();

 private:
  void say(std::string_view label, const char* color, std::string_view message);
  [[nodiscard]] std::string erasure() const;

  std::mutex source_mutex_;  ///< taken before mutex_; held while the source is asked
  StatusSource* source_ = nullptr;
  std::mutex mutex_;
  Verbosity verbosity_ = Verbosity::normal;
  bool color_stdout_ = false;
  bool color_stderr_ = false;
  bool stderr_terminal_ = false;
  unsigned width_ = 80;
  bool drawable_ = false;
  std::string status_;  ///< as it stands on the terminal
};

}  // namespace cairn::cmd
