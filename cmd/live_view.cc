// SPDX-License-Identifier: Apache-2.0
#include "live_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "pipeline/schedule.h"
#include "render.h"
#include "shown_text.h"

namespace cairn::cmd {
namespace {

/// Lines of a failed stage's output that are shown.
constexpr std::size_t kTail = 20;
constexpr std::size_t kWidestName = 32;
/// More of a line is never shown in one row.
constexpr std::size_t kLongestText = 1000;

/// In whole seconds, so that a line does not change more often.
std::string time_since(std::chrono::steady_clock::time_point since) {
  const auto passed = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - since);
  return passed.count() < 60 ? fmt::format("{} s", passed.count())
                             : human_time(static_cast<double>(passed.count()));
}

/// A line that goes into one row: no tabs, no colours, and not without end.
std::string row_text(std::string_view text) {
  std::string shown = shown_line(text.substr(0, kLongestText), Sgr::drop);
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  return shown;
}

}  // namespace

LiveView::LiveView(Terminal& terminal) : terminal_(terminal) {
  terminal_.set_status_source(this);
}

LiveView::~LiveView() {
  terminal_.set_status_source(nullptr);
}

LiveView::Row& LiveView::row_of(const pipeline::Stage& stage) {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&stage](const Row& row) { return row.stage == &stage; });
  if (found != rows_.end()) {
    return *found;
  }
  rows_.push_back({&stage, escaped(stage.address()), false, Clock::now(), "", {}});
  return rows_.back();
}

void LiveView::started(const pipeline::Stage& stage, unsigned attempt) {
  std::lock_guard lock(mutex_);
  Row& row = row_of(stage);
  row.runs = true;
  row.since = Clock::now();
  row.text = attempt > 1 ? fmt::format("attempt {}", attempt) : "";
  row.tail.clear();
}

void LiveView::line(const pipeline::Stage& stage, std::string_view text, pipeline::LineState state) {
  std::string scrolls;
  {
    std::lock_guard lock(mutex_);
    Row& row = row_of(stage);
    row.text = row_text(text);
    if (state == pipeline::LineState::whole) {
      row.tail.push_back(shown_line(text, terminal_.color_stderr() ? Sgr::keep : Sgr::drop));
      if (row.tail.size() > kTail) {
        row.tail.pop_front();
      }
      scrolls = terminal_.verbosity() == Verbosity::verbose ? "[" + row.name + "] " + row.tail.back() : "";
    }
  }
  if (!scrolls.empty()) {
    terminal_.info(scrolls);
  }
}

void LiveView::waiting(const pipeline::Stage& stage, std::string_view why) {
  std::lock_guard lock(mutex_);
  Row& row = row_of(stage);
  row.runs = false;
  row.text = "waits " + std::string(why);
}

void LiveView::finished(const pipeline::Stage& stage, const pipeline::StageReport& report) {
  Row row;
  {
    std::lock_guard lock(mutex_);
    const auto found = std::find_if(rows_.begin(), rows_.end(),
                                    [&stage](const Row& other) { return other.stage == &stage; });
    if (found == rows_.end()) {
      return;  // it neither ran nor waited: the report at the end says enough
    }
    row = std::move(*found);
    rows_.erase(found);
  }
  const bool failed = report.outcome == pipeline::Outcome::failed;
  std::string text(report.reason.empty() ? pipeline::outcome_name(report.outcome) : report.reason);
  std::replace(text.begin(), text.end(), '_', ' ');
  text += fmt::format(" {} in {}", quoted(stage.address()), time_since(row.since));
  const bool verbose = terminal_.verbosity() == Verbosity::verbose;
  for (const std::string& line : failed && !verbose ? row.tail : std::deque<std::string>()) {
    text += "\n[" + row.name + "] " + line;
  }
  terminal_.info(text);
}

std::vector<std::string> LiveView::status_lines(unsigned width, unsigned rows) {
  std::lock_guard lock(mutex_);
  std::vector<const Row*> shown;
  for (const Row& row : rows_) {
    shown.push_back(&row);
  }
  std::stable_partition(shown.begin(), shown.end(), [](const Row* row) { return row->runs; });
  const std::size_t hidden = shown.size() > rows ? shown.size() - rows + 1 : 0;
  shown.resize(shown.size() - hidden);
  std::size_t widest = 0;
  for (const Row* row : shown) {
    widest = std::max(widest, std::min(columns_of(row->name), kWidestName));
  }
  std::vector<std::string> lines;
  for (const Row* row : shown) {
    const std::string name = cut_to(row->name, kWidestName);
    const std::string time = row->runs ? time_since(row->since) : "";
    lines.push_back(cut_to(
        fmt::format("{}{:{}} {:>9}  {}", name, "", widest - columns_of(name), time, row->text), width));
  }
  if (hidden > 0) {
    lines.push_back(fmt::format("and {} more", hidden));
  }
  return lines;
}

}  // namespace cairn::cmd
