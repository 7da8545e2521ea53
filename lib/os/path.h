// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cairn::os {

/// The one rule for names that come from a repository, a store or a remote (trees, pointers, locks, remotes).
/// A name is one part of a path. Refused (`malformed`, naming the rule): empty, ".", "..", more than 255
/// bytes, a "/" or NUL in it, and whatever some file system takes for ".git": any case, trailing dots, spaces
/// or ":stream", HFS ignorable code points, "git~1", any of these between backslashes. All other bytes pass.
Status check_name(std::string_view name);

/// A relative path of at most 4096 bytes and 256 parts, each of which passes check_name; no leading or
/// trailing slash, no empty part. cairn's own folder ".cairn" is refused as the first part, in the same
/// disguises as ".git".
Status check_relative(std::string_view path);

/// False for names that Windows or macOS cannot hold or fold (reserved device names, trailing dot or space,
/// control characters, <>:"|?*\, bytes that are not UTF-8, code points that HFS ignores); `add` warns of
/// them.
bool is_portable_name(std::string_view name);

/// a/b; b alone if a is empty; no second slash if `a` ends in one. No other change.
std::string join(std::string_view a, std::string_view b);
/// Everything before the last slash ("" if there is none), and everything after it.
std::string_view parent_of(std::string_view path);
std::string_view name_of(std::string_view path);
/// Parts between slashes, empty ones too; none for "".
std::vector<std::string_view> parts_of(std::string_view path);
/// True when `path` is `folder` or inside it; every path is inside "".
bool is_within(std::string_view path, std::string_view folder);
/// Text-only normalisation: no "." parts, "a/../b" becomes "b", no double or trailing slashes. Keeps a
/// leading "/" or
/// ".."; "" for the current folder.
std::string normalized(std::string_view path);
/// Absolute and normalised, from the current folder; symlinks are not followed.
Result<std::string> absolute(std::string_view path);
/// `path` relative to `base`, both absolute and normalised ("../x" when outside, "." when equal).
std::string relative_to(std::string_view path, std::string_view base);

}  // namespace cairn::os
