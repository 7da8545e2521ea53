// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "command.h"
#include "version/provenance.h"

namespace cairn::cmd {

/// What came from what, as an indented tree: each content with what made it, below it what went in. What was
/// shown is not shown again, and very deep trees are indented no further.
std::string provenance_text(const Invocation& invocation, const version::Provenance& provenance);

/// {"entities": […], "activities": […]}: the same graph, by places in these lists.
Json provenance_json(const version::Provenance& provenance);

}  // namespace cairn::cmd
