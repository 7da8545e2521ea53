// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/hex.h"

namespace cairn::git {

/// Name of a Git object: 40 lower-case hex digits (SHA-1). Not an id of cairn's store.
class Oid {
 public:
  /// Nothing unless `hex` is exactly 40 lower-case hex digits.
  static std::optional<Oid> parse(std::string_view hex) {
    if (hex.size() != kDigits || !from_hex(hex)) {
      return std::nullopt;
    }
    return Oid(std::string(hex));
  }

  [[nodiscard]] const std::string& hex() const { return hex_; }
  auto operator<=>(const Oid&) const = default;

 private:
  static constexpr std::size_t kDigits = 40;
  explicit Oid(std::string hex) : hex_(std::move(hex)) {}
  std::string hex_;
};

}  // namespace cairn::git
