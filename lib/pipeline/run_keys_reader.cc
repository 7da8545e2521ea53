// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run_keys_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/escape.h"
#include "pipeline/key_table.h"
#include "pipeline/quantity.h"
#include "pipeline/scalar_text.h"
#include "pipeline/variable_name.h"

namespace cairn::pipeline {
namespace {

using text::Entry;
using text::Kind;
using text::Value;

std::vector<std::string> read_variables(std::string_view key, const Value& value, ValueReader& reader) {
  std::vector<std::string> names;
  for (const Value& item : reader.list(key, value)) {
    std::optional<std::string> name = reader.string(key, item);
    if (name && check_variable(*name, item.begin(), reader)) {
      names.push_back(std::move(*name));
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

constexpr std::array<KeyReader<Seed>, 2> kSeedKeys{{
    {"value",
     [](const Value& v, Seed& seed, ValueReader& r) { seed.value = r.integer("value", v).value_or(0); }},
    {"env", [](const Value& v, Seed& seed, ValueReader& r) { seed.variables = read_variables("env", v, r); }},
}};

void read_count(std::string_view key, const Value& value, Retries& retries, ValueReader& reader) {
  constexpr std::uint64_t kMost = 1000;
  const std::uint64_t count = reader.number(key, value).value_or(0);
  if (count > kMost) {
    reader.problem(value.begin(), fmt::format("{} is above {}", quoted(key), kMost));
  }
  retries.count = static_cast<unsigned>(std::min(count, kMost));
}

constexpr std::array<KeyReader<Retries>, 2> kRetryKeys{{
    {"count", [](const Value& v, Retries& retries, ValueReader& r) { read_count("count", v, retries, r); }},
    {"delay", [](const Value& v, Retries& retries,
                 ValueReader& r) { retries.delay = r.duration("delay", v).value_or(retries.delay); }},
}};

using Parse = std::optional<std::uint64_t> (*)(std::string_view);

std::uint64_t read_amount(const Entry& entry, Parse parse, std::string_view wanted, ValueReader& reader) {
  const Value& value = entry.value;
  const bool fits = value.is(Kind::integer) || value.is(Kind::floating) || value.is(Kind::string);
  const std::optional<std::uint64_t> amount = fits ? parse(scalar_text(value)) : std::nullopt;
  if (!amount) {
    reader.wrong_value(entry.key, wanted, value);
  }
  return amount.value_or(0);
}

/// The real name of a resource that people call otherwise; it would pass for a token.
std::string_view known_resource(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOthers{{{"cpu", "cpus"},
                                                                                         {"core", "cpus"},
                                                                                         {"cores", "cpus"},
                                                                                         {"threads", "cpus"},
                                                                                         {"memory", "mem"},
                                                                                         {"ram", "mem"},
                                                                                         {"mem_mb", "mem"},
                                                                                         {"gpu", "gpus"}}};
  for (const auto& [other, known] : kOthers) {
    if (other == name) {
      return known;
    }
  }
  return {};
}

void read_token(const Entry& entry, Resources& resources, ValueReader& reader) {
  const std::string_view known = known_resource(entry.key);
  if (!known.empty()) {
    reader.problem(entry.key_begin,
                   fmt::format("unknown resource {}: did you mean {}?", quoted(entry.key), quoted(known)));
  } else if (entry.key.empty() || escaped(entry.key) != entry.key) {
    reader.problem(entry.key_begin, fmt::format("bad name {} of a resource", quoted(entry.key)));
  } else if (const std::optional<std::uint64_t> count = reader.number(entry.key, entry.value)) {
    resources.tokens[entry.key] = *count;
  }
}

}  // namespace

void read_env(const Value& value, Stage& stage, ValueReader& reader) {
  for (const Entry& entry : reader.map("env", value)) {
    if (!check_variable(entry.key, entry.key_begin, reader)) {
      continue;
    }
    if (!entry.value.is_scalar() || entry.value.is(Kind::null)) {
      reader.wrong_type(entry.key, "a string, a number or a boolean", entry.value);
      continue;
    }
    std::string text = scalar_text(entry.value);
    if (text.find('\0') != std::string::npos) {
      reader.problem(entry.value.begin(), fmt::format("{} holds a NUL character", quoted(entry.key)));
      continue;
    }
    stage.env.insert_or_assign(entry.key, std::move(text));
  }
}

void read_track_env(const Value& value, Stage& stage, ValueReader& reader) {
  stage.track_env = read_variables("track_env", value, reader);
}

void read_seed(const Value& value, Stage& stage, ValueReader& reader) {
  Seed seed;
  if (!value.is(Kind::map)) {
    seed.value = reader.integer("seed", value).value_or(0);
  } else {
    read_keys<Seed>(value.entries(), kSeedKeys, "in 'seed'", seed, reader);
    if (value.find("value") == nullptr) {
      reader.problem(value.begin(), "'seed' has no 'value'");
    }
  }
  stage.seed = std::move(seed);
}

std::map<std::string, std::string> read_pin_env(const Value& value, ValueReader& reader) {
  // Recorded in locks. 1980-01-01 is the earliest time that a ZIP file can hold.
  static const std::map<std::string, std::string> kAll{
      {"TZ", "UTC"}, {"LC_ALL", "C.UTF-8"}, {"SOURCE_DATE_EPOCH", "315532800"}};
  static constexpr std::array<std::string_view, 3> kNames{"TZ", "LC_ALL", "SOURCE_DATE_EPOCH"};
  if (value.is(Kind::boolean)) {
    return value.bool_value() ? kAll : std::map<std::string, std::string>();
  }
  if (!value.is(Kind::list)) {
    reader.wrong_type("pin_env", fmt::format("true, false or a list of {}", fmt::join(kNames, ", ")), value);
  }
  std::map<std::string, std::string> pinned;
  for (const Value& item : value.items()) {
    if (const std::optional<std::string> name = reader.one_of("pin_env", item, kNames)) {
      pinned.insert(*kAll.find(*name));
    }
  }
  return pinned;
}

void read_timeout(const Value& value, Stage& stage, ValueReader& reader) {
  const std::optional<std::chrono::milliseconds> time = reader.duration("timeout", value);
  if (time && time->count() == 0) {
    reader.problem(value.begin(), "'timeout' is zero; leave it out for none");
  }
  stage.timeout = time.value_or(stage.timeout);
}

void read_retries(const Value& value, Stage& stage, ValueReader& reader) {
  if (!value.is(Kind::map)) {
    read_count("retries", value, stage.retries, reader);
    return;
  }
  read_keys<Retries>(value.entries(), kRetryKeys, "in 'retries'", stage.retries, reader);
  if (value.find("count") == nullptr) {
    reader.problem(value.begin(), "'retries' has no 'count'");
  }
}

void read_resources(const Value& value, Stage& stage, ValueReader& reader) {
  Resources& resources = stage.resources;
  for (const Entry& entry : reader.map("resources", value)) {
    if (entry.key == "cpus") {
      resources.milli_cpus = read_amount(entry, parse_thousandths, "a number such as 2 or 0.5", reader);
    } else if (entry.key == "mem") {
      resources.memory =
          read_amount(entry, parse_bytes, "a size such as 4GiB, 500MB or a number of bytes", reader);
    } else if (entry.key == "gpus") {
      resources.gpus = reader.number("gpus", entry.value).value_or(0);
    } else {
      read_token(entry, resources, reader);
    }
  }
}

void check_run_keys(const Stage& stage, ValueReader& reader) {
  if (!stage.seed) {
    return;
  }
  for (const std::string& name : stage.seed->variables) {
    if (stage.env.contains(name)) {
      reader.problem(stage.at,
                     fmt::format("variable {} of stage {} is set by both 'env' and 'seed'", quoted(name),
                                 quoted(stage.group.empty() ? stage.name : stage.group)));
    }
  }
}

}  // namespace cairn::pipeline
