// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/stage_edit.h"

namespace cairn::cmd {

/// The options that `stage add` and `stage edit` share: what a stage reads, writes and runs with.
void add_stage_options(Parser& app, pipeline::StageDraft& draft);

/// Words of a command line as one line of shell: a single word is taken as it is, several are joined by
/// spaces.
std::string joined_words(const std::vector<std::string>& words);

/// Puts edited files into the outcome: their paths in JSON; of a dry run the differences, in the text too.
void report_files(const Invocation& invocation, const std::vector<ops::FileEdit>& files, ops::Write write,
                  Outcome& outcome);

}  // namespace cairn::cmd
