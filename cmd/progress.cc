// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <fmt/format.h>

#include "render.h"

namespace cairn::cmd {
namespace {

using Seconds = std::chrono::duration<double>;
constexpr std::chrono::milliseconds kDelay{500};
constexpr std::chrono::milliseconds kInterval{100};

std::string line_of(const Progress& progress, const std::string& phase, double seconds) {
  std::uint64_t bytes = progress.bytes_done;
  std::uint64_t total = progress.bytes_total;
  std::uint64_t items = progress.items_done;
  std::uint64_t items_total = progress.items_total;
  std::string line = phase;
  if (total > 0) {
    line += fmt::format(" {:3}%", std::min<std::uint64_t>(100, bytes * 100 / total));
  }
  if (items_total > 1) {
    line += fmt::format("  {}/{}", items, items_total);
  }
  if (bytes > 0) {
    double rate = static_cast<double>(bytes) / seconds;
    line += "  " + human_size(bytes) + (total > 0 ? "/" + human_size(total) : "");
    line += "  " + human_size(static_cast<std::uint64_t>(rate)) + "/s";
    if (total > bytes && rate > 0) {
      line += "  " + human_time(static_cast<double>(total - bytes) / rate) + " left";
    }
  }
  return line;
}

}  // namespace

ProgressLine::ProgressLine(Terminal& terminal, const Progress& progress)
    : terminal_(terminal), progress_(progress) {
  if (terminal.can_draw()) {
    thread_ = std::thread([this] { draw_until_done(); });
  }
}

ProgressLine::~ProgressLine() {
  if (!thread_.joinable()) {
    return;
  }
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  done_changed_.notify_all();
  thread_.join();
  terminal_.clear_status();
}

void ProgressLine::draw_until_done() {
  std::string phase;
  auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!done_changed_.wait_for(lock, kInterval, [this] { return done_; })) {
    auto now = std::chrono::steady_clock::now();
    if (std::string current = progress_.phase(); current != phase) {
      phase = current;
      start = now;
    }
    const bool shown = !phase.empty() && now - start >= kDelay;
    terminal_.draw_status(shown ? line_of(progress_, phase, Seconds(now - start).count()) : "");
  }
}

}  // namespace cairn::cmd
