// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "command.h"
#include "ops/reproduce.h"

namespace cairn::cmd {

/// What `pipeline reproduce` and `pipeline verify` share: how stages are run, and where reports go.
struct VerdictOptions {
  std::string in;
  bool keep = false;
  bool from_remote = false;
  std::string cause_time = "10m";
  bool no_record = false;
  std::string markdown;  ///< file; "": none
  std::string html;      ///< file; "": none
};
void add_verdict_options(Parser& app, VerdictOptions& options);

/// Errors: `usage`.
Result<ops::ReproductionOptions> reproduction_options(const VerdictOptions& options,
                                                      const Invocation& invocation);

Json verdict_json(const version::Verdict& verdict);

/// Text, JSON, files and exit status of what came of it.
Result<Outcome> outcome_of(const ops::ReproduceReport& report, const VerdictOptions& options,
                           const Invocation& invocation);

}  // namespace cairn::cmd
