// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "version/verdict.h"

/// A verdict for people.
namespace cairn::report {

/// For a terminal: one line a stage, indented lines for its outs, differences, causes; a summary at the end.
std::string verdict_text(const version::Verdict& verdict);
std::string verdict_markdown(const version::Verdict& verdict);
/// One self-contained file.
std::string verdict_html(const version::Verdict& verdict);

}  // namespace cairn::report
