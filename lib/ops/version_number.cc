// SPDX-License-Identifier: Apache-2.0
#include "ops/version_number.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "os/path.h"
#include "pipeline/stage.h"
#include "project/pointer.h"

namespace cairn::ops {
namespace {

/// Takes digits off the front.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

VersionStep step_of(const std::string& path, const std::set<std::string>& data) {
  const std::string_view name = os::name_of(path);
  if (path.starts_with(".cairn/") || name == ".gitignore" || name == ".gitattributes" ||
      name == ".cairnignore") {
    return VersionStep::none;
  }
  const bool is_data = project::is_pointer_path(path) || name == pipeline::kLockFile || data.contains(path);
  return is_data ? VersionStep::patch : VersionStep::minor;
}

}  // namespace

std::optional<VersionNumber> VersionNumber::parse(const std::string& name) {
  if (!name.starts_with('v')) {
    return std::nullopt;
  }
  std::string_view rest = std::string_view(name).substr(1);
  std::array<std::uint64_t, 3> parts{};
  for (std::size_t i = 0; i < parts.size() && !rest.empty(); ++i) {
    if (i > 0 && !rest.starts_with('.')) {
      return std::nullopt;
    }
    rest.remove_prefix(i > 0 ? 1 : 0);
    auto number = take_number(rest);
    if (!number) {
      return std::nullopt;
    }
    parts[i] = *number;
  }
  VersionNumber number{parts[0], parts[1], parts[2]};
  const bool same = rest.empty() && (number.text() == name || number.text() + ".0" == name);
  return same ? std::optional(number) : std::nullopt;
}

std::string VersionNumber::text() const {
  std::string text = "v" + std::to_string(major) + "." + std::to_string(minor);
  return patch == 0 ? text : text + "." + std::to_string(patch);
}

VersionReason judge_changes(const std::vector<std::string>& changed, const std::set<std::string>& data) {
  VersionReason reason;
  for (const std::string& path : changed) {
    reason.step = std::max(reason.step, step_of(path, data));
  }
  std::ranges::copy_if(changed, std::back_inserter(reason.paths), [&](const std::string& path) {
    return reason.step != VersionStep::none && step_of(path, data) == reason.step;
  });
  return reason;
}

VersionNumber next_number(const VersionNumber& base, VersionStep step) {
  return step == VersionStep::minor ? VersionNumber{base.major, base.minor + 1, 0}
                                    : VersionNumber{base.major, base.minor, base.patch + 1};
}

}  // namespace cairn::ops
