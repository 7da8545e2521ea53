// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace cairn::report {

/// The bytes of a file from its start, piece by piece.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The next bytes, valid until the next call; empty at the end.
  virtual Result<Bytes> next() = 0;
};

/// Opens the same content anew: for what is read more than once.
using OpenSource = std::function<Result<std::unique_ptr<ByteSource>>()>;

/// Bytes in memory, which must outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view text) : rest_(as_bytes(text)) {}
  Result<Bytes> next() override { return std::exchange(rest_, {}); }

 private:
  Bytes rest_;
};

/// Takes bytes from a source in portions of any length. `source` must outlive it.
class ByteCursor {
 public:
  explicit ByteCursor(ByteSource& source) : source_(&source) {}

  /// What is at hand, at least one byte; empty at the end.
  Result<Bytes> peek() {
    if (at_hand_.empty()) {
      CAIRN_TRY_ASSIGN(at_hand_, source_->next());
    }
    return at_hand_;
  }
  /// REQUIRES: peek() gave at least `count`.
  void take(std::size_t count) { at_hand_ = at_hand_.subspan(count); }
  /// The next `count` bytes, fewer at the end.
  Result<Buffer> read(std::size_t count) {
    Buffer out;
    while (out.size() < count) {
      CAIRN_TRY_ASSIGN(const Bytes bytes, peek());
      if (bytes.empty()) {
        break;
      }
      const std::size_t part = std::min(bytes.size(), count - out.size());
      append(out, bytes.first(part));
      take(part);
    }
    return out;
  }

 private:
  ByteSource* source_;
  Bytes at_hand_;
};

}  // namespace cairn::report
