// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cairn::pipeline {

/// The candidate that a typing error would turn into `word`; "" if none is near enough, or if there are
/// more than 10,000. A few bytes inserted, deleted or replaced, case aside, count as near. Cost: lengths
/// multiplied, for each candidate.
std::string_view near_name(std::string_view word, std::span<const std::string_view> candidates);

/// "did you mean 'deps'?", or `otherwise` if nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates,
                         std::string_view otherwise);

}  // namespace cairn::pipeline
