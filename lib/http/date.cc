// SPDX-License-Identifier: Apache-2.0
#include "http/date.h"

#include "http/curl.h"

namespace cairn::http {

std::optional<std::chrono::sys_seconds> parse_date(const std::string& text) {
  const std::time_t seconds = curl().getdate(text.c_str(), nullptr);
  return seconds < 0 ? std::nullopt : std::optional(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

}  // namespace cairn::http
