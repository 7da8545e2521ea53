// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::version {

/// Gathers what a command prints, byte for byte, up to a limit: of more than that the beginning and the end
/// are kept, with a line between them that says how many bytes were left out. Memory: at most twice the
/// limit. Not thread-safe.
class RunOutput {
 public:
  /// `limit` in bytes.
  explicit RunOutput(std::size_t limit) : head_limit_(limit - limit / 2), tail_limit_(limit / 2) {}

  void add(std::string_view bytes);
  /// All that was printed, or head, line and tail.
  [[nodiscard]] std::string text() const;
  /// Bytes that the command printed.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::size_t head_limit_;
  std::size_t tail_limit_;
  std::string head_;
  std::string tail_;  // its last tail_limit_ bytes count
  std::uint64_t bytes_ = 0;
};

}  // namespace cairn::version
