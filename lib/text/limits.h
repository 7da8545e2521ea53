// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace cairn::text {

/// What a parser accepts before it gives up, so that no file can exhaust time, memory or stack.
struct Limits {
  std::size_t bytes = std::size_t{16} << 20;  ///< length of the text; never above 2^31
  unsigned depth = 64;                        ///< lists and maps inside each other; the root is 1
  std::size_t nodes = 1'000'000;              ///< values plus keys, as written
  std::size_t aliases = 100;                  ///< YAML `*name` uses in one document
  std::size_t alias_nodes = 100'000;          ///< values plus keys that aliases expand to, all together
};

}  // namespace cairn::text
