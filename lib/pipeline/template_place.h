// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "text/source.h"
#include "text/value.h"

namespace cairn::pipeline {

/// Finds references of strings in the text that they were read from. Internal to this module.
class TemplatePlaces {
 public:
  explicit TemplatePlaces(std::string_view text) : text_(text) {}

  /// Where the `${` with this number (from 0) of `decoded` stands, which was read from `begin` to `end`. The
  /// beginning where an escape, an alias or a continued line hides it.
  text::Position of(const text::Position& begin, const text::Position& end, text::Style style,
                    std::string_view decoded, std::size_t number);

 private:
  std::string_view text_;
  std::optional<text::Source> source_;  // made when the first place is asked for
};

}  // namespace cairn::pipeline
