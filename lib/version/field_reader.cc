// SPDX-License-Identifier: Apache-2.0
#include "version/field_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

#include "base/escape.h"
#include "version/plain_path.h"
#include "version/run_record.h"

namespace cairn::version {
namespace {

using text::Entry;
using text::Kind;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0 ? std::optional(value)
                                                                                : std::nullopt;
}

/// Of utc_text's form only.
std::optional<std::int64_t> parse_utc(std::string_view text) {
  constexpr std::size_t kLength = 24;
  if (text.size() != kLength) {
    return std::nullopt;
  }
  std::tm parts{};
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17, 2));
  const auto ms = digits(text.substr(20, 3));
  if (!year || !month || !day || !hour || !minute || !second || !ms) {
    return std::nullopt;
  }
  parts.tm_year = *year - 1900;
  parts.tm_mon = *month - 1;
  parts.tm_mday = *day;
  parts.tm_hour = *hour;
  parts.tm_min = *minute;
  parts.tm_sec = *second;
  const std::int64_t value = static_cast<std::int64_t>(::timegm(&parts)) * 1000 + *ms;
  return value >= 0 && utc_text(value) == text ? std::optional(value) : std::nullopt;
}

}  // namespace

void FieldReader::unknown_key(const Entry& entry) {
  problem(entry.key_begin, "unknown key " + quoted(entry.key));
}

void FieldReader::require(const text::Value& map, std::string_view what,
                          std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    if (map.find(key) == nullptr) {
      problem(map.begin(), fmt::format("{}lacks {}", what.empty() ? "" : quoted(what) + " ", quoted(key)));
    }
  }
}

bool FieldReader::is(const Entry& entry, Kind kind, std::string_view wanted) {
  if (entry.value.is(kind)) {
    return true;
  }
  problem(entry.value.begin(),
          fmt::format("{} must be {}, not {}", quoted(entry.key), wanted, entry.value.type_name()));
  return false;
}

std::string FieldReader::text_of(const Entry& entry) {
  return is(entry, Kind::string, "a string") ? entry.value.string_value() : "";
}

std::int64_t FieldReader::number_of(const Entry& entry, std::int64_t most) {
  if (!is(entry, Kind::integer, "an integer")) {
    return 0;
  }
  const std::int64_t value = entry.value.int_value();
  if (value < 0 || value > most) {
    problem(entry.value.begin(), quoted(entry.key) + " is out of range");
    return 0;
  }
  return value;
}

bool FieldReader::boolean_of(const Entry& entry) {
  return is(entry, Kind::boolean, "true or false") && entry.value.bool_value();
}

std::string FieldReader::path_of(const Entry& entry) {
  auto path = parse_plain_path(text_of(entry));
  if (!path) {
    problem(entry.value.begin(), quoted(entry.key) + " is no path");
  }
  return path.value_or("");
}

store::Id FieldReader::id_of(const Entry& entry) {
  const auto id = store::Id::from_text(text_of(entry));
  if (!id) {
    problem(entry.value.begin(), quoted(entry.key) + " is no hash");
  }
  return id.value_or(store::Id());
}

std::int64_t FieldReader::time_of(const Entry& entry) {
  const auto ms = parse_utc(text_of(entry));
  if (!ms) {
    problem(entry.value.begin(), quoted(entry.key) + " is no time");
  }
  return ms.value_or(0);
}

store::Object FieldReader::object_of(const Entry& entry, store::Family family) {
  store::Object object{family, {}, 0};
  for (const Entry& field : entry.value.entries()) {
    if (field.key == "hash") {
      object.id = id_of(field);
    } else if (field.key == "size") {
      object.size = size_of(field);
    } else {
      unknown_key(field);
    }
  }
  require(entry.value, entry.key, {"hash", "size"});
  return object;
}

Status check_record_version(const text::Value& document, std::string_view name) {
  const text::Value* version = document.find("cairn");
  if (version == nullptr || !version->is(Kind::integer) || version->int_value() < 1) {
    return Error(Code::malformed, fmt::format("not a {}: it has no line 'cairn: 1'", name));
  }
  if (version->int_value() > 1) {
    return Error(
        Code::unsupported,
        fmt::format("{} format {} is newer than this cairn, which reads 1", name, version->int_value()),
        "install a newer cairn");
  }
  return {};
}

}  // namespace cairn::version
