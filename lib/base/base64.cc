// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

namespace cairn {

std::string to_base64(Bytes bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t k = i; k < i + 3; ++k) {
      group = group << 8U | (k < bytes.size() ? bytes[k] : 0U);
    }
    for (unsigned k = 0; k < 4; ++k) {
      out.push_back(k <= bytes.size() - i ? kDigits[group >> (18 - 6 * k) & 63U] : '=');
    }
  }
  return out;
}

}  // namespace cairn
