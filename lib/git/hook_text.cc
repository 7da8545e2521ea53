// SPDX-License-Identifier: Apache-2.0
#include "git/hook_text.h"

#include <algorithm>
#include <array>

#include "git/own_program.h"

namespace cairn::git {
namespace {

constexpr std::string_view kBegin = "# >>> cairn\n";
constexpr std::string_view kEnd = "# <<< cairn\n";
constexpr std::string_view kOwnHead = "#!/bin/sh\n# Made by 'cairn install'; 'cairn uninstall' removes it.\n";

/// Where pointers and locks are the same in both commits there is nothing to do, and cairn is not even looked
/// for. `git diff` of two commits reads no index, unlike `git diff-tree`. Any failure is left to cairn.
constexpr std::string_view kUnlessStill =
    "if @CONDITION@GIT_LITERAL_PATHSPECS=0 git diff --quiet --no-ext-diff @COMMITS@ \\\n"
    "  -- ':(top,glob)**/*.cairn' ':(top,glob)**/cairn.lock' 2>/dev/null; then\n"
    "  cairn_program=:\n"
    "else\n"
    "@FIND@"
    "fi\n";

// Switched off, cairn is the command that does nothing, so that not even a broken one is run.
constexpr std::string_view kSwitch = "[ -z \"${CAIRN_NO_HOOKS-}\" ] || cairn_program=:\n";

// Data must never stop Git from finishing what it has already done: the status of cairn is dropped.
constexpr std::string_view kPost =
    "if [ -z \"$cairn_program\" ]; then\n"
    "  echo \"cairn: program not found, data was left as it is; run 'cairn install' again\" >&2\n"
    "else\n"
    "  \"$cairn_program\" git-hook @NAME@ \"$@\" </dev/null || :\n"
    "fi\n";

// After pre-commit, which has said where cairn is missing.
constexpr std::string_view kPostCommit =
    "[ -z \"$cairn_program\" ] || \"$cairn_program\" git-hook @NAME@ \"$@\" </dev/null || :\n";

constexpr std::string_view kPreCommit =
    "if [ -z \"$cairn_program\" ]; then\n"
    "  echo \"cairn: program not found, the commit was not checked; run 'cairn install' again\" >&2\n"
    "else\n"
    "  \"$cairn_program\" git-hook @NAME@ \"$@\" </dev/null || exit\n"
    "fi\n";

// Git tells on standard input what is pushed; the rest of the script gets it again. No lines: nothing is
// pushed.
constexpr std::string_view kPrePush =
    "cairn_input=$(cat)\n"
    "if [ -z \"$cairn_program\" ]; then\n"
    "  echo \"cairn: program not found, data was not pushed; run 'cairn install' again\" >&2\n"
    "elif [ -n \"$cairn_input\" ]; then\n"
    "  \"$cairn_program\" git-hook @NAME@ \"$@\" <<CAIRN || exit\n"
    "$cairn_input\n"
    "CAIRN\n"
    "fi\n"
    "if [ -n \"$cairn_input\" ]; then\n"
    "  exec <<CAIRN\n"
    "$cairn_input\n"
    "CAIRN\n"
    "fi\n";

constexpr std::string_view kChain = "[ ! -x \"${0%/*}/@NAME@\" ] || exec \"${0%/*}/@NAME@\" \"$@\"\n";

/// `text` with every `place` replaced.
std::string fill(std::string_view text, std::string_view place, std::string_view value) {
  std::string filled;
  for (std::size_t at = text.find(place); at != std::string_view::npos; at = text.find(place)) {
    filled += text.substr(0, at);
    filled += value;
    text.remove_prefix(at + place.size());
  }
  return filled + std::string(text);
}

/// What sets `cairn_program`, to a command that does nothing where two commits tell that nothing is to do.
std::string find_program(std::string_view hook) {
  struct Commits {
    std::string_view hook;
    std::string_view condition;
    std::string_view commits;
  };
  constexpr std::array<Commits, 3> kCommits = {{
      {"post-checkout", "[ \"${3-}\" = 1 ] && [ \"${1-}\" != \"${2-}\" ] && ", "\"$1\" \"$2\""},
      {"post-merge", "[ \"${1-}\" != 1 ] && ", "ORIG_HEAD HEAD"},  // else squashed: HEAD stays
      {"post-commit", "", "HEAD^1 HEAD"},
  }};
  const auto* const known =
      std::find_if(kCommits.begin(), kCommits.end(), [hook](const Commits& one) { return one.hook == hook; });
  if (known == kCommits.end()) {
    return std::string(kFindProgram);
  }
  const std::string with_condition = fill(kUnlessStill, "@CONDITION@", known->condition);
  return fill(fill(with_condition, "@COMMITS@", known->commits), "@FIND@", kFindProgram);
}

std::string_view body_of(std::string_view hook) {
  if (hook == "pre-push") {
    return kPrePush;
  }
  if (hook == "post-commit") {
    return kPostCommit;
  }
  return hook == "pre-commit" ? kPreCommit : kPost;
}

/// A block as a range of bytes; empty at npos when there is none.
struct Range {
  std::size_t begin = std::string_view::npos;
  std::size_t end = std::string_view::npos;
  [[nodiscard]] bool found() const { return begin != std::string_view::npos; }
};

/// Position of `line` (with its newline) at the start of a line, from `from` on.
std::size_t find_line(std::string_view text, std::string_view line, std::size_t from) {
  std::size_t at = text.find(line, from);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n') {
    at = text.find(line, at + 1);
  }
  return at;
}

Result<Range> find_range(std::string_view text) {
  Range range;
  range.begin = find_line(text, kBegin, 0);
  if (!range.found()) {
    return range;
  }
  std::size_t end = find_line(text, kEnd, range.begin);
  if (end == std::string_view::npos) {
    return Error(Code::conflict, "the line '# >>> cairn' has no line '# <<< cairn' after it",
                 "take cairn's lines out by hand, then run 'cairn install'");
  }
  range.end = end + kEnd.size();
  return range;
}

/// Where a script without a block gets one: behind its first line, if that names a shell, and behind the line
/// by which older hooks of husky run themselves a second time.
std::size_t place_for_block(std::string_view text) {
  if (!text.starts_with("#!")) {
    return 0;
  }
  const std::size_t second = text.find('\n') + 1;
  const std::size_t third = std::min(text.find('\n', second), text.size() - 1) + 1;
  const std::string_view line = text.substr(second, third - second);
  return line.starts_with(". ") && line.ends_with("/husky.sh\"\n") ? third : second;
}

}  // namespace

