// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace cairn {

/// Borrowed bytes, and bytes that are owned.
using Bytes = std::span<const std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads a little-endian integer of sizeof(T) bytes at `p`, which need not be aligned.
template <class T>
T load_le(const std::uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "cairn's formats are little-endian");
  return value;
}

/// Writes `value` as sizeof(T) little-endian bytes at `p`.
template <class T>
void store_le(std::uint8_t* p, T value) {
  std::memcpy(p, &value, sizeof value);
}

/// Appends `value` as sizeof(T) little-endian bytes.
template <class T>
void append_le(Buffer& out, T value) {
  out.resize(out.size() + sizeof value);
  store_le(out.data() + out.size() - sizeof value, value);
}

inline void append(Buffer& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

/// Reads fields one after the other from untrusted bytes. After any short read `ok()` is false and every
/// further value is zero or empty, so a parser checks once at its end.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : rest_(bytes) {}

  template <class T>
  T le() {
    Bytes field = take(sizeof(T));
    return field.empty() ? T{} : load_le<T>(field.data());
  }

  Bytes take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    Bytes field = rest_.first(count);
    rest_ = rest_.subspan(count);
    return field;
  }

  [[nodiscard]] Bytes rest() const { return rest_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  Bytes rest_;
  bool ok_ = true;
};

}  // namespace cairn
