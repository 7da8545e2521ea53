// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/context.h"
#include "os/fd.h"
#include "store/pack_format.h"
#include "transport/transport.h"

namespace cairn::remote {

/// Checks a pack's bytes as they pass by, from the first to the last, against its table: header, the checksum
/// of every block, table and footer. Holds at most one block. Not thread-safe.
class PackCheck {
 public:
  explicit PackCheck(const store::PackTable& table);

  /// The next bytes. `corrupt` as soon as something does not match; the caller adds which pack it is.
  Status add(Bytes piece);
  /// `corrupt` when bytes are missing.
  [[nodiscard]] Status finish() const;
  /// Length of the whole pack, in bytes.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Table and footer, which follow the blocks.
  [[nodiscard]] const Buffer& tail() const { return tail_; }

 private:
  /// Bytes that are checked together: a block, or header or tail.
  struct Part {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t checksum = 0;
    auto operator<=>(const Part&) const = default;
  };
  Status check_part(Bytes bytes);

  std::vector<Part> parts_;
  Status broken_;  // the table contradicts itself
  Buffer tail_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  std::size_t next_ = 0;
  Buffer carry_;  // the begun part
};

/// A local pack as a source, checked while it is read: damage is an error before the last byte is handed out.
class PackSource : public transport::Source {
 public:
  /// `context` gets the progress in bytes and may stop it.
  static Result<PackSource> open(const std::string& path, const Context& context);

  [[nodiscard]] std::uint64_t size() const override { return check_.size(); }
  Status rewind() override;
  Result<std::size_t> read(std::span<std::uint8_t> out) override;
  [[nodiscard]] const store::PackTable& table() const { return table_; }

 private:
  PackSource(std::string path, os::Fd file, store::PackTable table, const Context& context);

  std::string path_;
  os::Fd file_;
  store::PackTable table_;
  PackCheck check_;
  std::uint64_t done_ = 0;
  const Context& context_;
};

}  // namespace cairn::remote
