// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/table_diff.h"

/// What changed inside a table, for people. "" where nothing did.
namespace cairn::report {

std::string table_diff_text(const TableDiff& diff);
std::string table_diff_markdown(const TableDiff& diff);

}  // namespace cairn::report
