// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace cairn::webdav {

/// What a folder on the server holds.
struct Member {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
  std::string modified;  ///< as the server tells it; "" where it does not
  bool operator==(const Member&) const = default;
};

/// The body of a request PROPFIND for kinds, sizes and times (RFC 4918, section 9.1).
inline constexpr std::string_view kPropfindBody =
    "<?xml version=\"1.0\"?><propfind "
    "xmlns=\"DAV:\"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>";

/// Members of the folder at `path` (percent-decoded, with a slash at its end), from an answer with status 207
/// and depth 1. The folder itself, and names that os::check_name refuses, are left out. Errors: `remote` for
/// what is no such answer, or speaks of another folder.
Result<std::vector<Member>> parse_members(std::string_view body, const std::string& path);

}  // namespace cairn::webdav
