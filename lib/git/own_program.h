// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "git/repository.h"

/// How what Git runs finds cairn: GUIs and cron run Git with a short PATH, and what is committed or shared
/// must not hold a path of one machine.
namespace cairn::git {

/// Lines of POSIX shell that set `cairn_program`: the path that is recorded in the repository's own
/// configuration, else what is on PATH, else "". The file is read here as `git config` writes it, which takes
/// a tenth of starting Git; where it is elsewhere or written otherwise, Git is asked.
inline constexpr std::string_view kFindProgram =
    "cairn_program= cairn_section=\n"
    "[ ! -r .git/config ] || while read -r cairn_key cairn_is cairn_value; do\n"
    "  case \"$cairn_key $cairn_is\" in\n"
    "    \\[*) cairn_section=$cairn_key ;;\n"
    "    'program =') [ \"$cairn_section\" != '[cairn]' ] || { cairn_program=$cairn_value; break; } ;;\n"
    "  esac\n"
    "done <.git/config\n"
    "[ -x \"$cairn_program\" ] || cairn_program=$(git config --get cairn.program) || cairn_program=\n"
    "[ -x \"$cairn_program\" ] || cairn_program=$(command -v cairn) || cairn_program=\n";

/// Records `program`, the absolute path of cairn, as `cairn.program` in the local configuration.
Status record_program(Repository& repository, const std::string& program);
Status forget_program(Repository& repository);

}  // namespace cairn::git
