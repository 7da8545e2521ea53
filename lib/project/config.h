// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "project/config_names.h"
#include "text/value.h"

namespace cairn::project {

/// The newest core.format that this build reads, and the one that it writes.
inline constexpr std::int64_t kRepositoryFormat = 1;

struct ConfigValue {
  std::string value;
  ConfigLevel level = ConfigLevel::project;
  std::string path;  ///< of the file that holds it
};

/// Layered settings with dotted names ("core.compress", "remote.NAME.url"). Files are YAML maps of maps of
/// scalars (docs/reference/config.md): /etc/cairn/config, $XDG_CONFIG_HOME/cairn/config, .cairn/config
/// (committed) and .git/cairn/config (local, mode 0600). The committed level may not name programs, ssh
/// options, `exec:` remotes or cache.dir: such a setting is an error `usage` that gives the command which
/// sets it locally. Unknown names are refused on set and warned of on read. Which names there are:
/// config_names.h.
class Config {
 public:
  struct Paths {
    std::string system;
    std::string user;
    std::string project;
    std::string local;

    /// Of the level's file.
    [[nodiscard]] const std::string& of(ConfigLevel level) const;
  };
  /// Missing files are empty levels. Errors: `malformed` for a file that is no such map or a value that is
  /// wrong for its name; `unsupported` for a core.format above kRepositoryFormat; `usage` for a setting that
  /// its level may not hold.
  static Result<Config> load(const Paths& paths);

  [[nodiscard]] std::optional<ConfigValue> find(std::string_view name) const;
  /// The value in one level's file only.
  [[nodiscard]] std::optional<std::string> find_at(ConfigLevel level, std::string_view name) const;
  [[nodiscard]] std::string get_or(std::string_view name, std::string_view fallback) const;
  /// The set value, or the setting's own fallback. REQUIRES: a known name.
  [[nodiscard]] std::string get(std::string_view name) const;
  /// Names and effective values, sorted.
  [[nodiscard]] std::vector<std::pair<std::string, ConfigValue>> list() const;
  /// Sets or removes a value in one level's file, keeping its comments and layout; atomic. Values are
  /// checked. Removing what is not there is `not_found`. A login is bound to its server: see
  /// remote_login.h.
  Status set(ConfigLevel level, std::string_view name, std::string_view value);
  Status unset(ConfigLevel level, std::string_view name);
  /// Whether the level's file was written by set() or unset().
  [[nodiscard]] bool is_written(ConfigLevel level) const { return written_.contains(level); }
  /// Names of all remotes, sorted.
  [[nodiscard]] std::vector<std::string> remotes() const;
  /// The effective values of `remote.NAME.KEY` by KEY, but for `url`.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> settings_of_remote(
      std::string_view name) const;
  /// What the user should know about the files: unknown names, with file and line.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  using Level = std::map<std::string, std::string, std::less<>>;
  Status load_level(ConfigLevel level);
  Status take(ConfigLevel level, std::string name, const text::Value& value, const std::string& path);
  Status write(ConfigLevel level, const std::string& text);

  Paths paths_;
  std::map<ConfigLevel, Level> levels_;
  std::set<ConfigLevel> written_;
  std::vector<std::string> warnings_;
};

}  // namespace cairn::project
