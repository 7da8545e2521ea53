// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "text/splice.h"
#include "text/value.h"

namespace cairn::pipeline {

/// Where a cairn.yaml defines a stage. Internal to the edits of cairn.yaml.
struct StagePlace {
  text::KeyPath entry;  ///< the key in `stages`
  text::KeyPath body;   ///< the map with `cmd`: the same, or its `do`
};

/// `not_found` when `stages` has no such key; `unsupported` for "train@a" where it has "train", which makes
/// several stages: an edit would concern them all.
Result<StagePlace> find_stage_place(const text::Value& document, std::string_view path,
                                    std::string_view name);

}  // namespace cairn::pipeline
