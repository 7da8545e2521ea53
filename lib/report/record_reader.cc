// SPDX-License-Identifier: Apache-2.0
#include "report/record_reader.h"

namespace cairn::report {

Result<std::uint32_t> RecordReader::column(std::string_view name) {
  if (const auto known = places_.find(name); known != places_.end()) {
    return known->second;
  }
  if (columns_.size() >= kMostColumns) {
    return Error(Code::unsupported, "more than " + std::to_string(kMostColumns) + " columns");
  }
  const auto place = static_cast<std::uint32_t>(columns_.size());
  columns_.emplace_back(name);
  places_.emplace(name, place);
  return place;
}

}  // namespace cairn::report
