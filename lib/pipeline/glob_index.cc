// SPDX-License-Identifier: Apache-2.0
#include "pipeline/glob_index.h"

#include <algorithm>

namespace cairn::pipeline {
namespace {

struct ByPrefix {
  bool operator()(const GlobIndex::Item& item, std::string_view prefix) const {
    return item.pattern.prefix() < prefix;
  }
};

}  // namespace

void GlobIndex::add(PathPattern pattern, std::size_t id) {
  lengths_.push_back(pattern.prefix().size());
  items_.push_back({std::move(pattern), id});
}

void GlobIndex::finish() {
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& a, const Item& b) { return a.pattern.prefix() < b.pattern.prefix(); });
  std::sort(lengths_.begin(), lengths_.end());
  lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
}

void GlobIndex::each_near(const PathPattern& other, const std::function<void(const Item&)>& use) const {
  const std::string_view whole = other.prefix();
  for (const std::size_t length : lengths_) {
    if (length >= whole.size()) {
      break;
    }
    const std::string_view prefix = whole.substr(0, length);
    for (auto at = std::lower_bound(items_.begin(), items_.end(), prefix, ByPrefix());
         at != items_.end() && at->pattern.prefix() == prefix; ++at) {
      use(*at);
    }
  }
  for (auto at = std::lower_bound(items_.begin(), items_.end(), whole, ByPrefix());
       at != items_.end() && at->pattern.prefix().starts_with(whole); ++at) {
    use(*at);
  }
}

}  // namespace cairn::pipeline
