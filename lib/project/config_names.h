// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cairn::project {

/// Where a setting comes from; later levels win.
enum class ConfigLevel { system, user, project, local };

std::string_view level_name(ConfigLevel level);

/// What a setting's value must look like.
enum class SettingType {
  text,         ///< any text without line ends, not empty
  boolean,      ///< true or false
  count,        ///< a number from 1 to 1024
  amount,       ///< a number of 1 or more
  quantity,     ///< a number or a size: 2, 0.5, 16GiB
  version,      ///< a format version, 1 or more
  compression,  ///< auto, raw, fast, or 1 to 19
  project_id,   ///< 16 lower-case hex digits
  remote,       ///< a remote's name
  url,          ///< a remote's address
  folder,       ///< a path; a relative one counts from the project root
  secret,       ///< a text of one line that is never shown
};

/// Which levels may hold a setting.
enum class SettingScope {
  anywhere,
  project_only,   ///< belongs to the repository's content
  not_committed,  ///< names a place on one machine, or something that is executed
  local_only,     ///< a secret: only the local file is always its owner's alone
};

/// One known setting. The single source of validation, `cairn config` and docs/reference/config.md.
struct Setting {
  /// "core.compress"; a part in capitals stands for any name: "remote.NAME.url", "resources.NAME".
  std::string_view name;
  SettingType type = SettingType::text;
  SettingScope scope = SettingScope::anywhere;
  std::string_view fallback;     ///< value when it is not set, "" for none
  std::string_view description;  ///< one line
};

/// All known settings, sorted by name.
std::span<const Setting> known_settings();
/// The setting that a dotted name means; nullptr for an unknown one.
const Setting* find_setting(std::string_view name);
/// Known names that look like `name`, at most three, for messages.
std::vector<std::string> similar_settings(std::string_view name);

/// The keys of `name` in a file: "remote.my.disk.url" is remote, my.disk, url.
std::vector<std::string> setting_keys(std::string_view name);

/// Checks a value for its setting's type. Error `usage` that says what is allowed.
Status check_value(const Setting& setting, std::string_view name, std::string_view value);
/// Checks that a level may hold a setting. Error `usage`; for what may not be committed with the command that
/// sets it locally.
Status check_level(const Setting& setting, std::string_view name, std::string_view value, ConfigLevel level);

/// A value for people and programs to read: a secret's is not told.
std::string shown_value(std::string_view name, std::string_view value);

/// A remote's name: letters, digits, "-", "_" and "."; it begins with a letter or digit.
bool is_remote_name(std::string_view name);

}  // namespace cairn::project
