// SPDX-License-Identifier: Apache-2.0
#include "git/drivers.h"

#include <array>

#include "git/own_program.h"

namespace cairn::git {
namespace {

// A status of 0 or 1 is cairn's answer: merged, or in conflict. After any other the file is written as a
// conflict of two texts without a base, so that nothing is merged line by line: half of one stage's block and
// half of another's would claim a run that never was.
constexpr std::string_view kMerge =
    "if [ -n \"$cairn_program\" ]; then\n"
    "  \"$cairn_program\" git-merge %O %A %B %L %P\n"
    "  cairn_status=$?\n"
    "  [ \"$cairn_status\" -gt 1 ] || exit \"$cairn_status\"\n"
    "else\n"
    "  echo \"cairn: program not found, this is left in conflict for 'cairn resolve':\" %P >&2\n"
    "fi\n"
    "git merge-file -q --marker-size=%L -L ours -L base -L theirs %A /dev/null %B\n"
    "exit 1\n";

// Git puts "$@", the file, behind the last word.
constexpr std::string_view kText =
    "cairn_text() {\n"
    "  { [ -n \"$cairn_program\" ] && \"$cairn_program\" git-diff-text \"$1\"; } || cat \"$1\"\n"
    "}\n"
    "cairn_text";

std::string found(std::string_view command) {
  return std::string(kFindProgram) + std::string(command);
}

}  // namespace

std::span<const DriverSetting> driver_settings() {
  static const std::array<DriverSetting, 4> settings = {{
      {"merge.cairn.name", "pointers and locks of cairn"},
      {"merge.cairn.driver", found(kMerge)},
      {"diff.cairn.textconv", found(kText)},
      {"diff.cairn.cachetextconv", "false"},
  }};
  return settings;
}

Result<bool> are_drivers_installed(Repository& repository) {
  for (const DriverSetting& setting : driver_settings()) {
    CAIRN_TRY_ASSIGN(const auto there, repository.config(std::string(setting.key)));
    if (there != setting.value) {
      return false;
    }
  }
  return true;
}

Result<bool> install_drivers(Repository& repository) {
  bool changed = false;
  for (const DriverSetting& setting : driver_settings()) {
    const std::string key(setting.key);
    CAIRN_TRY_ASSIGN(const auto there, repository.config(key));
    if (there != setting.value) {
      CAIRN_TRY(repository.set_config(key, setting.value));
      changed = true;
    }
  }
  return changed;
}

Result<bool> uninstall_drivers(Repository& repository) {
  bool changed = false;
  for (const DriverSetting& setting : driver_settings()) {
    const std::string key(setting.key);
    CAIRN_TRY_ASSIGN(const auto there, repository.config(key));
    changed = changed || there.has_value();
    CAIRN_TRY(repository.unset_config(key));
  }
  return changed;
}

}  // namespace cairn::git
