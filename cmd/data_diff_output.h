// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/data_diff.h"

namespace cairn::cmd {

/// What `cairn diff --data` says of one file; `path` is as the user typed it.
std::string data_diff_text(const ops::DataDiff& diff, const std::string& path);
std::string data_diff_markdown(const ops::DataDiff& diff, const std::string& path);
Json data_diff_json(const ops::DataDiff& diff);

}  // namespace cairn::cmd
