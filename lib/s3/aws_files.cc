// SPDX-License-Identifier: Apache-2.0
#include "s3/aws_files.h"

#include "base/bytes.h"
#include "base/escape.h"
#include "os/file.h"

namespace cairn::s3 {
namespace {

using Profiles = std::map<std::string, Profile, std::less<>>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// "a" of "[a]" and of "[profile a]".
std::string profile_name(std::string_view header) {
  std::string_view name = trimmed(header.substr(1, header.size() - 2));
  constexpr std::string_view kProfile = "profile ";
  if (name.starts_with(kProfile)) {
    name = trimmed(name.substr(kProfile.size()));
  }
  return std::string(name);
}

Result<Profiles> read_profiles(const std::string& path) {
  if (path.empty()) {
    return Profiles();
  }
  CAIRN_TRY_ASSIGN(const auto bytes, os::find_file(path));
  return bytes ? parse_aws_file(as_text(*bytes), path) : Result(Profiles());
}

}  // namespace

Result<Profiles> parse_aws_file(std::string_view text, std::string_view path) {
  Profiles profiles;
  Profile* current = nullptr;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = trimmed(whole);
    const bool indented = !whole.empty() && (whole.front() == ' ' || whole.front() == '\t');
    if (line.empty() || line.front() == '#' || line.front() == ';' || (indented && current != nullptr)) {
      continue;
    }
    const std::size_t equals = line.find('=');
    if (line.starts_with('[') && line.ends_with(']')) {
      current = &profiles[profile_name(line)];
    } else if (equals != std::string_view::npos && current != nullptr) {
      (*current)[std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
    } else {
      return Error(Code::malformed,
                   escaped(path) + ":" + std::to_string(line_number) + ": neither [profile] nor key = value");
    }
  }
  return profiles;
}

Result<Profile> find_profile(const std::string& credentials_path, const std::string& config_path,
                             const std::string& name) {
  CAIRN_TRY_ASSIGN(Profiles credentials, read_profiles(credentials_path));
  CAIRN_TRY_ASSIGN(Profiles config, read_profiles(config_path));
  Profile profile = credentials[name];
  profile.merge(config[name]);
  return profile;
}

}  // namespace cairn::s3
