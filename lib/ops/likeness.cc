// SPDX-License-Identifier: Apache-2.0
#include "ops/likeness.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "store/reader.h"

namespace cairn::ops {
namespace {

constexpr std::uint64_t kLargest = 64U << 20;
/// Shorter names stand in too many places by chance.
constexpr std::size_t kShortestName = 5;

using Alike = std::function<bool(std::string_view a, std::string_view b)>;

bool are_alike(store::Reader& reader, const store::Object& a, const store::Object& b, const Alike& alike);

store::Object object_of(const store::TreeEntry& entry) {
  return {entry.kind == store::TreeKind::folder ? store::Family::tree : store::Family::blob, entry.id,
          entry.size};
}

bool folders_alike(store::Reader& reader, const store::Object& a, const store::Object& b,
                   const Alike& alike) {
  const auto one = reader.read_tree(a.id);
  const auto other = reader.read_tree(b.id);
  return one.ok() && other.ok() &&
         std::equal(one->entries.begin(), one->entries.end(), other->entries.begin(), other->entries.end(),
                    [&](const store::TreeEntry& x, const store::TreeEntry& y) {
                      return x.name == y.name && x.kind == y.kind && x.target == y.target &&
                             (x.id == y.id || are_alike(reader, object_of(x), object_of(y), alike));
                    });
}

bool are_alike(store::Reader& reader, const store::Object& a, const store::Object& b, const Alike& alike) {
  if (a.family != b.family) {
    return false;
  }
  if (a.family == store::Family::tree) {
    return folders_alike(reader, a, b, alike);
  }
  const auto one = reader.read_object(a.family, a.id, kLargest);
  const auto other = reader.read_object(b.family, b.id, kLargest);
  return one.ok() && other.ok() && alike(as_text(*one), as_text(*other));
}

std::vector<std::string_view> sorted_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string without(std::string text, const std::set<std::string>& names) {
  for (const std::string& name : names) {
    for (std::size_t at = text.find(name); name.size() >= kShortestName && at != std::string::npos;
         at = text.find(name, at)) {
      text.erase(at, name.size());
    }
  }
  return text;
}

}  // namespace

bool have_same_lines(store::Store& store, const store::Object& a, const store::Object& b) {
  store::Reader reader(store);
  return are_alike(reader, a, b, [](std::string_view one, std::string_view other) {
    return one != other && sorted_lines(one) == sorted_lines(other);
  });
}

bool differ_only_in(store::Store& store, const store::Object& a, const store::Object& b,
                    const std::set<std::string>& names) {
  store::Reader reader(store);
  return are_alike(reader, a, b, [&names](std::string_view one, std::string_view other) {
    return one != other && without(std::string(one), names) == without(std::string(other), names);
  });
}

}  // namespace cairn::ops
