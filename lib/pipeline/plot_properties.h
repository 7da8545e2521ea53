// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/value_reader.h"
#include "text/value.h"

namespace cairn::pipeline {

/// True if the entry is a property of a plot (template, x, y, x_label, y_label, title, header), as a stage's
/// and the file's `plots` have them. A wrong type is a problem. Internal to this module.
bool read_plot_property(const text::Entry& property, ValueReader& reader);

/// A whole map of them, as the file's `plots` have it; anything else in it is a problem.
void check_plot(std::string_view name, const text::Value& value, ValueReader& reader);

}  // namespace cairn::pipeline
