// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/fetch.h"
#include "ops/pull.h"
#include "ops/push.h"

namespace cairn::cmd {

/// "pushed 2 records of runs\n"; "" for none.
std::string runs_line(std::string_view verb, std::size_t runs);

/// {"objects":…,"packs":…,"bytes":…,"already_there":…,"paths":[…],"commits":…,"runs":…}; with --verbose a
/// line for each path.
Outcome outcome_of(const Invocation& invocation, const ops::PushResult& pushed);
/// {"objects":…,"packs":…,"bytes":…,"already_here":…,"paths":[…],"runs":…}, and lines as of a push.
Outcome outcome_of(const Invocation& invocation, const ops::FetchResult& fetched);
/// As of a checkout, with {"fetched":{…},"runs":…}.
Outcome outcome_of(const Invocation& invocation, const ops::PullReport& pulled);

}  // namespace cairn::cmd
