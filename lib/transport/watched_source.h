// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/transport.h"

namespace cairn::transport {

/// Remembers the error of the source behind it, which is not the remote's. One that ends before its size is
/// an error too.
class WatchedSource : public Source {
 public:
  explicit WatchedSource(Source& source) : source_(source) {}
  [[nodiscard]] std::uint64_t size() const override { return source_.size(); }
  Status rewind() override {
    done_ = 0;
    return error_ = source_.rewind();
  }
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    auto count = source_.read(out);
    done_ += count.ok() ? *count : 0;
    if (!count.ok()) {
      error_ = count.error();
    } else if (*count == 0 && done_ != size()) {
      error_ = Error(Code::io, "what was to be sent changed its length meanwhile");
    }
    return error_.ok() ? std::move(count) : Result<std::size_t>(error_.error());
  }
  [[nodiscard]] const Status& error() const { return error_; }

 private:
  Source& source_;
  std::uint64_t done_ = 0;
  Status error_;
};

}  // namespace cairn::transport
