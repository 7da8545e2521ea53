// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace cairn::cmd {
namespace {

bool is_dumb() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

bool wants_color(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  bool refused = no_color != nullptr && *no_color != '\0';
  return isatty(fd) != 0 && !refused && !is_dumb();
}

struct Size {
  unsigned columns = 80;
  unsigned rows = 24;
};

Size size_of_stderr() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 && size.ws_row > 3) {
    return {size.ws_col, size.ws_row};
  }
  return {};
}

}  // namespace

Terminal::Terminal()
    : color_stdout_(wants_color(STDOUT_FILENO)),
      color_stderr_(wants_color(STDERR_FILENO)),
      stderr_terminal_(isatty(STDERR_FILENO) != 0),
      width_(size_of_stderr().columns),
      drawable_(stderr_terminal_ && !is_dumb()) {}

void Terminal::say(std::string_view label, const char* color, std::string_view message) {
  std::lock_guard lock(mutex_);
  std::string line = erasure();
  if (!label.empty()) {
    line += color_stderr_ ? color + std::string(label) + "\033[0m" : std::string(label);
  }
  line += message;
  line += '\n';
  line += status_;
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void Terminal::warn(std::string_view message) {
  if (verbosity_ != Verbosity::quiet) {
    say("warning: ", "\033[33m", message);
  }
}

void Terminal::info(std::string_view message) {
  if (verbosity_ != Verbosity::quiet) {
    say("", "", message);
  }
}

void Terminal::debug(std::string_view message) {
  if (verbosity_ == Verbosity::verbose) {
    say("", "", message);
  }
}

void Terminal::error(const Error& error) {
  say("error: ", "\033[31m", error.message());
  if (!error.hint().empty()) {
    say("  try: ", "\033[36m", error.hint());
  }
}

bool Terminal::result(std::string_view text) {
  std::lock_guard lock(mutex_);
  std::fputs(erasure().c_str(), stderr);
  status_.clear();
  bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written;
}

void Terminal::set_status_source(StatusSource* source) {
  std::lock_guard lock(source_mutex_);
  source_ = source;
}

void Terminal::draw_status(const std::string& progress) {
  std::lock_guard source_lock(source_mutex_);
  const Size size = size_of_stderr();
  std::string status;
  if (source_ != nullptr) {
    for (const std::string& line : source_->status_lines(size.columns - 1, size.rows - 2)) {
      status += (status.empty() ? "" : "\n") + line;
    }
  }
  if (!progress.empty()) {
    status += (status.empty() ? "" : "\n") + progress.substr(0, size.columns - 1);
  }
  std::lock_guard lock(mutex_);
  if (status != status_) {
    const std::string out = erasure() + status;
    std::fwrite(out.data(), 1, out.size(), stderr);
    std::fflush(stderr);
    status_ = std::move(status);
  }
}

void Terminal::clear_status() {
  std::lock_guard lock(mutex_);
  std::fputs(erasure().c_str(), stderr);
  status_.clear();
}

/// Goes back to the first drawn line and clears from there on.
std::string Terminal::erasure() const {
  if (status_.empty()) {
    return "";
  }
  const auto lines = std::count(status_.begin(), status_.end(), '\n');
  return (lines > 0 ? "\r\033[" + std::to_string(lines) + "A" : "\r") + "\033[J";
}

}  // namespace cairn::cmd
