// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace cairn::text {

/// One thing as three sides of a merge have it: their common ancestor, what is here, and what is merged in.
template <class T>
struct ThreeWay {
  T base;
  T ours;
  T theirs;

  bool operator==(const ThreeWay&) const = default;
};

/// True when a line of `text` begins as Git's marker "<<<<<<< " does.
bool has_conflict_markers(std::string_view text);

/// `conflict`: what every reader of cairn's files says of one with markers.
Error in_conflict(std::string_view path);

/// The sides of a text with Git's markers of any length; lines outside of them belong to all sides. Line ends
/// `\r\n` are accepted. Nothing when the markers are out of order, or one lacks the part of the base: that
/// one does not say what the sides made of what.
std::optional<ThreeWay<std::string>> split_conflict(std::string_view text);

/// One conflict of the whole sides, each of which ends in "\n" or is empty, with markers of `size`
/// characters.
std::string join_conflict(const ThreeWay<std::string>& sides, unsigned size);

}  // namespace cairn::text
