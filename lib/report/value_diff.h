// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/value.h"

namespace cairn::report {

/// A params or metrics file as it is in one state of the project.
struct Document {
  std::string path;
  text::Value value;
};

/// One value in two states; nothing where it is missing.
struct ValueDiff {
  std::string key;
  std::optional<text::Value> before;
  std::optional<text::Value> after;
  std::optional<text::Value> difference;  ///< after - before, of two numbers
};

struct DocumentDiff {
  std::string path;
  std::vector<ValueDiff> values;  ///< sorted by key
};

enum class Unchanged : std::uint8_t { hide, show };

/// What differs between two states, file by file, sorted by path. Files without differences are left out.
/// Values of another type are different (1 and 1.0). REQUIRES: a path stands once on each side.
std::vector<DocumentDiff> compare(const std::vector<Document>& before, const std::vector<Document>& after,
                                  Unchanged unchanged);

}  // namespace cairn::report
