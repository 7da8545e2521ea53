// SPDX-License-Identifier: Apache-2.0
#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace cairn::cmd {
namespace {

bool wants_color(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  bool refused = no_color != nullptr && *no_color != '\0';
  bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return isatty(fd) != 0 && !refused && !dumb;
}

unsigned columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) {
    return size.ws_col;
  }
  return 80;
}

}  // namespace

Terminal::Terminal()
    : color_stdout_(wants_color(STDOUT_FILENO)),
      color_stderr_(wants_color(STDERR_FILENO)),
      stderr_terminal_(isatty(STDERR_FILENO) != 0),
      width_(columns()) {}

void Terminal::say(std::string_view label, const char* color, std::string_view message) {
  std::lock_guard lock(mutex_);
  std::string line;
  if (progress_shown_) {
    line += "\r\033[K";
    progress_shown_ = false;
  }
  if (!label.empty()) {
    line += color_stderr_ ? color + std::string(label) + "\033[0m" : std::string(label);
  }
  line += message;
  line += '\n';
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
  if (progress_shown_) {
    std::fputs("\r\033[K", stderr);
    progress_shown_ = false;
  }
  bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written;
}

void Terminal::draw_progress(const std::string& line) {
  std::lock_guard lock(mutex_);
  if (line.empty() && !progress_shown_) {
    return;
  }
  std::string out = "\r\033[K" + line;
  std::fwrite(out.data(), 1, out.size(), stderr);
  std::fflush(stderr);
  progress_shown_ = !line.empty();
}

}  // namespace cairn::cmd
