// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "git/repository.h"

/// How Git merges and shows cairn's files. `.gitattributes` names the driver, which is committed; the local
/// configuration says what it runs, which is not.
namespace cairn::git {

/// The one driver, for pointers and locks: `merge=cairn diff=cairn`.
inline constexpr std::string_view kDriver = "cairn";

/// One setting of the local configuration.
struct DriverSetting {
  std::string_view key;
  std::string value;
};

/// All settings of the driver. Merging runs `cairn git-merge BASE OURS THEIRS MARKER_SIZE PATH`; where cairn
/// is missing or dies, the file is left in conflict with the usual markers. Showing runs `cairn git-diff-text
/// FILE`; where that fails, the file is shown as it is.
std::span<const DriverSetting> driver_settings();

/// Whether every setting is there as it should be.
Result<bool> are_drivers_installed(Repository& repository);
/// Writes the settings that are not there. True if one was written.
Result<bool> install_drivers(Repository& repository);
/// Takes the settings out, also where they were changed. True if there was one.
Result<bool> uninstall_drivers(Repository& repository);

}  // namespace cairn::git
