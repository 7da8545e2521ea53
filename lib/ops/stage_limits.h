// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/graph.h"
#include "pipeline/resources.h"
#include "project/config.h"

namespace cairn::ops {

/// What stages may use at once: this machine's processors (or `jobs`, if that is more) and memory, within the
/// limits of its control group, and its GPUs, which are counted only if a stage asks for one; then the
/// settings resources.NAME; then `overrides`, each "NAME=N". NAME is cpus, mem, gpus, or a token of the
/// user's. Error `usage` for an override or setting that is not of that form.
Result<pipeline::Resources> stage_limits(const project::Config& config, const pipeline::Graph& graph,
                                         unsigned jobs, const std::vector<std::string>& overrides);

}  // namespace cairn::ops
