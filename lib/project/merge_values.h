// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/conflict_markers.h"
#include "text/value.h"

namespace cairn::project {

using ValueSides = text::ThreeWay<text::Value>;

/// Maps merged key by key, maps inside them likewise; all else is merged whole. Each side of the result has
/// what was merged, and where both sides changed a key, each otherwise, what it had. Those keys are appended
/// to `conflicts`, as "meta.owner". REQUIRES: maps.
ValueSides merge_maps(const ValueSides& sides, std::vector<std::string>& conflicts);

}  // namespace cairn::project
