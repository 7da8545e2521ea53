// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

/// How much a table may differ from its earlier state: docs/format/cairn-yaml.md, docs/reference/drift.md.
namespace cairn::pipeline {

enum class DriftMeasure : std::uint8_t {
  psi,     ///< population stability index
  ks,      ///< Kolmogorov-Smirnov statistic
  nulls,   ///< change of the share of missing values
  schema,  ///< new and gone columns, other types; without a limit
};
/// "psi", "ks", "nulls", "schema".
std::string_view measure_name(DriftMeasure measure);

/// Hit by a value above the limit.
struct DriftRule {
  DriftMeasure measure = DriftMeasure::psi;
  double limit = 0;
};

/// "psi>0.2,ks>0.1,nulls>0.05,schema". Error: `malformed`, naming the rule that is none.
Result<std::vector<DriftRule>> parse_drift_rules(std::string_view text);

/// An entry of the top-level `drift`.
struct DriftGate {
  std::string path;  ///< of a file, or of a folder with such files
  std::vector<DriftRule> rules;
  std::vector<std::string> columns;  ///< none: all
  text::Position at;
};

/// The gates of a cairn.yaml that stands at `path`; templates have no meaning in them. Errors: `malformed`,
/// each problem with its place.
Result<std::vector<DriftGate>> parse_drift_gates(std::string_view text, std::string_view path);

}  // namespace cairn::pipeline
