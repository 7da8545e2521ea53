// SPDX-License-Identifier: Apache-2.0
#include "version/run_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::version {

void RunOutput::add(std::string_view bytes) {
  bytes_ += bytes.size();
  const std::size_t room = std::min(head_limit_ - head_.size(), bytes.size());
  head_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() > tail_limit_) {
    bytes.remove_prefix(bytes.size() - tail_limit_);
    tail_.clear();
  }
  tail_ += bytes;
  if (tail_.size() > 2 * tail_limit_) {
    tail_.erase(0, tail_.size() - tail_limit_);
  }
}

std::string RunOutput::text() const {
  std::string_view tail = tail_;
  if (tail.size() > tail_limit_) {
    tail.remove_prefix(tail.size() - tail_limit_);
  }
  const std::uint64_t cut = bytes_ - head_.size() - tail.size();
  std::string text = head_;
  if (cut > 0) {
    text += text.empty() || text.back() == '\n' ? "" : "\n";
    text += fmt::format("[cairn: {} bytes of output were left out here]\n", cut);
  }
  return text.append(tail);
}

}  // namespace cairn::version
