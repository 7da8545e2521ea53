// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "version/verdict.h"

/// A verdict in words, which verdict_text, verdict_markdown and verdict_html lay out. Internal to this
/// module.
namespace cairn::report {

/// What a reader has to know of a stage beside its verdict: "model.bin", "cause", "environment", and what
/// there is to say of it.
struct VerdictNote {
  std::string subject;
  std::string text;
};

/// Texts are as recorded: each form escapes them.
struct StageOutline {
  std::string stage;
  bool good = false;
  std::string verdict;  ///< "reproduced", "differs", "failed", "skipped"
  std::string outputs;  ///< "2 outputs identical", "1 of 2 outputs differs"; of failed and skipped the reason
  std::vector<VerdictNote> notes;
};

struct VerdictOutline {
  bool good = false;
  std::string subject;  ///< the version's name, or the commit's first digits; may be empty
  std::string summary;  ///< "v1.0 reproduced: 3 stages, 7 outputs identical"
  std::vector<StageOutline> stages;
};

VerdictOutline outline_of(const version::Verdict& verdict);

}  // namespace cairn::report