std::string chained_name(std::string_view hook) {
  return std::string(hook) + ".cairn-chained";
}

std::string hook_block(std::string_view hook, AfterBlock after) {
  std::string block(kBegin);
  block += find_program(hook);
  block += kSwitch;
  block += fill(body_of(hook), "@NAME@", hook);
  if (after == AfterBlock::chained_hook) {
    block += fill(kChain, "@NAME@", chained_name(hook));
  }
  block += kEnd;
  return block;
}

std::string own_hook(std::string_view hook, AfterBlock after) {
  return std::string(kOwnHead) + hook_block(hook, after);
}

bool is_of_framework(std::string_view text) {
  return text.find("\n# File generated by pre-commit: https://pre-commit.com\n") != std::string_view::npos;
}

bool is_shell_script(std::string_view text) {
  constexpr std::array<std::string_view, 5> kShells = {"sh", "bash", "dash", "ash", "ksh"};
  std::size_t line_end = text.find('\n');
  if (!text.starts_with("#!") || line_end == std::string_view::npos ||
      text.find('\0') != std::string_view::npos) {
    return false;
  }
  std::string_view line = text.substr(2, line_end - 2);
  // The first word, or the second after an `env`; a line that ends with \r names no program at all.
  for (int word = 0; word < 2; ++word) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    std::string_view program = line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(program.size());
    std::string_view name = program.substr(program.rfind('/') + 1);
    if (name != "env") {
      return std::ranges::find(kShells, name) != kShells.end();
    }
  }
  return false;
}

Result<std::optional<std::string>> find_block(std::string_view text) {
  CAIRN_TRY_ASSIGN(Range range, find_range(text));
  return range.found() ? std::optional<std::string>(text.substr(range.begin, range.end - range.begin))
                       : std::nullopt;
}

Result<std::string> with_block(std::string_view text, std::string_view hook, AfterBlock after) {
  CAIRN_TRY_ASSIGN(Range range, find_range(text));
  if (!range.found()) {
    range.begin = range.end = place_for_block(text);
  }
  return std::string(text.substr(0, range.begin)) + hook_block(hook, after) +
         std::string(text.substr(range.end));
}

Result<std::string> without_block(std::string_view text) {
  CAIRN_TRY_ASSIGN(Range range, find_range(text));
  if (!range.found()) {
    return std::string(text);
  }
  std::string rest = std::string(text.substr(0, range.begin)) + std::string(text.substr(range.end));
  return rest == kOwnHead ? std::string() : rest;
}

}  // namespace cairn::git
