// SPDX-License-Identifier: Apache-2.0
#include "pipeline/drift_gate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/escape.h"

namespace cairn::pipeline {
namespace {

constexpr std::array<DriftMeasure, 4> kMeasures = {DriftMeasure::psi, DriftMeasure::ks, DriftMeasure::nulls,
                                                   DriftMeasure::schema};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::optional<double> limit_of(std::string_view text) {
  double limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(limit) && limit >= 0 ? std::optional(limit) : std::nullopt;
}

std::optional<DriftRule> parse_rule(std::string_view text) {
  const std::size_t sign = text.find('>');
  const std::string_view name = trimmed(text.substr(0, sign));
  for (DriftMeasure measure : kMeasures) {
    if (name != measure_name(measure)) {
      continue;
    }
    if (measure == DriftMeasure::schema) {
      return sign == std::string_view::npos ? std::optional(DriftRule{measure, 0}) : std::nullopt;
    }
    const std::optional<double> limit =
        sign == std::string_view::npos ? std::nullopt : limit_of(trimmed(text.substr(sign + 1)));
    return limit ? std::optional(DriftRule{measure, *limit}) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::string_view measure_name(DriftMeasure measure) {
  switch (measure) {
    case DriftMeasure::psi:
      return "psi";
    case DriftMeasure::ks:
      return "ks";
    case DriftMeasure::nulls:
      return "nulls";
    case DriftMeasure::schema:
      return "schema";
  }
  return "";
}

Result<std::vector<DriftRule>> parse_drift_rules(std::string_view text) {
  std::vector<DriftRule> rules;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view written = trimmed(text.substr(begin, end - begin));
    const std::optional<DriftRule> rule = parse_rule(written);
    if (!rule) {
      return Error(Code::malformed,
                   quoted(written) + " is no rule of drift: psi>0.2, ks>0.1, nulls>0.05 or schema");
    }
    rules.push_back(*rule);
    begin = end + 1;
  }
  return rules;
}

}  // namespace cairn::pipeline
