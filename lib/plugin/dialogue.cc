// SPDX-License-Identifier: Apache-2.0
#include "plugin/dialogue.h"

#include <algorithm>
#include <charconv>

#include "base/escape.h"

namespace cairn::plugin {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::string_view kGreeting = "CAIRN 1";
constexpr std::size_t kMaxLine = 16384;
constexpr std::size_t kPart = 256u << 10;
constexpr milliseconds kTick{100};
constexpr milliseconds kStopPatience{2000};
constexpr milliseconds kEndPatience{2000};

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.emplace_back(line.substr(0, space));
    if (space == std::string_view::npos) {
      return words;
    }
    line.remove_prefix(space + 1);
  }
}

}  // namespace

std::optional<std::uint64_t> to_size(std::string_view word) {
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), size);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional(size) : std::nullopt;
}

Result<std::unique_ptr<Dialogue>> Dialogue::start(const DialogueOptions& options) {
  std::unique_ptr<Dialogue> dialogue(new Dialogue(options));
  os::ProcessOptions process;
  process.argv = options.argv;
  process.folder = options.folder;
  process.death_signal = 0;  // the end of its stdin tells it; the thread that starts it may end earlier
  auto child = os::PipedChild::start(std::move(process), false);
  if (!child.ok()) {
    return Error(Code::remote, child.error().message(), child.error().hint());
  }
  dialogue->child_ = std::move(*child);
  CAIRN_TRY(dialogue->say(std::string(kGreeting)));
  CAIRN_TRY_ASSIGN(const auto answer, dialogue->hear());
  if (answer != std::vector<std::string>{"OK"}) {
    return Error(Code::remote,
                 "the plug-in answers " + quoted(answer.front()) + " to the greeting and not 'OK'");
  }
  return dialogue;
}

Dialogue::~Dialogue() {
  if (child_) {
    (void)child_->end(kEndPatience);
  }
}

/// Why the plug-in takes or says nothing more.
Error Dialogue::ended() {
  const std::string words = std::exchange(child_, nullptr)->end(kEndPatience).last_words();
  return {Code::remote, "the plug-in ended in the middle" + (words.empty() ? "" : ": " + words)};
}

/// step() until it gets on, with patience.
Result<std::size_t> Dialogue::wait_for(const std::function<Result<std::size_t>()>& step) {
  const Clock::time_point begin = Clock::now();
  while (child_) {
    const auto count = step();
    if (!count.ok()) {
      return ended();
    }
    if (*count > 0) {
      return count;
    }
    const bool stopped = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
    if (stopped && Clock::now() - begin >= kStopPatience) {
      return Error(Code::interrupted, "stopped");
    }
    if (Clock::now() - begin >= options_.stall_limit) {
      return Error(Code::remote, "the plug-in did nothing for " +
                                     std::to_string(options_.stall_limit.count() / 1000) + " s");
    }
  }
  return Error(Code::remote, "the plug-in has ended");
}

Status Dialogue::say(const std::string& line) {
  return send(as_bytes(line + "\n"));
}

Status Dialogue::send(Bytes bytes) {
  while (!bytes.empty()) {
    CAIRN_TRY_ASSIGN(const std::size_t count, wait_for([&] { return child_->send_part(bytes, kTick); }));
    bytes = bytes.subspan(count);
  }
  return {};
}

/// Adds to heard_ what comes next.
Status Dialogue::receive() {
  heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(std::exchange(used_, 0)));
  const std::size_t before = heard_.size();
  heard_.resize(before + kPart);
  const auto count = wait_for([&] { return child_->receive(std::span(heard_).subspan(before), kTick); });
  heard_.resize(before + (count.ok() ? *count : 0));
  return count.ok() ? Status() : Status(count.error());
}

Result<std::vector<std::string>> Dialogue::hear() {
  std::size_t end = 0;
  while ((end = as_text(heard_).find('\n', used_)) == std::string_view::npos) {
    if (heard_.size() - used_ > kMaxLine) {
      return Error(Code::remote, "the plug-in says a line without end");
    }
    CAIRN_TRY(receive());
  }
  const std::string line(as_text(heard_).substr(used_, end - used_));
  used_ = end + 1;
  auto words = words_of(line);
  if (words.front() == "ERROR") {
    return Error(Code::remote,
                 "the plug-in says: " + escaped(line.substr(std::min<std::size_t>(6, line.size()))));
  }
  return words;
}

Status Dialogue::take(std::uint64_t size, const std::function<Status(Bytes piece)>& sink) {
  while (size > 0) {
    if (used_ == heard_.size()) {
      CAIRN_TRY(receive());
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, heard_.size() - used_));
    CAIRN_TRY(sink(Bytes(heard_).subspan(used_, count)));
    used_ += count;
    size -= count;
  }
  return {};
}

}  // namespace cairn::plugin
