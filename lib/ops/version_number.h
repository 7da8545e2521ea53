// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

/// The next name of a version, by what changed. Pure.
namespace cairn::ops {

/// "v1.2" or "v1.2.3".
struct VersionNumber {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  auto operator<=>(const VersionNumber&) const = default;

  /// Nothing for any other form, leading zeros included.
  static std::optional<VersionNumber> parse(const std::string& name);
  /// Without a patch number of 0.
  [[nodiscard]] std::string text() const;
};

/// How far a change reaches.
enum class VersionStep : std::uint8_t {
  none,
  patch,  ///< data, params or results
  minor,  ///< code, cairn.yaml, environments
};

struct VersionReason {
  VersionStep step = VersionStep::none;
  std::vector<std::string> paths;  ///< that make it this step
};

/// What changed files mean. Pointers, locks and `data` (params, outs of stages) are data; .gitignore,
/// .gitattributes and what cairn keeps in .cairn/ mean nothing; all else is code.
VersionReason judge_changes(const std::vector<std::string>& changed, const std::set<std::string>& data);

/// The number after `base`. REQUIRES: a step.
VersionNumber next_number(const VersionNumber& base, VersionStep step);

}  // namespace cairn::ops
