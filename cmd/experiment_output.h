// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.h"
#include "ops/experiment.h"

namespace cairn::cmd {

/// The first seven digits.
std::string short_commit(const git::Oid& commit);
/// "2026-11-20 18:20" here, from seconds since 1970.
std::string local_time(std::int64_t seconds);
/// "2026-11-20T18:20:03Z".
std::string utc_time(std::int64_t seconds);

Json experiment_json(const ops::Experiment& experiment);

}  // namespace cairn::cmd
