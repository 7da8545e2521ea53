// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "text/value.h"

/// Params, metrics and points of plots as tables. Pure: values in, rows and text out.
namespace cairn::report {

/// One value of a document with the keys that lead to it, joined by dots; "" for a document that is itself a
/// scalar or a list.
struct FlatValue {
  std::string key;
  text::Value value;
};

/// Everything in a document that is not a map with entries, in the order of the file. Lists stay whole.
std::vector<FlatValue> flatten(const text::Value& document);

/// The opposite for keys that a caller picked: a map that holds each value below the parts of its key. A key
/// that leads through a value that is there already stands undivided at the top.
text::Value nest(const std::vector<FlatValue>& values);

}  // namespace cairn::report
