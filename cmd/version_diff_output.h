// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/version_diff.h"

namespace cairn::cmd {

enum class DiffForm : std::uint8_t { text, markdown, stat };

/// A diff section by section; those with nothing in them are left out. `stat`: one line a section. Long lists
/// of files in folders are cut unless `verbose`.
std::string diff_text(const ops::VersionDiff& diff, DiffForm form, bool verbose);

/// {"before":{"name":…,"commit":…},"after":{…},"differs":…,"code":[…],"pipeline":[…],"data":[…],"outs":[…],
/// "params":{…},"seeds":[…],"environment":[…],"metrics":{…}}
Json diff_json(const ops::VersionDiff& diff);

}  // namespace cairn::cmd
