// SPDX-License-Identifier: Apache-2.0
#include "report/lock_text.h"

#include <fmt/format.h>

#include <vector>

#include "base/escape.h"
#include "base/human_size.h"
#include "report/format.h"
#include "text/yaml.h"

namespace cairn::report {
namespace {

using text::Entry;
using text::Value;

std::string shown(const Value& value) {
  return value.is(text::Kind::string) ? escaped(value.string_value()) : text::canonical(value);
}

/// One thing that a map says of a path, in words; "" for what its text shows otherwise.
std::string words(const Entry& entry) {
  const Value& value = entry.value;
  if (entry.key == "path" || entry.key == "type") {
    return "";
  }
  if (entry.key == "hash" && value.is(text::Kind::string)) {
    const auto id = store::Id::from_text(value.string_value());
    return id ? short_id(*id) : shown(value);
  }
  if (entry.key == "size" && value.is(text::Kind::integer) && value.int_value() >= 0) {
    return human_size(static_cast<std::uint64_t>(value.int_value()));
  }
  return value == Value::boolean(true) ? entry.key : entry.key + ": " + shown(value);
}

/// "model/scores.json (41 B, d4c4b0e90a8c, metric)"; a folder ends with a slash.
std::string described(const Value& state) {
  std::string inside;
  for (const Entry& entry : state.entries()) {
    const std::string word = words(entry);
    inside += (inside.empty() || word.empty() ? "" : ", ") + word;
  }
  const Value* path = state.find("path");
  const Value* type = state.find("type");
  const bool is_folder = type != nullptr && *type == Value::string("tree");
  return (path == nullptr ? "" : shown(*path) + (is_folder ? "/ " : " ")) + "(" + inside + ")";
}

/// A script of several lines stands below its key.
std::string command_lines(const std::string& command) {
  if (command.find('\n') == std::string::npos) {
    return "  cmd: " + escaped(command) + "\n";
  }
  std::string text = "  cmd:\n";
  for (std::size_t begin = 0; begin < command.size();) {
    const std::size_t end = std::min(command.find('\n', begin), command.size());
    text += "    " + escaped(std::string_view(command).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return text;
}

std::string stage_lines(const Entry& key) {
  const Value& value = key.value;
  std::string text;
  if (key.key == "cmd" && value.is(text::Kind::string)) {
    return command_lines(value.string_value());
  }
  if (value.is(text::Kind::list)) {
    const std::string noun = key.key.ends_with('s') ? key.key.substr(0, key.key.size() - 1) : key.key;
    for (const Value& item : value.items()) {
      text += fmt::format("  {}: {}\n", noun, item.is(text::Kind::map) ? described(item) : shown(item));
    }
    return text;
  }
  if (key.key == "environment") {
    return fmt::format("  environment: {}\n", described(value));
  }
  if (key.key == "params") {
    for (const Entry& file : value.entries()) {
      for (const Entry& param : file.value.entries()) {
        text +=
            fmt::format("  param: {}: {} = {}\n", escaped(file.key), escaped(param.key), shown(param.value));
      }
    }
    return text;
  }
  for (const Entry& variable : value.entries()) {
    text += fmt::format("  {}: {} = {}\n", key.key, escaped(variable.key), shown(variable.value));
  }
  return value.is(text::Kind::map) ? text : fmt::format("  {}: {}\n", key.key, shown(value));
}

}  // namespace

Result<std::string> lock_text(std::string_view text, std::string_view path) {
  CAIRN_TRY_ASSIGN(const Value root, text::parse_yaml(text, path));
  const Value* version = root.find("cairn");
  const Value* stages = root.find("stages");
  if (version == nullptr || stages == nullptr) {
    return Error(Code::malformed, quoted(path) + " is not a cairn.lock");
  }
  if (*version != Value::integer(1)) {
    return Error(Code::unsupported, quoted(path) + " was written by a newer cairn", "install a newer cairn");
  }
  std::string out;
  for (const Entry& stage : stages->entries()) {
    out += (out.empty() ? "stage " : "\nstage ") + escaped(stage.key) + "\n";
    for (const Entry& key : stage.value.entries()) {
      out += stage_lines(key);
    }
  }
  return out;
}

}  // namespace cairn::report
