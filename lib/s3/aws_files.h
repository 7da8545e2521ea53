// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace cairn::s3 {

/// Keys and values of one profile.
using Profile = std::map<std::string, std::string, std::less<>>;

/// Reads a file of the AWS tools: `[NAME]` or `[profile NAME]`, then lines `key = value`; comments begin with
/// "#" or ";", indented lines belong to nested settings and are passed over. Errors: `malformed`, naming the
/// line and never its text, which may be a secret.
Result<std::map<std::string, Profile, std::less<>>> parse_aws_file(std::string_view text,
                                                                   std::string_view path);

/// The profile of that name from both files, the keys of `credentials_path` first. A file that is missing
/// holds nothing.
Result<Profile> find_profile(const std::string& credentials_path, const std::string& config_path,
                             const std::string& name);

}  // namespace cairn::s3
