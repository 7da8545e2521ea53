// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cairn::text {

/// An element as services send it: attributes and namespaces do not count.
struct XmlElement {
  std::string name;  ///< without a namespace
  std::string text;  ///< its own text, all pieces of it
  std::vector<XmlElement> children;

  /// The first child of that name; nullptr when there is none.
  [[nodiscard]] const XmlElement* find(std::string_view child) const;
  /// Text of the first child of that name, "" when there is none.
  [[nodiscard]] std::string_view text_of(std::string_view child) const;
};

/// Reads a whole document. Errors: `malformed` for what is not well-formed, has a document type declaration
/// (which could define entities that expand without bound) or is nested deeper than 32. Cost: linear.
Result<XmlElement> parse_xml(std::string_view text);

}  // namespace cairn::text
