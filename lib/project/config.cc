// SPDX-License-Identifier: Apache-2.0
#include "project/config.h"

#include <array>
#include <charconv>
#include <set>

#include "base/escape.h"
#include "os/file.h"
#include "os/path.h"
#include "project/remote_login.h"
#include "text/splice.h"
#include "text/yaml.h"

namespace cairn::project {
namespace {

constexpr std::array<ConfigLevel, 4> kLevels = {ConfigLevel::system, ConfigLevel::user, ConfigLevel::project,
                                                ConfigLevel::local};
constexpr std::string_view kRemoteSection = "remote";

/// The text of a level's file, "" when there is none.
Result<std::string> read_level(const std::string& path) {
  if (path.empty()) {
    return std::string();
  }
  const Result<std::optional<Buffer>> bytes = os::find_file(path);
  if (!bytes.ok()) {
    return bytes.error();
  }
  return bytes->has_value() ? std::string(as_text(**bytes)) : std::string();
}

Error unknown_setting(std::string_view name) {
  std::string hint = "cairn config";
  const std::vector<std::string> similar = similar_settings(name);
  if (!similar.empty()) {
    hint = "did you mean " + similar.front() + "?";
  }
  return {Code::usage, "there is no setting " + quoted(name), hint};
}

Result<const Setting*> require_setting(std::string_view name) {
  const Setting* setting = find_setting(name);
  if (setting == nullptr) {
    return unknown_setting(name);
  }
  return setting;
}

/// Before anything else is read: the other values may be ones that only a newer cairn knows.
Status check_format(const text::Value& root, const std::string& path) {
  const text::Value* core = root.find("core");
  const text::Value* format = core == nullptr ? nullptr : core->find("format");
  if (format == nullptr || !format->is(text::Kind::integer) || format->int_value() <= kRepositoryFormat) {
    return {};
  }
  return Error(Code::unsupported,
               quoted(path) + " says format " + format->raw() + "; this cairn knows formats up to " +
                   std::to_string(kRepositoryFormat),
               "install a newer cairn");
}

/// Calls `visit(name, value)` for each scalar below a map, with its dotted name.
template <class Visit>
Status for_each_scalar(const text::Value& value, const std::string& name, const Visit& visit) {
  if (!value.is(text::Kind::map)) {
    return visit(name, value);
  }
  for (const text::Entry& entry : value.entries()) {
    CAIRN_TRY(for_each_scalar(entry.value, name.empty() ? entry.key : name + "." + entry.key, visit));
  }
  return {};
}

/// A value in the type that it should have in the file: 8 and true are no strings there.
text::Value typed(const Setting& setting, std::string_view value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool is_number = error == std::errc{} && end == value.data() + value.size();
  switch (setting.type) {
    case SettingType::boolean:
      return text::Value::boolean(value == "true");
    case SettingType::count:
    case SettingType::version:
    case SettingType::compression:
      return is_number ? text::Value::integer(number) : text::Value::string(value);
    default:
      return text::Value::string(value);
  }
}

const text::Value* find_at_keys(const text::Value& root, const text::KeyPath& keys) {
  const text::Value* value = &root;
  for (const std::string& key : keys) {
    value = value == nullptr ? nullptr : value->find(key);
  }
  return value;
}

}  // namespace

const std::string& Config::Paths::of(ConfigLevel level) const {
  switch (level) {
    case ConfigLevel::system:
      return system;
    case ConfigLevel::user:
      return user;
    case ConfigLevel::project:
      return project;
    case ConfigLevel::local:
      break;
  }
  return local;
}

Result<Config> Config::load(const Paths& paths) {
  Config config;
  config.paths_ = paths;
  for (const ConfigLevel level : kLevels) {
    CAIRN_TRY(config.load_level(level));
  }
  return config;
}

Status Config::load_level(ConfigLevel level) {
  const std::string& path = paths_.of(level);
  CAIRN_TRY_ASSIGN(const std::string text, read_level(path));
  CAIRN_TRY_ASSIGN(const text::Value root, text::parse_yaml(text, path));
  CAIRN_TRY(root.as_map(path));
  CAIRN_TRY(check_format(root, path));
  return for_each_scalar(root, "", [&](const std::string& name, const text::Value& value) {
    return take(level, name, value, path);
  });
}

Status Config::take(ConfigLevel level, std::string name, const text::Value& value, const std::string& path) {
  const std::string place = text::place(path, value.begin());
  const Setting* setting = find_setting(name);
  if (setting == nullptr) {
    warnings_.push_back(place + ": unknown setting " + quoted(name));
    return {};
  }
  if (!value.is_scalar() || value.is(text::Kind::null)) {
    return Error(Code::malformed,
                 place + ": " + name + " is " + std::string(value.type_name()) + ", not a single value");
  }
  std::string raw = value.raw();
  if (Status checked = check_value(*setting, name, raw); !checked.ok()) {
    return Error(Code::malformed, place + ": " + checked.error().message());
  }
  if (Status checked = check_level(*setting, name, raw, level); !checked.ok()) {
    return checked.error().with_context(place);
  }
  levels_[level].insert_or_assign(std::move(name), std::move(raw));
  return {};
}

std::optional<ConfigValue> Config::find(std::string_view name) const {
  for (auto level = kLevels.rbegin(); level != kLevels.rend(); ++level) {
    if (std::optional<std::string> value = find_at(*level, name)) {
      return ConfigValue{*std::move(value), *level, paths_.of(*level)};
    }
  }
  return std::nullopt;
}

std::optional<std::string> Config::find_at(ConfigLevel level, std::string_view name) const {
  const auto values = levels_.find(level);
  if (values == levels_.end()) {
    return std::nullopt;
  }
  const auto value = values->second.find(name);
  return value == values->second.end() ? std::nullopt : std::optional(value->second);
}

std::string Config::get_or(std::string_view name, std::string_view fallback) const {
  std::optional<ConfigValue> found = find(name);
  return found ? std::move(found->value) : std::string(fallback);
}

std::string Config::get(std::string_view name) const {
  const Setting* setting = find_setting(name);
  CAIRN_CHECK(setting != nullptr);
  return get_or(name, setting->fallback);
}

std::vector<std::pair<std::string, ConfigValue>> Config::list() const {
  std::set<std::string> names;
  for (const auto& [level, values] : levels_) {
    for (const auto& [name, value] : values) {
      names.insert(name);
    }
  }
  std::vector<std::pair<std::string, ConfigValue>> out;
  for (const std::string& name : names) {
    out.emplace_back(name, *find(name));
  }
  return out;
}

Status Config::set(ConfigLevel level, std::string_view name, std::string_view value) {
  CAIRN_TRY_ASSIGN(const Setting* const setting, require_setting(name));
  CAIRN_TRY(check_value(*setting, name, value));
  CAIRN_TRY(check_level(*setting, name, value, level));
  const std::string& path = paths_.of(level);
  CAIRN_TRY_ASSIGN(const std::string before, read_level(path));
  CAIRN_TRY_ASSIGN(const std::string after,
                   text::set_scalar({before, path}, setting_keys(name), typed(*setting, value)));
  CAIRN_TRY(write(level, after));
  levels_[level].insert_or_assign(std::string(name), std::string(value));
  return bind_login(*this, level, name);
}

Status Config::unset(ConfigLevel level, std::string_view name) {
  if (!find_at(level, name)) {
    return Error(Code::not_found,
                 quoted(name) + " is not set in the " + std::string(level_name(level)) + " level",
                 "cairn config");
  }
  const std::string& path = paths_.of(level);
  CAIRN_TRY_ASSIGN(std::string text, read_level(path));
  text::KeyPath keys = setting_keys(name);
  CAIRN_TRY_ASSIGN(text, text::remove_key({text, path}, keys));
  for (keys.pop_back(); !keys.empty(); keys.pop_back()) {
    CAIRN_TRY_ASSIGN(const text::Value root, text::parse_yaml(text, path));
    const text::Value* around = find_at_keys(root, keys);
    if (around == nullptr || !around->entries().empty()) {
      break;
    }
    CAIRN_TRY_ASSIGN(text, text::remove_key({text, path}, keys));
  }
  CAIRN_TRY(write(level, text));
  levels_[level].erase(std::string(name));
  return {};
}

Status Config::write(ConfigLevel level, const std::string& text) {
  const std::string& path = paths_.of(level);
  if (path.empty()) {
    return Error(Code::usage,
                 "there is no folder for the " + std::string(level_name(level)) + " configuration",
                 "set HOME or XDG_CONFIG_HOME");
  }
  CAIRN_TRY(os::make_folders(std::string(os::parent_of(path))));
  os::WriteOptions options;
  if (level == ConfigLevel::local) {
    options.mode = 0600;  // it may hold secrets
    options.exact_mode = true;
  }
  CAIRN_TRY(os::write_atomic(path, as_bytes(text), options));
  written_.insert(level);
  return {};
}

std::vector<std::string> Config::remotes() const {
  std::set<std::string> names;
  for (const auto& [level, values] : levels_) {
    for (const auto& [name, value] : values) {
      const std::vector<std::string> keys = setting_keys(name);
      if (keys.size() == 3 && keys.front() == kRemoteSection) {
        names.insert(keys[1]);
      }
    }
  }
  return {names.begin(), names.end()};
}

std::map<std::string, std::string, std::less<>> Config::settings_of_remote(std::string_view name) const {
  std::map<std::string, std::string, std::less<>> settings;
  for (const auto& [setting, value] : list()) {
    const std::vector<std::string> keys = setting_keys(setting);
    if (keys.size() == 3 && keys[0] == kRemoteSection && keys[1] == name && keys[2] != "url") {
      settings.emplace(keys[2], value.value);
    }
  }
  return settings;
}

}  // namespace cairn::project
