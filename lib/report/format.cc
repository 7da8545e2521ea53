// SPDX-License-Identifier: Apache-2.0
#include "report/format.h"

#include <fmt/format.h>

#include <cmath>

namespace cairn::report {

std::string format(const text::Value& value, std::optional<unsigned> digits) {
  std::string out;
  switch (value.kind()) {
    case text::Kind::null:
      return "";
    case text::Kind::boolean:
      return value.bool_value() ? "true" : "false";
    case text::Kind::integer:
      return std::to_string(value.int_value());
    case text::Kind::floating:
      return digits && std::isfinite(value.float_value())
                 ? fmt::format("{:.{}g}", value.float_value(), static_cast<int>(*digits))
                 : text::canonical(value);
    case text::Kind::string:
      return value.string_value();
    case text::Kind::list:
      for (const text::Value& item : value.items()) {
        out += (out.empty() ? "" : ", ") + format(item, digits);
      }
      return "[" + out + "]";
    case text::Kind::map:
      for (const text::Entry& entry : value.entries()) {
        out += (out.empty() ? "" : ", ") + entry.key + ": " + format(entry.value, digits);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string short_id(const store::Id& id) {
  constexpr std::size_t kDigits = 12;
  return id.hex().substr(0, kDigits);
}

}  // namespace cairn::report
