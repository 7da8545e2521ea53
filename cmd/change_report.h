// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "pipeline/change.h"

namespace cairn::cmd {

/// How much is told of changes.
struct ChangeDetail {
  std::size_t reasons = static_cast<std::size_t>(-1);  ///< of a stage, the first
  std::size_t files = 20;                              ///< of a changed folder, the first
  bool color = false;
};

/// For reports on many stages: the first reasons of each, with -v all.
ChangeDetail first_reasons(const Invocation& invocation);
/// For reports on what was asked for: all reasons, with -v all files.
ChangeDetail all_reasons(const Invocation& invocation);

/// A line for each change, then what differs inside; a changed command as the words that go and come:
/// coloured, or "[-old-]{+new+}". Each line ends with a newline; nothing is indented.
std::string change_lines(const std::vector<pipeline::Change>& changes, const ChangeDetail& detail);

/// A changed command in one line: "run [-a-]{+b+}".
std::string marked_words(std::string_view before, std::string_view after);

/// {"kind":…,"text":…,"name":…,"before":…,"after":…,"inside":[…],"pieces":[{"op":…,"text":…}]}
Json change_json(const pipeline::Change& change);

}  // namespace cairn::cmd
