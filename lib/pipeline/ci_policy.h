// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/value.h"

/// What a team demands of a commit: docs/format/cairn-yaml.md, docs/reference/ci-check.md.
namespace cairn::pipeline {

/// A metric that has to be there, and within its limits.
struct MetricRule {
  std::string file;
  std::string key;  ///< its keys joined by dots
  std::optional<double> min;
  std::optional<double> max;
  text::Position at;
};

/// The top-level `ci` of a cairn.yaml.
struct CiPolicy {
  std::vector<MetricRule> metrics;
  std::string drift_from;  ///< the state that drift gates compare with; "" leaves the choice
  text::Position drift_from_at;
  bool verify_all = false;            ///< every stage of this file
  std::vector<std::string> verified;  ///< else these, by name
  text::Position verified_at;
};

/// The policy of a cairn.yaml that stands at `path`; an empty one where it has none. Templates have no
/// meaning in it. Errors: `malformed`, each problem with its place.
Result<CiPolicy> parse_ci_policy(std::string_view text, std::string_view path);

}  // namespace cairn::pipeline
