// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/diagnostics.h"
#include "text/limits.h"
#include "text/source.h"
#include "text/value.h"

namespace cairn::text {

/// The nodes of one YAML document as they are written: untyped scalars, aliases not expanded, keys not
/// checked. Small (48 bytes a node), so that a file that breaks a limit is refused before it costs much.
/// Internal to this module.
struct YamlNode {
  enum class Type : std::uint8_t { scalar, list, map, alias };

  Type type = Type::scalar;
  Style style = Style::plain;
  std::uint32_t begin = 0;  ///< byte offsets in the whole text
  std::uint32_t end = 0;
  std::uint32_t text = 0;  ///< of a scalar: place in YamlNodes::pool
  std::uint32_t length = 0;
  std::uint32_t tag = 0;          ///< in YamlNodes::tags; 0: none
  std::uint32_t first_child = 0;  ///< 0: none (node 0 is the root, nobody's child)
  std::uint32_t next = 0;         ///< next sibling; keys and values of a map take turns
  std::uint32_t children = 0;
  std::uint32_t target = 0;  ///< of an alias: the node it stands for, which is complete
};

struct YamlNodes {
  std::vector<YamlNode> nodes;  ///< empty for a text without a document; the root is the first
  std::string pool;
  std::vector<std::string> tags = {""};

  [[nodiscard]] std::string_view text_of(const YamlNode& node) const {
    return std::string_view(pool).substr(node.text, node.length);
  }
};

/// Reads `source` up to the first syntax error or broken limit, which it adds to `problems`.
YamlNodes read_yaml_nodes(const Source& source, const Limits& limits, Diagnostics& problems);

}  // namespace cairn::text
