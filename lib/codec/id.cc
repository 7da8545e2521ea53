// SPDX-License-Identifier: Apache-2.0
#include "codec/id.h"

#include <algorithm>

#include "base/hex.h"

namespace cairn::codec {
namespace {

constexpr std::string_view kTextPrefix = "b3:";

}  // namespace

std::string Id::hex() const {
  return to_hex(bytes);
}

std::string Id::text() const {
  return std::string(kTextPrefix) + hex();
}

std::optional<Id> Id::from_hex(std::string_view digits) {
  Id id;
  if (digits.size() != id.bytes.size() * 2) {
    return std::nullopt;
  }
  std::optional<Buffer> decoded = cairn::from_hex(digits);
  if (!decoded) {
    return std::nullopt;
  }
  std::copy(decoded->begin(), decoded->end(), id.bytes.begin());
  return id;
}

std::optional<Id> Id::from_text(std::string_view text) {
  if (!text.starts_with(kTextPrefix)) {
    return std::nullopt;
  }
  return from_hex(text.substr(kTextPrefix.size()));
}

}  // namespace cairn::codec
