// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace cairn::codec {

/// A BLAKE3-256 digest: the name of a chunk, blob, node or tree. Ordered by bytes.
struct Id {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Id&) const = default;

  /// 64 lower-case hex digits, as b3sum prints them.
  [[nodiscard]] std::string hex() const;
  /// "b3:" + hex(): how an id is written in pointers and locks.
  [[nodiscard]] std::string text() const;
  /// From hex() or text() form respectively; nothing for any other spelling.
  static std::optional<Id> from_hex(std::string_view digits);
  static std::optional<Id> from_text(std::string_view text);
  /// The first 8 bytes as a big-endian number: orders as the id does; digests are uniform, so it is a hash
  /// too.
  [[nodiscard]] std::uint64_t prefix() const {
    return __builtin_bswap64(load_le<std::uint64_t>(bytes.data()));
  }
};

struct IdHash {
  std::size_t operator()(const Id& id) const { return load_le<std::size_t>(id.bytes.data()); }
};

}  // namespace cairn::codec
