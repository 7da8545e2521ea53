// SPDX-License-Identifier: Apache-2.0
#include "version/conditions.h"

#include <fcntl.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/escape.h"
#include "os/file.h"
#include "os/parallel.h"

namespace cairn::version {
namespace {

using text::Kind;
using text::Value;

/// How libraries are told a number of threads, and Python the seed of its hashes.
constexpr std::array<const char*, 9> kVariables = {
    "BLIS_NUM_THREADS",     "GOMAXPROCS",        "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",  "OMP_NUM_THREADS",   "PYTHONHASHSEED",
    "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"};

/// As the command sees it; nothing where it is not set, or set to nothing.
std::optional<std::string> variable(const char* name, const std::map<std::string, std::string>& own) {
  std::optional<std::string> value;
  if (auto found = own.find(name); found != own.end()) {
    value = found->second;
  } else if (const char* ours = std::getenv(name); ours != nullptr) {
    value = ours;
  }
  if (!value || value->empty()) {
    return std::nullopt;
  }
  return is_utf8(*value) ? value : escaped(*value);
}

/// "Europe/Berlin" of "/usr/share/zoneinfo/Europe/Berlin".
std::string system_time_zone() {
  constexpr std::string_view kFolder = "/zoneinfo/";
  auto target = os::read_link_at(AT_FDCWD, "/etc/localtime");
  std::size_t at = target.ok() ? target->find(kFolder) : std::string::npos;
  return at == std::string::npos ? "UTC" : escaped(target->substr(at + kFolder.size()));
}

std::string text_of(const Value* value) {
  return value != nullptr && value->is(Kind::string) ? value->string_value() : "";
}

}  // namespace

Conditions current_conditions(const std::map<std::string, std::string>& own, const std::string& folder) {
  Conditions conditions;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG", ""}) {
    conditions.locale = *name == '\0' ? "C" : variable(name, own).value_or("");
    if (!conditions.locale.empty()) {
      break;
    }
  }
  auto zone = variable("TZ", own);
  conditions.time_zone = zone ? *zone : system_time_zone();
  conditions.cpus = os::available_processors();
  for (const char* name : kVariables) {
    if (auto value = variable(name, own)) {
      conditions.variables.emplace(name, *value);
    }
  }
  conditions.folder = is_utf8(folder) ? folder : escaped(folder);
  return conditions;
}

Value to_value(const Conditions& conditions) {
  Value map = Value::map();
  if (!conditions.locale.empty()) {
    map.set("locale", Value::string(conditions.locale));
  }
  if (!conditions.time_zone.empty()) {
    map.set("time_zone", Value::string(conditions.time_zone));
  }
  if (conditions.cpus != 0) {
    map.set("cpus", Value::integer(conditions.cpus));
  }
  if (!conditions.variables.empty()) {
    Value variables = Value::map();
    for (const auto& [name, value] : conditions.variables) {
      variables.set(name, Value::string(value));
    }
    map.set("variables", std::move(variables));
  }
  return map;
}

Conditions conditions_from(const Value& value) {
  Conditions conditions;
  conditions.locale = text_of(value.find("locale"));
  conditions.time_zone = text_of(value.find("time_zone"));
  const Value* cpus = value.find("cpus");
  if (cpus != nullptr && cpus->is(Kind::integer) && cpus->int_value() > 0 &&
      cpus->int_value() <= UINT32_MAX) {
    conditions.cpus = static_cast<unsigned>(cpus->int_value());
  }
  if (const Value* variables = value.find("variables")) {
    for (const text::Entry& entry : variables->entries()) {
      conditions.variables.emplace(entry.key, text_of(&entry.value));
    }
  }
  return conditions;
}

}  // namespace cairn::version
