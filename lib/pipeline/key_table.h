// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "pipeline/value_reader.h"
#include "text/value.h"

namespace cairn::pipeline {

/// A key of a map and what reads its value into a Target. Internal to this module.
template <class Target>
struct KeyReader {
  std::string_view name;
  void (*read)(const text::Value& value, Target& target, ValueReader& reader);
  bool hidden = false;  ///< no message proposes the key
};

/// Reads every entry with the reader of its key; an unknown key is a problem, `where` as
/// ValueReader::unknown_key.
template <class Target, std::size_t N>
void read_keys(std::span<const text::Entry> entries, const std::array<KeyReader<Target>, N>& table,
               std::string_view where, Target& target, ValueReader& reader) {
  for (const text::Entry& entry : entries) {
    const KeyReader<Target>* known = nullptr;
    for (const KeyReader<Target>& row : table) {
      known = row.name == entry.key ? &row : known;
    }
    if (known != nullptr) {
      known->read(entry.value, target, reader);
      continue;
    }
    std::vector<std::string_view> names;
    for (const KeyReader<Target>& row : table) {
      if (!row.hidden) {
        names.push_back(row.name);
      }
    }
    reader.unknown_key(entry, where, names);
  }
}

}  // namespace cairn::pipeline
