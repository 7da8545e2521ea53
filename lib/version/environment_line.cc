// SPDX-License-Identifier: Apache-2.0
#include "version/provenance.h"

namespace cairn::version {
namespace {

std::string text_of(const text::Value* value) {
  return value != nullptr && value->is(text::Kind::string) ? value->string_value() : std::string();
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

/// What a kind is told by: the first of these keys that it has.
std::string name_of(const text::Value& part) {
  for (const char* key : {"version", "name", "prefix", "python", "requires-python", "interpreter"}) {
    if (std::string found = text_of(part.find(key)); !found.empty()) {
      return found;
    }
  }
  return "";
}

std::string kind_line(const text::Entry& entry) {
  std::string line = entry.key;
  if (const std::string name = name_of(entry.value); !name.empty()) {
    line += " " + name;
  }
  if (const text::Value* packages = entry.value.find("packages"); packages != nullptr) {
    line += ", " + std::to_string(packages->entries().size()) + " packages";
  }
  return line;
}

/// A tool by what it said of itself, a file by its path.
std::string item_line(const text::Value& item) {
  const std::string output = first_line(text_of(item.find("output")));
  return !output.empty()                          ? output
         : !text_of(item.find("command")).empty() ? text_of(item.find("command"))
                                                  : text_of(item.find("path"));
}

}  // namespace

std::string environment_line(const text::Value& record) {
  std::string line;
  const auto add = [&line](const std::string& part) {
    line += part.empty() ? "" : (line.empty() ? "" : "; ") + part;
  };
  for (const text::Entry& entry : record.entries()) {
    for (const text::Value& item : entry.value.items()) {
      add(item_line(item));
    }
    if (entry.value.is(text::Kind::map)) {
      add(kind_line(entry));
    }
  }
  return line;
}

}  // namespace cairn::version
