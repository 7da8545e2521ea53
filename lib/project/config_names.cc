// SPDX-License-Identifier: Apache-2.0
#include "project/config_names.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/escape.h"
#include "base/hex.h"
#include "codec/compress.h"

namespace cairn::project {
namespace {

constexpr std::string_view kRemotePrefix = "remote.";
constexpr std::string_view kRemotePattern = "remote.NAME.";
constexpr std::string_view kResourcePrefix = "resources.";
constexpr unsigned kMostJobs = 1024;
constexpr std::size_t kProjectIdDigits = 16;

using enum SettingScope;
constexpr std::array<Setting, 37> kSettings = {{
    {"cache.dir", SettingType::folder, not_committed, "",
     "folder of the store, in place of the one in the Git folder; several repositories may share it"},
    {"core.autostage", SettingType::boolean, anywhere, "false",
     "put pointers, locks and other files that a command writes for Git into Git's index"},
    {"core.bandwidth", SettingType::quantity, anywhere, "",
     "bytes a second that data moves to and from remotes at most"},
    {"core.compress", SettingType::compression, anywhere, "auto",
     "how stored data is compressed: auto, raw, fast, or a zstd level from 1 to 19"},
    {"core.format", SettingType::version, project_only, "1",
     "version of the repository's formats; set by cairn"},
    {"core.jobs", SettingType::count, anywhere, "", "worker threads; all processors when not set"},
    {"core.project", SettingType::project_id, project_only, "", "the project's random id; set by cairn"},
    {"core.remote", SettingType::remote, anywhere, "", "name of the remote that push, pull and fetch use"},
    {"core.share_host", SettingType::boolean, anywhere, "false",
     "push tells in records of runs on which machine and by whom they were made"},
    {"core.verify_writes", SettingType::boolean, anywhere, "false",
     "decode and compare everything that is stored before it is published"},
    {"git.pre_commit", SettingType::text, anywhere, "warn",
     "what the hook does about data and stages that are not as recorded: warn, block or off"},
    {"remote.NAME.access_key_id", SettingType::text, not_committed, "", "S3: the access key's id"},
    {"remote.NAME.allow_anonymous_login", SettingType::boolean, anywhere, "false",
     "S3: requests are not signed, for public buckets"},
    {"remote.NAME.credential_process", SettingType::text, not_committed, "",
     "S3: a command that prints credentials as JSON"},
    {"remote.NAME.credentialpath", SettingType::folder, not_committed, "",
     "S3: the file of credentials, in place of ~/.aws/credentials"},
    {"remote.NAME.endpointurl", SettingType::text, anywhere, "",
     "S3: address of the service, where it is not AWS's own"},
    {"remote.NAME.keyfile", SettingType::text, not_committed, "",
     "SSH: the private key, in place of those that ssh finds; a relative path counts from the project root"},
    {"remote.NAME.login_for", SettingType::text, not_committed, "",
     "WebDAV, HTTP: the server that gets the password or token; set together with it"},
    {"remote.NAME.password", SettingType::secret, local_only, "",
     "WebDAV: the password that goes with `user`"},
    {"remote.NAME.path_style", SettingType::boolean, anywhere, "",
     "S3: the bucket stands in the path and not in the host's name; true where there is an endpointurl"},
    {"remote.NAME.port", SettingType::amount, anywhere, "", "SSH: the port, in place of the URL's"},
    {"remote.NAME.profile", SettingType::text, anywhere, "", "S3: profile in the files of the AWS tools"},
    {"remote.NAME.region", SettingType::text, anywhere, "", "S3: region of the bucket"},
    {"remote.NAME.secret_access_key", SettingType::secret, local_only, "",
     "S3: the secret that goes with `access_key_id`"},
    {"remote.NAME.session_token", SettingType::secret, local_only, "",
     "S3: the token that goes with keys that pass away"},
    {"remote.NAME.sse", SettingType::text, anywhere, "", "S3: encryption on the server: AES256 or aws:kms"},
    {"remote.NAME.sse_kms_key_id", SettingType::text, anywhere, "", "S3: the key for `sse` aws:kms"},
    {"remote.NAME.ssl_verify", SettingType::text, not_committed, "true",
     "what TLS certificates are checked against: true for the system's authorities, a file of your own, or "
     "false "
     "for no check"},
    {"remote.NAME.timeout", SettingType::amount, anywhere, "30",
     "SSH: seconds in which a connection must come about"},
    {"remote.NAME.token", SettingType::secret, local_only, "", "WebDAV, HTTP: bearer token"},
    {"remote.NAME.token_command", SettingType::text, not_committed, "",
     "WebDAV, HTTP: a command that prints a bearer token"},
    {"remote.NAME.url", SettingType::url, anywhere, "",
     "where the remote is; a relative folder counts from the project root"},
    {"remote.NAME.user", SettingType::text, not_committed, "", "WebDAV, HTTP, SSH: user's name"},
    {"resources.NAME", SettingType::quantity, anywhere, "",
     "how much of a resource stages may use at once: cpus, mem, gpus, or a name of your own"},
    {"runs.keep", SettingType::amount, anywhere, "100", "runs of each stage that are remembered"},
    {"runs.log_size", SettingType::amount, anywhere, "4194304",
     "bytes of a command's output that are kept: of more, the beginning and the end"},
    {"versions.verified_tags", SettingType::text, anywhere, "",
     "aliases, separated by commas, that only versions with a good verdict get"},
}};

template <class T>
std::optional<T> to_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

bool is_number_within(std::string_view text, unsigned first, unsigned last) {
  const std::optional<unsigned> number = to_number<unsigned>(text);
  return number && *number >= first && *number <= last;
}

/// Digits with a unit; what the unit may be depends on the resource.
bool is_quantity(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_part = [&is_digit](char c) {
    return is_digit(c) || c == '.' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !text.empty() && is_digit(text.front()) && std::all_of(text.begin(), text.end(), is_part);
}

/// What is allowed, as the end of a message; "" when the value is right.
std::string_view broken_rule(SettingType type, std::string_view value) {
  const bool is_line =
      !value.empty() && value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
  switch (type) {
    case SettingType::text:
    case SettingType::url:
    case SettingType::folder:
    case SettingType::secret:
      return is_line && is_utf8(value) ? "" : "a text of one line";
    case SettingType::boolean:
      return value == "true" || value == "false" ? "" : "true or false";
    case SettingType::count:
      return is_number_within(value, 1, kMostJobs) ? "" : "a number from 1 to 1024";
    case SettingType::amount:
    case SettingType::version:
      return is_number_within(value, 1, ~0U) ? "" : "a number of 1 or more";
    case SettingType::quantity:
      return is_quantity(value) ? "" : "a number or a size, such as 2, 0.5 or 16GiB";
    case SettingType::compression:
      return codec::parse_compression(value).ok() ? "" : "auto, raw, fast, or a level from 1 to 19";
    case SettingType::project_id:
      return value.size() == kProjectIdDigits && from_hex(value) ? "" : "16 hex digits";
    case SettingType::remote:
      return is_remote_name(value) ? "" : "a remote's name: letters, digits, '-', '_' and '.'";
  }
  return "";
}

/// Addresses that make cairn start a program which they name: `exec:`, and those of rclone that are more than
/// a name in its own configuration ("rclone::BACKEND,OPTION=VALUE:", "rclone:NAME,OPTION=VALUE:"), for there
/// are options that name programs.
bool starts_a_program(std::string_view url) {
  constexpr std::string_view kRclone = "rclone:";
  if (url.starts_with(kRclone)) {
    const std::string_view remote = url.substr(kRclone.size());
    return remote.starts_with(':') || remote.substr(0, remote.find(':')).find(',') != std::string_view::npos;
  }
  return url.starts_with("exec:");
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(in_a - a.begin());
}

}  // namespace

std::string_view level_name(ConfigLevel level) {
  switch (level) {
    case ConfigLevel::system:
      return "system";
    case ConfigLevel::user:
      return "user";
    case ConfigLevel::project:
      return "project";
    case ConfigLevel::local:
      return "local";
  }
  return "";
}

std::span<const Setting> known_settings() {
  return kSettings;
}

std::vector<std::string> setting_keys(std::string_view name) {
  const std::size_t first = name.find('.');
  if (first == std::string_view::npos) {
    return {std::string(name)};
  }
  const std::size_t last = name.starts_with(kRemotePrefix) ? name.rfind('.') : first;
  std::vector<std::string> keys = {std::string(name.substr(0, first))};
  if (last > first) {
    keys.emplace_back(name.substr(first + 1, last - first - 1));
  }
  keys.emplace_back(name.substr(last + 1));
  return keys;
}

const Setting* find_setting(std::string_view name) {
  const std::vector<std::string> keys = setting_keys(name);
  const bool of_remote = keys.size() == 3 && is_remote_name(keys[1]);
  const bool of_resource = name.starts_with(kResourcePrefix) && name.size() > kResourcePrefix.size();
  const std::string wanted = of_remote     ? std::string(kRemotePattern) + keys[2]
                             : of_resource ? std::string(kResourcePrefix) + "NAME"
                                           : std::string(name);
  if (!of_remote && name.starts_with(kRemotePrefix)) {
    return nullptr;
  }
  const auto* found = std::find_if(kSettings.begin(), kSettings.end(),
                                   [&wanted](const Setting& setting) { return setting.name == wanted; });
  return found == kSettings.end() ? nullptr : &*found;
}

std::vector<std::string> similar_settings(std::string_view name) {
  std::vector<std::string> out;
  const std::string_view last = name.substr(name.rfind('.') + 1);
  for (const Setting& setting : kSettings) {
    const std::string_view word = setting.name.substr(setting.name.rfind('.') + 1);
    const bool alike =
        word == last || common_prefix(word, last) >= 3 || common_prefix(setting.name, name) >= 7;
    if (alike && out.size() < 3) {
      out.emplace_back(setting.name);
    }
  }
  return out;
}

Status check_value(const Setting& setting, std::string_view name, std::string_view value) {
  std::string_view allowed = broken_rule(setting.type, value);
  if (setting.name == "git.pre_commit" && value != "warn" && value != "block" && value != "off") {
    allowed = "warn, block or off";
  }
  if (!allowed.empty()) {
    return Error(Code::usage, escaped(name) + " is " + quoted(shown_value(name, value)) + ", which is not " +
                                  std::string(allowed));
  }
  return {};
}

Status check_level(const Setting& setting, std::string_view name, std::string_view value, ConfigLevel level) {
  if (setting.scope == project_only && level != ConfigLevel::project) {
    return Error(Code::usage, escaped(name) + " belongs to the project's own configuration, not to the " +
                                  std::string(level_name(level)) + " level");
  }
  if (setting.scope == local_only && level != ConfigLevel::local) {
    return Error(Code::usage, escaped(name) + " is a secret: it may be set in the local configuration only",
                 "cairn config --local " + escaped(name) + " VALUE");
  }
  const bool runs = setting.type == SettingType::url && starts_a_program(value);
  if (level == ConfigLevel::project && (setting.scope == not_committed || runs)) {
    return Error(Code::usage, escaped(name) + " may not be set in the committed configuration",
                 "cairn config --local " + escaped(name) + " " + escaped(value));
  }
  return {};
}

std::string shown_value(std::string_view name, std::string_view value) {
  const Setting* setting = find_setting(name);
  return setting != nullptr && setting->type == SettingType::secret ? "(secret)" : std::string(value);
}

bool is_remote_name(std::string_view name) {
  const auto is_alnum = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && is_alnum(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&is_alnum](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace cairn::project
