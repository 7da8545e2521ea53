// SPDX-License-Identifier: Apache-2.0
#include "version/cause.h"

#include <array>

namespace cairn::version {

std::string_view factor_name(Factor factor) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "hash_seed", "threads",      "clock",  "addresses", "random",
      "processes", "folder_order", "locale", "time_zone", "folder"};
  return kNames.at(static_cast<std::size_t>(factor));
}

Result<CauseAnswer> find_causes(const CauseQuestion&, const RunTrial&) {
  return CauseAnswer{{}, "cause not known", 0};
}

}  // namespace cairn::version
