// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/fetch.h"
#include "ops/pull.h"

namespace cairn::cmd {

/// "pushed 2 records of runs\n"; "" for none.
std::string runs_line(std::string_view verb, std::size_t runs);

/// {"objects":…,"packs":…,"bytes":…,"already_here":…,"runs":…}
Outcome outcome_of(const ops::FetchResult& fetched);
/// As of a checkout, with {"fetched":{…},"runs":…}.
Outcome outcome_of(const Invocation& invocation, const ops::PullReport& pulled);

}  // namespace cairn::cmd
